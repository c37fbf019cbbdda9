-- The queue of a list: the skipped last, the best score first.
CREATE INDEX households_on_list ON households (outage_id, list_id, skips, score DESC, id)
    WHERE waits_until IS NULL AND list_id IS NOT NULL;
