//! What was understood of a file: how it is written, where its table starts, what its columns hold, and
//! how sure that is.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Hints;
use super::dialect::Dialect;
use super::meaning::{About, Around, Question, Settled};
use super::profile::Profile;
use crate::domain::card_number;
use crate::domain::clock_zone::ClockZone;
use crate::domain::field::Field;
use crate::domain::header::{NOTES, header_key};
use crate::domain::moment::Calendar;
use crate::domain::reading::{Mapping, Rules};
use crate::domain::record::Record;
use crate::domain::terms::Terms;
use crate::domain::text_enum::text_enum;
use crate::domain::zone::Zone;

/// Everything that is needed to read a file's records again. Kept as JSON with the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// How the file is written.
    pub format: Format,
    /// The line of the header, or the row in a workbook; `None` when there is none.
    pub header_line: Option<u64>,
    /// The line where the records start.
    pub first_line: u64,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Whether every line ends with a delimiter, which adds no field.
    pub trailing_delimiter: bool,
    /// What a person should look at.
    pub doubts: Vec<Doubt>,
    /// The columns are as a person said of an earlier file with these headers.
    #[serde(default)]
    pub remembered: bool,
    /// How the values are meant.
    #[serde(default)]
    pub terms: Terms,
    /// What a person has to say before it is read.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// What was asked of it and a person has answered.
    #[serde(default)]
    pub answered: Vec<Question>,
    /// What was taken as it was proposed.
    #[serde(default)]
    pub guesses: Vec<Question>,
    /// What was found out, and why it is sure.
    #[serde(default)]
    pub settled: Vec<Settled>,
    /// The export that it is, if its header is known.
    #[serde(default)]
    pub known: Option<String>,
    /// Why it must not be read as what it was sent as.
    #[serde(default)]
    pub refusal: Option<String>,
    /// What a person said about it.
    #[serde(default)]
    pub said: Hints,
}

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Lines of cells with delimiters between.
    Delimited {
        /// Name of the encoding, as the web calls it (`UTF-8`, `windows-1252`).
        encoding: String,
        /// Delimiter, quotes and line ends.
        dialect: Dialect,
    },
    /// A sheet of an XLSX workbook.
    Workbook {
        /// The sheet that is read.
        sheet: String,
        /// All visible sheets.
        sheets: Vec<String>,
        /// Whether serial dates count from 1904.
        since_1904: bool,
    },
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its header, cleaned; empty when it has none.
    pub header: String,
    /// What it holds; `None` when it is not read.
    pub field: Option<Field>,
    /// Whether that is beyond doubt; a guess from the content alone is not.
    pub sure: bool,
    /// A few of its values, card numbers masked.
    pub samples: Vec<String>,
    /// What its values look like.
    #[serde(default)]
    pub profile: Profile,
}

text_enum! {
    /// How sure it is that a file was understood.
    pub enum Certainty {
        /// Nothing else would do.
        Sure = "sure",
        /// A person should look at what was decided.
        Likely = "likely",
        /// The file could well be read in another way.
        Unsure = "unsure",
    }
}

/// Something that was decided and may be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The bytes do not say their encoding.
    Encoding(String),
    /// Another delimiter would do as well.
    Delimiter(char),
    /// No header was found: the first line is data.
    NoHeader,
    /// Two columns could be this field; the first is read.
    Twice {
        /// The field.
        field: Field,
        /// The header of the column that is not read.
        header: String,
    },
    /// The column was recognised by its content alone.
    ByContent {
        /// Number of the column, from 1.
        column: usize,
        /// What it seems to hold.
        field: Field,
    },
    /// A spreadsheet has written numbers of this column as 1.23E+09: digits are lost.
    DigitsLost(Field),
    /// Lines above the table are passed over.
    Preamble(u64),
    /// Most records have more or fewer fields than the header has names.
    Width {
        /// Names in the header.
        header: usize,
        /// Fields of most records.
        records: usize,
    },
    /// The workbook has several sheets that could be read; this one was chosen.
    Sheet(String),
}

/// How times are meant: those that carry no zone by the terms, else in the outage's own.
pub(super) fn calendar(terms: &Terms, own: &Zone, since_1904: bool) -> Calendar {
    let said = terms.zone.as_deref().and_then(ClockZone::read);
    let calendar = Calendar::of_clock(said.unwrap_or_else(|| own.clone().into()));
    if since_1904 {
        calendar.since_1904()
    } else {
        calendar
    }
}

impl Layout {
    /// What each column holds, for reading.
    pub fn mapping(&self) -> Mapping {
        Mapping {
            columns: self
                .columns
                .iter()
                .map(|column| (column.header.clone(), column.field))
                .collect(),
        }
    }

    /// How the values of this file are meant in an outage.
    pub fn rules(&self, around: &Around) -> Rules {
        let since_1904 = matches!(self.format, Format::Workbook { since_1904: true, .. });
        Rules {
            calendar: calendar(&self.terms, &around.zone, since_1904),
            kind: around.kind,
            terms: self.terms.clone(),
            ..Rules::new(around.zone.clone(), around.accounts.clone())
        }
    }

