//! The payments of a reconciliation that closed no case.

use super::ImportState;
use crate::domain::ids::ImportId;
use crate::domain::reconcile::Fate;
use crate::domain::spreadsheet;
use crate::outreach::{Error, Office, Result};
use crate::store::payments::{self, Payment};
use std::io::Write;

/// Payments read at once.
const PAGE: i64 = 500;
/// The columns of the file.
const COLUMNS: [&str; 12] = [
    "line",
    "why",
    "transaction_id",
    "timestamp",
    "account_id",
    "given_name",
    "family_name",
    "email",
    "phone",
    "amount_cents",
    "tax_type",
    "confirmation_no",
];

impl Office {
    /// The payments of an import with one fate, after a line.
    pub fn payments_with(
        &self,
        id: ImportId,
        fate: Fate,
        after_line: i64,
        limit: i64,
    ) -> Result<Vec<Payment>> {
        Ok(self
            .db
            .read(|conn| payments::with_fate(conn, id, fate, after_line, limit))?)
    }

    /// Writes the payments that closed no case as CSV: line and why, then what was read.
    ///
    /// # Errors
    /// There is no such import, or it was taken back.
    pub fn write_unmatched(&self, id: ImportId, out: impl Write) -> Result<()> {
        let state = self.import(id)?.state();
        if !matches!(state, ImportState::Checked | ImportState::Published) {
            return Err(Error::NotFound("import"));
        }
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(COLUMNS).map_err(Error::internal)?;
        for fate in [Fate::Unmatched, Fate::Ambiguous, Fate::TooEarly] {
            let mut after = 0;
            loop {
                let page = self.payments_with(id, fate, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = last.line;
                for payment in &page {
                    let cells = row(payment);
                    let safe = cells.iter().map(|cell| spreadsheet::as_text(cell).into_owned());
                    csv.write_record(safe).map_err(Error::internal)?;
                }
            }
        }
        Ok(csv.flush()?)
    }
}

fn row(payment: &Payment) -> [String; COLUMNS.len()] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        payment.line.to_string(),
        payment.fate.clone(),
        text(&payment.external_id),
        payment.occurred_at.rfc3339(),
        text(&payment.account_id),
        payment.given_name.clone(),
        payment.family_name.clone(),
        text(&payment.email),
        text(&payment.phone),
        payment
            .amount_cents
            .map(|cents| cents.to_string())
            .unwrap_or_default(),
        text(&payment.tax_type),
        text(&payment.confirmation_no),
    ]
}
