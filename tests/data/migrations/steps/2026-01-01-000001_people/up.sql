CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
-- Takes its time for each row, so that a test can end the build of an index on it in the middle.
CREATE FUNCTION slowly(name TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN name; END; $$;
