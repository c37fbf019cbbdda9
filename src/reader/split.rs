//! Text into cells: one record at a time, from a buffer that may not hold all of it yet.

use super::dialect::{Dialect, LineEnd};
use super::limits::FIELDS;
use crate::domain::record::{Flaw, Record};

/// How far one record got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// The record is whole: it ends before this byte and spans so many lines.
    Record { end: usize, lines: u64 },
    /// The buffer ends inside the record.
    NeedMore,
    /// A quote that opened in the first line of the record does not close where a cell may end.
    Unbalanced,
    /// There is no text left.
    End,
}

/// Splits the record that starts at byte `from`. `whole` says that the text ends with the buffer.
pub(super) fn split(text: &str, from: usize, whole: bool, dialect: &Dialect, record: &mut Record) -> Split {
    if from >= text.len() {
        return if whole { Split::End } else { Split::NeedMore };
    }
    Splitter::new(text, from, whole, dialect, record, false).record()
}

/// Splits the first line only, in which quotes do not balance: a quote that does not enclose a whole cell
/// is a letter.
pub(super) fn split_line(
    text: &str,
    from: usize,
    whole: bool,
    dialect: &Dialect,
    record: &mut Record,
) -> Split {
    Splitter::new(text, from, whole, dialect, record, true).record()
}

struct Splitter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    lines: u64,
    whole: bool,
    dialect: &'a Dialect,
    record: &'a mut Record,
    /// Whether there is a quote behind which a cell may end, and up to where that is known: a line full
    /// of quotes is not looked through again and again.
    closer: (bool, usize),
    /// Whether only quotes that enclose a whole cell within one line count.
    strict: bool,
}

/// What follows a cell.
enum Follows {
    Cell,
    End,
}

/// Why a record cannot be split.
enum Stop {
    NeedMore,
    Unbalanced,
}

