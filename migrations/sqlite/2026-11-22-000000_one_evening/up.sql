-- The first schema. Instants are microseconds since 1970 in UTC; words such as stage and outcome are those of
-- src/domain. The same tables stand in ../../postgres; a test holds the two equal.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    languages TEXT NOT NULL,
    specialist BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    shortcuts BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ended_at INTEGER
);

CREATE TABLE sign_in_failures (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_hash TEXT NOT NULL,
    source_hash TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    label TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
);

CREATE TABLE outages (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    account_format TEXT,
    calling_from INTEGER NOT NULL,
    calling_until INTEGER NOT NULL,
    pool_open BOOLEAN NOT NULL,
    agency_name TEXT NOT NULL,
    help_phone TEXT NOT NULL,
    pay_url TEXT NOT NULL,
    caller_id TEXT NOT NULL,
    calls_stopped_at INTEGER,
    published_import_id INTEGER NOT NULL,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL
);

CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    layout TEXT,
    report TEXT,
    bytes_read INTEGER NOT NULL,
    rows_read INTEGER NOT NULL,
    problem TEXT,
    worked_at INTEGER,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    undone_at INTEGER
);

CREATE TABLE column_matches (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    signature TEXT NOT NULL UNIQUE,
    mapping TEXT NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE import_rejects (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES imports (id),
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    record TEXT NOT NULL
);

CREATE TABLE call_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    name TEXT NOT NULL,
    owner_id INTEGER REFERENCES users (id),
    language TEXT,
    created_at INTEGER NOT NULL
);

CREATE TABLE households (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    import_id INTEGER NOT NULL,
    phone TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT,
    list_id INTEGER REFERENCES call_lists (id),
    stage TEXT NOT NULL,
    due_at INTEGER,
    score INTEGER NOT NULL,
    skips INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    citizens INTEGER NOT NULL,
    last_called_at INTEGER,
    callback_owner_id INTEGER
);

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    import_id INTEGER NOT NULL,
    identity_key TEXT NOT NULL,
    household_id INTEGER REFERENCES households (id),
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    account_id TEXT,
    email TEXT,
    phone TEXT,
    phone_2 TEXT,
    language TEXT,
    state TEXT,
    time_zone TEXT NOT NULL,
    amount_cents INTEGER,
    tax_type TEXT,
    charged TEXT NOT NULL,
    filing_deadline TEXT,
    first_failed_at INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    transactions INTEGER NOT NULL,
    code TEXT NOT NULL,
    stage TEXT NOT NULL,
    due_at INTEGER,
    resolution TEXT,
    resolved_at INTEGER,
    tries INTEGER NOT NULL
);

CREATE TABLE transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    import_id INTEGER NOT NULL REFERENCES imports (id),
    line INTEGER NOT NULL,
    bin TEXT NOT NULL,
    dedupe_key BLOB NOT NULL,
    external_id TEXT,
    occurred_at INTEGER NOT NULL,
    account_id TEXT,
    email TEXT,
    phone TEXT,
    phone_2 TEXT,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    amount_cents INTEGER,
    tax_type TEXT,
    channel TEXT,
    error_code TEXT,
    language TEXT,
    state TEXT,
    time_zone TEXT,
    filing_deadline TEXT,
    address TEXT,
    memo TEXT,
    charged TEXT NOT NULL,
    originals TEXT,
    identity_key TEXT,
    moved_from TEXT,
    next_key TEXT
);

-- What an import that is not published yet will change in cases that are there already, and whose households then
-- have to be looked at again.
CREATE TABLE staged_changes (
    case_id INTEGER PRIMARY KEY NOT NULL REFERENCES cases (id),
    import_id INTEGER NOT NULL REFERENCES imports (id),
    identity_key TEXT NOT NULL,
    household_id INTEGER,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    account_id TEXT,
    email TEXT,
    phone TEXT,
    phone_2 TEXT,
    language TEXT,
    state TEXT,
    time_zone TEXT NOT NULL,
    amount_cents INTEGER,
    tax_type TEXT,
    charged TEXT NOT NULL,
    filing_deadline TEXT,
    first_failed_at INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    transactions INTEGER NOT NULL
);

CREATE TABLE staged_households (
    household_id INTEGER PRIMARY KEY NOT NULL REFERENCES households (id),
    import_id INTEGER NOT NULL REFERENCES imports (id)
);

CREATE TABLE claims (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    household_id INTEGER NOT NULL REFERENCES households (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    released_at INTEGER
);

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    household_id INTEGER NOT NULL REFERENCES households (id),
    claim_id INTEGER REFERENCES claims (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    phone TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    language TEXT,
    callback_at INTEGER,
    callback_owner_id INTEGER,
    scope TEXT,
    at INTEGER NOT NULL,
    late BOOLEAN NOT NULL,
    inbound BOOLEAN NOT NULL,
    superseded_at INTEGER,
    superseded_by INTEGER
);

CREATE TABLE attempt_cases (
    attempt_id INTEGER NOT NULL REFERENCES attempts (id),
    case_id INTEGER NOT NULL REFERENCES cases (id),
    PRIMARY KEY (attempt_id, case_id)
) WITHOUT ROWID;

CREATE TABLE callbacks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    household_id INTEGER NOT NULL REFERENCES households (id),
    attempt_id INTEGER NOT NULL REFERENCES attempts (id),
    due_at INTEGER NOT NULL,
    owner_id INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    kept_at INTEGER,
    kept_by INTEGER,
    withdrawn_at INTEGER
);

CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    template_key TEXT NOT NULL,
    audience TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL
);

CREATE TABLE templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key TEXT NOT NULL,
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES users (id)
);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    case_id INTEGER NOT NULL REFERENCES cases (id),
    template_key TEXT NOT NULL,
    language TEXT NOT NULL,
    to_address TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    due_at INTEGER,
    leased_until INTEGER,
    lease TEXT,
    text_at INTEGER,
    sent_at INTEGER,
    reply TEXT,
    attempt_id INTEGER REFERENCES attempts (id),
    campaign_id INTEGER REFERENCES campaigns (id)
);

CREATE TABLE suppressions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempt_id INTEGER REFERENCES attempts (id),
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    lifted_at INTEGER,
    lifted_by INTEGER REFERENCES users (id)
);

CREATE TABLE idempotency_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    response TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

-- The few zones that the households of an outage are in, so that a claim need not look at all of them.
CREATE TABLE outage_zones (
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    time_zone TEXT NOT NULL,
    PRIMARY KEY (outage_id, time_zone)
) WITHOUT ROWID;

CREATE TABLE outcomes (
    key TEXT PRIMARY KEY NOT NULL,
    group_key TEXT NOT NULL,
    label TEXT NOT NULL,
    hint TEXT NOT NULL,
    hotkey TEXT,
    position INTEGER NOT NULL,
    rule TEXT NOT NULL,
    template_key TEXT,
    retired_at INTEGER
);

CREATE INDEX sign_in_failures_by_account ON sign_in_failures (account_hash, at);
CREATE INDEX sign_in_failures_by_source ON sign_in_failures (source_hash, at);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX imports_by_outage ON imports (outage_id, id);
CREATE INDEX import_rejects_by_import ON import_rejects (import_id, line);
CREATE UNIQUE INDEX call_lists_by_name ON call_lists (outage_id, name);
CREATE UNIQUE INDEX households_by_phone ON households (outage_id, phone);
-- The queue: within a list and a stage, the skipped last, best score first; what is due at a time, soonest first.
CREATE INDEX households_by_score ON households (outage_id, list_id, stage, skips, score DESC, id);
CREATE INDEX households_by_due ON households (outage_id, stage, due_at);
CREATE UNIQUE INDEX cases_by_identity ON cases (outage_id, identity_key);
CREATE INDEX cases_by_household ON cases (household_id);
CREATE INDEX cases_by_stage ON cases (outage_id, stage, resolution, id);
CREATE INDEX staged_changes_by_identity ON staged_changes (import_id, identity_key);
CREATE INDEX staged_households_by_import ON staged_households (import_id);
CREATE INDEX cases_by_import ON cases (import_id);
CREATE INDEX households_by_import ON households (import_id);
CREATE UNIQUE INDEX transactions_once ON transactions (outage_id, dedupe_key);
CREATE INDEX transactions_by_identity ON transactions (outage_id, identity_key);
CREATE INDEX transactions_by_email ON transactions (outage_id, email);
CREATE INDEX transactions_by_phone ON transactions (outage_id, phone);
CREATE INDEX transactions_by_import ON transactions (import_id, line);
CREATE INDEX transactions_to_move ON transactions (outage_id, next_key) WHERE next_key IS NOT NULL;
-- These two decide the race between callers: one live claim a household, and one a caller.
CREATE UNIQUE INDEX claims_one_per_household ON claims (household_id) WHERE released_at IS NULL;
CREATE UNIQUE INDEX claims_one_per_caller ON claims (outage_id, user_id) WHERE released_at IS NULL;
CREATE INDEX claims_by_household ON claims (household_id);
CREATE INDEX attempts_by_household ON attempts (household_id, at);
CREATE INDEX attempts_by_caller ON attempts (outage_id, user_id, at);
CREATE INDEX attempts_by_time ON attempts (outage_id, at);
CREATE INDEX attempt_cases_by_case ON attempt_cases (case_id);
CREATE INDEX callbacks_by_household ON callbacks (household_id);
CREATE INDEX callbacks_by_due ON callbacks (outage_id, due_at);
CREATE UNIQUE INDEX templates_by_version ON templates (key, language, version);
CREATE INDEX messages_by_due ON messages (state, due_at);
CREATE INDEX messages_by_case ON messages (case_id);
CREATE INDEX messages_by_outage ON messages (outage_id, state, id);
CREATE UNIQUE INDEX messages_once_per_campaign ON messages (campaign_id, case_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX suppressions_by_value ON suppressions (kind, value) WHERE lifted_at IS NULL;
CREATE UNIQUE INDEX idempotency_keys_once ON idempotency_keys (user_id, key);
