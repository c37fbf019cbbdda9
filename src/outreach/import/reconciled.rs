//! What a reconciliation found: its part of the report, with the keys of the contract.

use super::Report;
use crate::db::Conn;
use crate::domain::reconcile::{self, Fate};
use crate::outreach::Result;
use crate::store::imports::Import;
use crate::store::{outages, payments};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What became of the payments of a file; each that was taken is in one of these bins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// Nobody is meant.
    pub unmatched: u64,
    /// Several citizens may be meant: nobody is marked.
    pub ambiguous: u64,
    /// The citizen paid before their last failure: still to be called.
    pub too_early: u64,
    /// The citizen has paid, and was found by this.
    pub matched_by: MatchedBy,
    /// Citizens whom this file found to have paid.
    pub citizens_paid: u64,
    /// The state of the outage after it.
    pub outage: UnpaidCount,
}

/// Payments by what their citizen was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedBy {
    /// Account id.
    pub account: u64,
    /// E-mail.
    pub email: u64,
    /// Phone and name.
    pub phone_name: u64,
}

/// Citizens who have not paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpaidCount {
    /// All of them.
    pub citizens_unpaid: i64,
    /// Those with a phone.
    pub citizens_to_call: i64,
    /// Phones with at least one of them.
    pub households_to_call: i64,
    /// Those with an e-mail address only.
    pub citizens_email_only: i64,
    /// Those with neither.
    pub citizens_unreachable: i64,
}

impl MatchedBy {
    /// All of them.
    pub const fn sum(self) -> u64 {
        self.account + self.email + self.phone_name
    }
}

impl From<payments::Unpaid> for UnpaidCount {
    fn from(unpaid: payments::Unpaid) -> Self {
        Self {
            citizens_unpaid: unpaid.citizens,
            citizens_to_call: unpaid.with_phone,
            households_to_call: unpaid.households,
            citizens_email_only: unpaid.email_only,
            citizens_unreachable: unpaid.citizens - unpaid.with_phone - unpaid.email_only,
        }
    }
}

impl Reconciled {
    /// From payments counted by fate and by what they were matched.
    pub(super) fn of(
        counted: &[(String, Option<String>, i64)],
        citizens_paid: i64,
        unpaid: payments::Unpaid,
    ) -> Self {
        let mut told = Self {
            citizens_paid: citizens_paid.unsigned_abs(),
            outage: unpaid.into(),
            ..Self::default()
        };
        for (fate, by, number) in counted {
            let by = by.as_deref().and_then(|by| by.parse().ok());
            let bin = match (fate.parse(), by) {
                (Ok(Fate::Refund), _) => continue, // it is left out
                (Ok(Fate::Ambiguous), _) => &mut told.ambiguous,
                (Ok(Fate::TooEarly), _) => &mut told.too_early,
                (_, Some(reconcile::MatchedBy::Account)) => &mut told.matched_by.account,
                (_, Some(reconcile::MatchedBy::Email)) => &mut told.matched_by.email,
                (_, Some(reconcile::MatchedBy::PhoneName)) => &mut told.matched_by.phone_name,
                _ => &mut told.unmatched,
            };
            *bin += number.unsigned_abs();
        }
        told
    }
}

/// What is told of a file that counts already: nothing new, and who has not paid now.
pub(super) fn nothing_new(conn: &mut Conn, import: &Import) -> Result<Option<Reconciled>> {
    let Some(outage) = outages::find(conn, import.outage_id)? else {
        return Ok(None);
    };
    if import.kind() == super::ImportKind::Failed {
        return Ok(None);
    }
    let reopened = super::refunds::reopened(conn, outage.id, None)?;
    let unpaid = payments::unpaid(conn, (outage.id, outage.published_import_id), (None, &reopened))?;
    Ok(Some(Reconciled::of(&[], 0, unpaid)))
}

impl Report {
    /// The report as the contract tells it: that of a reconciliation has bins of its own.
    pub fn json(&self) -> Value {
        let Some(found) = &self.reconciled else {
            return json!(self);
        };
        let mut told = json!({
            "status": self.status, "import": self.import, "file": self.file, "rows": self.rows,
            "malformed": self.rejected.malformed, "bad_timestamp": self.rejected.bad_timestamp,
            "no_identity": self.rejected.no_identity, "mended": self.mended, "set_aside": self.set_aside, "duplicates": self.duplicates,
            "unmatched": found.unmatched, "ambiguous": found.ambiguous, "too_early": found.too_early,
            "matched_by": found.matched_by, "citizens_paid": found.citizens_paid, "outage": found.outage,
            "card_numbers": self.card_numbers, "seconds": self.seconds, "read_as": self.read_as, "certainty": self.certainty,
            "columns": self.columns, "doubts": self.doubts, "left_out": self.left_out, "reopened": self.reopened,
            "settled": self.settled, "known": self.known,
        });
        let more = [
            ("reason", self.reason.as_ref().map(|reason| json!(reason))),
            ("guesses", (!self.guesses.is_empty()).then(|| json!(self.guesses))),
            ("times", self.times.as_ref().map(|times| json!(times))),
        ];
        if let Some(told) = told.as_object_mut() {
            told.extend(
                more.into_iter()
                    .filter_map(|(key, value)| Some((key.to_owned(), value?))),
            );
        }
        told
    }
}
