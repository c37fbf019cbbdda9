//! What stands in an exported row: the columns of each kind, and how a record fills them.

use crate::domain::ids::CaseId;
use crate::domain::timestamp::Timestamp;
use crate::store::attempts::Attempt;
use crate::store::cases::Case;
use crate::store::messages::Message;
use serde_json::{Value, json};

pub(super) const CASE: [&str; 25] = [
    "case_id",
    "account_id",
    "given_name",
    "family_name",
    "email",
    "phone",
    "language",
    "state",
    "time_zone",
    "amount",
    "tax_type",
    "charged",
    "filing_deadline",
    "first_failed_at",
    "last_failed_at",
    "transactions",
    "household_id",
    "stage",
    "resolution",
    "resolved_at",
    "due_at",
    "tries",
    "code",
    "opened_at",
    "import_id",
];

pub(super) fn case(case: &Case) -> [Value; 25] {
    [
        json!(case.id),
        json!(case.account_id),
        json!(case.given_name),
        json!(case.family_name),
        json!(case.email),
        json!(case.phone),
        json!(case.language),
        json!(case.state),
        json!(case.time_zone),
        json!(case.amount_cents.map(dollars)),
        json!(case.tax_type),
        json!(case.charged),
        json!(case.filing_deadline),
        json!(case.first_failed_at),
        json!(case.last_failed_at),
        json!(case.transactions),
        json!(case.household_id),
        json!(case.stage),
        json!(case.resolution),
        json!(case.resolved_at),
        json!(case.due_at),
        json!(case.tries),
        json!(case.code),
        json!(case.opened_at),
        json!(case.import_id),
    ]
}

pub(super) const ATTEMPT: [&str; 13] = [
    "attempt_id",
    "case_id",
    "household_id",
    "caller",
    "at",
    "phone",
    "outcome",
    "note",
    "language",
    "callback_at",
    "late",
    "inbound",
    "superseded_at",
];

pub(super) fn attempt(attempt: &Attempt, caller: &str, case: CaseId) -> [Value; 13] {
    [
        json!(attempt.id),
        json!(case),
        json!(attempt.household_id),
        json!(caller),
        json!(attempt.at),
        json!(attempt.phone),
        json!(attempt.outcome),
        json!(attempt.note),
        json!(attempt.language),
        json!(attempt.callback_at),
        json!(attempt.late),
        json!(attempt.inbound),
        json!(attempt.superseded_at),
    ]
}

pub(super) const MESSAGE: [&str; 11] = [
    "message_id",
    "case_id",
    "template",
    "language",
    "to",
    "state",
    "tries",
    "queued_at",
    "due_at",
    "sent_at",
    "reply",
];

pub(super) fn message(message: &Message) -> [Value; 11] {
    let due: Option<Timestamp> = message.due_at;
    [
        json!(message.id),
        json!(message.case_id),
        json!(message.template_key),
        json!(message.language),
        json!(message.to_address),
        json!(message.state),
        json!(message.tries),
        json!(message.queued_at),
        json!(due),
        json!(message.sent_at),
        json!(message.reply),
    ]
}

/// Cents as a decimal number of dollars, without rounding.
fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_never_rounded() {
        let told: Vec<String> = [25_000, 7, -1250].into_iter().map(dollars).collect();
        assert_eq!(told, ["250.00", "0.07", "-12.50"]);
    }
}
