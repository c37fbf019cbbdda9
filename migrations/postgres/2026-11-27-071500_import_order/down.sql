ALTER TABLE imports DROP COLUMN ordered_by;
