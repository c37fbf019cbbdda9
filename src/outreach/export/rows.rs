//! What stands in an exported row: the columns of each kind, and how a record fills them.

use super::What;
use crate::domain::ids::CaseId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::editors::Editors;
use crate::outreach::letters::ToWrite;
use crate::store::attempts::Attempt;
use crate::store::cases::Case;
use crate::store::messages::Message;
use crate::store::remedies::Remedy;
use serde_json::{Value, json};

/// The names of the columns.
pub(super) const fn columns(what: What) -> &'static [&'static str] {
    match what {
        What::Cases => CASE,
        What::Attempts => ATTEMPT,
        What::Messages => MESSAGE,
        What::Remedies => REMEDY,
        What::Letters => LETTER,
    }
}

const CASE: &[&str] = &[
    "case_id",
    "account_id",
    "given_name",
    "family_name",
    "email",
    "phone",
    "phone_extension",
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

/// A case, and the extension behind its number.
pub(super) fn case((case, extension): &(Case, Option<String>)) -> Vec<Value> {
    vec![
        json!(case.id),
        json!(case.account_id),
        json!(case.given_name),
        json!(case.family_name),
        json!(case.email),
        json!(case.phone),
        json!(extension),
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

const ATTEMPT: &[&str] = &[
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
    "changed_by",
    "changed_at",
    "taken_back_by",
];

pub(super) fn attempt(attempt: &Attempt, caller: &str, case: CaseId, editors: &Editors) -> Vec<Value> {
    vec![
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
        json!(editors.email(attempt.changed_by)),
        json!(attempt.changed_at),
        json!(editors.email(attempt.taken_back_by)),
    ]
}

const MESSAGE: &[&str] = &[
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

pub(super) fn message(message: &Message) -> Vec<Value> {
    let due: Option<Timestamp> = message.due_at;
    vec![
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

const REMEDY: &[&str] = &[
    "case_id",
    "account_id",
    "given_name",
    "family_name",
    "remedy",
    "noted_at",
    "noted_by",
];

pub(super) fn remedy(remedy: &Remedy, case: &Case, by: &str) -> Vec<Value> {
    vec![
        json!(case.id),
        json!(case.account_id),
        json!(case.given_name),
        json!(case.family_name),
        json!(remedy.kind),
        json!(remedy.at),
        json!(by),
    ]
}

const LETTER: &[&str] = &[
    "case_id",
    "given_name",
    "family_name",
    "address",
    "language",
    "account_id",
    "code",
    "sent_at",
];

pub(super) fn letter(letter: &ToWrite) -> Vec<Value> {
    let case = &letter.case;
    vec![
        json!(case.id),
        json!(case.given_name),
        json!(case.family_name),
        json!(letter.address),
        json!(case.language),
        json!(case.account_id),
        json!(case.code),
        json!(letter.sent.as_ref().map(|sent| sent.sent_at)),
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
