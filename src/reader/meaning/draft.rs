//! What is understood of a table so far: its columns, its terms, and what has to be asked.

use super::names::LastNames;
use super::question::{About, Question, Settled};
use crate::domain::account::AccountFormat;
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::domain::identity::{Traits, link};
use crate::domain::import::ImportKind;
use crate::domain::reading::{Mapping, Reading, Row, Rules};
use crate::domain::record::Record;
use crate::domain::terms::Terms;
use crate::domain::timestamp::Timestamp;
use crate::domain::transaction::Transaction;
use crate::domain::window::{Side, Window};
use crate::domain::zone::Zone;
use crate::domain::{card_number, cell};
use crate::reader::layout::{Column, calendar};
use crate::reader::{Error, Hints};
use std::collections::{BTreeMap, BTreeSet};

/// What the outage says that helps to understand a file.
#[derive(Clone, Debug)]
pub struct Around {
    /// What a record without a status is.
    pub kind: ImportKind,
    /// When the system was down.
    pub window: Window,
    /// The agency's own zone.
    pub zone: Zone,
    /// How account ids look.
    pub accounts: AccountFormat,
}

impl Around {
    /// For a file of failures of no outage: in UTC, at any time, with account ids of any form.
    pub fn unknown() -> Self {
        Self {
            kind: ImportKind::Failed,
            window: Window {
                start: Timestamp::from_micros(i64::MIN),
                end: Timestamp::from_micros(i64::MAX),
            },
            zone: Zone::utc(),
            accounts: AccountFormat::any(),
        }
    }
}

/// A column's header, and what it says by itself.
pub(in crate::reader) struct Head {
    pub(in crate::reader) header: String,
    pub(in crate::reader) named: Option<(Field, Recognition)>,
}

/// A table while it is understood.
pub(in crate::reader) struct Draft<'a> {
    pub(super) around: &'a Around,
    pub(super) hints: &'a Hints,
    pub(super) records: Vec<&'a Record>,
    pub(super) since_1904: bool,
    pub(in crate::reader) columns: Vec<Column>,
    pub(super) heads: Vec<Head>,
    /// The cells of each column in the order of the records: cleaned, card numbers masked, empty where they say nothing.
    pub(super) cells: Vec<Vec<String>>,
    /// A person, or a known export, said what this column holds.
    pub(super) chosen: Vec<bool>,
    /// A known export says that nothing of use stands here, unless it is the account.
    pub(super) closed: Vec<bool>,
    pub(in crate::reader) terms: Terms,
    pub(in crate::reader) questions: Vec<Question>,
    pub(in crate::reader) settled: Vec<Settled>,
    /// The name of the export that this is, if its header is known.
    pub(in crate::reader) known: Option<String>,
    /// The known export says in which clock it is.
    pub(super) clock_known: bool,
    /// Why it must not be read as what it was sent as.
    pub(in crate::reader) refusal: Option<String>,
    pub(super) last_names: LastNames,
}

/// What the rows that were looked at would be, as things stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    /// Failed payments, each with whether it is in the window.
    pub(super) failed: Vec<(Transaction, bool)>,
    pub(super) paid: Vec<Transaction>,
    pub(super) rejected: usize,
}

