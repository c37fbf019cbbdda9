-- When a message was tried first: its date, and the begin of its link's life, on every try.
ALTER TABLE messages ADD COLUMN dated_at BIGINT;
