ALTER TABLE remedies DROP COLUMN kept_by;
ALTER TABLE remedies DROP COLUMN withdrawn_by;
ALTER TABLE letters DROP COLUMN withdrawn_by;
ALTER TABLE decisions DROP COLUMN withdrawn_by;
