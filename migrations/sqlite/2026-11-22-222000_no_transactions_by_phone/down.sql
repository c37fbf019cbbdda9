CREATE INDEX transactions_by_phone ON transactions (outage_id, phone);
