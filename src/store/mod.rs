//! The only queries. One file per noun, functions over `&mut Conn`; what the two databases do
//! differently stands in a file that says so ([`bulk`], [`carry`], [`queue`],
//! [`message_lease`]).

/// The rows in which a column has one of these values. One value alone is asked for as such: PostgreSQL keeps the plan
/// of that statement, while it makes a new one for every list.
macro_rules! among {
    ($conn:expr, $rows:expr, $column:expr, $values:expr) => {
        match $values {
            [one] => $rows.filter($column.eq(*one)).load($conn),
            many => $rows.filter($column.eq_any(many)).load($conn),
        }
    };
}

pub mod answers;
pub mod api_tokens;
pub mod arriving;
pub mod attempts;
pub mod board;
pub mod bounce_boxes;
pub mod budgets;
pub mod bulk;
pub mod call_lists;
pub mod callbacks;
pub mod campaigns;
pub mod carry;
pub mod case_files;
pub mod case_search;
pub mod cases;
pub mod citizens;
pub mod claims;
pub mod column_matches;
pub mod corrected_addresses;
pub mod costs;
pub mod decisions;
pub mod desk;
pub mod diagnoses;
pub mod distress_calls;
pub mod exports;
pub mod fixed;
pub mod households;
pub mod idempotency_keys;
pub mod import_rejects;
pub mod imports;
pub mod instances;
pub mod lanes;
pub mod letters;
pub mod list_moves;
pub mod loads;
pub mod mail_holds;
pub mod mail_servers;
pub mod message_fates;
pub mod message_lease;
pub mod message_log;
pub mod messages;
pub mod note_drafts;
pub mod outage_changes;
pub mod outages;
pub mod outcomes;
pub mod password_links;
pub mod payments;
pub mod promises;
pub mod queue;
pub mod remedies;
pub mod scratch;
pub mod scratch_payments;
pub mod scratch_rows;
pub mod sessions;
pub mod shared_phones;
pub mod shifts;
pub mod skips;
pub mod staged_folds;
pub mod staging;
pub mod suppressions;
pub mod templates;
pub mod transactions;
pub mod users;
pub mod waiting;

/// A query's answer.
pub use diesel::QueryResult as Result;
/// What a query fails with.
pub use diesel::result::Error;

/// Whether a unique index refused a row: somebody else was first.
pub fn is_taken(error: &Error) -> bool {
    matches!(
        error,
        Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)
    )
}
