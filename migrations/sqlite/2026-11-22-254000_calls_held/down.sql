ALTER TABLE campaigns DROP COLUMN calls_held_until;
