-- Those of lists who wait, soonest first.
CREATE INDEX households_waking ON households (outage_id, list_id, waits_until)
    WHERE waits_until IS NOT NULL AND list_id IS NOT NULL;
