ALTER TABLE outcomes DROP COLUMN earlier;