    /// The layout of the file of rejected rows that is written from a file of this one.
    #[must_use]
    pub fn of_corrected(&self) -> Self {
        let note = |header: &str| Column {
            header: header.to_owned(),
            field: None,
            sure: true,
            samples: Vec::new(),
            profile: Profile::default(),
        };
        Self {
            format: Format::Delimited {
                encoding: "UTF-8".into(),
                dialect: Dialect::default(),
            },
            header_line: Some(1),
            first_line: 2,
            columns: NOTES.map(note).into_iter().chain(self.columns.clone()).collect(),
            trailing_delimiter: false,
            doubts: Vec::new(),
            remembered: false,
            terms: self.terms_behind_notes(),
            questions: Vec::new(),
            answered: Vec::new(),
            guesses: Vec::new(),
            settled: Vec::new(),
            known: None,
            refusal: None,
            said: Hints::default(),
        }
    }

    /// The terms for a file that has our notes in front of its columns.
    fn terms_behind_notes(&self) -> Terms {
        let mut terms = self.terms.clone();
        if let Some(kinds) = &mut terms.kinds {
            kinds.column += NOTES.len();
        }
        terms
    }

    /// The cells of a record for a list that is kept: card numbers masked, also those that a spreadsheet
    /// cut, which only columns of ids may hold.
    pub fn masked(&self, record: &Record) -> Vec<String> {
        let mut cells = record.masked();
        for (column, cell) in cells.iter_mut().enumerate() {
            let ids = self.columns.get(column).is_some_and(Column::holds_ids);
            if !ids && card_number::is_cut_by_spreadsheet(cell.trim()) {
                *cell = card_number::mask_cut(cell.trim());
            }
        }
        cells
    }

    /// Says what a column holds. The field is taken from any other column that has it.
    pub fn assign(&mut self, column: usize, field: Option<Field>) {
        for (index, other) in self.columns.iter_mut().enumerate() {
            if index == column {
                other.field = field;
                other.sure = true;
            } else if field.is_some() && other.field == field {
                other.field = None;
            }
        }
        self.decided();
    }

    /// A person has looked at the columns: what was doubtful about them is decided.
    pub fn decided(&mut self) {
        let about_columns = |doubt: &Doubt| {
            matches!(
                doubt,
                Doubt::NoHeader | Doubt::Twice { .. } | Doubt::ByContent { .. }
            )
        };
        self.doubts.retain(|doubt| !about_columns(doubt));
    }

