//! What each column holds: by its header, by its content, and by what a person said.

use super::layout::{Column, Doubt};
use super::meaning::{self, Around, Draft, Head, Question, Settled};
use super::profile::Profile;
use super::{Error, Hints, guess};
use crate::domain::contact::{Email, Phone};
use crate::domain::field::Field;
use crate::domain::header::{Recognition, notes_in};
use crate::domain::moment::{Calendar, Moment};
use crate::domain::money::{Cents, Unit};
use crate::domain::record::Record;
use crate::domain::terms::Terms;
use crate::domain::zone::Zone;
use crate::domain::{card_number, cell};

/// Cells by which a table is understood, so that a very wide one costs no more; of that many records at least.
const CELLS: usize = 40_000;
const FEWEST: usize = 30;
/// Values of a column that are looked at, and that are shown.
const LOOKED_AT: usize = 200;
const SHOWN: usize = 5;
/// Longest value that is shown, in characters.
const LONGEST_SHOWN: usize = 60;

/// What a column is called.
pub(in crate::reader) struct Name {
    /// With the names of the groups it belongs to: `Taxpayer Phone`.
    shown: String,
    /// In the header's own row.
    own: String,
}

impl Name {
    /// The names of a header, below rows that name groups of columns.
    pub(in crate::reader) fn joined(own: Vec<String>, groups: &[Record]) -> Vec<Self> {
        let shown = |column: usize, own: &String| {
            let mut words: Vec<String> = Vec::new();
            let above = groups.iter().filter_map(|group| group.get(column));
            let all = above
                .map(|text| cell::clean(text).into_owned())
                .chain([own.clone()]);
            for word in all.filter(|word| !word.is_empty()) {
                if words.last() != Some(&word) {
                    words.push(word);
                }
            }
            words.join(" ")
        };
        own.into_iter()
            .enumerate()
            .map(|(column, own)| Self {
                shown: shown(column, &own),
                own,
            })
            .collect()
    }

    fn recognise(&self) -> Option<(Field, Recognition)> {
        Field::recognise(&self.shown).or_else(|| Field::recognise(&self.own))
    }
}

/// One column by its name and its first values.
struct Named {
    header: String,
    named: Option<(Field, Recognition)>,
    values: Vec<String>,
    is_note: bool,
}

/// What was understood of a table.
pub(in crate::reader) struct Understood {
    pub columns: Vec<Column>,
    pub doubts: Vec<Doubt>,
    pub terms: Terms,
    pub questions: Vec<Question>,
    pub settled: Vec<Settled>,
    pub known: Option<String>,
    pub refusal: Option<String>,
}

/// The columns of a table, how its values are meant, and what is doubtful about it.
pub(in crate::reader) fn recognise(
    names: &[Name],
    (records, since_1904): (&[Record], bool),
    hints: &Hints,
    around: &Around,
) -> Result<Understood, Error> {
    let drafts: Vec<Named> = named(names, records);
    let mut columns: Vec<Column> = drafts.iter().map(|draft| shown(draft, records.len())).collect();
    let mut doubts = Vec::new();
    let nameless = drafts.iter().all(|draft| draft.header.is_empty());
    let decided = hints.columns.is_some() || hints.chosen.is_some();
    if !decided {
        by_header(&drafts, &mut columns, &mut doubts);
    }
    if !decided && nameless {
        by_content(&drafts, &mut columns, &mut doubts);
    }
    let heads = drafts.iter().map(|draft| Head {
        header: draft.header.clone(),
        named: draft.named,
    });
    let enough = (CELLS / names.len().max(1)).clamp(FEWEST, records.len().max(FEWEST));
    let records = records.get(..enough).unwrap_or(records);
    let mut draft = Draft::new((around, hints), (records, since_1904), columns, heads.collect());
    meaning::said(&mut draft)?;
    if decided || !nameless {
        doubts.extend(meaning::understand(&mut draft)?);
    }
    let mut columns = draft.columns;
    if draft.known.is_some() {
        doubts.retain(|doubt| !matches!(doubt, Doubt::Twice { .. } | Doubt::ByContent { .. }));
    }
    hide_cut(&mut columns);
    lost_digits(&drafts, &columns, &mut doubts);
    Ok(Understood {
        columns,
        doubts,
        terms: draft.terms,
        questions: draft.questions,
        settled: draft.settled,
        known: draft.known,
        refusal: draft.refusal,
    })
}

/// What each column is called and holds; our own line and reason are not the file's.
fn named(names: &[Name], records: &[Record]) -> Vec<Named> {
    let mut drafts: Vec<Named> = names
        .iter()
        .enumerate()
        .map(|(column, name)| draft(column, name, records))
        .collect();
    for note in drafts
        .iter_mut()
        .take(notes_in(names.iter().map(|name| name.own.as_str())))
    {
        note.named = None;
        note.is_note = true;
    }
    drafts
}

