//! Whether what was understood of an export is what happened.

use super::answers::{Answers, meaning};
use super::clock::Form;
use super::file::Export;
use super::scene::{Payment, instant};
use makegood::domain::field::Field;
use makegood::domain::identity::{Traits, link};
use makegood::domain::meaning::Meaning;
use makegood::domain::person_name::folded;
use makegood::domain::reading::{Reading, Row};
use makegood::domain::timestamp::Timestamp;
use makegood::domain::transaction::Transaction;
use makegood::domain::window::{Side, Window};
use makegood::outreach::import::ImportKind;
use makegood::reader::{self, Around, Layout, inspect};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

/// So many rounds of questions are answered.
const ROUNDS: usize = 6;

/// What came of an export.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is wrong though nothing was asked.
    pub wrong: Option<String>,
    /// What is wrong after all was answered as it truly is.
    pub wrong_answered: Option<String>,
    /// How many questions it took; a refusal counts for two.
    pub questions: usize,
    /// What the first questions were about.
    pub about: Vec<String>,
}

/// Who somebody truly is, as far as the file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub account: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub name: String,
}

impl Export {
    /// What the outage says.
    pub fn around(&self) -> Around {
        Around {
            kind: self.scene.kind,
            window: Window {
                start: instant(self.scene.start),
                end: instant(self.scene.end),
            },
            zone: self.scene.zone.clone(),
            accounts: match self.scene.has_format {
                true => "T-0000000".parse().unwrap(),
                false => "".parse().unwrap(),
            },
        }
    }

    /// Who a row truly is about.
    pub fn told(&self, payment: &Payment) -> Told {
        let person = &self.scene.people[payment.person];
        let shown = |field, text: String| (self.column(field).is_some() && !text.is_empty()).then_some(text);
        let is_bare = self
            .column(Field::AccountId)
            .is_some_and(|column| !column.cells[0].starts_with('T'));
        let account = match is_bare && !self.scene.has_format {
            true => person.account.clone(),
            false => format!("T-{}", person.account),
        };
        let named = [Field::FullName, Field::FamilyName]
            .into_iter()
            .any(|field| self.column(field).is_some());
        Told {
            account: shown(Field::AccountId, account),
            email: shown(Field::Email, person.email.clone()).filter(|_| payment.tells.0),
            phone: shown(Field::Phone, person.phone.clone())
                .filter(|_| payment.tells.1)
                .map(|digits| format!("+1{digits}")),
            name: match named {
                true => folded(person.given, person.family),
                false => String::new(),
            },
        }
    }

    /// When a payment was, as exactly as the file tells.
    pub fn read_at(&self, payment: &Payment) -> Timestamp {
        let at = self.at(payment);
        let minute = match self.clock.form {
            Form::DayFirst => at - at.rem_euclid(60),
            _ => at,
        };
        instant(minute)
    }

    /// When the file truly says a payment was.
    fn at(&self, payment: &Payment) -> i64 {
        let by_settlement = self.scene.kind == ImportKind::Successes
            && self.column(Field::Timestamp).is_some_and(|column| {
                column.cells.iter().any(String::is_empty)
                    || column.cells[0] == self.clock.cell(self.scene.payments[0].settled)
            });
        if by_settlement {
            payment.settled
        } else {
            payment.at
        }
    }
}

/// Lets the recogniser understand an export, with true answers to all that it asks.
pub fn judge(export: &Export) -> Verdict {
    let (text, around) = (export.text(), export.around());
    let mut answers = Answers::default();
    let mut verdict = Verdict::default();
    for round in 0..ROUNDS {
        let layout = match inspect(&mut Cursor::new(text.as_bytes()), &answers.hints, &around) {
            Ok(layout) => layout,
            Err(error) => {
                verdict.wrong_answered = Some(format!("refused: {error}"));
                return verdict;
            }
        };
        let refused = layout.problem();
        if refused.is_none() && layout.questions.is_empty() {
            let wrong = wrong(export, &text, &around, &layout);
            match round {
                0 => verdict.wrong = wrong,
                _ => verdict.wrong_answered = wrong,
            }
            return verdict;
        }
        for question in &layout.questions {
            answers.answer(export, question);
            verdict.about.push(format!("{} {}", question.about, question.why));
        }
        verdict.questions += layout.questions.len();
        if let Some(reason) = refused {
            answers.explain(export);
            verdict.about.push(format!("refused: {reason}"));
            verdict.questions += 2;
        }
    }
    verdict.wrong_answered = Some(format!("still asked: {:?}", verdict.about.last()));
    verdict
}

/// What is wrong with what was understood.
fn wrong(export: &Export, text: &str, around: &Around, layout: &Layout) -> Option<String> {
    let reading = Reading::new(&layout.mapping(), layout.rules(around));
    let records = reader::records(Cursor::new(text.as_bytes().to_vec()), layout).unwrap();
    let rows: Vec<Row> = records.map(|record| reading.read(&record.unwrap()).row).collect();
    if rows.len() != export.scene.payments.len() {
        return Some(format!("{} rows", rows.len()));
    }
    let pairs: Vec<(&Payment, Row)> = export.scene.payments.iter().zip(rows).collect();
    let one = |(payment, row): &(&Payment, Row)| wrong_row(export, around, payment, row);
    let mut found = pairs.iter().find_map(one);
    found = found.or_else(|| twice(&pairs));
    found = found.or_else(|| wrong_people(export, &pairs));
    found.map(|found| format!("{found}; {}", understood(export, layout)))
}

