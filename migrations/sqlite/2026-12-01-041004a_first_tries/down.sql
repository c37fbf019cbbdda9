ALTER TABLE messages DROP COLUMN dated_at;
