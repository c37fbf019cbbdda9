//! What became of each payment: the column that says it, and what its values mean.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use super::words;
use crate::broken::Variant;
use crate::domain::charged::Charged;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::domain::meaning::{Meaning, status_key};
use crate::domain::terms::Kinds;

/// Most different values of a status, and its longest value in characters.
const MOST_VALUES: usize = 24;
const LONGEST: usize = 90;
/// So many values that nobody knows are asked about one by one, the commonest first; all others together.
pub const MOST_WORDS: usize = 8;
/// From this rank of its header on a column is the status without a question.
const SAID: u8 = 2;
/// Most words of a value that says plainly what became of a payment.
const PLAIN: usize = 2;
/// Fields whose columns are never a status, whatever their values: a name may be a word of one.
const NEVER: [Field; 4] = [
    Field::GivenName,
    Field::FamilyName,
    Field::FullName,
    Field::Charged,
];
/// Fields whose columns are none, unless their values are its words and cannot be what the header says: *Captured* over *Failed*.
const SELDOM: [Field; 8] = [
    Field::TransactionId,
    Field::Timestamp,
    Field::Date,
    Field::Time,
    Field::AccountId,
    Field::Email,
    Field::Phone,
    Field::Amount,
];

/// A column that could be the status.
struct Candidate {
    column: usize,
    rank: u8,
    /// It has a value that means paid.
    pays: bool,
    /// A value is a known word as it stands, not only a word inside of it.
    plain: bool,
}

/// Finds the status and settles or asks what its values mean.
pub(super) fn settle(draft: &mut Draft<'_>) {
    not_what_was_charged(draft);
    if !draft.is_said(Field::Status) {
        choose(draft);
    }
    refunds_beside(draft);
    if let Some(column) = draft.column_of(Field::Status) {
        ask_values(draft, column);
    }
}

/// A column that is called a charge and a status (*Charge Status*) is no column of charges unless most of its values speak of
/// charging: it may be the status.
fn not_what_was_charged(draft: &mut Draft<'_>) {
    let named = draft.column_of(Field::Charged);
    let Some(column) = named.filter(|column| !draft.is_chosen(*column)) else {
        return;
    };
    let tells = |value: &str| Charged::read(value) != Charged::Unknown && status_key(value).contains("charg");
    let is_status = words::status_rank(draft.header(column)) >= SAID;
    if is_status && draft.share(column, tells) < 0.5 && stands(Variant::StatusNotRead) {
        draft.give(column, None, true);
    }
}

/// A column of types that says of some rows that they are refunds, beside a status that says only that they came through.
fn refunds_beside(draft: &mut Draft<'_>) {
    if draft.terms.kinds.is_some() || !stands(Variant::StatusNotRead) {
        return;
    }
    let status = draft.column_of(Field::Status);
    let mut open = draft.open_columns();
    open.retain(|column| Some(*column) != status && words::is_type(draft.header(*column)));
    let beside = open.into_iter().find_map(|column| {
        let counts = counted(draft, column);
        if counts.len() > MOST_VALUES {
            return None;
        }
        let back = counts
            .keys()
            .filter(|value| Meaning::of_words(value) == Some(Meaning::Refunded));
        let meanings: BTreeMap<String, Meaning> =
            back.map(|value| (status_key(value), Meaning::Refunded)).collect();
        (!meanings.is_empty()).then_some(Kinds {
            column,
            meanings,
            reserves: BTreeSet::new(),
        })
    });
    if let Some(kinds) = beside {
        let why = "Some of its values say that the money went back.".to_owned();
        draft.settle(About::Status, kinds.column, why);
        draft.terms.kinds = Some(kinds);
    }
}

