DROP TRIGGER case_text_changed;
DROP TABLE stale_texts;
DROP TABLE case_texts;
ALTER TABLE imports DROP COLUMN findable_to;
ALTER TABLE imports DROP COLUMN findable_at;
