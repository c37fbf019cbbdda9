-- Who took a decision, a letter or a remedy back, and who said that a remedy was paid out.
ALTER TABLE decisions ADD COLUMN withdrawn_by BIGINT;
ALTER TABLE letters ADD COLUMN withdrawn_by BIGINT;
ALTER TABLE remedies ADD COLUMN withdrawn_by BIGINT;
ALTER TABLE remedies ADD COLUMN kept_by BIGINT;
