//! Which rows an import carries: of each table the columns that are filled ([`super::carry`]).

use super::carry::Load;

/// Records. What comes later (`moved_from`, `next_key`) is empty.
pub const TRANSACTIONS: Load = Load {
    table: "transactions",
    columns: &[
        "outage_id",
        "import_id",
        "line",
        "bin",
        "dedupe_key",
        "external_id",
        "occurred_at",
        "account_id",
        "email",
        "phone",
        "phone_2",
        "given_name",
        "family_name",
        "folded_name",
        "amount_cents",
        "tax_type",
        "channel",
        "error_code",
        "language",
        "state",
        "time_zone",
        "filing_deadline",
        "address",
        "memo",
        "charged",
        "originals",
        "identity_key",
    ],
    searched: &["outage_id", "import_id", "identity_key"],
    find_home: false,
    once: false,
};

/// Records that are there already, on their way back.
pub const EARLIER: Load = Load {
    table: "transactions",
    columns: &[
        "id",
        "outage_id",
        "import_id",
        "line",
        "bin",
        "dedupe_key",
        "account_id",
        "email",
        "phone",
        "folded_name",
        "identity_key",
    ],
    searched: &[],
    find_home: false,
    once: false,
};

/// New households.
pub const HOUSEHOLDS: Load = Load {
    table: "households",
    columns: &[
        "outage_id",
        "import_id",
        "phone",
        "time_zone",
        "language",
        "stage",
        "due_at",
        "score",
        "skips",
        "tries",
        "citizens",
    ],
    searched: &["outage_id", "import_id", "phone", "stage"],
    find_home: false,
    once: false,
};

/// New cases.
pub const CASES: Load = Load {
    table: "cases",
    columns: &[
        "outage_id",
        "import_id",
        "identity_key",
        "household_id",
        "given_name",
        "family_name",
        "folded_name",
        "account_id",
        "email",
        "phone",
        "phone_2",
        "language",
        "state",
        "time_zone",
        "amount_cents",
        "tax_type",
        "charged",
        "filing_deadline",
        "first_failed_at",
        "last_failed_at",
        "opened_at",
        "transactions",
        "code",
        "stage",
        "due_at",
        "resolution",
        "resolved_at",
        "tries",
    ],
    searched: &["outage_id", "import_id", "identity_key", "household_id", "stage"],
    find_home: true,
    once: false,
};

/// What changes in cases that count.
pub const CHANGES: Load = Load {
    table: "staged_changes",
    columns: &[
        "case_id",
        "import_id",
        "identity_key",
        "household_id",
        "given_name",
        "family_name",
        "folded_name",
        "account_id",
        "email",
        "phone",
        "phone_2",
        "language",
        "state",
        "time_zone",
        "amount_cents",
        "tax_type",
        "charged",
        "filing_deadline",
        "first_failed_at",
        "last_failed_at",
        "transactions",
    ],
    searched: &["case_id", "import_id"],
    find_home: true,
    once: false,
};

/// Households to look at again.
pub const NOTES: Load = Load {
    table: "staged_households",
    columns: &["household_id", "import_id"],
    searched: &["household_id", "import_id"],
    find_home: false,
    once: true,
};

/// Payments, with whose they were found to be.
pub const PAYMENTS: Load = Load {
    table: "payments",
    columns: &[
        "outage_id",
        "import_id",
        "line",
        "dedupe_key",
        "external_id",
        "confirmation_no",
        "occurred_at",
        "day_only",
        "account_id",
        "email",
        "phone",
        "given_name",
        "family_name",
        "folded_name",
        "amount_cents",
        "tax_type",
        "channel",
        "fate",
        "matched_by",
        "identity_key",
    ],
    searched: &["outage_id", "import_id", "identity_key", "fate"],
    find_home: false,
    once: true,
};

/// Cases to fold again.
pub const FOLDS: Load = Load {
    table: "staged_folds",
    columns: &["case_id", "import_id"],
    searched: &["case_id", "import_id"],
    find_home: false,
    once: true,
};
