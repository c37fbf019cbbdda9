//! Counting what became of each record.

use super::Report;
use crate::domain::import::Bin;
use crate::domain::transaction::{Rejection, Transaction};

impl Report {
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
