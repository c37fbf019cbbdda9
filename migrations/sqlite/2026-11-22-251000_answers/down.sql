ALTER TABLE suppressions DROP COLUMN answer_id;
DELETE FROM callbacks WHERE attempt_id IS NULL;
ALTER TABLE callbacks DROP COLUMN answer_id;
DROP TABLE guesses;
DROP TABLE answers;
