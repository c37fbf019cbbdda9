-- The number that a supervisor decided about: it is not theirs.
ALTER TABLE decisions ADD COLUMN phone TEXT;
