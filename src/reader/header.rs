//! Where the table starts: the header row below titles, or no header at all.

use std::collections::HashMap;

use super::columns::looks_like_value;
use crate::domain::cell;
use crate::domain::field::{Field, Recognition};
use crate::domain::record::Record;

/// Where the table starts among the first records of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Index of the header, when there is one.
    pub header: Option<usize>,
    /// Index of the first record below it.
    pub first: usize,
    /// Points for recognised headers.
    pub points: u32,
}

/// Rows among which the header is looked for.
const ROWS: usize = 60;
/// Points from which on a row is a header beyond doubt: two usual names, or one and two weak ones.
const ENOUGH: u32 = 4;

/// Finds the table's start.
pub(super) fn find(records: &[Record]) -> Start {
    let rated = records.iter().take(ROWS).map(points).enumerate();
    let best = rated.fold(
        (0, 0),
        |best, (index, points)| if points > best.1 { (index, points) } else { best },
    );
    if best.1 >= ENOUGH {
        return Start {
            header: Some(best.0),
            first: best.0 + 1,
            points: best.1,
        };
    }
    let width = usual_width(records);
    let first = records
        .iter()
        .position(|record| record.len() == width)
        .unwrap_or(0);
    let is_data = records
        .get(first)
        .is_some_and(|record| record.cells().any(looks_like_value));
    if is_data || records.is_empty() {
        return Start {
            header: None,
            first,
            points: best.1,
        };
    }
    Start {
        header: Some(first),
        first: first + 1,
        points: best.1,
    }
}

/// The number of fields most records have; of two the larger.
pub(super) fn usual_width(records: &[Record]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for record in records {
        *counts.entry(record.len()).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))
        .map_or(0, |(width, _)| width)
}

/// Two points for each field that is named as usual, one for a weak name; nothing for a row of values.
pub(super) fn points(record: &Record) -> u32 {
    let mut seen = [0; Field::COUNT];
    let mut filled = 0;
    let mut values = 0;
    for text in record.cells() {
        let cleaned = cell::clean(text);
        filled += u32::from(!cleaned.is_empty());
        values += u32::from(looks_like_value(&cleaned));
        let found = Field::recognise(&cleaned);
        if let Some((place, recognition)) =
            found.and_then(|(field, r)| Some((seen.get_mut(field as usize)?, r)))
        {
            *place = (*place).max(if recognition == Recognition::Usual { 2 } else { 1 });
        }
    }
    if values * 4 > filled { 0 } else { seen.iter().sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(rows: &[&[&str]]) -> Start {
        let rows: Vec<_> = rows
            .iter()
            .map(|cells| Record::from_cells(1, cells.iter().copied()))
            .collect();
        find(&rows)
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        let found = start(&[
            &["Failed payments of 15 April"],
            &["Name", "of the report"],
            &["Transaction #", "Txn Time", "E-mail"],
            &["1", "2026-04-15 18:41", "a@example.com"],
        ]);
        assert_eq!((found.header, found.first), (Some(2), 3));
    }

    #[test]
    fn a_first_row_of_values_is_no_header() {
        let found = start(&[
            &["PAY-1", "2026-04-15 18:41", "a@example.com"],
            &["PAY-2", "", "b@example.com"],
        ]);
        assert_eq!((found.header, found.first), (None, 0));
    }

    #[test]
    fn a_header_of_unknown_words_is_one_all_the_same() {
        let found = start(&[&["aaa", "bbb"], &["2026-04-15 18:41", "a@example.com"]]);
        assert_eq!((found.header, found.first), (Some(0), 1));
    }
}
