CREATE INDEX messages_by_due ON messages (state, due_at);
