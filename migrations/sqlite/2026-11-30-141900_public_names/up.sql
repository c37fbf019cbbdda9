-- What citizens are told the agency and the outage are called, in languages other than English (JSON).
ALTER TABLE outages ADD COLUMN names TEXT;
