-- What was changed in an outage's settings, by whom and when. Nothing here is changed or deleted.
CREATE TABLE outage_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    field TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    user_id INTEGER REFERENCES users (id),
    at INTEGER NOT NULL
);

CREATE INDEX outage_changes_by_outage ON outage_changes (outage_id, id);
