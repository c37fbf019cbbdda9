//! The words of a status, what each means, and whom it is about.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::name;
use super::{ImportKind, Layout};
use crate::domain::field::Field;
use crate::domain::identity::{Traits, link};
use crate::domain::meaning::{Meaning, status_key};
use crate::domain::reading::{Reading, Row};
use crate::domain::record::Record;
use crate::domain::terms::Terms;
use crate::domain::transaction::Transaction;
use crate::domain::window::{Side, Window};
use crate::domain::{card_number, cell};
use crate::reader::{MOST_WORDS, flag};

/// The column that says what became of each payment.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Its header.
    pub header: String,
    /// The words that are asked about, then the commonest others; eight at most unless more are asked about.
    pub words: Vec<Word>,
    /// Words and rows that are left over.
    pub others: (u64, u64),
    /// What is said of all words that nobody knows: nothing if they are not asked about.
    pub others_left_out: Option<bool>,
}

/// One word.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// As it stands in the file, card numbers masked; empty for rows without one.
    pub value: String,
    /// Rows that have it.
    pub rows: u64,
    /// One of them, if it can be read.
    pub example: Option<Transaction>,
    /// What it means by what was said or is known.
    pub meaning: Option<Meaning>,
    /// Nobody knows it and nobody said.
    pub asked: bool,
    /// Rows in the outage.
    pub inside: u64,
    /// People who have one of those rows.
    pub people: u64,
    /// Their names, if they are three or fewer and all have one.
    pub names: Vec<String>,
}

impl Word {
    /// The answer that gives it a meaning, in the words of the command line.
    pub fn flag(&self, meaning: Meaning) -> String {
        flag(&format!("--{meaning}"), &self.value)
    }
}

/// What every word of the status is, read as one meaning so that each row tells when and whose it is.
pub(super) struct Spelled<'a> {
    /// The layout as it is kept: what it asks is asked.
    pub asked: &'a Layout,
    /// The layout with the answers.
    pub now: &'a Layout,
    /// How the rows are read.
    pub reading: &'a dyn Fn(&Layout) -> Reading,
    pub window: Window,
    pub kind: ImportKind,
}

impl Spelled<'_> {
    /// Nothing if no column is the status.
    pub(super) fn words(&self, records: &[Record]) -> Option<Words> {
        let columns = &self.now.columns;
        let at = columns
            .iter()
            .position(|column| column.field == Some(Field::Status))?;
        let (counted, rows) = self.counted(records, at);
        let is_asked = |value: &str| {
            let values = self.asked.questions.iter().filter_map(|one| one.value.as_deref());
            values.map(status_key).any(|asked| asked == status_key(value))
        };
        let terms = Terms {
            others_left_out: false,
            ..self.now.terms.clone()
        };
        let word = |(value, count): (&String, &u64)| Word {
            value: value.clone(),
            rows: *count,
            meaning: terms.meaning(value),
            asked: is_asked(value),
            ..Word::default()
        };
        let said = |value: &str| self.now.terms.statuses.contains_key(&status_key(value));
        let worth = |word: &Word| !word.value.is_empty() || word.asked || said("");
        let mut words: Vec<Word> = counted.iter().map(word).filter(worth).collect();
        words.sort_by_key(|word| {
            (
                !word.asked && word.meaning.is_none(),
                std::cmp::Reverse(word.rows),
            )
        });
        let asked = words.iter().filter(|word| word.asked).count();
        if words.len() > MOST_WORDS {
            words.sort_by_key(|word| !word.asked);
        }
        let mut rest = words.split_off(words.len().min(MOST_WORDS.max(asked)));
        rest.retain(|word| word.meaning.is_none());
        for word in &mut words {
            self.tell(word, rows.get(&word.value).map_or(&[], Vec::as_slice));
        }
        let others = |one: &crate::reader::Question| one.flag == "--leave-out-others";
        let open = self.asked.questions.iter().any(others);
        let said = self.now.said.others_left_out;
        Some(Words {
            header: columns
                .get(at)
                .map(|column| column.header.clone())
                .unwrap_or_default(),
            words,
            others: (rest.len() as u64, rest.iter().map(|word| word.rows).sum()),
            others_left_out: (open || said).then_some(said),
        })
    }

    /// How often each word stands there, and its rows as far as they can be read.
    fn counted(
        &self,
        records: &[Record],
        at: usize,
    ) -> (BTreeMap<String, u64>, BTreeMap<String, Vec<Transaction>>) {
        let word = |record: &Record| {
            let value = cell::value(record.get(at).unwrap_or_default()).unwrap_or_default();
            card_number::mask(&value).0.into_owned()
        };
        let alike = match self.kind {
            ImportKind::Failed => Meaning::Failed,
            ImportKind::Successes => Meaning::Paid,
        };
        let mut layout = self.now.clone();
        let all = records.iter().map(|record| (status_key(&word(record)), alike));
        layout.terms.statuses = all.collect();
        let reading = (self.reading)(&layout);
        let (mut counted, mut rows) = (BTreeMap::new(), BTreeMap::<String, Vec<Transaction>>::new());
        for record in records {
            let decided = layout.terms.kinds.as_ref().is_some_and(|kinds| {
                let value = record.get(kinds.column).unwrap_or_default();
                kinds.meaning(value, None).is_some()
            });
            if decided {
                continue;
            }
            let value = word(record);
            match reading.read(record).row {
                Row::Failed(row) | Row::Paid(row) => rows.entry(value.clone()).or_default().push(row),
                Row::Rejected(_) if value.is_empty() => continue,
                _ => {}
            }
            *counted.entry(value).or_insert(0) += 1;
        }
        (counted, rows)
    }

    /// Whom a word is about.
    fn tell(&self, word: &mut Word, rows: &[Transaction]) {
        let is_inside = |row: &&Transaction| self.window.side(row.occurred_at) == Side::Inside;
        let inside: Vec<&Transaction> = rows.iter().filter(is_inside).collect();
        word.example = inside.first().copied().or_else(|| rows.first()).cloned();
        word.inside = inside.len() as u64;
        let traits: Vec<Traits<'_>> = inside.iter().map(|row| Traits::of(row)).collect();
        let keys = link(&traits);
        let people: BTreeSet<_> = keys.iter().collect();
        word.people = people.len() as u64;
        let names: BTreeMap<_, String> = keys
            .iter()
            .zip(&inside)
            .map(|(key, row)| (key, name(row)))
            .collect();
        if names.len() <= 3 && names.values().all(|name| !name.is_empty()) {
            word.names = names.into_values().collect();
        }
    }
}
