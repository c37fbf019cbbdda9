-- What citizens answer by link, the promises and suppressions that come of it, and guesses at what only they know.

-- Choices on the citizen's page; one counts, those before it stay for the history.
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    choice TEXT NOT NULL,
    call_at INTEGER,
    phone TEXT,
    language TEXT NOT NULL,
    at INTEGER NOT NULL,
    superseded_at INTEGER
);
CREATE UNIQUE INDEX answers_standing ON answers (case_id) WHERE superseded_at IS NULL;
CREATE INDEX answers_by_case ON answers (case_id);

-- Tries at something that only the right person knows, counted against guessing. The subject is hashed.
CREATE TABLE guesses (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX guesses_by_subject ON guesses (subject, at);

-- A promise is made in a call or asked for by link. SQLite takes NOT NULL back only by making the table anew.
CREATE TABLE callbacks_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    household_id INTEGER NOT NULL REFERENCES households (id),
    attempt_id INTEGER REFERENCES attempts (id),
    due_at INTEGER NOT NULL,
    owner_id INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    kept_at INTEGER,
    kept_by INTEGER,
    withdrawn_at INTEGER,
    answer_id INTEGER REFERENCES answers (id)
);
INSERT INTO callbacks_anew
SELECT id, outage_id, household_id, attempt_id, due_at, owner_id, created_at, kept_at, kept_by, withdrawn_at, NULL
FROM callbacks;
DROP TABLE callbacks;
ALTER TABLE callbacks_anew RENAME TO callbacks;
CREATE INDEX callbacks_by_household ON callbacks (household_id);
CREATE INDEX callbacks_by_due ON callbacks (outage_id, due_at);
ALTER TABLE suppressions ADD COLUMN answer_id INTEGER REFERENCES answers (id);
