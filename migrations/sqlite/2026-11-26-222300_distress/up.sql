-- A caller needs a supervisor at her desk now; a supervisor says that he comes.
CREATE TABLE distress_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    answered_at INTEGER,
    answered_by INTEGER REFERENCES users (id)
);

CREATE UNIQUE INDEX distress_calls_open ON distress_calls (outage_id, user_id) WHERE answered_at IS NULL;