/// What each column was read as, and what was found out about it.
fn understood(export: &Export, layout: &Layout) -> String {
    let columns = export.columns.iter().zip(&layout.columns);
    let read = columns.filter_map(|(column, read)| Some(format!("{}={}", read.field?, column.header)));
    let settled = layout.settled.iter();
    let settled = settled.map(|settled| format!("({}: {})", settled.column, settled.why));
    read.chain(settled).collect::<Vec<_>>().join(" ")
}

/// Which bin a row is in: what became of it, and on which side of the outage.
fn bin(kind: ImportKind, meaning: Meaning, side: Side) -> String {
    match (kind, meaning) {
        (ImportKind::Failed, Meaning::Failed) => format!("failed {side:?}"),
        (_, Meaning::Paid) => format!("paid {side:?}"),
        (_, Meaning::Refunded) => "refunded".to_owned(),
        _ => "left out".to_owned(),
    }
}

fn wrong_row(export: &Export, around: &Around, payment: &Payment, row: &Row) -> Option<String> {
    let told = export.told(payment);
    let nobody = told.is_nobody();
    let truly = meaning(payment.end);
    let right = bin(
        export.scene.kind,
        truly,
        around.window.side(instant(export.at(payment))),
    );
    let found = match row {
        Row::Failed(failed) => bin(
            ImportKind::Failed,
            Meaning::Failed,
            around.window.side(failed.occurred_at),
        ),
        Row::Paid(paid) if paid.day_only => return None,
        Row::Paid(paid) => bin(
            export.scene.kind,
            Meaning::Paid,
            around.window.side(paid.occurred_at),
        ),
        Row::Refunded(_) => "refunded".to_owned(),
        Row::LeftOut => "left out".to_owned(),
        Row::Unknown(value) => format!("unknown {value}"),
        Row::Rejected(rejection) => format!("rejected {rejection}"),
    };
    let excused = nobody && (found.starts_with("rejected") || found == "left out");
    // A refund of somebody whom nothing tells opens no case.
    if found != right && !excused {
        return Some(format!("{found}, not {right}: {payment:?}"));
    }
    let transaction = row.transaction()?;
    wrong_contact(export, &told, payment, transaction)
}

/// Another's account, address, number, name or amount.
fn wrong_contact(export: &Export, told: &Told, payment: &Payment, found: &Transaction) -> Option<String> {
    let traits = Traits::of(found);
    let pairs = [
        ("account", traits.account, told.account.as_deref()),
        ("email", traits.email, told.email.as_deref()),
        ("phone", traits.phone, told.phone.as_deref()),
    ];
    let wrong = pairs
        .iter()
        .find(|(_, found, told)| found.is_some() && found != told);
    if let Some((what, found, told)) = wrong {
        return Some(format!("{what} {found:?}, not {told:?}"));
    }
    if !told.name.contains(&found.folded_name) {
        return Some(format!("name {:?}, not {:?}", found.folded_name, told.name));
    }
    let amounts = [Field::Amount, Field::AmountCents];
    let told = amounts
        .into_iter()
        .find_map(|field| export.column(field))
        .is_some();
    match found.amount {
        Some(amount) if told && amount.0.abs() != payment.cents => {
            Some(format!("amount {amount}, not {}", payment.cents))
        }
        _ => None,
    }
}

/// Two payments that would count as one.
fn twice(pairs: &[(&Payment, Row)]) -> Option<String> {
    let mut seen = BTreeSet::new();
    pairs.iter().find_map(|(payment, row)| {
        let paid = matches!(row, Row::Paid(_));
        let key = (paid, row.transaction()?.dedupe_key);
        (!seen.insert(key)).then(|| format!("taken for a duplicate: {payment:?}"))
    })
}

/// Two people who would be one, or one who would be two.
fn wrong_people(export: &Export, pairs: &[(&Payment, Row)]) -> Option<String> {
    let failed: Vec<(&Payment, &Transaction)> = pairs
        .iter()
        .filter_map(|(payment, row)| match row {
            Row::Failed(failed) if export.scene.is_inside(payment.at) => Some((*payment, failed)),
            _ => None,
        })
        .collect();
    let found: Vec<Traits<'_>> = failed.iter().map(|(_, failed)| Traits::of(failed)).collect();
    let told: Vec<Told> = failed.iter().map(|(payment, _)| export.told(payment)).collect();
    let truly: Vec<Traits<'_>> = told.iter().map(Told::traits).collect();
    let (found, truly) = (link(&found), link(&truly));
    let mut of = (BTreeMap::new(), BTreeMap::new());
    found.iter().zip(&truly).find_map(|(found, truly)| {
        let same =
            of.0.entry(found).or_insert(truly) == &truly && of.1.entry(truly).or_insert(found) == &found;
        (!same).then(|| format!("{found} is not {truly}"))
    })
}

impl Told {
    /// Whether nothing tells who it is.
    pub const fn is_nobody(&self) -> bool {
        self.account.is_none() && self.email.is_none() && self.phone.is_none()
    }

    pub fn traits(&self) -> Traits<'_> {
        Traits {
            account: self.account.as_deref(),
            email: self.email.as_deref(),
            phone: self.phone.as_deref(),
            folded_name: &self.name,
        }
    }
}
