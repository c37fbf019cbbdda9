-- What a caller has typed about the call in hand and not recorded yet, so that a reloaded page has it again.
CREATE TABLE note_drafts (
    claim_id INTEGER PRIMARY KEY NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    saved_at INTEGER NOT NULL
);
