//! Which dialect a delimited file is written in.

use std::io::Cursor;

use csv_nose::{Quote, Sniffer};
use encoding_rs::UTF_8;

use super::delimited::Delimited;
use super::dialect::{Dialect, LineEnd};
use super::header;
use super::text::Text;
use crate::domain::record::Record;

/// A dialect, and whether no other would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub dialect: Dialect,
    pub sure: bool,
}

/// Delimiters that are tried, in order of habit.
const DELIMITERS: [char; 8] = [',', ';', '\t', '|', ':', '^', '~', ' '];
/// Text that the table-uniformity method is given: it tries every dialect on all of it.
const SNIFFED: usize = 32 << 10;

/// How much more uniform the records of a dialect are that is better beyond doubt.
const CLEARLY: f64 = 0.2;

/// Records by which dialects are compared.
const COMPARED: usize = 100;

/// How well a dialect explains the head of a file.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Merit {
    /// Points of the best header row.
    points: u32,
    /// Share of records of the usual width; 0 when that is one column.
    uniform: f64,
    /// That width.
    width: usize,
}

impl Merit {
    /// Whether records are clearly more uniform, and not because they are hardly split at all.
    fn beats(&self, other: &Self) -> bool {
        self.uniform > other.uniform + CLEARLY && self.width * 2 > other.width
    }
}

/// Finds the dialect of the head of a file, which ends with a whole line.
pub(super) fn sniff(head: &str) -> Sniffed {
    let sniffed = by_usual_line_ends(head);
    let any = Dialect {
        line_end: LineEnd::Any,
        ..sniffed.dialect
    };
    let lone = head.replace("\r\n", "");
    let mixed = lone.contains('\r') && head.contains('\n');
    match mixed && merit(head, &any).uniform > merit(head, &sniffed.dialect).uniform {
        true => Sniffed {
            dialect: any,
            ..sniffed
        },
        false => sniffed,
    }
}

fn by_usual_line_ends(head: &str) -> Sniffed {
    let line_end = LineEnd::of(head);
    let base = Dialect {
        line_end,
        ..Dialect::default()
    };
    if let Some(delimiter) = declared(head) {
        return Sniffed {
            dialect: settle(head, Dialect { delimiter, ..base }),
            sure: true,
        };
    }
    let tried: Vec<(Dialect, Merit)> = DELIMITERS
        .into_iter()
        .map(|delimiter| settle(head, Dialect { delimiter, ..base }))
        .map(|dialect| (dialect, merit(head, &dialect)))
        .collect();
    let tried = without_blanks(tried);
    let best = |by: fn(&Merit) -> f64| {
        tried
            .iter()
            .fold(None, |best: Option<&(Dialect, Merit)>, next| match best {
                Some(best) if by(&best.1) >= by(&next.1) => Some(best),
                _ => Some(next),
            })
    };
    let by_header = best(|merit| f64::from(merit.points) + merit.uniform / 2.0);
    if let Some((dialect, _)) = by_header.filter(|(_, merit)| merit.points >= 4) {
        return Sniffed {
            dialect: *dialect,
            sure: true,
        };
    }
    let by_width = best(|merit| if merit.width > 2 { merit.uniform } else { 0.0 });
    let found = by_uniformity(head, base)
        .filter(|found| tried.iter().any(|(one, _)| one.delimiter == found.delimiter));
    let found = found.map(|dialect| (dialect, merit(head, &dialect)));
    match (found, by_width) {
        (Some((dialect, own)), other) if !other.is_some_and(|other| other.1.beats(&own)) => Sniffed {
            dialect,
            sure: own.uniform > 0.9,
        },
        (_, other) => Sniffed {
            dialect: other.map_or(base, |(dialect, _)| *dialect),
            sure: false,
        },
    }
}

