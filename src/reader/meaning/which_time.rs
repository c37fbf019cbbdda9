//! Which of a file's times is meant: in a file of failures that of the attempt, in a reconciliation that of the money.

use super::draft::Draft;
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use super::words::{self, TimeOf};
use crate::broken::Variant;
use crate::domain::cell;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::domain::meaning::Meaning;
use crate::domain::moment::{Calendar, Moment};
use crate::domain::terms::Terms;
use crate::domain::timestamp::Timestamp;
use crate::domain::window::Side;
use crate::domain::zone::Zone;
use crate::reader::layout::Doubt;

/// Digits of a day that is written without signs.
const COMPACT_DAY: usize = 8;

/// What the values of a column of times are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A day and a time of day.
    Moment,
    /// A day alone.
    Day,
    /// A time of day alone.
    Clock,
}

/// A time that the file holds: one column, or a day and the clock beside it.
#[derive(Clone, Debug)]
struct Candidate {
    column: usize,
    clock: Option<usize>,
    of: TimeOf,
    day_only: bool,
    /// Most of the records that it could be told of have it.
    filled: bool,
    /// Its header is the name of a time.
    named: bool,
}

/// Chooses the column of the time, or the two of day and clock.
pub(super) fn choose(draft: &mut Draft<'_>) -> Option<Doubt> {
    let said = [Field::Timestamp, Field::Date]
        .into_iter()
        .any(|field| draft.is_said(field));
    if said {
        nothing_beside_a_day(draft);
        beside(draft);
        return None;
    }
    not_by_name_alone(draft);
    let mut found = candidates(draft);
    let failures = draft.around.kind == ImportKind::Failed;
    found.sort_by_key(|one| {
        let of = match (one.of, failures || !stands(Variant::AnyTime)) {
            (of, true) => of as u8,
            (TimeOf::Money, false) => 0,
            (of, false) => of as u8 + 1,
        };
        (
            one.of == TimeOf::Other,
            !one.filled,
            failures && one.day_only,
            of,
            words::may_be_of_payment(draft.header(one.column)),
            !one.named,
            one.column,
        )
    });
    let best = found.first().filter(|best| best.of != TimeOf::Other)?.clone();
    take(draft, &best);
    if failures && stands(Variant::AnyTime) {
        ask_which(draft, &best, &found);
    }
    (!best.named).then_some(Doubt::ByContent {
        column: best.column + 1,
        field: Field::Timestamp,
    })
}

/// A column that is called a time and holds none is none.
fn not_by_name_alone(draft: &mut Draft<'_>) {
    for field in [Field::Timestamp, Field::Date, Field::Time] {
        let Some(column) = draft.column_of(field).filter(|column| !draft.is_chosen(*column)) else {
            continue;
        };
        if draft.values(column).next().is_some() && kind(draft, column).is_none() {
            draft.give(column, None, true);
        }
    }
}

fn take(draft: &mut Draft<'_>, best: &Candidate) {
    for field in [Field::Timestamp, Field::Date, Field::Time] {
        if let Some(column) = draft.column_of(field) {
            draft.give(column, None, true);
        }
    }
    match (best.clock, best.day_only) {
        (Some(clock), _) => {
            draft.give(best.column, Some(Field::Date), best.named);
            draft.give(clock, Some(Field::Time), true);
        }
        (None, true) => draft.give(best.column, Some(Field::Date), best.named),
        (None, false) => draft.give(best.column, Some(Field::Timestamp), best.named),
    }
}

/// A person named the day: another column that is called the time of the payment is not.
fn nothing_beside_a_day(draft: &mut Draft<'_>) {
    let other = draft
        .column_of(Field::Timestamp)
        .filter(|_| draft.is_said(Field::Date));
    if let Some(column) = other.filter(|column| !draft.is_chosen(*column)) {
        draft.give(column, None, true);
    }
}

