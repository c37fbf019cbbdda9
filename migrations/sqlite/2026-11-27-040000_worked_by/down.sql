ALTER TABLE imports DROP COLUMN worked_by;
