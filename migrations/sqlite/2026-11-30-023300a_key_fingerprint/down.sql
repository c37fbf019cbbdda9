ALTER TABLE instances DROP COLUMN key_fingerprint;
