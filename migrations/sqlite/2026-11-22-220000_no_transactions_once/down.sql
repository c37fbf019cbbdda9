CREATE UNIQUE INDEX transactions_once ON transactions (outage_id, dedupe_key);
