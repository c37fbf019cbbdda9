ALTER TABLE import_rejects DROP COLUMN taken_by_import;
ALTER TABLE import_rejects DROP COLUMN corrected;
ALTER TABLE imports DROP COLUMN corrects_import;
ALTER TABLE messages DROP COLUMN withdrawn_as_paid;
DROP TABLE staged_folds;
DROP TABLE payments;
