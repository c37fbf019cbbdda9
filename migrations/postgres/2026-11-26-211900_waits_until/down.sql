ALTER TABLE households DROP COLUMN waits_until;
