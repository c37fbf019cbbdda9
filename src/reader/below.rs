//! Another table below the first: its records are not ours, and it is said why.

use std::collections::HashSet;

use super::columns::looks_like_value;
use crate::domain::cell;
use crate::domain::header::header_key;
use crate::domain::record::Record;

/// Watches the records of a table for the header of another one, which is as wide as it likes but not as
/// wide as this one: equal headers are the same table again.
pub(super) struct Below {
    headers: HashSet<String>,
    /// Whether a blank line stands above.
    after_blank: bool,
    /// How wide the other table is, while records are its own.
    other: Option<usize>,
}

impl Below {
    pub(super) fn new(headers: impl IntoIterator<Item = String>) -> Self {
        Self {
            headers: headers.into_iter().map(|header| header_key(&header)).collect(),
            after_blank: false,
            other: None,
        }
    }

    /// A blank line stands here.
    pub(super) const fn blank(&mut self) {
        self.after_blank = true;
    }

    /// Whether this record, where `width` fields are expected, belongs to another table.
    pub(super) fn holds(&mut self, record: &Record, width: usize) -> bool {
        let after_blank = std::mem::take(&mut self.after_blank);
        if record.len() == width || record.flaw().is_some() {
            self.other = None;
        } else if self.other != Some(record.len()) {
            self.other = self.is_header(record, after_blank).then_some(record.len());
        }
        self.other.is_some()
    }

    /// Words in every cell, below a blank line or half of them those of our header.
    fn is_header(&self, record: &Record, after_blank: bool) -> bool {
        let known = record
            .cells()
            .filter(|text| self.headers.contains(&header_key(text)));
        let is_word = |text: &str| !text.is_empty() && !looks_like_value(text);
        record.len() > 1
            && (after_blank || known.count() * 2 > record.len())
            && record.cells().all(|text| is_word(&cell::clean(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(rows: &[&[&str]]) -> Vec<bool> {
        let mut below = Below::new(["Name", "E-mail", "Phone"].map(str::to_owned));
        let mut held = Vec::new();
        for row in rows {
            if row.is_empty() {
                below.blank();
            } else {
                held.push(below.holds(&Record::from_cells(1, row.iter().copied()), 3));
            }
        }
        held
    }

    #[test]
    fn a_table_below_a_blank_line_is_another_one() {
        let rows: [&[&str]; 5] = [
            &["Ann", "a@example.com", "1"],
            &[],
            &["Code", "Meaning"],
            &["504", "gateway"],
            &["Bob", "", "2"],
        ];
        assert_eq!(held(&rows), [false, true, true, false]);
    }

    #[test]
    fn a_header_with_more_columns_begins_another_table() {
        let rows: [&[&str]; 2] = [&["Name", "E-mail", "Phone", "Memo"], &["Ann", "", "1", "x"]];
        assert_eq!(held(&rows), [true, true]);
    }

    #[test]
    fn a_torn_record_is_no_table() {
        let rows: [&[&str]; 3] = [&["Ann", "a@example.com"], &["Bob"], &["Cy, Dee", "", "", "4"]];
        assert_eq!(held(&rows), [false, false, false]);
    }
}
