-- What mail servers say of addresses that are dead, without names and numbers: one row a cause, and whether a supervisor
-- believes it. While one is held, nobody is suppressed for it.
CREATE TABLE diagnoses (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    held_at INTEGER,
    believed BOOLEAN,
    decided_by INTEGER REFERENCES users (id),
    decided_at INTEGER
);

ALTER TABLE messages ADD COLUMN diagnosis_id INTEGER;
ALTER TABLE suppressions ADD COLUMN diagnosis_id INTEGER;