fn choose(draft: &mut Draft<'_>) {
    let by_header = draft.column_of(Field::Status);
    let mut found: Vec<Candidate> = draft
        .open_columns()
        .into_iter()
        .filter_map(|column| candidate(draft, column))
        .collect();
    if let Some(column) = by_header {
        draft.give(column, None, true);
    }
    if !stands(Variant::StatusNotRead) {
        return;
    }
    found.sort_by_key(|one| (std::cmp::Reverse(one.rank), !one.pays, !one.plain, one.column));
    let Some(best) = found.first() else {
        if !ask_unknown(draft, by_header) {
            ask_of_others(draft);
        }
        return;
    };
    let (column, sure) = (best.column, best.rank >= SAID);
    let before = draft.field(column);
    let rival = found
        .iter()
        .skip(1)
        .find(|other| (other.rank >= SAID || !sure) && contradict(draft, column, other.column));
    let rival = rival.map(|rival| rival.column);
    let header = draft.header(column).to_owned();
    draft.give(column, Some(Field::Status), sure);
    match rival {
        Some(rival) => ask_which(draft, column, rival),
        None if !sure => ask_whether(draft, column, before),
        None => draft.settle(
            About::Status,
            column,
            format!("{header:?} says what became of each payment."),
        ),
    }
}

/// A column with few values of which one means success or failure; without success only where its header speaks of a status.
fn candidate(draft: &Draft<'_>, column: usize) -> Option<Candidate> {
    let header = draft.header(column);
    let rank = words::status_rank(header);
    let field = draft.field(column);
    let is_other = |field: Field| match field {
        Field::ErrorCode => rank < SAID,
        field => NEVER.contains(&field) || SELDOM.contains(&field) && !tells_ends(draft, column),
    };
    if rank == 0 || field.is_some_and(is_other) || words::is_foreign(header) {
        return None;
    }
    let counts = counted(draft, column);
    let short = counts.keys().all(|value| value.chars().count() <= LONGEST);
    if counts.is_empty() || counts.len() > MOST_VALUES || !short {
        return None;
    }
    let meanings: Vec<(&str, Meaning)> = counts
        .keys()
        .filter_map(|value| Some((value.as_str(), draft.terms.meaning(value)?)))
        .collect();
    let pays = meanings.iter().any(|(_, meaning)| *meaning == Meaning::Paid);
    let ends = meanings.iter().any(|(_, meaning)| meaning.is_an_end());
    let back = meanings.iter().any(|(_, meaning)| *meaning == Meaning::Refunded);
    let is = match rank {
        SAID.. => ends || back,
        _ => pays && tells_ends(draft, column),
    };
    let plain = meanings.iter().any(|(value, _)| is_plain(value));
    is.then_some(Candidate {
        column,
        rank,
        pays,
        plain,
    })
}

/// Whether at least half of a column's values are words of what becomes of payments: *OK-17* is an id.
pub(super) fn tells_ends(draft: &Draft<'_>, column: usize) -> bool {
    let is_id = |value: &str| !value.contains(' ') && value.bytes().any(|byte| byte.is_ascii_digit());
    draft.values(column).next().is_some()
        && draft.share(column, |value| {
            !is_id(value) && draft.terms.meaning(value).is_some()
        }) >= 0.5
}

fn is_plain(value: &str) -> bool {
    value.split_whitespace().count() <= PLAIN
}

/// No column is called a status: one that is called a code, a message or somebody's answer, and says plainly that some payments came,
/// may be it.
fn ask_of_others(draft: &mut Draft<'_>) {
    let is_it = |column: &usize| {
        let is_never = draft
            .field(*column)
            .is_some_and(|field| NEVER.contains(&field) || SELDOM.contains(&field));
        let counts = counted(draft, *column);
        let mut meanings = counts.keys().map(|value| (value, draft.terms.meaning(value)));
        let pays =
            |(value, meaning): (&String, Option<Meaning>)| meaning == Some(Meaning::Paid) && is_plain(value);
        let differs =
            |(_, meaning): (&String, Option<Meaning>)| meaning.is_some_and(|one| one != Meaning::Paid);
        let matters = draft.around.kind == ImportKind::Failed || meanings.clone().any(differs);
        words::may_tell_status(draft.header(*column))
            && !is_never
            && counts.len() <= MOST_VALUES
            && meanings.any(pays)
            && matters
            && tells_ends(draft, *column)
    };
    let Some(column) = draft.open_columns().into_iter().find(is_it) else {
        return;
    };
    let before = draft.field(column);
    draft.give(column, Some(Field::Status), false);
    ask_whether(draft, column, before);
}