impl<'a> Splitter<'a> {
    fn new(
        text: &'a str,
        from: usize,
        whole: bool,
        dialect: &'a Dialect,
        record: &'a mut Record,
        strict: bool,
    ) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: from,
            lines: 1,
            whole,
            dialect,
            record,
            closer: (false, 0),
            strict,
        }
    }

    fn record(&mut self) -> Split {
        loop {
            match self.cell() {
                Ok(Follows::Cell) => {}
                Ok(Follows::End) => {
                    return Split::Record {
                        end: self.at,
                        lines: self.lines,
                    };
                }
                Err(Stop::NeedMore) => return Split::NeedMore,
                Err(Stop::Unbalanced) => return Split::Unbalanced,
            }
        }
    }

    fn cell(&mut self) -> Result<Follows, Stop> {
        if self.dialect.blank_behind && self.is_behind_a_delimiter() && self.bytes.get(self.at) == Some(&b' ')
        {
            self.at += 1;
        }
        if let Some(start) = self.opening_quote()
            && (!self.strict || self.encloses(start)?)
        {
            self.quoted(start)?;
        }
        self.unquoted()
    }

    /// The byte behind the quote that opens this cell; blanks before the quote do not count.
    fn opening_quote(&self) -> Option<usize> {
        let quote = self.dialect.quote? as u32;
        let blanks = if self.dialect.delimiter == ' ' {
            0
        } else {
            self.count_blanks(self.at)
        };
        let first = self.bytes.get(self.at + blanks)?;
        (u32::from(*first) == quote).then_some(self.at + blanks + 1)
    }

    /// Whether a delimiter stands before this cell.
    fn is_behind_a_delimiter(&self) -> bool {
        !self.record.is_empty()
    }

    /// Whether the quote that opened before this byte closes in its line where a cell ends, with none
    /// between but doubled and escaped ones.
    fn encloses(&self, start: usize) -> Result<bool, Stop> {
        let quote = self.dialect.quote.map_or(0, |quote| quote as u8);
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            let next = self.bytes.get(at + 1).copied();
            if matches!(byte, b'\n' | b'\r') {
                return Ok(false);
            }
            if byte == quote && next != Some(quote) {
                return self.cell_may_end(at + 1);
            }
            let pair = byte == quote || (byte == b'\\' && self.dialect.backslash);
            at += if pair { 2 } else { 1 };
        }
        if self.whole {
            Ok(false)
        } else {
            Err(Stop::NeedMore)
        }
    }

    fn count_blanks(&self, from: usize) -> usize {
        self.bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| **byte == b' ')
            .count()
    }

    /// Reads up to the closing quote and leaves `at` behind it.
    fn quoted(&mut self, start: usize) -> Result<(), Stop> {
        let quote = self.dialect.quote.map_or(0, |quote| quote as u8);
        let mut piece = start;
        let mut at = start;
        let first_line = self.lines;
        loop {
            let Some(&byte) = self.bytes.get(at) else {
                return Err(self.out_of_text());
            };
            let half = byte == b'\n' && at > start && self.bytes.get(at - 1) == Some(&b'\r');
            if self.dialect.line_end.is(byte) && !(half && self.dialect.line_end == LineEnd::Any) {
                self.lines += 1;
            } else if byte == b'\\' && self.dialect.backslash {
                let Some(&next) = self.bytes.get(at + 1) else {
                    return Err(self.out_of_text());
                };
                if next == quote || next == b'\\' {
                    self.keep(piece, at);
                    piece = at + 1;
                    at += 1;
                }
            } else if byte == quote {
                match self.bytes.get(at + 1) {
                    None if !self.whole => return Err(Stop::NeedMore),
                    Some(&next) if next == quote => {
                        self.keep(piece, at + 1);
                        piece = at + 2;
                        at += 1;
                    }
                    _ if self.cell_may_end(at + 1)? => {
                        self.keep(piece, at);
                        self.at = at + 1 + self.blanks_before_end(at + 1);
                        return Ok(());
                    }
                    _ if self.lines > first_line => return Err(Stop::Unbalanced),
                    _ if self.closes_later_in_line(at + 1, quote)? => {}
                    _ => {
                        // "Bob" Smith: the quotes belong to the text.
                        self.keep(if piece == start { start - 1 } else { piece }, at + 1);
                        self.at = at + 1;
                        return Ok(());
                    }
                }
            }
            at += 1;
        }
    }

    /// The text ends inside quotes.
    fn out_of_text(&self) -> Stop {
        if self.whole {
            Stop::Unbalanced
        } else {
            Stop::NeedMore
        }
    }

    fn blanks_before_end(&self, at: usize) -> usize {
        if self.dialect.delimiter == ' ' {
            0
        } else {
            self.count_blanks(at)
        }
    }

    /// Whether a delimiter, the end of the line or of the text stands here, after blanks at most.
    fn cell_may_end(&self, at: usize) -> Result<bool, Stop> {
        let at = at + self.blanks_before_end(at);
        match self.bytes.get(at) {
            None if self.whole => Ok(true),
            None => Err(Stop::NeedMore),
            Some(byte) => Ok(self.is_delimiter(*byte) || matches!(byte, b'\n' | b'\r')),
        }
    }

    /// Whether a quote with the end of a cell behind it comes in this line (`"He said "no" to me",`).
    fn closes_later_in_line(&mut self, from: usize, quote: u8) -> Result<bool, Stop> {
        if from <= self.closer.1 {
            return Ok(self.closer.0);
        }
        let rest = self.bytes.get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        if length.is_none() && !self.whole {
            return Err(Stop::NeedMore);
        }
        let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let quotes = line.iter().enumerate().filter(|(_, byte)| **byte == quote);
        for (offset, _) in quotes {
            if self.cell_may_end(from + offset + 1)? {
                self.closer = (true, from + offset);
                return Ok(true);
            }
        }
        self.closer = (false, from + line.len());
        Ok(false)
    }

    /// Reads what stands before the next delimiter or line end.
    fn unquoted(&mut self) -> Result<Follows, Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let delimiter = self.dialect.delimiter as u8;
        let ends = self.dialect.line_end;
        let length = rest.iter().position(|byte| *byte == delimiter || ends.is(*byte));
        let end = match length {
            Some(length) => self.at + length,
            None if self.whole => self.bytes.len(),
            None => return Err(Stop::NeedMore),
        };
        let found = self.bytes.get(end).copied();
        if found == Some(b'\r') && self.bytes.get(end + 1).is_none() && !self.whole {
            return Err(Stop::NeedMore);
        }
        let ends_line = found.is_none_or(|found| found != delimiter || ends.is(found));
        self.keep(self.at, if ends_line { self.without_return(end) } else { end });
        self.end_cell();
        self.at = (end + 1).min(self.bytes.len());
        if found == Some(b'\r') && ends.takes_both() && self.bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        Ok(if ends_line { Follows::End } else { Follows::Cell })
    }

    /// The end of the line without the CR of CR LF, of which some tools write two.
    fn without_return(&self, end: usize) -> usize {
        if self.dialect.line_end.takes_both() {
            return end;
        }
        let line = self.bytes.get(self.at..end).unwrap_or_default();
        end - line.iter().rev().take_while(|byte| **byte == b'\r').count()
    }

    fn is_delimiter(&self, byte: u8) -> bool {
        u32::from(byte) == self.dialect.delimiter as u32
    }

    fn keep(&mut self, from: usize, to: usize) {
        if self.record.flaw().is_none() {
            self.record
                .extend_cell(self.text.get(from..to).unwrap_or_default());
        }
    }

    fn end_cell(&mut self) {
        if self.record.len() >= FIELDS {
            self.record.mark(Flaw::TooManyFields);
        } else {
            self.record.end_cell();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, dialect: &Dialect) -> Vec<String> {
        let mut record = Record::new(1);
        let split = split(text, 0, true, dialect, &mut record);
        assert!(matches!(split, Split::Record { .. }), "{split:?}");
        record.cells().map(str::to_owned).collect()
    }

    fn comma(text: &str) -> Vec<String> {
        cells(text, &Dialect::default())
    }

    #[test]
    fn quotes_hold_delimiters_line_ends_and_doubled_quotes() {
        assert_eq!(comma("a,\"b,\"\"c\"\"\nd\",e\nf"), ["a", "b,\"c\"\nd", "e"]);
        assert_eq!(comma("a, \"b\" ,\"\"\r\n"), ["a", "b", ""]);
    }

    #[test]
    fn quotes_that_do_not_enclose_a_cell_are_letters() {
        assert_eq!(
            comma("5\" disk,\"Bob\" Smith,x"),
            ["5\" disk", "\"Bob\" Smith", "x"]
        );
        assert_eq!(comma("\"He said \"no\" to me\",x"), ["He said \"no\" to me", "x"]);
    }

    #[test]
    fn a_line_that_does_not_balance_keeps_the_quotes_that_enclose_a_cell() {
        let mut record = Record::new(1);
        let line = "7,\"$80,\"warm, dry\",\"a \"\"b\"\"\",\"x\nnext";
        let split = split_line(line, 0, true, &Dialect::default(), &mut record);
        assert!(matches!(split, Split::Record { lines: 1, .. }));
        let cells: Vec<_> = record.cells().collect();
        assert_eq!(cells, ["7", "\"$80", "warm, dry", "a \"b\"", "\"x"]);
    }

    #[test]
    fn a_blank_behind_the_delimiter_is_no_text() {
        let dialect = Dialect {
            blank_behind: true,
            ..Dialect::default()
        };
        assert_eq!(cells("a, b c, , \"c\"", &dialect), ["a", "b c", "", "c"]);
    }

    #[test]
    fn a_backslash_escapes_where_the_dialect_says_so() {
        let dialect = Dialect {
            backslash: true,
            ..Dialect::default()
        };
        assert_eq!(
            cells("\"a\\\"b\",\"c\\\\\",d\\e", &dialect),
            ["a\"b", "c\\", "d\\e"]
        );
    }

    #[test]
    fn lines_end_in_every_usual_way() {
        assert_eq!(comma("a,b\r\r\nc"), ["a", "b"]);
        assert_eq!(comma("a,b"), ["a", "b"]);
        assert_eq!(comma("\n"), [""]);
        let mac = Dialect {
            line_end: LineEnd::Cr,
            ..Dialect::default()
        };
        assert_eq!(cells("a,b\rc", &mac), ["a", "b"]);
    }

    #[test]
    fn lines_of_one_file_may_end_in_every_way() {
        let any = Dialect {
            line_end: LineEnd::Any,
            ..Dialect::default()
        };
        for text in ["a,b\rc", "a,b\nc", "a,b\r\nc"] {
            assert_eq!(cells(text, &any), ["a", "b"], "{text:?}");
        }
    }

    #[test]
    fn a_line_full_of_quotes_takes_no_longer_than_another() {
        let began = std::time::Instant::now();
        for text in [
            "\"a\"a,".repeat(400_000),
            format!("\"{}\"", "a\"a".repeat(700_000)),
        ] {
            let mut record = Record::new(1);
            assert!(matches!(
                split(&text, 0, true, &Dialect::default(), &mut record),
                Split::Record { .. }
            ));
        }
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    }

    #[test]
    fn the_end_of_the_buffer_is_not_the_end_of_the_record() {
        for text in ["a,b", "a,\"b", "a,\"b\"", "a,b\r"] {
            let mac = Dialect {
                line_end: LineEnd::Cr,
                ..Dialect::default()
            };
            let dialect = if text.ends_with('\r') {
                mac
            } else {
                Dialect::default()
            };
            assert_eq!(
                split(text, 0, false, &dialect, &mut Record::new(1)),
                Split::NeedMore,
                "{text}"
            );
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told() {
        for text in ["a,\"b\nc,d\n", "a,\"b\nc,\"d\",e\n"] {
            assert_eq!(
                split(text, 0, true, &Dialect::default(), &mut Record::new(1)),
                Split::Unbalanced,
                "{text}"
            );
        }
    }
}