    /// Equal for files with the same columns: a mapping is remembered under it. Columns without names have to look alike.
    pub fn signature(&self) -> String {
        let mut hash = Sha256::new();
        hash.update([u8::from(self.header_line.is_some())]);
        for column in &self.columns {
            match self.header_line {
                Some(_) => hash.update(header_key(&column.header)),
                None => hash.update(column.profile.kind.likeness()),
            }
            hash.update([0x1f]);
        }
        hash.finalize()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Why the file cannot be imported with these columns, in words for a person.
    pub fn problem(&self) -> Option<String> {
        let has = |field: Field| self.columns.iter().any(|column| column.field == Some(field));
        if self.header_line.is_none() && self.doubts.contains(&Doubt::NoHeader) {
            return Some(
                "The header is missing: the first line is a record already. Say which column holds what."
                    .into(),
            );
        }
        if let Some(refusal) = &self.refusal {
            return Some(refusal.clone());
        }
        if ![Field::Timestamp, Field::Date].into_iter().any(has) {
            return Some("No column holds the time of the transaction. Say which one does.".into());
        }
        if ![Field::AccountId, Field::Email, Field::Phone, Field::Phone2]
            .into_iter()
            .any(has)
            && !self.asks_who()
        {
            return Some(
                "No column says who the citizen is: account id, e-mail or phone. Say which one does.".into(),
            );
        }
        None
    }

    /// Whether it is asked who the citizen is, and a column is proposed: that is no refusal yet.
    fn asks_who(&self) -> bool {
        let proposes =
            |question: &Question| question.about == About::Identity && question.flag.starts_with("--map ");
        self.questions.iter().any(proposes)
    }

    /// For the report: `comma, UTF-8, header in line 1`, `XLSX, sheet Failed, header in line 4`.
    pub fn describe(&self) -> String {
        let header = match self.header_line {
            Some(line) => format!("header in line {line}"),
            None => "no header".to_owned(),
        };
        let header = match &self.known {
            Some(known) => format!("{header}, {known}"),
            None => header,
        };
        let header = match self.remembered {
            true => format!("{header}, columns as for the last file like it"),
            false => header,
        };
        match &self.format {
            Format::Delimited { encoding, dialect } => {
                format!("{}, {encoding}, {header}", dialect.describe())
            }
            Format::Workbook { sheet, .. } => format!("XLSX, sheet {sheet}, {header}"),
        }
    }

    /// How sure all of this is.
    pub fn certainty(&self) -> Certainty {
        let weighty =
            |doubt: &Doubt| matches!(doubt, Doubt::Delimiter(_) | Doubt::NoHeader | Doubt::Width { .. });
        let guessed = |column: &Column| column.field.is_some() && !column.sure;
        if self.doubts.iter().any(weighty) {
            Certainty::Unsure
        } else if !self.doubts.is_empty() || self.columns.iter().any(guessed) {
            Certainty::Likely
        } else {
            Certainty::Sure
        }
    }
}

impl Doubt {
    /// Whether records have more fields than the header has names.
    pub(super) const fn has_too_many(&self) -> bool {
        matches!(self, Self::Width { header, records } if *records > *header)
    }
}

impl Column {
    /// Whether ids stand in it, in which long digit runs are nothing unusual.
    pub(super) fn holds_ids(&self) -> bool {
        self.field.is_some_and(Field::holds_ids)
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(name) => write!(f, "The file does not say its encoding; it was read as {name}."),
            Self::Delimiter(c) => write!(f, "It is not certain that {c:?} stands between the cells."),
            Self::NoHeader => f.write_str("There is no header: the first line is a record already."),
            Self::Twice { field, header } => {
                write!(
                    f,
                    "Two columns could be {field}; the first is read, the other ({header:?}) is not."
                )
            }
            Self::ByContent { column, field } => {
                write!(f, "Column {column} looks like {field}; no header says so.")
            }
            Self::DigitsLost(field) => {
                write!(
                    f,
                    "A spreadsheet has damaged {field}: numbers such as 1.23E+09 have lost digits."
                )
            }
            Self::Width { header, records } => write!(
                f,
                "The header has {header} names, but most records have {records} fields: such records are rejected."
            ),
            Self::Preamble(lines) => write!(f, "{lines} lines above the header are passed over."),
            Self::Sheet(sheet) => write!(f, "The workbook has several sheets; {sheet:?} is read."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::Kind;
    use super::*;

    fn layout(header_line: Option<u64>, fields: &[Option<Field>], doubts: Vec<Doubt>) -> Layout {
        let column = |(at, field): (usize, &Option<Field>)| Column {
            header: format!("Column {at}"),
            field: *field,
            sure: false,
            samples: Vec::new(),
            profile: Profile::default(),
        };
        Layout {
            format: Format::Delimited {
                encoding: "UTF-8".into(),
                dialect: Dialect::default(),
            },
            header_line,
            first_line: 1,
            columns: fields.iter().enumerate().map(column).collect(),
            trailing_delimiter: false,
            doubts,
            remembered: false,
            terms: Terms::default(),
            questions: Vec::new(),
            answered: Vec::new(),
            guesses: Vec::new(),
            settled: Vec::new(),
            known: None,
            refusal: None,
            said: Hints::default(),
        }
    }

    #[test]
    fn a_file_without_header_waits_for_a_person() {
        let mut layout = layout(None, &[Some(Field::Timestamp), None], vec![Doubt::NoHeader]);
        assert!(layout.problem().is_some_and(|problem| problem.contains("header")));
        layout.assign(1, Some(Field::Email));
        assert_eq!(layout.problem(), None);
    }

    #[test]
    fn a_field_is_in_one_column_and_ignored_columns_stay_as_they_are() {
        let mut layout = layout(Some(1), &[Some(Field::Phone), None, None], Vec::new());
        layout.assign(1, Some(Field::Phone));
        layout.assign(2, None);
        let fields: Vec<_> = layout.columns.iter().map(|column| column.field).collect();
        assert_eq!(fields, [None, Some(Field::Phone), None]);
    }

    #[test]
    fn how_sure_it_is_depends_on_what_is_doubtful() {
        let sure = |doubts: Vec<Doubt>| {
            let mut layout = layout(Some(1), &[Some(Field::Email)], doubts);
            layout.columns.iter_mut().for_each(|column| column.sure = true);
            layout.certainty()
        };
        assert_eq!(sure(Vec::new()), Certainty::Sure);
        assert_eq!(sure(vec![Doubt::Preamble(2)]), Certainty::Likely);
        assert_eq!(sure(vec![Doubt::Delimiter(';')]), Certainty::Unsure);
        let guessed = layout(Some(3), &[Some(Field::Email)], Vec::new());
        assert_eq!(guessed.certainty(), Certainty::Likely);
        assert_eq!(guessed.describe(), "comma, UTF-8, header in line 3");
    }

    #[test]
    fn what_is_missing_is_said() {
        let problem =
            |fields: &[Option<Field>]| layout(Some(1), fields, Vec::new()).problem().unwrap_or_default();
        assert!(problem(&[Some(Field::Email)]).contains("time"));
        assert!(problem(&[Some(Field::Timestamp)]).contains("who"));
    }

    #[test]
    fn of_files_without_a_header_only_those_that_look_alike_are_the_same() {
        let mut first = layout(None, &[None, None], vec![Doubt::NoHeader]);
        let mut second = first.clone();
        for layout in [&mut first, &mut second] {
            layout.columns[0].profile.kind = Kind::Email;
        }
        second.columns[1].profile.kind = Kind::Code(3);
        assert_eq!(first.signature(), second.signature());
        second.columns[0].profile.kind = Kind::Moment;
        assert_ne!(first.signature(), second.signature());
    }
}