/// Blanks stand between words, too: they part cells only where no sign that means nothing else parts all records alike.
fn without_blanks(mut tried: Vec<(Dialect, Merit)>) -> Vec<(Dialect, Merit)> {
    let parts_all = |(dialect, merit): &(Dialect, Merit)| {
        matches!(dialect.delimiter, ',' | ';' | '\t' | '|') && merit.width > 1 && merit.uniform >= 1.0
    };
    if tried.iter().any(parts_all) {
        tried.retain(|(dialect, _)| dialect.delimiter != ' ');
    }
    tried
}

/// `sep=;` in the first line, as spreadsheets write and read it.
pub(super) fn declared(head: &str) -> Option<char> {
    let line = head
        .split(['\r', '\n'])
        .next()?
        .trim_start_matches('\u{feff}')
        .trim_matches('"');
    let mut rest = line.strip_prefix("sep=")?.chars();
    let delimiter = rest.next().unwrap_or('\t');
    (rest.next().is_none() && delimiter.is_ascii()).then_some(delimiter)
}

/// The table-uniformity method of csv-nose: delimiter and quote only, its header guess is not used.
fn by_uniformity(head: &str, base: Dialect) -> Option<Dialect> {
    let mut sample = head
        .get(..head.floor_char_boundary(SNIFFED))
        .unwrap_or(head)
        .replace("\r\n", "\n");
    if base.line_end == LineEnd::Cr {
        sample = sample.replace('\r', "\n");
    }
    let found = Sniffer::new().sniff_bytes(sample.as_bytes()).ok()?.dialect;
    let quote = match found.quote {
        Quote::Some(quote) => Some(char::from(quote)),
        Quote::None => base.quote,
    };
    let dialect = Dialect {
        delimiter: char::from(found.delimiter),
        quote,
        ..base
    };
    found.delimiter.is_ascii().then(|| settle(head, dialect))
}

/// Decides on quote, escape and blanks for a delimiter, by what the head shows.
fn settle(head: &str, dialect: Dialect) -> Dialect {
    let dialect = Dialect {
        blank_behind: has_blanks_behind(head, dialect.delimiter),
        ..dialect
    };
    let single = Dialect {
        quote: Some('\''),
        ..dialect
    };
    let quoted = |dialect: &Dialect| quoted_cells(head, dialect);
    let dialect = if quoted(&single)
        > 2 * quoted(&Dialect {
            quote: Some('"'),
            ..dialect
        }) {
        single
    } else {
        dialect
    };
    let Some(quote) = dialect.quote else {
        return dialect;
    };
    let escaped = format!("\\{quote}");
    let with_backslash = Dialect {
        backslash: true,
        ..dialect
    };
    if head.contains(&escaped) && merit(head, &with_backslash).uniform > merit(head, &dialect).uniform {
        return with_backslash;
    }
    let shown = head.contains(&escaped) && !doubles_quotes(head, &dialect, quote);
    if shown && merit(head, &with_backslash).uniform >= merit(head, &dialect).uniform {
        return with_backslash;
    }
    dialect
}

/// Whether nearly every delimiter has one blank behind it.
fn has_blanks_behind(head: &str, delimiter: char) -> bool {
    let all = head.matches(delimiter).count();
    let with = head.matches(&format!("{delimiter} ")).count();
    delimiter != ' ' && all > 1 && with * 10 >= all * 9
}

/// Whether a quote is doubled anywhere but in an empty cell.
fn doubles_quotes(head: &str, dialect: &Dialect, quote: char) -> bool {
    head.match_indices(&format!("{quote}{quote}")).any(|(at, pair)| {
        let before = head.get(..at).unwrap_or_default().chars().next_back();
        let after = head.get(at + pair.len()..).unwrap_or_default().chars().next();
        let border =
            |c: Option<char>| c.is_none_or(|c| c == dialect.delimiter || matches!(c, ' ' | '\n' | '\r'));
        !border(before) || !border(after)
    })
}

