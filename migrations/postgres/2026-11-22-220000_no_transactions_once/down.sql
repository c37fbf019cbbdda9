CREATE UNIQUE INDEX CONCURRENTLY transactions_once ON transactions (outage_id, dedupe_key);
