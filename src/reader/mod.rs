//! Files into records: content decides, not the file's name. Knows nothing of outages or databases.
//!
//! [`inspect`] looks at a file and says what it understood ([`Layout`]), how sure it is, and what a
//! person should decide; [`records`] reads the records by it, one at a time, with flat memory. Whatever
//! stands in the file, every record comes out: one whose cells cannot be told apart carries a
//! [`crate::domain::record::Flaw`] and its line.

mod below;
mod columns;
mod delimited;
mod dialect;
mod guard;
mod guess;
mod header;
mod inspect;
mod layout;
pub mod limits;
mod meaning;
mod package;
mod profile;
mod records;
mod sniff;
mod split;
mod text;
mod workbook;

#[cfg(test)]
mod tests;

pub use dialect::{Dialect, LineEnd};
pub use guard::Guard;
pub use inspect::inspect;
pub use layout::{Certainty, Column, Doubt, Format, Layout};
pub use meaning::{
    About, Around, Choice, MOST_WORDS, Question, Settled, clock_question, elsewhere, flag, value_question,
};
pub use profile::{Kind, Profile};
pub use records::{Records, records};

use crate::domain::field::Field;
use crate::domain::meaning::Meaning;
use crate::domain::moment::Order;
use crate::domain::money::Decimal;
use serde::{Deserialize, Serialize};

/// What a person said about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// The file has no header and these are its columns; `None` is not read.
    pub columns: Option<Vec<Option<Field>>>,
    /// What a person chose for each column of a file that may have a header.
    pub chosen: Option<Vec<Option<Field>>>,
    /// This field is in the column with this header.
    pub map: Vec<(Field, String)>,
    /// The columns with these headers are not read.
    pub ignore: Vec<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The zone of times that carry none.
    pub times_in: Option<String>,
    /// What values of the status mean.
    pub statuses: Vec<(String, Meaning)>,
    /// Values of the status that nobody named and nobody knows count for nothing.
    pub others_left_out: bool,
    /// Which of day and month stands first in the column with this header.
    pub orders: Vec<(String, Order)>,
    /// Which sign stands before the cents in the column with this header.
    pub decimals: Vec<(String, Decimal)>,
}

/// Why a file cannot be read, in words for the person who sent it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Error {
    #[error("The file is empty.")]
    Empty,
    #[error("This is not a table: the file is {0}. Export the transactions as CSV or XLSX.")]
    NotATable(&'static str),
    #[error("The workbook is damaged and cannot be read. Save it again in the spreadsheet program.")]
    BrokenWorkbook,
    #[error("This is a zip file, but not a workbook. Unpack it and import the file inside.")]
    NotAWorkbook,
    #[error("The workbook is protected by a password. Save it without one.")]
    Encrypted,
    #[error("The workbook unpacks to more than it may. Export the transactions as CSV.")]
    TooLargeUnpacked,
    #[error("The workbook has no sheet {0:?}.")]
    NoSuchSheet(String),
    #[error("The file has no column {0:?}; its columns are {1}.")]
    NoSuchColumn(String, String),
    #[error("{0:?} is no zone. Write it as America/Denver, UTC or UTC-07:00.")]
    NoSuchZone(String),
    #[error("The file could not be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Hints {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The columns of a file without a header are a choice of its columns, as on the page.
    #[must_use]
    pub fn as_chosen(mut self) -> Self {
        self.chosen = self.chosen.or(self.columns.take());
        self
    }

    /// What was said later, and what was said before where that says nothing. A field, a value or a column that is named again
    /// is as it was named last.
    #[must_use]
    pub fn after(mut self, before: Self) -> Self {
        fn joined<K: PartialEq + Clone, V>(before: Vec<(K, V)>, later: &mut Vec<(K, V)>) {
            let named: Vec<K> = later.iter().map(|(key, _)| key.clone()).collect();
            let kept = before.into_iter().filter(|(key, _)| !named.contains(key));
            let all = kept.chain(std::mem::take(later)).collect();
            *later = all;
        }
        let named_now: Vec<String> = self
            .map
            .iter()
            .map(|(_, header)| header.clone())
            .chain(self.ignore.clone())
            .collect();
        let mut earlier = before.map;
        earlier.retain(|(_, header)| !named_now.contains(header));
        joined(earlier, &mut self.map);
        joined(before.statuses, &mut self.statuses);
        joined(before.orders, &mut self.orders);
        joined(before.decimals, &mut self.decimals);
        self.ignore.extend(
            before
                .ignore
                .into_iter()
                .filter(|header| !named_now.contains(header)),
        );
        self.columns = self.columns.or(before.columns);
        self.chosen = self.chosen.or(before.chosen);
        self.sheet = self.sheet.or(before.sheet);
        self.times_in = self.times_in.or(before.times_in);
        self.others_left_out |= before.others_left_out;
        self
    }

    /// Whether everything that `answer` says was said, and last of its kind.
    pub fn says(&self, answer: &Self) -> bool {
        fn all<T: PartialEq>(of: &[T], in_these: &[T]) -> bool {
            of.iter().all(|one| in_these.contains(one))
        }
        all(&answer.map, &self.map)
            && all(&answer.ignore, &self.ignore)
            && all(&answer.statuses, &self.statuses)
            && all(&answer.orders, &self.orders)
            && all(&answer.decimals, &self.decimals)
            && (answer.times_in.is_none() || answer.times_in == self.times_in)
            && (!answer.others_left_out || self.others_left_out)
    }
}
