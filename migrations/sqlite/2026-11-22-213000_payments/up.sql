-- Payments that succeeded later, and rejected rows that a person corrects.

CREATE TABLE payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    import_id INTEGER NOT NULL REFERENCES imports (id),
    line INTEGER NOT NULL,
    dedupe_key BLOB NOT NULL,
    external_id TEXT,
    confirmation_no TEXT,
    occurred_at INTEGER NOT NULL,
    account_id TEXT,
    email TEXT,
    phone TEXT,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    amount_cents INTEGER,
    tax_type TEXT,
    channel TEXT,
    fate TEXT NOT NULL,
    matched_by TEXT,
    identity_key TEXT,
    matched_at INTEGER,
    next_fate TEXT,
    next_matched_by TEXT,
    next_key TEXT
);

-- Cases that have to be folded again once an import counts, because of a payment.
CREATE TABLE staged_folds (
    case_id INTEGER PRIMARY KEY NOT NULL REFERENCES cases (id),
    import_id INTEGER NOT NULL REFERENCES imports (id)
);

CREATE UNIQUE INDEX payments_once ON payments (outage_id, dedupe_key);
CREATE INDEX payments_by_identity ON payments (outage_id, identity_key);
CREATE INDEX payments_by_import ON payments (import_id, fate, line);
CREATE INDEX payments_to_change ON payments (outage_id, id) WHERE next_fate IS NOT NULL;
CREATE INDEX staged_folds_by_import ON staged_folds (import_id);

-- Withdrawn because a payment was found; it is queued again when that is taken back.
ALTER TABLE messages ADD COLUMN withdrawn_as_paid BOOLEAN NOT NULL DEFAULT FALSE;
-- The import whose rejected rows this one brings corrected.
ALTER TABLE imports ADD COLUMN corrects_import INTEGER;
-- The cells as a person corrected them (a JSON array of texts), and the import that took them.
ALTER TABLE import_rejects ADD COLUMN corrected TEXT;
ALTER TABLE import_rejects ADD COLUMN taken_by_import INTEGER;
