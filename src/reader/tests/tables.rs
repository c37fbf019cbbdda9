//! Tables that have nothing to do with outages: csv-spectrum (npm, BSD-2-Clause; the phone number in
//! location_coordinates.csv is the one of its JSON), and one clean file
//! written in every dialect, encoding and state of pollution that the Pollock benchmark lists.

use super::*;
use crate::domain::record::Record;

/// The header and the records of a file, as the reader understands it.
fn table(bytes: &[u8]) -> (Vec<String>, Vec<Record>) {
    let layout = inspect(&mut Cursor::new(bytes), &Hints::default()).unwrap();
    let records = records(Cursor::new(bytes.to_vec()), &layout)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    (
        layout.columns.into_iter().map(|column| column.header).collect(),
        records,
    )
}

#[test]
fn all_of_csv_spectrum_is_read() {
    let mut read = 0;
    for entry in std::fs::read_dir(format!("{DATA}csv-spectrum")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".csv") else {
            continue;
        };
        let (header, records) = table(&bytes(&format!("csv-spectrum/{name}")));
        let rows = records.iter().map(|record| {
            let row: BTreeMap<&str, &str> = header.iter().map(String::as_str).zip(record.cells()).collect();
            json!(row)
        });
        let rows: Vec<Value> = rows.collect();
        let said = json_of(&format!("csv-spectrum/{stem}.json"));
        let said = said.as_array().map_or(std::slice::from_ref(&said), Vec::as_slice);
        assert_eq!(rows.as_slice(), said, "{name}");
        read += 1;
    }
    assert_eq!(read, 12);
}

const HEADER: [&str; 5] = ["transaction_id", "timestamp", "email", "amount", "memo"];

/// Rows of the clean file.
const ROWS: usize = 48;

/// Rows with an empty cell, a comma, a quote and a line break among them.
fn clean() -> Vec<[String; 5]> {
    (0..ROWS)
        .map(|row| {
            let memo = match row % 8 {
                1 => String::new(),
                3 => "first, second".to_owned(),
                5 => "said \"no\" twice".to_owned(),
                7 => "one line\nand another; last".to_owned(),
                _ => format!("remark {row}"),
            };
            let time = format!("2026-04-15 18:{:02}:00", row % 60);
            [
                format!("PAY-{row:05}"),
                time,
                format!("person{row}@example.com"),
                format!("{row}.50"),
                memo,
            ]
        })
        .collect()
}

/// How a file is written.
#[derive(Clone, Copy)]
struct Hand {
    delimiter: &'static str,
    quote: char,
    escape: &'static str,
    line_end: &'static str,
    all_quoted: bool,
}

const PLAIN: Hand = Hand {
    delimiter: ",",
    quote: '"',
    escape: "\"",
    line_end: "\n",
    all_quoted: false,
};

impl Hand {
    fn cell(&self, text: &str) -> String {
        let needs = text.contains([self.quote, '\n', '\r']) || text.contains(self.delimiter.trim_end());
        let quoted = self.all_quoted || needs || (self.delimiter == " " && text.is_empty());
        if !quoted {
            return text.to_owned();
        }
        let quote = self.quote.to_string();
        format!(
            "{quote}{}{quote}",
            text.replace(self.quote, &format!("{}{quote}", self.escape))
        )
    }

    fn line<'a>(&self, cells: impl IntoIterator<Item = &'a str>) -> String {
        let cells: Vec<_> = cells.into_iter().map(|cell| self.cell(cell)).collect();
        cells.join(self.delimiter) + self.line_end
    }

    fn file(&self) -> String {
        let rows = clean()
            .iter()
            .map(|row| self.line(row.iter().map(String::as_str)))
            .collect::<String>();
        self.line(HEADER) + &rows
    }
}

/// Rows of the clean file that come back with all their cells.
fn recovered(file: &[u8]) -> usize {
    let (header, records) = table(file);
    let clean: HashSet<[String; 5]> = clean().into_iter().collect();
    let own = |record: &Record| {
        let cells: Vec<String> = record
            .cells()
            .map(|cell| cell.trim().replace("\r\n", "\n").replace('\r', "\n"))
            .collect();
        <[String; 5]>::try_from(cells).is_ok_and(|cells| clean.contains(&cells))
    };
    if header == HEADER {
        records.iter().filter(|record| own(record)).count()
    } else {
        0
    }
}