/// Whether a cleaned cell is a value and not a word of a header.
pub(super) fn looks_like_value(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits * 2 > text.len()
        || (digits > 0 && is_moment(text))
        || (text.contains('@') && Email::read(text).is_some())
}

pub(super) fn is_day(text: &str) -> bool {
    matches!(
        Calendar::new(Zone::utc()).moment(text, None),
        Some(Moment::Day(_))
    )
}

pub(super) fn is_moment(text: &str) -> bool {
    Calendar::new(Zone::utc()).read(text).is_some()
}

fn draft(column: usize, name: &Name, records: &[Record]) -> Named {
    let cells = records
        .iter()
        .filter_map(|record| cell::value(record.get(column)?));
    let values = cells
        .take(LOOKED_AT)
        .map(|value| card_number::mask(&value).0.into_owned())
        .collect();
    Named {
        header: name.shown.clone(),
        named: name.recognise(),
        values,
        is_note: false,
    }
}

fn shown(draft: &Named, records: usize) -> Column {
    let short = |value: &String| value.chars().take(LONGEST_SHOWN).collect();
    let samples = draft.values.iter().take(SHOWN).map(short).collect();
    Column {
        header: draft.header.clone(),
        field: None,
        sure: false,
        samples,
        profile: Profile::of(&draft.values, records),
    }
}

/// Gives each field the first column with a usual name, else the first with a weak name whose content
/// does not speak against it.
fn by_header(drafts: &[Named], columns: &mut [Column], doubts: &mut Vec<Doubt>) {
    for wanted in [Recognition::Usual, Recognition::Weak] {
        // An empty column is never chosen before a filled one.
        let filled = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| !draft.values.is_empty());
        let empty = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| draft.values.is_empty());
        for (index, draft) in filled.chain(empty).filter(|(_, draft)| !draft.is_note) {
            let Some((field, _)) = draft.named.filter(|(_, recognition)| *recognition == wanted) else {
                continue;
            };
            if wanted == Recognition::Weak && !weak_name_holds(field, draft, columns) {
                continue;
            }
            if columns.iter().any(|column| column.field == Some(field)) {
                if wanted == Recognition::Usual {
                    doubts.push(Doubt::Twice {
                        field,
                        header: draft.header.clone(),
                    });
                }
            } else if let Some(column) = columns.get_mut(index) {
                column.field = Some(field);
                column.sure = wanted == Recognition::Usual && !contradicts(field, &draft.values);
            }
        }
    }
}

fn weak_name_holds(field: Field, draft: &Named, columns: &[Column]) -> bool {
    let has = |field: Field| columns.iter().any(|column| column.field == Some(field));
    let values = &draft.values;
    match field {
        _ if values.is_empty() => true,
        Field::FullName => !has(Field::FamilyName) && !has(Field::GivenName),
        Field::Timestamp => share(values, |value| is_moment(value) || is_day(value)) > 0.5,
        Field::Status => true,
        Field::Amount => !has(Field::AmountCents) && share(values, is_amount) > 0.5,
        Field::State => share(values, |value| value.len() == 2) > 0.5,
        Field::Phone => share(values, |value| Phone::read(value).is_some()) > 0.5,
        Field::TransactionId => share(values, |value| value.bytes().any(|byte| byte.is_ascii_digit())) > 0.5,
        _ => true,
    }
}

/// Whether the content is clearly something else than the header says.
fn contradicts(field: Field, values: &[String]) -> bool {
    by_values(values).is_some_and(|found| {
        found != field && matches!(field, Field::Email | Field::Phone | Field::Timestamp)
    })
}

/// A file without a header, of which a person is asked: for every field that its values tell.
fn by_content(drafts: &[Named], columns: &mut [Column], doubts: &mut Vec<Doubt>) {
    let values: Vec<&[String]> = drafts.iter().map(|draft| draft.values.as_slice()).collect();
    for (index, (field, column)) in guess::fields(&values).into_iter().zip(columns).enumerate() {
        let Some(field) = field else { continue };
        column.field = Some(field);
        doubts.push(Doubt::ByContent {
            column: index + 1,
            field,
        });
    }
}

/// What most of the values are.
fn by_values(values: &[String]) -> Option<Field> {
    if share(values, |value| Email::read(value).is_some()) > 0.6 {
        return Some(Field::Email);
    }
    if share(values, |value| !cell::is_digits(value) && is_moment(value)) > 0.6 {
        return Some(Field::Timestamp);
    }
    (share(values, guess::is_phone) > 0.6).then_some(Field::Phone)
}

pub(super) fn is_amount(value: &str) -> bool {
    Cents::read(value, Unit::Whole).is_some()
}

pub(super) fn share(values: &[String], is: impl Fn(&str) -> bool) -> f64 {
    let count = values.iter().filter(|value| is(value)).count();
    count as f64 / values.len().max(1) as f64
}

