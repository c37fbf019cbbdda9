-- Until when a letter or a remedy was promised, and when a remedy was done.
ALTER TABLE letters ADD COLUMN due_at BIGINT;
ALTER TABLE remedies ADD COLUMN due_at BIGINT;
ALTER TABLE remedies ADD COLUMN kept_at BIGINT;