/// How often each value stands there, and in which record first.
fn counted(draft: &Draft<'_>, column: usize) -> BTreeMap<String, (u64, usize)> {
    let mut counts = BTreeMap::new();
    for (row, value) in draft
        .cells(column)
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_empty())
    {
        let count = counts.entry(value.clone()).or_insert((0, row));
        count.0 += 1;
    }
    counts
}

/// The same without rows about which a column of types decides.
fn left_to_status(draft: &Draft<'_>, column: usize) -> BTreeMap<String, (u64, usize)> {
    let mut counts = BTreeMap::new();
    for (row, value) in draft.cells(column).iter().enumerate() {
        if !value.is_empty() && !is_decided(draft, row) {
            counts.entry(value.clone()).or_insert((0, row)).0 += 1;
        }
    }
    counts
}

/// Whether a column of types says what a row is.
fn is_decided(draft: &Draft<'_>, row: usize) -> bool {
    let kinds = draft.terms.kinds.as_ref();
    let cell = kinds.and_then(|kinds| Some((kinds, draft.cells(kinds.column).get(row)?)));
    cell.is_some_and(|(kinds, value)| kinds.meaning(value, None).is_some())
}

/// Whether two columns say of one row that it was paid and that it failed.
fn contradict(draft: &Draft<'_>, one: usize, other: usize) -> bool {
    let rows = draft.cells(one).iter().zip(draft.cells(other));
    let mut both =
        rows.filter_map(|(one, other)| Some((draft.terms.meaning(one)?, draft.terms.meaning(other)?)));
    both.any(|(one, other)| one.is_an_end() && other.is_an_end() && one != other)
}

/// Two columns that contradict each other.
fn ask_which(draft: &mut Draft<'_>, one: usize, other: usize) {
    let choice = |column: usize| {
        let trial = draft.trial(
            &draft.fields_with(column, Some(Field::Status)),
            draft.terms.clone(),
        );
        Choice {
            answer: format!("{} says it", draft.shown(column)),
            flag: flag("--map", &format!("status={}", draft.header(column))),
            consequence: format!(
                "{} rows failed, {} were paid",
                trial.failed.len(),
                trial.paid.len()
            ),
            rows_in_outage: Some(trial.inside()),
            people: Some(trial.people()),
        }
    };
    let why = format!(
        "{:?} and {:?} contradict each other: which one says what became of the payment?",
        draft.shown(one),
        draft.shown(other)
    );
    let choices = (vec![choice(one), choice(other)], 0);
    let question = Question::new(About::Status, draft.header(one), why, choices);
    draft.questions.push(question);
}

/// A column whose values speak of an end, though its header does not; before, it held something else or nothing.
fn ask_whether(draft: &mut Draft<'_>, column: usize, before: Option<Field>) {
    let header = draft.header(column).to_owned();
    let before = before.filter(|field| !SELDOM.contains(field));
    let as_status = draft.as_it_stands();
    let without = draft.trial(&draft.fields_with(column, before), draft.terms.clone());
    let yes = Choice {
        answer: format!("{header} says what became of the payment"),
        flag: flag("--map", &format!("status={header}")),
        consequence: format!(
            "{} rows failed, {} were paid",
            as_status.failed.len(),
            as_status.paid.len()
        ),
        rows_in_outage: Some(as_status.inside()),
        people: Some(as_status.people()),
    };
    let no = Choice {
        answer: "It says nothing of the kind".to_owned(),
        flag: match before {
            Some(field) => flag("--map", &format!("{field}={header}")),
            None => flag("--ignore", &header),
        },
        consequence: format!(
            "all {} rows are read alike",
            without.failed.len() + without.paid.len()
        ),
        rows_in_outage: Some(without.inside()),
        people: Some(without.people()),
    };
    let example = draft.values(column).next().unwrap_or_default();
    let why = format!(
        "Values of {header:?}, such as {example:?}, read as if some payments failed and others were paid."
    );
    draft
        .questions
        .push(Question::new(About::Status, &header, why, (vec![yes, no], 0)));
}

