-- The same of those who speak another language.
CREATE INDEX households_in_pool_by_language ON households (outage_id, language, skips, score DESC, id)
    WHERE waits_until IS NULL AND list_id IS NULL AND language IS NOT NULL;
