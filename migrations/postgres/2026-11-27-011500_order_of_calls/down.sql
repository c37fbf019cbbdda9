ALTER TABLE outages DROP COLUMN refreshed_to;
ALTER TABLE outages DROP COLUMN weights;
