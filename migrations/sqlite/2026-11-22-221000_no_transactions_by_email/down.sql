CREATE INDEX transactions_by_email ON transactions (outage_id, email);
