ALTER TABLE outages DROP COLUMN dealt_by;
