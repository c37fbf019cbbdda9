-- Keys of what is done once are forgotten by their age, every minute.
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
