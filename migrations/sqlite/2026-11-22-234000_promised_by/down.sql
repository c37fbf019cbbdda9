ALTER TABLE remedies DROP COLUMN kept_at;
ALTER TABLE remedies DROP COLUMN due_at;
ALTER TABLE letters DROP COLUMN due_at;
