CREATE INDEX CONCURRENTLY transactions_by_phone ON transactions (outage_id, phone);
