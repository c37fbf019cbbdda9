-- Mail first, then call: until when nobody is called whom this campaign has written to.
ALTER TABLE campaigns ADD COLUMN calls_held_until BIGINT;