impl<'a> Draft<'a> {
    pub(in crate::reader) fn new(
        (around, hints): (&'a Around, &'a Hints),
        (records, since_1904): (&'a [Record], bool),
        columns: Vec<Column>,
        heads: Vec<Head>,
    ) -> Self {
        // A record of more fields than there are columns is malformed: it says nothing about any of them.
        let records: Vec<&Record> = records
            .iter()
            .filter(|record| record.len() <= columns.len() + 1)
            .collect();
        let cells = (0..columns.len())
            .map(|column| values(&records, column))
            .collect();
        Self {
            chosen: vec![false; columns.len()],
            closed: vec![false; columns.len()],
            around,
            hints,
            records,
            since_1904,
            columns,
            heads,
            cells,
            terms: Terms::default(),
            questions: Vec::new(),
            settled: Vec::new(),
            known: None,
            clock_known: false,
            refusal: None,
            last_names: LastNames::default(),
        }
    }

    /// The column that holds a field.
    pub(in crate::reader) fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    pub(in crate::reader) fn holds(&self, field: Field) -> bool {
        self.column_of(field).is_some()
    }

    pub(super) fn header(&self, column: usize) -> &str {
        self.heads.get(column).map_or("", |head| &head.header)
    }

    /// A header for people: a column without one is told by its number.
    pub(super) fn shown(&self, column: usize) -> String {
        match self.header(column) {
            "" => format!("column {}", column + 1),
            header => header.to_owned(),
        }
    }

    pub(super) fn field(&self, column: usize) -> Option<Field> {
        self.columns.get(column)?.field
    }

    pub(super) fn named(&self, column: usize) -> Option<(Field, Recognition)> {
        self.heads.get(column)?.named
    }

    pub(super) fn is_chosen(&self, column: usize) -> bool {
        self.chosen.get(column) == Some(&true)
    }

    /// Whether a person, or a known export, said which column holds a field.
    pub(super) fn is_said(&self, field: Field) -> bool {
        self.column_of(field).is_some_and(|column| self.is_chosen(column))
    }

    /// The cells of a column, in the order of the records.
    pub(super) fn cells(&self, column: usize) -> &[String] {
        self.cells.get(column).map_or(&[], Vec::as_slice)
    }

    /// The cells of a column that say something.
    pub(super) fn values(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        self.cells(column)
            .iter()
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// How many of a column's values are so, of one.
    pub(super) fn share(&self, column: usize, is: impl Fn(&str) -> bool) -> f64 {
        let all = self.values(column).count();
        let some = self.values(column).filter(|value| is(value)).count();
        some as f64 / all.max(1) as f64
    }

    /// How many of the records have a value there, of one.
    pub(super) fn filled(&self, column: usize) -> f64 {
        self.values(column).count() as f64 / self.records.len().max(1) as f64
    }

    pub(super) fn different(&self, column: usize) -> usize {
        self.values(column).collect::<BTreeSet<_>>().len()
    }

    /// Columns of which nobody said what they hold.
    pub(super) fn open_columns(&self) -> Vec<usize> {
        self.unsaid_columns()
            .into_iter()
            .filter(|column| self.closed.get(*column) != Some(&true))
            .collect()
    }

    /// The same with those that a known export has no use for.
    pub(super) fn unsaid_columns(&self) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|column| !self.is_chosen(*column))
            .collect()
    }

    /// Says what a column holds; the field is taken from any other.
    pub(in crate::reader) fn give(&mut self, column: usize, field: Option<Field>, sure: bool) {
        for (index, other) in self.columns.iter_mut().enumerate() {
            if index == column {
                (other.field, other.sure) = (field, sure);
            } else if field.is_some() && other.field == field {
                other.field = None;
            }
        }
    }

    /// The same, and that a person or a known export said it.
    pub(super) fn choose(&mut self, column: usize, field: Option<Field>) {
        self.give(column, field, true);
        if let Some(chosen) = self.chosen.get_mut(column) {
            *chosen = true;
        }
    }

    pub(super) fn settle(&mut self, about: About, column: usize, why: String) {
        let column = self.shown(column);
        self.settled.push(Settled { about, column, why });
    }

    /// Whether it was found that a column is nobody's.
    pub(super) fn is_left_out(&self, column: usize) -> bool {
        let shown = self.shown(column);
        let mut settled = self.settled.iter();
        self.field(column).is_none() && settled.any(|settled| settled.column == shown)
    }

    /// The column with a header, exactly or but for case and signs.
    pub(super) fn find(&self, header: &str) -> Result<usize, Error> {
        let wanted = cell::clean(header);
        let key = crate::domain::header::header_key(&wanted);
        let exact = self.heads.iter().position(|head| head.header == wanted);
        let alike = || {
            self.heads
                .iter()
                .position(|head| !key.is_empty() && crate::domain::header::header_key(&head.header) == key)
        };
        exact.or_else(alike).ok_or_else(|| {
            let names: Vec<_> = self
                .heads
                .iter()
                .map(|head| format!("{:?}", head.header))
                .collect();
            Error::NoSuchColumn(header.to_owned(), names.join(", "))
        })
    }

    /// How the values are meant with these terms.
    pub(super) fn rules(&self, terms: Terms) -> Rules {
        Rules {
            calendar: calendar(&terms, &self.around.zone, self.since_1904),
            kind: self.around.kind,
            terms,
            ..Rules::new(self.around.zone.clone(), self.around.accounts.clone())
        }
    }

