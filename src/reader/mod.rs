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
pub use profile::{Kind, Profile};
pub use records::{Records, records};

use crate::domain::field::Field;

/// What a person said about a file beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The file has no header and these are its columns; `None` is not read.
    pub columns: Option<Vec<Option<Field>>>,
    /// This field is in the column with this header.
    pub map: Vec<(Field, String)>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
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
    #[error("The file could not be read: {0}")]
    Io(#[from] std::io::Error),
}
