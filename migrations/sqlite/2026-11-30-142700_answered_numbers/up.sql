-- Citizens are found by the number at which they asked by link to be called: those who have done so already, too.
INSERT INTO stale_texts (case_id)
SELECT case_id FROM answers WHERE superseded_at IS NULL AND phone IS NOT NULL
ON CONFLICT DO NOTHING;
