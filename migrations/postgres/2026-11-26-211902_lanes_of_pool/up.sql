-- The queue of those on nobody's list who speak English, or whose language is not known.
CREATE INDEX CONCURRENTLY households_in_pool ON households (outage_id, skips, score DESC, id)
    WHERE waits_until IS NULL AND list_id IS NULL AND language IS NULL;