/// Card numbers that a spreadsheet cut, which look like ids and are shown only where ids stand.
fn hide_cut(columns: &mut [Column]) {
    for column in columns.iter_mut().filter(|column| !column.holds_ids()) {
        for sample in &mut column.samples {
            if card_number::is_cut_by_spreadsheet(sample) {
                *sample = card_number::mask_cut(sample);
            }
        }
    }
}

fn lost_digits(drafts: &[Named], columns: &[Column], doubts: &mut Vec<Doubt>) {
    for (draft, column) in drafts.iter().zip(columns) {
        let damaged = draft.values.iter().any(|value| cell::is_scientific(value));
        let matters = |field: &Field| field.holds_ids() || matches!(field, Field::Phone | Field::Phone2);
        if let Some(field) = column.field.filter(matters).filter(|_| damaged) {
            doubts.push(Doubt::DigitsLost(field));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::around;
    use super::*;

    fn recognised(headers: &[&str], rows: &[&[&str]], hints: &Hints) -> (Vec<Option<Field>>, Vec<Doubt>) {
        let headers = Name::joined(headers.iter().map(|header| (*header).to_owned()).collect(), &[]);
        let rows: Vec<_> = rows
            .iter()
            .map(|cells| Record::from_cells(1, cells.iter().copied()))
            .collect();
        let understood = recognise(&headers, (&rows, false), hints, &around()).unwrap();
        let fields = understood.columns.into_iter().map(|column| column.field);
        (fields.collect(), understood.doubts)
    }

    #[test]
    fn of_two_columns_of_one_name_the_first_is_read() {
        let (fields, doubts) = recognised(&["phone", "phone"], &[&["1", "2"]], &Hints::default());
        assert_eq!(fields, [Some(Field::Phone), None]);
        assert_eq!(
            doubts,
            [Doubt::Twice {
                field: Field::Phone,
                header: "phone".into()
            }]
        );
    }

    #[test]
    fn a_column_in_a_group_is_known_by_its_own_name_too() {
        let groups = [Record::from_cells(1, ["Taxpayer", "", "Payment"])];
        let names = ["Colour", "Phone", "Amount"].map(str::to_owned);
        let names = Name::joined(names.into(), &groups);
        let understood = recognise(&names, (&[], false), &Hints::default(), &around()).unwrap();
        let told: Vec<_> = understood
            .columns
            .iter()
            .map(|column| (column.header.as_str(), column.field))
            .collect();
        assert_eq!(
            told,
            [
                ("Taxpayer Colour", None),
                ("Phone", Some(Field::Phone)),
                ("Payment Amount", Some(Field::Amount))
            ]
        );
    }

    #[test]
    fn a_card_number_that_a_spreadsheet_cut_is_no_sample() {
        let names = Name::joined(["Note", "Txn ID"].map(str::to_owned).into(), &[]);
        let row = Record::from_cells(1, ["4012888888881880", "4012888888881880"]);
        let understood = recognise(&names, (&[row], false), &Hints::default(), &around()).unwrap();
        let samples: Vec<_> = understood
            .columns
            .into_iter()
            .flat_map(|column| column.samples)
            .collect();
        assert_eq!(
            samples,
            ["\u{2022}\u{2022}\u{2022}\u{2022}1880", "4012888888881880"]
        );
    }

    #[test]
    fn a_weak_name_needs_the_content() {
        let row: &[&str] = &["5 o'clock", "Ann"];
        let (fields, _) = recognised(&["time", "name"], &[row], &Hints::default());
        assert_eq!(fields, [None, Some(Field::FullName)]);
        let (fields, _) = recognised(
            &["date", "last name"],
            &[&["2026-04-15 18:41", "Ruiz"]],
            &Hints::default(),
        );
        assert_eq!(fields, [Some(Field::Timestamp), Some(Field::FamilyName)]);
    }

    #[test]
    fn content_alone_is_a_guess_and_is_told() {
        let row: &[&str] = &["2026-04-15 18:41", "a@example.com", "303-555-0101"];
        let (fields, doubts) = recognised(&["x", "y", "z"], &[row], &Hints::default());
        assert_eq!(
            fields,
            [Some(Field::Timestamp), Some(Field::Email), Some(Field::Phone)]
        );
        assert_eq!(doubts.len(), 3);
    }

    #[test]
    fn what_a_person_said_holds() {
        let hints = Hints {
            map: vec![(Field::Email, "Kontakt ".into())],
            ..Hints::default()
        };
        let (fields, _) = recognised(
            &["email", "Kontakt"],
            &[&["a@example.com", "b@example.com"]],
            &hints,
        );
        assert_eq!(fields, [None, Some(Field::Email)]);
        let missing = Hints {
            map: vec![(Field::Email, "nowhere".into())],
            ..Hints::default()
        };
        let names = Name::joined(vec!["email".into()], &[]);
        assert!(recognise(&names, (&[], false), &missing, &around()).is_err());
    }
}
