ALTER TABLE attempts DROP COLUMN taken_back_by;
ALTER TABLE attempts DROP COLUMN changed_at;
ALTER TABLE attempts DROP COLUMN changed_by;
