-- A citizen's e-mail came back; somebody learned the right address. The latest of a case counts, also against what a later
-- import says.
CREATE TABLE corrected_addresses (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    email TEXT NOT NULL,
    replaced TEXT,
    user_id INTEGER NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL
);

CREATE INDEX corrected_addresses_by_case ON corrected_addresses (case_id);