    /// Reads the records with these columns and terms.
    pub(super) fn rows(&self, fields: &[Option<Field>], terms: Terms) -> Vec<Row> {
        let headers = self.heads.iter().map(|head| head.header.clone());
        let mapping = Mapping {
            columns: headers.zip(fields.iter().copied()).collect(),
        };
        let reading = Reading::new(&mapping, self.rules(terms));
        self.records
            .iter()
            .map(|record| reading.read(record).row)
            .collect()
    }

    pub(super) fn fields(&self) -> Vec<Option<Field>> {
        self.columns.iter().map(|column| column.field).collect()
    }

    /// What the rows would be with these columns and terms.
    pub(super) fn trial(&self, fields: &[Option<Field>], terms: Terms) -> Trial {
        let mut trial = Trial::default();
        for row in self.rows(fields, terms) {
            match row {
                Row::Failed(failed) => {
                    let inside = self.around.window.side(failed.occurred_at) == Side::Inside;
                    trial.failed.push((failed, inside));
                }
                Row::Paid(paid) => trial.paid.push(paid),
                Row::Rejected(_) => trial.rejected += 1,
                Row::Refunded(_) | Row::LeftOut | Row::Unknown(_) => {}
            }
        }
        trial
    }

    /// As things stand.
    pub(super) fn as_it_stands(&self) -> Trial {
        self.trial(&self.fields(), self.terms.clone())
    }

    /// With another field in a column, or none.
    pub(super) fn fields_with(&self, column: usize, field: Option<Field>) -> Vec<Option<Field>> {
        let mut fields = self.fields();
        for (index, other) in fields.iter_mut().enumerate() {
            if index == column {
                *other = field;
            } else if field.is_some() && *other == field {
                *other = None;
            }
        }
        fields
    }
}

impl Trial {
    /// Rows in the window.
    pub(super) fn inside(&self) -> u64 {
        self.failed.iter().filter(|(_, inside)| *inside).count() as u64
    }

    /// People with a failed payment in the window.
    pub(super) fn people(&self) -> u64 {
        let inside = self.failed.iter().filter(|(_, inside)| *inside);
        let traits: Vec<Traits<'_>> = inside.map(|(failed, _)| Traits::of(failed)).collect();
        link(&traits).into_iter().collect::<BTreeSet<_>>().len() as u64
    }

    /// Which rows are about one person, each by the first of that person's: those in the outage, then all that can be taken; and how
    /// many cannot. A payment outside may join people who are two in the outage.
    pub(super) fn groups(&self) -> (Vec<usize>, Vec<usize>, usize) {
        let inside = self.failed.iter().filter(|(_, inside)| *inside);
        let failed = self.failed.iter().map(|(failed, _)| failed);
        (
            parted(inside.map(|(failed, _)| failed)),
            parted(failed.chain(&self.paid)),
            self.rejected,
        )
    }

    /// The first and the last time.
    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let times = self.failed.iter().map(|(failed, _)| failed.occurred_at);
        let times = times.chain(self.paid.iter().map(|paid| paid.occurred_at));
        Some((times.clone().min()?, times.max()?))
    }

    /// From when to when, on the clocks of a zone, and how many rows are in the outage.
    pub(super) fn told(&self, zone: &Zone) -> String {
        let Some((first, last)) = self.span() else {
            return "no row can be read so".to_owned();
        };
        let at = |at| zone.local(at).strftime("%b %-d, %Y %H:%M").to_string();
        let rows = format!(
            "{} of {} failed rows in the outage",
            self.inside(),
            self.failed.len()
        );
        format!("from {} to {} in {zone}; {rows}", at(first), at(last))
    }
}

/// The rows of each person, by the first of them.
fn parted<'t>(rows: impl Iterator<Item = &'t Transaction>) -> Vec<usize> {
    let traits: Vec<Traits<'_>> = rows.map(Traits::of).collect();
    let mut first = BTreeMap::new();
    let people = link(&traits).into_iter().enumerate();
    people
        .map(|(row, person)| *first.entry(person).or_insert(row))
        .collect()
}

fn values(records: &[&Record], column: usize) -> Vec<String> {
    let value = |record: &&Record| {
        let cell = cell::value(record.get(column)?)?;
        Some(card_number::mask(&cell).0.into_owned())
    };
    records
        .iter()
        .map(|record| value(record).unwrap_or_default())
        .collect()
}
