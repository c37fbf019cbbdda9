//! A first look at a file: what it is, where its table is, and what its columns hold.

use std::io::{Read, Seek, SeekFrom};

use super::layout::{Doubt, Format, Layout};
use super::limits::{HEAD, HEAD_RECORDS};
use super::meaning::Around;
use super::text::{Text, detect, fill};
use super::{Error, Hints, columns, header, sniff, workbook};
use crate::domain::record::Record;
use crate::domain::{card_number, cell};

/// Files that are no table, by their first bytes.
const OTHERS: [(&[u8], &str); 8] = [
    (
        b"\xd0\xcf\x11\xe0",
        "a workbook in the old Excel format, or one with a password",
    ),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
];

/// The rows of the head of a file, and what was found out on the way.
struct Found {
    format: Format,
    rows: Vec<Record>,
    doubts: Vec<Doubt>,
}

/// Looks at a file; leaves the source anywhere. Errors are reasons to refuse it.
pub fn inspect(source: &mut (impl Read + Seek), hints: &Hints, around: &Around) -> Result<Layout, Error> {
    source.seek(SeekFrom::Start(0))?;
    let mut magic = [0; 16];
    let length = fill(source, &mut magic)?;
    let magic = magic.get(..length).unwrap_or_default();
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| magic.starts_with(start)) {
        return Err(Error::NotATable(what));
    }
    let found = if magic.starts_with(b"PK\x03\x04") {
        in_workbook(source, hints)?
    } else {
        in_text(source)?
    };
    if found.rows.is_empty() {
        return Err(Error::Empty);
    }
    layout(found, hints, around)
}

fn in_text(source: &mut (impl Read + Seek)) -> Result<Found, Error> {
    let detected = detect(source)?;
    let mut text = Text::new(source, detected.encoding);
    let mut head = String::new();
    while head.len() < HEAD && !text.has_ended() {
        text.append_to(&mut head)?;
    }
    if head
        .chars()
        .take(4096)
        .filter(|c| matches!(c, '\u{1}'..='\u{8}' | '\u{e}'..='\u{1f}'))
        .count()
        > 40
    {
        return Err(Error::NotATable("in a format of its own"));
    }
    match head.trim_start().get(..2).unwrap_or_default() {
        start if start.starts_with('<') => return Err(Error::NotATable("a web page or XML")),
        "[{" | "{\"" | "{\n" => return Err(Error::NotATable("JSON")),
        _ => {}
    }
    if !text.has_ended() {
        head.truncate(head.rfind(['\n', '\r']).map_or(head.len(), |end| end + 1));
    }
    let sniffed = sniff::sniff(&head);
    let mut doubts = Vec::new();
    if !detected.sure {
        doubts.push(Doubt::Encoding(detected.encoding.name().to_owned()));
    }
    if !sniffed.sure {
        doubts.push(Doubt::Delimiter(sniffed.dialect.delimiter));
    }
    let rows = sniff::first_records(&head, &sniffed.dialect, HEAD_RECORDS);
    let rows = sniff::records_of_width(&head, &sniffed.dialect, HEAD_RECORDS, header::usual_width(&rows));
    let format = Format::Delimited {
        encoding: detected.encoding.name().to_owned(),
        dialect: sniffed.dialect,
    };
    Ok(Found { format, rows, doubts })
}

fn in_workbook(source: &mut (impl Read + Seek), hints: &Hints) -> Result<Found, Error> {
    let (heads, since_1904) = workbook::heads(source, HEAD_RECORDS)?;
    let sheets: Vec<String> = heads.iter().map(|head| head.sheet.clone()).collect();
    let points = |head: &workbook::Head| header::find(&head.rows).points;
    let chosen = match &hints.sheet {
        Some(name) => heads
            .into_iter()
            .find(|head| head.sheet.trim().eq_ignore_ascii_case(name.trim())),
        // Of two with the same header the first.
        None => heads
            .into_iter()
            .rev()
            .max_by_key(|head| (points(head), head.rows.len().min(1))),
    };
    let Some(head) = chosen else {
        return Err(hints.sheet.clone().map_or(Error::Empty, Error::NoSuchSheet));
    };
    let doubts = match hints.sheet {
        None if sheets.len() > 1 => vec![Doubt::Sheet(head.sheet.clone())],
        _ => Vec::new(),
    };
    Ok(Found {
        format: Format::Workbook {
            sheet: head.sheet,
            sheets,
            since_1904,
        },
        rows: head.rows,
        doubts,
    })
}