/// A header that speaks of a status over words that nobody knows: what do they mean? Whether there is one.
fn ask_unknown(draft: &mut Draft<'_>, by_header: Option<usize>) -> bool {
    let rank = |column: &usize| words::status_rank(draft.header(*column));
    let by_header = by_header.filter(|column| !draft.is_chosen(*column) && rank(column) >= SAID);
    let of_payment = || {
        let few = |column: &usize| draft.different(*column) <= MOST_WORDS;
        let free = |column: &usize| match draft.field(*column) {
            None => true,
            // *Estado* is a place, too; a word of a payment that stands under it is none.
            Some(Field::State) => draft.values(*column).any(Meaning::speaks_of_payment),
            Some(_) => false,
        };
        let free = |column: &usize| rank(column) > SAID && few(column) && free(column);
        draft.open_columns().into_iter().find(free)
    };
    let Some(column) = by_header.or_else(of_payment) else {
        return false;
    };
    let counts = counted(draft, column);
    if counts.is_empty() || counts.len() > MOST_VALUES || are_codes(&counts) {
        let column = (!draft.holds(Field::ErrorCode) && !counts.is_empty()).then_some(column);
        if let Some(column) = column {
            draft.give(column, Some(Field::ErrorCode), false);
        }
        return false;
    }
    draft.give(column, Some(Field::Status), true);
    true
}

/// Whether most different values are codes of errors (`DB_LOCK_TIMEOUT`, `GATEWAY_504`) and neither words nor short marks (`Q4`).
fn are_codes(counts: &BTreeMap<String, (u64, usize)>) -> bool {
    let is_mark = |value: &str| value.len() < 3;
    let is_code = |value: &&String| {
        value.contains('_') || value.bytes().any(|byte| byte.is_ascii_digit()) && !is_mark(value)
    };
    counts.keys().filter(is_code).count() * 2 > counts.len()
}

/// Asks about each value of the status that nobody knows, and about rows without one.
fn ask_values(draft: &mut Draft<'_>, column: usize) {
    let mut counts = left_to_status(draft, column);
    let blank = blank_rows(draft, column);
    if let Some((rows, first)) = blank {
        counts.insert(String::new(), (rows, first));
    }
    let mut unknown: Vec<(String, (u64, usize))> = counts
        .iter()
        .filter(|(value, _)| draft.terms.meaning(value).is_none())
        .map(|(value, seen)| (value.clone(), *seen))
        .collect();
    let none_known = unknown.len() == counts.len();
    unknown.sort_by_key(|(value, (rows, _))| (!value.is_empty(), std::cmp::Reverse(*rows)));
    let others = unknown.split_off(MOST_WORDS.min(unknown.len()));
    for (value, (rows, first)) in unknown {
        let proposed = match (none_known && !value.is_empty(), draft.around.kind) {
            (true, ImportKind::Failed) => Meaning::Failed,
            (true, ImportKind::Successes) => Meaning::Paid,
            (false, _) => Meaning::LeftOut,
        };
        let header = draft.shown(column);
        let example = example(draft, first);
        let who = if example.is_empty() {
            String::new()
        } else {
            format!("such as that of {example:?}")
        };
        draft
            .questions
            .push(asked(&header, &value, (rows, who), proposed));
    }
    ask_others(draft, column, &others);
}