/// Cells that begin and end with the quote, roughly: quotes next to delimiters on both sides.
fn quoted_cells(head: &str, dialect: &Dialect) -> usize {
    let Some(quote) = dialect.quote else { return 0 };
    let delimiter = dialect.delimiter;
    let count = |pattern: String| head.matches(&pattern).count();
    let opens = count(format!("{delimiter}{quote}")) + count(format!("{delimiter} {quote}"));
    let closes = count(format!("{quote}{delimiter}"));
    let ends_line = count(format!("{quote}\n")) + count(format!("{quote}\r"));
    opens.min(closes + ends_line)
}

fn merit(head: &str, dialect: &Dialect) -> Merit {
    let records = first_records(head, dialect, COMPARED);
    let width = header::usual_width(&records);
    let same = records.iter().filter(|record| record.len() == width).count();
    let uniform = if width > 1 {
        same as f64 / records.len().max(1) as f64
    } else {
        0.0
    };
    let points = records.iter().take(20).map(header::points).max().unwrap_or(0);
    Merit {
        points,
        uniform,
        width,
    }
}

/// The first records of a text.
pub(super) fn first_records(head: &str, dialect: &Dialect, count: usize) -> Vec<Record> {
    records_of_width(head, dialect, count, 0)
}

/// The first records of a text of which most have so many fields: a quote that is not closed is found out.
pub(super) fn records_of_width(head: &str, dialect: &Dialect, count: usize, width: usize) -> Vec<Record> {
    let mut lines = Delimited::new(Text::new(Cursor::new(head.as_bytes()), UTF_8), *dialect);
    lines.expect(width, false);
    let mut records = Vec::new();
    let mut record = Record::default();
    while records.len() < count && lines.read(&mut record).unwrap_or(false) {
        records.push(record.clone());
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(head: &str) -> (char, Option<char>, bool) {
        let dialect = sniff(head).dialect;
        (dialect.delimiter, dialect.quote, dialect.backslash)
    }

    #[test]
    fn delimiters_are_found_by_the_header() {
        for delimiter in [",", ";", "\t", "|", "^"] {
            let head = "transaction_id,timestamp,email,amount\n1,2026-04-15 18:41,a@example.com,7\n"
                .replace(',', delimiter);
            assert_eq!(found(&head).0.to_string(), delimiter);
        }
    }

    #[test]
    fn a_decimal_comma_is_no_delimiter() {
        assert_eq!(found("phone;amount;email\n1;12,50;a\n2;7,00;b\n").0, ';');
    }

    #[test]
    fn blanks_between_words_are_no_delimiters() {
        let head = "Data di prova\tOra\tStato conto\tMail\n01/07/2027 08:24\t7,50\tsi\ta@example.com\n";
        assert_eq!(found(head).0, '\t');
        assert_eq!(found(&head.replace('\t', "|")).0, '|');
        assert_eq!(
            found("email amount time\na@example.com 7 08:24\nb@example.com 9 08:25\n").0,
            ' '
        );
    }

    #[test]
    fn a_declared_delimiter_holds() {
        assert_eq!(found("sep=|\nemail|amount\na|1,2\n").0, '|');
    }

    #[test]
    fn quotes_and_escapes_are_found() {
        assert_eq!(
            found("email,memo,phone\n'a','b, c','1'\n'd','e','2'\n").1,
            Some('\'')
        );
        assert!(found("email,memo,phone\n\"a\",\"b \\\" , c\",1\n\"d\",\"e \\\"f\\\"\",2\n").2);
        assert!(!found("email,memo,phone\n\"a\",\"b \"\"c\"\"\",1\n").2);
    }

    #[test]
    fn a_blank_is_part_of_the_delimiter_where_it_always_follows() {
        let dialect = sniff("email, memo, phone\na, \"b, c\", 1\nd, , 2\n").dialect;
        assert!(dialect.blank_behind && dialect.describe() == "comma and blank");
        assert!(!sniff("email,memo,phone\na,b c, 1\n").dialect.blank_behind);
    }

    #[test]
    fn tables_without_known_headers_are_split_too() {
        assert_eq!(found("x;y;z\n1;2;3\n4;5;6\n7;8;9\n").0, ';');
    }
}