fn layout(found: Found, hints: &Hints, around: &Around) -> Result<Layout, Error> {
    let Found {
        format,
        rows,
        mut doubts,
    } = found;
    let start = match &hints.columns {
        Some(_) => header::Start {
            header: None,
            top: 0,
            first: 0,
            points: 0,
        },
        None => header::find(&rows),
    };
    let header = start.header.and_then(|index| rows.get(index));
    let below = rows.get(start.first..).unwrap_or_default();
    let mut names: Vec<String> = match (header, &hints.columns) {
        (Some(header), _) => names(header),
        (None, Some(columns)) => vec![String::new(); columns.len()],
        (None, None) => vec![String::new(); header::usual_width(below)],
    };
    if header.is_none() && hints.columns.is_none() {
        doubts.push(Doubt::NoHeader);
    }
    let trailing_delimiter = match format {
        Format::Delimited { .. } if header.is_none() => false,
        Format::Delimited { .. } => has_trailing_delimiter(&mut names, below),
        Format::Workbook { .. } => {
            let filled = names
                .iter()
                .rposition(|name| !name.is_empty())
                .map_or(names.len(), |last| last + 1);
            names.truncate(filled);
            false
        }
    };
    if start.header.is_some() && start.top > 0 {
        let top = rows.get(start.top).map_or(0, Record::line);
        doubts.push(Doubt::Preamble(top.saturating_sub(1)));
    }
    let names: Vec<columns::Name> = match start.header {
        Some(index) => columns::Name::joined(names, rows.get(start.top..index).unwrap_or_default()),
        None => columns::Name::joined(names, &[]),
    };
    if header.is_some() {
        let width = of_another_width(names.len(), below, trailing_delimiter);
        // A workbook's rows end with their last value: shorter ones are nothing unusual.
        let is_sheet = matches!(format, Format::Workbook { .. });
        doubts.extend(width.filter(|doubt| !is_sheet || doubt.has_too_many()));
    }
    let since_1904 = matches!(format, Format::Workbook { since_1904: true, .. });
    let understood = columns::recognise(&names, (below, since_1904), hints, around)?;
    doubts.extend(understood.doubts);
    if hints.chosen.is_some() {
        doubts.retain(|doubt| *doubt != Doubt::NoHeader);
    }
    let first_line = first_line(&rows, start, &format);
    Ok(Layout {
        header_line: header.map(Record::line),
        first_line,
        format,
        columns: understood.columns,
        trailing_delimiter,
        doubts,
        remembered: false,
        terms: understood.terms,
        questions: understood.questions,
        answered: Vec::new(),
        guesses: Vec::new(),
        settled: understood.settled,
        known: understood.known,
        refusal: understood.refusal,
        said: hints.clone(),
    })
}

/// Whether most records have more or fewer fields than the header has names: they would all be rejected.
fn of_another_width(names: usize, below: &[Record], trailing_delimiter: bool) -> Option<Doubt> {
    let usual = header::usual_width(below);
    let fits = below.is_empty() || usual == names || (trailing_delimiter && usual == names + 1);
    (!fits).then_some(Doubt::Width {
        header: names,
        records: usual,
    })
}

fn names(header: &Record) -> Vec<String> {
    header
        .cells()
        .map(|name| card_number::mask(&cell::clean(name)).0.into_owned())
        .collect()
}

/// The line behind the header; a header may span several lines when a name holds a line break.
fn first_line(rows: &[Record], start: header::Start, format: &Format) -> u64 {
    let last = start.header.and(start.first.checked_sub(1));
    let Some(header) = last.and_then(|index| rows.get(index)) else {
        return rows.get(start.first).map_or(1, Record::line);
    };
    let breaks: usize = match format {
        Format::Delimited { dialect, .. } => header.cells().map(|name| dialect.line_end.count(name)).sum(),
        Format::Workbook { .. } => 0,
    };
    header.line() + 1 + breaks as u64
}

/// Whether every line ends with a delimiter, which adds no field; drops the empty name it gave the header.
fn has_trailing_delimiter(names: &mut Vec<String>, below: &[Record]) -> bool {
    let ends_blank =
        |record: &Record, width: usize| record.len() == width && record.get(width - 1) == Some("");
    let nearly_all = |width: usize| {
        let count = below.iter().filter(|record| ends_blank(record, width)).count();
        !below.is_empty() && count * 10 >= below.len() * 9
    };
    let width = names.len();
    if width > 1 && names.last().is_some_and(String::is_empty) && (below.is_empty() || nearly_all(width)) {
        names.pop();
        return true;
    }
    nearly_all(width + 1)
}
