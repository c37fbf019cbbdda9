-- The messages that wait or are on their way, the longest due first. Those that went out are in no index of what is due.
CREATE INDEX CONCURRENTLY messages_due ON messages (state, due_at, id) WHERE due_at IS NOT NULL;