/// A person named the day: the clock beside it belongs to it, if there is one.
fn beside(draft: &mut Draft<'_>) {
    let Some(day) = draft.column_of(Field::Date) else {
        return;
    };
    if draft.holds(Field::Time) && draft.is_said(Field::Time) || kind(draft, day) != Some(Kind::Day) {
        return;
    }
    if let Some(clock) = clock_for(draft, day) {
        draft.give(clock, Some(Field::Time), true);
    }
}

fn candidates(draft: &Draft<'_>) -> Vec<Candidate> {
    let open = draft.open_columns().into_iter();
    let times = open.filter_map(|column| Some((column, kind(draft, column)?)));
    let candidate = |(column, kind): (usize, Kind)| {
        let header = draft.header(column);
        let clock = match kind {
            Kind::Day => clock_for(draft, column),
            Kind::Moment => None,
            Kind::Clock => return None,
        };
        let named = matches!(draft.named(column), Some((Field::Timestamp | Field::Date, _)));
        Some(Candidate {
            column,
            of: match (words::time_of(header), draft.around.kind) {
                (TimeOf::Money, ImportKind::Failed) if words::may_be_of_payment(header) => TimeOf::Payment,
                (of, _) => of,
            },
            day_only: kind == Kind::Day && clock.is_none(),
            filled: filled(draft, column) >= 0.5,
            named: named || words::time_of(header) != TimeOf::Payment,
            clock,
        })
    };
    times.filter_map(candidate).collect()
}

/// How many of the records have a value there, of one; in a reconciliation of those that were paid, for money comes with no others.
fn filled(draft: &Draft<'_>, column: usize) -> f64 {
    let status = draft.column_of(Field::Status);
    let status = status.filter(|_| draft.around.kind == ImportKind::Successes && stands(Variant::AnyTime));
    let Some(status) = status else {
        return draft.filled(column);
    };
    let rows = draft.cells(status).iter().zip(draft.cells(column));
    let paid = rows.filter(|(status, _)| draft.terms.meaning(status) == Some(Meaning::Paid));
    let paid: Vec<bool> = paid.map(|(_, cell)| !cell.is_empty()).collect();
    match paid.is_empty() {
        true => draft.filled(column),
        false => paid.iter().filter(|filled| **filled).count() as f64 / paid.len() as f64,
    }
}

/// The column of clocks that belongs to a day: the one that shares most words with its header, else the nearest.
fn clock_for(draft: &Draft<'_>, day: usize) -> Option<usize> {
    let own = crate::domain::header::header_words(draft.header(day));
    let shared = |column: &usize| {
        let words = crate::domain::header::header_words(draft.header(*column));
        words.iter().filter(|word| own.contains(word)).count()
    };
    let open = draft.open_columns().into_iter();
    let clocks = open.filter(|column| kind(draft, *column) == Some(Kind::Clock));
    clocks.max_by_key(|column| (shared(column), std::cmp::Reverse(column.abs_diff(day))))
}

/// Whether a value is nothing but numbers: `1773043566`, and `20260309-000037`, as receipts that count within a day are numbered.
fn is_numbers(value: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let leading = value.bytes().take_while(|byte| is_digit(byte)).count();
    let joins = |byte: u8| byte == b'.' || leading >= COMPACT_DAY && matches!(byte, b'-' | b'_');
    value.bytes().all(|byte| is_digit(&byte) || joins(byte))
}

