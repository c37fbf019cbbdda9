-- Those on nobody's list who wait, soonest first.
CREATE INDEX CONCURRENTLY households_waking_in_pool ON households (outage_id, waits_until)
    WHERE waits_until IS NOT NULL AND list_id IS NULL;
