DROP TRIGGER case_text_changed ON cases;
DROP FUNCTION makegood_case_text_changed();
DROP TABLE stale_texts;
DROP TABLE case_texts;
DROP FUNCTION makegood_pieces(TEXT);
ALTER TABLE imports DROP COLUMN findable_to;
ALTER TABLE imports DROP COLUMN findable_at;
