//! An import is confirmed with the numbers that the person saw: where they differ by then, nothing happens.

use super::{ImportState, Report};
use crate::domain::ids::ImportId;
use crate::outreach::{Error, Office, Result};
use crate::store::imports;

/// The numbers beside the button; none: a program that shows no page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Rows that are taken.
    pub rows: Option<i64>,
    /// People of the outage with them.
    pub people: Option<i64>,
    /// Calls of the outage with them.
    pub calls: Option<i64>,
    /// People closed as paid by them.
    pub paid: Option<i64>,
}

/// What became of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The import counts.
    Done,
    /// The numbers are not the ones that were seen. Nothing happened.
    Changed,
}

impl Seen {
    /// The numbers of a report.
    pub fn of(report: &Report) -> Self {
        let number = |rows: u64| Some(i64::try_from(rows).unwrap_or(i64::MAX));
        Self {
            rows: number(report.accepted),
            people: Some(report.outage.citizens),
            calls: Some(report.calls()),
            paid: number(report.citizens_paid),
        }
    }

    /// Whether a report still says what was seen.
    fn is_still(self, report: &Report) -> bool {
        let now = Self::of(report);
        let pairs = [
            (self.rows, now.rows),
            (self.people, now.people),
            (self.calls, now.calls),
            (self.paid, now.paid),
        ];
        pairs.iter().all(|(seen, now)| seen.is_none() || seen == now)
    }
}

impl Report {
    /// The calls of the outage after the import: those whom the file itself says to have paid are not called.
    pub fn calls(&self) -> i64 {
        let payments = self.payments.as_ref();
        payments.map_or(self.outage.households, |paid| paid.outage.households_to_call)
    }
}

impl Office {
    /// Makes a checked import count, if it still is what the person saw. A checked import's report does not change while it
    /// waits; one that counts already is done.
    ///
    /// # Errors
    /// It is not checked, or another import counts since then.
    pub fn confirm_import(&self, id: ImportId, seen: Seen) -> Result<Confirmed> {
        let import = self
            .db
            .read(|conn| imports::find(conn, id))?
            .ok_or(Error::NotFound("import"))?;
        let waits = import.state() == ImportState::Checked;
        if waits && import.told().is_some_and(|report| !seen.is_still(&report)) {
            return Ok(Confirmed::Changed);
        }
        self.start_publishing(id)?;
        Ok(Confirmed::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_not_seen_is_not_compared() {
        let mut report = Report::empty(1, "a.csv");
        report.accepted = 7;
        assert!(Seen::default().is_still(&report));
        assert!(Seen::of(&report).is_still(&report));
        let seen = Seen {
            calls: Some(1),
            ..Seen::of(&report)
        };
        assert!(!seen.is_still(&report));
    }
}