/// The values behind the commonest are asked about together.
fn ask_others(draft: &mut Draft<'_>, column: usize, others: &[(String, (u64, usize))]) {
    let Some((example, _)) = others.first() else {
        return;
    };
    let rows: u64 = others.iter().map(|(_, (rows, _))| rows).sum();
    let header = draft.shown(column);
    let why = format!(
        "{} further values in {header:?}, such as {example:?}, stand in few rows, and nobody knows them.",
        others.len()
    );
    let choice = Choice {
        answer: "Leave all others out".to_owned(),
        flag: "--leave-out-others".to_owned(),
        consequence: format!("{rows} rows count for nothing"),
        rows_in_outage: None,
        people: None,
    };
    let question = Question::new(About::Status, &header, why, (vec![choice], 0));
    draft.questions.push(question);
}

/// Rows with a time and without a status.
fn blank_rows(draft: &Draft<'_>, column: usize) -> Option<(u64, usize)> {
    let time = draft
        .column_of(Field::Timestamp)
        .or_else(|| draft.column_of(Field::Date))?;
    let rows = draft.cells(column).iter().zip(draft.cells(time)).enumerate();
    let blank: Vec<usize> = rows
        .filter(|(row, (status, time))| status.is_empty() && !time.is_empty() && !is_decided(draft, *row))
        .map(|(row, _)| row)
        .collect();
    Some((blank.len() as u64, *blank.first()?))
}

/// Whom a row is about, for an example.
fn example(draft: &Draft<'_>, row: usize) -> String {
    let fields = [
        Field::FullName,
        Field::GivenName,
        Field::FamilyName,
        Field::TransactionId,
    ];
    let cells = fields
        .into_iter()
        .filter_map(|field| draft.cells(draft.column_of(field)?).get(row));
    let mut said = cells.filter(|cell| !cell.is_empty());
    said.next().cloned().unwrap_or_default()
}

/// What one value of a status means that stands further down, in so many rows, the first of them there.
pub fn value_question(header: &str, value: &str, (rows, first): (u64, String)) -> Question {
    asked(
        header,
        value,
        (rows, format!("the first is {first}")),
        Meaning::LeftOut,
    )
}

/// What one value of a status means.
fn asked(header: &str, value: &str, (rows, example): (u64, String), proposed: Meaning) -> Question {
    let count = if rows == 1 {
        "1 row".to_owned()
    } else {
        format!("{rows} rows")
    };
    let choice = |meaning: &Meaning| Choice {
        answer: match meaning {
            Meaning::Failed => "Failed".to_owned(),
            Meaning::Paid => "Paid".to_owned(),
            Meaning::Refunded => "Paid and refunded".to_owned(),
            Meaning::LeftOut => "Leave these rows out".to_owned(),
        },
        flag: flag(&format!("--{meaning}"), value),
        consequence: match meaning {
            Meaning::Failed => format!("{count} on the list, if in the outage"),
            Meaning::Paid => format!("{count} can close whom they pay"),
            Meaning::Refunded => format!("{count} can open cases again"),
            Meaning::LeftOut => format!("{count} count for nothing"),
        },
        rows_in_outage: None,
        people: None,
    };
    let at = Meaning::ALL
        .iter()
        .position(|meaning| *meaning == proposed)
        .unwrap_or(0);
    let choices = Meaning::ALL.iter().map(choice).collect();
    let who = if example.is_empty() {
        String::new()
    } else {
        format!(", {example}")
    };
    let why = match value {
        "" => format!("Rows with a time say nothing in {header:?} ({count}{who})."),
        value => format!("Nobody knows what {value:?} in {header:?} means ({count}{who})."),
    };
    let mut question = Question::new(About::Status, header, why, (choices, at));
    question.value = Some(value.to_owned());
    question
}

/// What a person said that values mean.
pub(super) fn said(draft: &mut Draft<'_>) {
    for (value, meaning) in &draft.hints.statuses {
        draft.terms.statuses.insert(status_key(value), *meaning);
    }
    draft.terms.others_left_out = draft.hints.others_left_out;
}
