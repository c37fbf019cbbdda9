-- What tells the secret key that this database is used with from others, and nothing else of it: a node with another key would
-- make links and forms that the others refuse.
ALTER TABLE instances ADD COLUMN key_fingerprint TEXT;
