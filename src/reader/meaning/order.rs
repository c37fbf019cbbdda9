//! Day first or month first, one reading for a column.

use super::draft::Draft;
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::moment::{Calendar, Order, Reads};

/// Settles the order of each column of dates, or asks.
pub(super) fn settle(draft: &mut Draft<'_>) {
    for field in [Field::Timestamp, Field::Date, Field::FilingDeadline] {
        let Some(column) = draft.column_of(field) else {
            continue;
        };
        if draft.terms.orders.contains_key(&field) || !stands(Variant::OrderNotAsked) {
            continue;
        }
        let reads: Vec<Reads> = draft.values(column).filter_map(Calendar::reads).collect();
        let has = |reading| reads.contains(&reading);
        let order = match (
            has(Reads::Only(Order::DayFirst)),
            has(Reads::Only(Order::MonthFirst)),
        ) {
            (true, false) => Some((Order::DayFirst, "other days of the column leave no other order")),
            (false, true) => Some((Order::MonthFirst, "other days of the column leave no other order")),
            _ => in_header(draft.header(column)).map(|order| (order, "the header says so")),
        };
        if let Some((order, why)) = order {
            draft.terms.orders.insert(field, order);
            if has(Reads::Either) {
                draft.settle(About::OrderOfDay, column, format!("{}: {why}.", said(order)));
            }
        } else if has(Reads::Either) && field != Field::FilingDeadline {
            ask(draft, field, column);
        }
    }
}

fn in_header(header: &str) -> Option<Order> {
    let lower = header.to_ascii_lowercase();
    let has = |forms: &[&str]| forms.iter().any(|form| lower.contains(form));
    match (
        has(&["dd/mm", "dd.mm", "dd-mm", "tt.mm", "jj/mm", "gg/mm"]),
        has(&["mm/dd", "mm-dd", "mm.dd"]),
    ) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

const fn said(order: Order) -> &'static str {
    match order {
        Order::DayFirst => "The day stands first",
        Order::MonthFirst => "The month stands first",
    }
}

/// The order that puts more rows into the window is proposed; where both do alike, the habit of the United States.
fn ask(draft: &mut Draft<'_>, field: Field, column: usize) {
    let header = draft.header(column).to_owned();
    let trial = |order| {
        let mut terms = draft.terms.clone();
        terms.orders.insert(field, order);
        draft.trial(&draft.fields(), terms)
    };
    let [month, day] = [Order::MonthFirst, Order::DayFirst].map(|order| (order, trial(order)));
    let proposed = usize::from(day.1.inside() > month.1.inside());
    let choices = [month, day].map(|(order, trial)| Choice {
        answer: said(order).to_owned(),
        flag: match order {
            Order::DayFirst => flag("--day-first", &header),
            Order::MonthFirst => flag("--month-first", &header),
        },
        consequence: trial.told(&draft.around.zone),
        rows_in_outage: Some(trial.inside()),
        people: Some(trial.people()),
    });
    let either = |value: &&str| Calendar::reads(value) == Some(Reads::Either);
    let example = draft.values(column).find(either).unwrap_or_default();
    let why = format!(
        "{example:?} in {:?} could be two different days.",
        draft.shown(column)
    );
    let question = Question::new(About::OrderOfDay, &header, why, (choices.to_vec(), proposed));
    draft.questions.push(question);
}
