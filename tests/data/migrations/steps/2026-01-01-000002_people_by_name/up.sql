-- Beside people at work.
CREATE INDEX CONCURRENTLY people_by_name ON people (slowly(name));
