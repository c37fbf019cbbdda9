ALTER TABLE outages DROP COLUMN holidays;
