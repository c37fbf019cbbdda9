//! The answers by which a file was read, one line each, and where each is changed.

use super::check::number;
use super::words::label;
use crate::domain::meaning::Meaning;
use crate::domain::moment::Order;
use crate::domain::money::Decimal;
use crate::outreach::import::{About, Import, Layout, Question, Report};
use crate::web::show::count::{count, counted};

/// Values of one line that are named.
const NAMED: usize = 6;

/// One answer.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// What was asked.
    pub about: &'static str,
    /// The answer.
    pub said: String,
    /// The step on which it is changed, as the form of the check names it.
    pub step: &'static str,
}

/// The step that a form names.
pub(super) fn step(named: &str) -> &'static str {
    match named {
        "questions" => "questions?anew=yes",
        "understood" => "understood",
        _ => "columns",
    }
}

/// The answers of a person, then what was taken as it was proposed.
pub(super) fn given(import: &Import, report: &Report) -> Vec<Given> {
    let Some(layout) = import.read_by() else {
        return Vec::new();
    };
    let mut given: Vec<Given> = clock(&layout).into_iter().chain(words(&layout)).collect();
    given.extend(others(&layout, report));
    given.extend(columns(&layout));
    given.extend(values(&layout));
    given.extend(report.guesses.iter().map(guessed));
    given
}

fn clock(layout: &Layout) -> Option<Given> {
    Some(Given {
        about: "Clock",
        said: layout.said.times_in.clone()?,
        step: "questions",
    })
}

/// What each word of the status means, by meaning.
fn words(layout: &Layout) -> impl Iterator<Item = Given> {
    let meanings = [
        ("Failed rows", Meaning::Failed),
        ("Paid rows", Meaning::Paid),
        ("Refunded rows", Meaning::Refunded),
        ("Rows left out", Meaning::LeftOut),
    ];
    meanings.into_iter().filter_map(|(about, meaning)| {
        let these = layout.said.statuses.iter().filter(|(_, said)| *said == meaning);
        let words: Vec<String> = these.map(|(value, _)| word(value)).collect();
        (!words.is_empty()).then(|| Given {
            about,
            said: some(&words),
            step: "questions",
        })
    })
}

fn word(value: &str) -> String {
    match value {
        "" => "no word".to_owned(),
        value => value.to_owned(),
    }
}

/// What "all others: leave out" left out.
fn others(layout: &Layout, report: &Report) -> Option<Given> {
    layout.said.others_left_out.then(|| Given {
        about: "All other words",
        said: match others_named(report).as_slice() {
            [] => "Left out; no row has one".to_owned(),
            named => format!("Left out: {}", named.join(", ")),
        },
        step: "questions",
    })
}

fn others_named(report: &Report) -> Vec<String> {
    let rows = |rows: u64| counted(number(rows), "row", "rows");
    let named = report.left_out_as.iter().filter(|(value, _)| !value.is_empty());
    let mut named: Vec<(&String, &u64)> = named.collect();
    named.sort_by_key(|(_, rows)| std::cmp::Reverse(**rows));
    let mut further = report.left_out_as.get("").copied().unwrap_or_default();
    further += named.iter().skip(NAMED).map(|(_, rows)| **rows).sum::<u64>();
    let first = named.into_iter().take(NAMED);
    let mut told: Vec<String> = first
        .map(|(value, number)| format!("{value} in {}", rows(*number)))
        .collect();
    if further > 0 {
        told.push(format!("further words in {}", rows(further)));
    }
    told
}

/// Which column holds what, where that was asked.
fn columns(layout: &Layout) -> Vec<Given> {
    let said = &layout.said;
    let mapped = said.map.iter().map(|(field, header)| Given {
        about: label(*field),
        said: header.clone(),
        step: of_columns(layout, header),
    });
    let unread = said.ignore.first().map(|first| Given {
        about: "Not read",
        said: some(&said.ignore),
        step: of_columns(layout, first),
    });
    mapped.chain(unread).collect()
}

/// How values of a column are read, where that was asked.
fn values(layout: &Layout) -> Vec<Given> {
    let said = &layout.said;
    let orders = said.orders.iter().map(|(header, order)| Given {
        about: "Day and month",
        said: match order {
            Order::DayFirst => format!("The day stands first in {header}"),
            Order::MonthFirst => format!("The month stands first in {header}"),
        },
        step: of_columns(layout, header),
    });
    let decimals = said.decimals.iter().map(|(header, sign)| Given {
        about: "Cents",
        said: match sign {
            Decimal::Comma => format!("A comma stands before them in {header}"),
            Decimal::Point => format!("A point stands before them in {header}"),
        },
        step: of_columns(layout, header),
    });
    orders.chain(decimals).collect()
}

/// Where an answer about a column is changed: where it was asked, else on the page of what is known, else at the columns.
fn of_columns(layout: &Layout, header: &str) -> &'static str {
    let asked = layout.answered.iter().any(|question| {
        let names = |flag: &str| !header.is_empty() && flag.contains(header);
        question.column == header || question.choices.iter().any(|choice| names(&choice.flag))
    });
    match (asked, layout.remembered) {
        (true, _) => "questions",
        (false, true) => "understood",
        (false, false) => "columns",
    }
}

/// What nobody answered and was taken as it was proposed.
fn guessed(question: &Question) -> Given {
    let (about, step) = match question.about {
        About::Clock => ("Clock", "questions"),
        About::Status => ("What became of it", "questions"),
        About::Identity => ("Who is who", "columns"),
        About::OrderOfDay => ("Day and month", "columns"),
        About::Decimal => ("Cents", "columns"),
        About::Unit => ("Dollars or cents", "columns"),
        About::Column => ("Column", "columns"),
    };
    let of = match &question.value {
        Some(value) => word(value),
        None => question.column.clone(),
    };
    Given {
        about,
        said: format!("{of}: {}, taken as proposed", question.proposed),
        step,
    }
}

/// The first few of some names, and how many more there are.
fn some(names: &[String]) -> String {
    let named: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    match i64::try_from(names.len().saturating_sub(NAMED)).unwrap_or_default() {
        0 => named.join(", "),
        more => format!("{} and {} more", named.join(", "), count(more)),
    }
}