#[test]
fn one_table_in_every_dialect_is_one_table() {
    for delimiter in [",", ";", "\t", "|", ", ", " "] {
        for quote in ['"', '\''] {
            for line_end in ["\n", "\r\n", "\r"] {
                for backslash in [false, true] {
                    for all_quoted in [false, true] {
                        let escape = match (backslash, quote) {
                            (true, _) => "\\",
                            (false, '"') => "\"",
                            (false, _) => "'",
                        };
                        let hand = Hand {
                            delimiter,
                            quote,
                            escape,
                            line_end,
                            all_quoted,
                        };
                        let what = format!("{delimiter:?} {quote} {escape} {line_end:?} {all_quoted}");
                        assert_eq!(recovered(hand.file().as_bytes()), ROWS, "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn one_table_in_every_encoding_is_one_table() {
    let text = PLAIN.file().replace("remark", "r\u{e9}sum\u{e9}");
    let wide = |order: fn(u16) -> [u8; 2], mark: bool| {
        let marked = if mark {
            format!("\u{feff}{text}")
        } else {
            text.clone()
        };
        marked.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let marked = format!("\u{feff}{text}").into_bytes();
    for (what, file) in [
        ("utf-8", text.clone().into_bytes()),
        ("utf-8 with mark", marked),
        ("utf-16le", wide(u16::to_le_bytes, true)),
        ("utf-16be", wide(u16::to_be_bytes, true)),
        ("utf-16le without mark", wide(u16::to_le_bytes, false)),
        ("utf-16be without mark", wide(u16::to_be_bytes, false)),
        ("latin 1", latin),
    ] {
        let (header, records) = table(&file);
        assert_eq!((header.len(), records.len()), (5, ROWS), "{what}");
        assert_eq!(records[0].get(4), Some("r\u{e9}sum\u{e9} 0"), "{what}");
    }
}

#[test]
fn pollution_round_a_table_does_not_reach_it() {
    let file = PLAIN.file();
    let after_header = file.find('\n').unwrap() + 1;
    let (header, rows) = file.split_at(after_header);
    for (what, polluted) in [
        ("no line end at the end", file.trim_end().to_owned()),
        ("two line ends at the end", format!("{file}\n\n")),
        ("a title", format!("Failed payments of 15 April\n\n{file}")),
        (
            "a preamble",
            format!("Report,,\nMade by,billing,\nOn,\"15 April, at six\",\n{file}"),
        ),
        ("a declared delimiter", format!("sep=,\n{file}")),
        (
            "a delimiter at the end of every line",
            file.replace("\nPAY", ",\nPAY").trim_end().to_owned() + ",\n",
        ),
        ("a footer", format!("{file}48 rows,,,,\n")),
        ("the header twice", format!("{header}{file}")),
        ("blank lines", format!("{header}\n,,,,\n{rows}\n")),
        (
            "a second table below",
            format!("{file}\nCode,Meaning\n504,gateway\n"),
        ),
        ("NUL bytes behind the end", format!("{file}\0\0\0\n")),
    ] {
        assert_eq!(recovered(polluted.as_bytes()), ROWS, "{what}");
    }
}

#[test]
fn a_second_table_is_told_apart_and_still_counted() {
    let file = format!("{}\nCode,Meaning\n504,gateway\n500,server\n", PLAIN.file());
    let (_, records) = table(file.as_bytes());
    let other = records
        .iter()
        .filter(|record| record.flaw() == Some(crate::domain::record::Flaw::OtherTable));
    assert_eq!((records.len(), other.count()), (ROWS + 3, 3));
}

#[test]
fn pollution_in_a_row_costs_that_row() {
    let file = PLAIN.file();
    for (what, polluted) in [
        ("a field too many", file.replacen("PAY-00010,", "PAY-00010,,", 1)),
        ("a field too few", file.replacen("PAY-00010,", "PAY-00010", 1)),
        (
            "a quote too many at the start of a cell",
            file.replacen("person10@", "\"person10@", 1),
        ),
        ("another delimiter", file.replacen("PAY-00010,", "PAY-00010;", 1)),
        (
            "a quote too many in the last cell",
            file.replacen("remark 10", "\"remark 10", 1),
        ),
        (
            "a line break too many",
            file.replacen("PAY-00010,", "PAY-00010\n,", 1),
        ),
    ] {
        assert_eq!(recovered(polluted.as_bytes()), ROWS - 1, "{what}");
    }
    for (what, polluted) in [
        ("a quote inside a cell", file.replacen("remark 10", "5\" disk", 1)),
        (
            "a quote round part of a cell",
            file.replacen("remark 10", "\"remark\" 10", 1),
        ),
    ] {
        let (_, records) = table(polluted.as_bytes());
        assert_eq!(
            (records.len(), recovered(polluted.as_bytes())),
            (ROWS, ROWS - 1),
            "{what}"
        );
    }
}
