-- Callers' shifts and breaks: no call is offered that would run past a shift's end or into a break.
CREATE TABLE shifts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- shift or break
    kind TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    entered_at INTEGER NOT NULL,
    withdrawn_at INTEGER
);

CREATE INDEX shifts_by_user ON shifts (user_id) WHERE withdrawn_at IS NULL;
