//! One record of a file as it came: its line and its cells, in one allocation that can be used again.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{card_number, cell};

/// What is wrong with a record beyond its values, found while its cells were told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// A quote was opened in this line and never closed.
    UnbalancedQuote,
    /// The record is larger than the limit.
    TooLarge,
    /// The record has more fields than the limit.
    TooManyFields,
    /// It stands in another table, below the first.
    OtherTable,
}

impl Flaw {
    /// For the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnbalancedQuote => "a quote is opened and not closed",
            Self::TooLarge => "the record is too large",
            Self::TooManyFields => "the record has too many fields",
            Self::OtherTable => "the record belongs to another table below the first",
        }
    }
}

/// One record. Its cells are the text between the delimiters, unquoted, not cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    line: u64,
    text: String,
    ends: Vec<usize>,
    flaw: Option<Flaw>,
}

impl Record {
    /// An empty record that starts at this line (the first line is 1; in a workbook, the row).
    pub fn new(line: u64) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }

    /// A record of these cells.
    pub fn from_cells<'a>(line: u64, cells: impl IntoIterator<Item = &'a str>) -> Self {
        let mut record = Self::new(line);
        cells.into_iter().for_each(|cell| record.push(cell));
        record
    }

    /// Empties the record and keeps its memory.
    pub fn restart(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
        self.flaw = None;
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end_cell();
    }

    /// Adds to the cell that [`Record::end_cell`] will close.
    pub fn extend_cell(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Bytes of the cell that is being added to.
    pub fn open_cell_len(&self) -> usize {
        self.text.len() - self.ends.last().copied().unwrap_or(0)
    }

    /// Closes the current cell.
    pub fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Takes the last cell away.
    pub fn pop(&mut self) {
        self.ends.pop();
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Marks what is wrong with it.
    pub fn mark(&mut self, flaw: Flaw) {
        self.flaw = Some(flaw);
    }

    /// What is wrong with it, if anything.
    pub const fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    /// The line it starts in.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell in this column.
    pub fn get(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)?;
        let start = column
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        self.text.get(start..end)
    }

    /// The cells in order.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        (0..self.ends.len()).map(|column| self.get(column).unwrap_or_default())
    }

    /// Whether no cell says anything: such a record is none.
    pub fn is_blank(&self) -> bool {
        self.flaw.is_none() && cell::is_blank(&self.text)
    }

    /// The cells with card numbers masked, for the list of rejected rows.
    pub fn masked(&self) -> Vec<String> {
        self.cells().map(|cell| masked_cell(cell).into_owned()).collect()
    }
}

/// The cell as it was, or cleaned and masked when a card number stands in it.
fn masked_cell(text: &str) -> Cow<'_, str> {
    match card_number::mask(&cell::clean(text)) {
        (_, 0) => Cow::Borrowed(text),
        (masked, _) => Cow::Owned(masked.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were() {
        let record = Record::from_cells(7, ["a", "", "b c"]);
        assert_eq!(
            (record.line(), record.len(), record.get(1), record.get(2)),
            (7, 3, Some(""), Some("b c"))
        );
        assert_eq!(record.get(3), None);
        assert_eq!(record.cells().collect::<Vec<_>>(), ["a", "", "b c"]);
    }

    #[test]
    fn delimiters_and_blanks_alone_are_no_record() {
        assert!(Record::from_cells(1, ["", " ", "\0\u{a0}"]).is_blank());
        assert!(!Record::from_cells(1, ["", "-"]).is_blank());
    }

    #[test]
    fn a_record_is_kept_without_its_card_numbers() {
        let record = Record::from_cells(1, ["4111\u{a0}1111 1111 1111", "x"]);
        assert_eq!(record.masked(), ["\u{2022}\u{2022}\u{2022}\u{2022}1111", "x"]);
    }
}
