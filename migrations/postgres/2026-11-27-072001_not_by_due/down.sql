CREATE INDEX CONCURRENTLY messages_by_due ON messages (state, due_at);
