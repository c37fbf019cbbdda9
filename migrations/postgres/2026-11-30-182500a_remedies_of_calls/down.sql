ALTER TABLE remedies DROP COLUMN attempt_id;
