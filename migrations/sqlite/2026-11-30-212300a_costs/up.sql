-- What citizens say that the outage cost them, in their own words, and what a supervisor decided. It bears on no case.
CREATE TABLE costs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    words TEXT NOT NULL,
    at INTEGER NOT NULL,
    decision TEXT,
    reason TEXT NOT NULL DEFAULT '',
    decided_by INTEGER REFERENCES users (id),
    decided_at INTEGER,
    reopened_by INTEGER REFERENCES users (id),
    reopened_at INTEGER
);

CREATE INDEX costs_by_case ON costs (case_id);
