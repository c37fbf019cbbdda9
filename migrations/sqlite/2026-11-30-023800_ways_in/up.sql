-- A token has an end, and is known by its last letters. One that was made before tokens had ends has none here: it ends 90
-- days after it was made.
ALTER TABLE api_tokens ADD COLUMN ending TEXT;
ALTER TABLE api_tokens ADD COLUMN expires_at INTEGER;
ALTER TABLE api_tokens ADD COLUMN last_used_at INTEGER;
ALTER TABLE api_tokens ADD COLUMN revoked_by INTEGER;
ALTER TABLE users ADD COLUMN password_changed_at INTEGER;

-- By which somebody sets a password that nobody else has seen; good once. Only the hash of the link's key is kept.
CREATE TABLE password_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    key_hash TEXT NOT NULL,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    ended_at INTEGER
);

CREATE UNIQUE INDEX password_links_by_key ON password_links (key_hash);
CREATE INDEX password_links_of_user ON password_links (user_id);
