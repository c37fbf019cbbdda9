//! Counting what became of each record.

use super::Report;
use crate::domain::import::Bin;
use crate::domain::transaction::{Rejection, Transaction};

/// Different statuses that are named of those that are left out together.
const NAMED: usize = 50;

impl Report {
    /// A record that counts for nothing, and its status if that is why.
    pub(super) fn count_left_out(&mut self, status: Option<&str>) {
        self.left_out += 1;
        let Some(status) = status else { return };
        let is_named = self.left_out_as.contains_key(status) || self.left_out_as.len() < NAMED;
        let name = if is_named { status } else { "" };
        *self.left_out_as.entry(name.to_owned()).or_default() += 1;
    }

    /// A record that could not be taken.
    pub(super) fn count_rejected(&mut self, rejection: &Rejection) {
        let bin = match rejection {
            Rejection::Malformed { .. } | Rejection::Broken(_) => &mut self.rejected.malformed,
            Rejection::BadTimestamp => &mut self.rejected.bad_timestamp,
            Rejection::NoIdentity => &mut self.rejected.no_identity,
        };
        *bin += 1;
    }

    /// A record that was taken, and where it lies.
    pub(super) fn count_taken(&mut self, transaction: &Transaction, bin: Bin) {
        match bin {
            Bin::Before => self.outside_window.before += 1,
            Bin::After => self.outside_window.after += 1,
            Bin::Accepted => {
                self.accepted += 1;
                for warning in transaction.warnings.iter() {
                    *self.warnings.entry(warning.as_str().to_owned()).or_default() += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What breaks it: a file with another status in each row, whose report grows with it.
    #[test]
    fn statuses_that_are_left_out_together_are_named_up_to_a_number() {
        let mut report = Report::empty(1, "words.csv");
        for row in 0..1_000 {
            report.count_left_out(Some(&format!("W{:03}", row % 200)));
        }
        report.count_left_out(None);
        assert_eq!((report.left_out, report.left_out_as.len()), (1_001, NAMED + 1));
        assert_eq!(report.left_out_as.values().sum::<u64>(), 1_000);
        assert_eq!((report.left_out_as["W000"], report.left_out_as[""]), (5, 750));
    }
}
