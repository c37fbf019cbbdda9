//! Where the table starts: the header row below titles, or no header at all.

use std::collections::HashMap;

use super::columns::looks_like_value;
use super::meaning::is_known_header;
use crate::domain::cell;
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::domain::record::Record;

/// Where the table starts among the first records of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Index of the header, when there is one; of several rows the one that names the columns.
    pub header: Option<usize>,
    /// Index of the first row of the header, which is above `header` when groups of columns have names too.
    pub top: usize,
    /// Index of the first record below it.
    pub first: usize,
    /// Points for recognised headers.
    pub points: u32,
}

/// Rows among which the header is looked for.
const ROWS: usize = 60;
/// Points from which on a row is a header beyond doubt: two usual names, or one and two weak ones.
const ENOUGH: u32 = 4;

/// Points of the header of a known export.
const KNOWN: u32 = 100;

/// Finds the table's start.
pub(super) fn find(records: &[Record]) -> Start {
    let rated = records.iter().take(ROWS).map(points).enumerate();
    let best = rated.fold(
        (0, 0),
        |best, (index, points)| if points > best.1 { (index, points) } else { best },
    );
    let header = if best.1 >= ENOUGH {
        Ok(best.0)
    } else {
        unknown(records)
    };
    match header {
        Ok(header) => Start {
            header: Some(header),
            top: top(records, header),
            first: header + 1 + repeats(records, header),
            points: best.1,
        },
        Err(first) => Start {
            header: None,
            top: first,
            first,
            points: best.1,
        },
    }
}

/// The header of a table with names we do not know, or the first record when it has none.
fn unknown(records: &[Record]) -> Result<usize, usize> {
    let width = usual_width(records);
    let wide = |record: &Record| record.len() == width;
    // A title, padded with empty cells by the spreadsheet, is as wide as the table.
    let full = |record: &Record| wide(record) && filled(record) * 2 > width;
    let first = records.iter().position(full);
    let first = first.or_else(|| records.iter().position(wide)).unwrap_or(0);
    let Some(record) = records.get(first) else {
        return Err(first);
    };
    if !record.cells().any(looks_like_value) {
        return Ok(first);
    }
    // The names above the values, one too many or too few of them.
    let above = first.checked_sub(1);
    above
        .filter(|above| {
            records
                .get(*above)
                .is_some_and(|record| is_off_by_one(record, width))
        })
        .ok_or(first)
}

fn is_off_by_one(record: &Record, width: usize) -> bool {
    record.len() > 1
        && record.len().abs_diff(width) == 1
        && filled(record) + 1 >= record.len()
        && !record.cells().any(looks_like_value)
}

/// The first row of the header: rows directly above that name groups of columns belong to it. Such a row
/// has a gap between its names, or no empty cell at all; a preamble has neither.
fn top(records: &[Record], header: usize) -> usize {
    let width = records.get(header).map_or(0, Record::len);
    let names_groups = |record: &Record| {
        let filled = filled(record);
        let last = record.cells().rposition(|text| !cell::is_blank(text));
        let gap = last.is_some_and(|last| last + 1 > filled);
        record.len() == width
            && filled > 1
            && (gap || filled == width)
            && !record.cells().any(looks_like_value)
    };
    let above = records.get(..header).unwrap_or_default().iter().rev();
    header - above.take_while(|record| names_groups(record)).count()
}

/// How many times the header stands again directly below itself.
fn repeats(records: &[Record], header: usize) -> usize {
    let Some(own) = records.get(header) else {
        return 0;
    };
    let below = records.get(header + 1..).unwrap_or_default().iter();
    below.take_while(|record| record.cells().eq(own.cells())).count()
}

fn filled(record: &Record) -> usize {
    record.cells().filter(|text| !cell::is_blank(text)).count()
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
    match values * 4 > filled {
        true => 0,
        false if is_known_header(record) => KNOWN,
        false => seen.iter().sum(),
    }
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
    fn a_padded_title_above_unknown_names_is_passed_over() {
        let found = start(&[
            &["Report", "", ""],
            &["aaa", "bbb", "ccc"],
            &["2026-04-15", "7", "x"],
            &["2026-04-16", "8", "y"],
        ]);
        assert_eq!((found.header, found.top, found.first), (Some(1), 1, 2));
    }

    #[test]
    fn a_header_of_several_rows_is_one_header() {
        let found = start(&[
            &["Payment", "", "Taxpayer", ""],
            &["Txn Time", "Amount", "E-mail", "Phone"],
            &["Txn Time", "Amount", "E-mail", "Phone"],
            &["2026-04-15 18:41", "7", "a@example.com", "303-555-0101"],
        ]);
        assert_eq!((found.header, found.top, found.first), (Some(1), 0, 3));
    }

    #[test]
    fn a_header_with_a_name_too_many_is_one_all_the_same() {
        let found = start(&[&["aaa", "", "bbb"], &["2026-04-15", "7"], &["2026-04-16", "8"]]);
        assert_eq!((found.header, found.first), (Some(0), 1));
    }

    #[test]
    fn a_header_of_unknown_words_is_one_all_the_same() {
        let found = start(&[&["aaa", "bbb"], &["2026-04-15 18:41", "a@example.com"]]);
        assert_eq!((found.header, found.first), (Some(0), 1));
    }
}
