-- What a caller has typed about the call in hand and not recorded yet, so that a reloaded page has it again.
CREATE TABLE note_drafts (
    claim_id BIGINT NOT NULL PRIMARY KEY REFERENCES claims (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);
