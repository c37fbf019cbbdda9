-- What people decide beside the calls: a supervisor's word on a case, letters, remedies, and why a call was skipped.

-- What supervisors decided about a case; what was taken back stays for the history.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    withdrawn_at INTEGER
);

-- Letters to citizens whom nothing else reaches; one that is withdrawn was never sent.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    sent_at INTEGER NOT NULL,
    withdrawn_at INTEGER
);

-- What the agency owes a citizen for the outage, for the billing team.
CREATE TABLE remedies (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL,
    withdrawn_at INTEGER
);

-- Why a caller passed a household over.
CREATE TABLE skips (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id INTEGER NOT NULL REFERENCES households (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE INDEX decisions_by_case ON decisions (case_id);
CREATE INDEX letters_by_case ON letters (case_id);
CREATE INDEX remedies_by_case ON remedies (case_id);
CREATE UNIQUE INDEX remedies_once ON remedies (case_id, kind) WHERE withdrawn_at IS NULL;
CREATE INDEX skips_by_household ON skips (household_id);