/// What most of a column's values are; numbers only where the header speaks of a time.
fn kind(draft: &Draft<'_>, column: usize) -> Option<Kind> {
    draft.values(column).next()?;
    let header = draft.header(column);
    let named = matches!(draft.named(column), Some((Field::Timestamp | Field::Date, _)));
    if !named && words::is_reference(header) && words::time_of(header) == TimeOf::Payment {
        return None; // receipts may begin with a day
    }
    let numbers = named
        || matches!(
            words::time_of(draft.header(column)),
            TimeOf::Attempt | TimeOf::Money
        );
    let calendar = Calendar::new(Zone::utc());
    let read = |value: &str| match is_numbers(value) && !numbers {
        true => None,
        false => calendar
            .clone()
            .ordered(Some(crate::domain::moment::Order::DayFirst))
            .moment(value, None),
    };
    let is_moment = |value: &str| matches!(read(value), Some(Moment::At(..)));
    let is_day = |value: &str| matches!(read(value), Some(Moment::Day(_)));
    let enough = if named { 0.3 } else { 0.5 };
    let (moments, days) = (draft.share(column, is_moment), draft.share(column, is_day));
    if moments + days > enough {
        return Some(if moments >= days { Kind::Moment } else { Kind::Day });
    }
    (draft.share(column, |value| {
        !cell::is_digits(value) && Calendar::is_clock(value)
    }) > 0.5)
        .then_some(Kind::Clock)
}

/// Two times of one kind that put different rows into the outage, or another one that puts any into it where the chosen one puts
/// none: a person says which.
fn ask_which(draft: &mut Draft<'_>, best: &Candidate, all: &[Candidate]) {
    let like = |other: &&Candidate| {
        other.column != best.column
            && other.of == best.of
            && other.filled == best.filled
            && other.day_only == best.day_only
    };
    let inside = |draft: &Draft<'_>, one: &Candidate| {
        let times = instants(draft, one);
        times
            .iter()
            .map(|at| at.is_some_and(|at| draft.around.window.side(at) == Side::Inside))
            .collect::<Vec<_>>()
    };
    let own = inside(draft, best);
    let is_empty = !own.contains(&true);
    let differs = |other: &&Candidate| like(other) && inside(draft, other) != own;
    let fits = |other: &&Candidate| is_empty && inside(draft, other).contains(&true);
    let rival = all.iter().find(fits).or_else(|| all.iter().find(differs));
    let Some(rival) = rival else { return };
    let choice = |one: &Candidate, inside: Vec<bool>| {
        let rows = inside.iter().filter(|inside| **inside).count();
        Choice {
            answer: draft.shown(one.column),
            flag: match one.clock {
                Some(clock) => format!(
                    "{} {}",
                    flag("--map", &format!("date={}", draft.header(one.column))),
                    flag("--map", &format!("time={}", draft.header(clock)))
                ),
                None => flag("--map", &format!("timestamp={}", draft.header(one.column))),
            },
            consequence: format!("{rows} of {} rows in the outage", inside.len()),
            rows_in_outage: Some(rows as u64),
            people: None,
        }
    };
    let choices = vec![choice(best, own), choice(rival, inside(draft, rival))];
    let why = format!(
        "{:?} and {:?} both could be the time of the attempt, and differ.",
        draft.shown(best.column),
        draft.shown(rival.column)
    );
    let question = Question::new(
        About::Column,
        draft.header(best.column),
        why,
        (choices, usize::from(is_empty)),
    );
    draft.questions.push(question);
}

/// The instants of a candidate, each by the zone that its header says.
fn instants(draft: &Draft<'_>, one: &Candidate) -> Vec<Option<Timestamp>> {
    let terms = Terms {
        zone: words::zone_in(draft.header(one.column)).map(|zone| zone.to_string()),
        ..Terms::default()
    };
    let calendar = crate::reader::layout::calendar(&terms, &draft.around.zone, draft.since_1904);
    let read = |(row, value): (usize, &String)| {
        let clock = one
            .clock
            .and_then(|clock| draft.cells(clock).get(row))
            .map_or("", String::as_str);
        let found = match one.clock {
            Some(_) => calendar.join(value, clock, None),
            None => calendar.moment(value, None),
        };
        match found? {
            Moment::At(at, _) => Some(at),
            Moment::Day(_) => None,
        }
    };
    draft.cells(one.column).iter().enumerate().map(read).collect()
}
