//! Step 2 where nothing is asked: what is known of the file.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::tz::TimeZone;

use super::cards::whole;
use super::columns::shown;
use super::lane::{Lane, Scale, span};
use super::page::Preview;
use super::questions::{in_how_many, sum, summary};
use super::{first_step, href, import_of};
use crate::domain::field::Field;
use crate::domain::ids::ImportId;
use crate::domain::meaning::Meaning;
use crate::domain::window::Window;
use crate::outreach::Office;
use crate::outreach::import::{About, Column, ImportKind, ImportState, Weighed, Words};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};
use crate::web::show::{address, outage_window, zone};

type Path = web::Path<(String, ImportId)>;

/// What is known of a file of which nothing is asked.
#[derive(Template)]
#[template(path = "imports/understood.html", blocks = ["main"])]
pub struct UnderstoodPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// This import's address.
    pub href: String,
    /// The file holds successful payments.
    pub successes: bool,
    /// What it is.
    pub heading: String,
    /// The file, its rows and columns.
    pub summary: String,
    /// When the outage was.
    pub window: String,
    /// What was understood: about what, and in which words.
    pub lines: Vec<(&'static str, String)>,
    /// The rows beside the outage.
    pub lane: Option<Lane>,
    /// Why nothing is asked.
    pub reasons: Vec<String>,
    /// What was said of an earlier file is used.
    pub remembered: bool,
    /// One row as it will look.
    pub preview: Preview,
    /// What the rows do.
    pub sum: String,
    /// In how many rows that was counted.
    pub counted: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// The row to show, from 1.
    row: Option<u64>,
}

/// The page; a file of which something is asked leads to its questions.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (path, row) = (path.into_inner(), asked.row.unwrap_or(1));
    let (outage, import, found) = ask(&office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        if import.state() != ImportState::Received {
            return Ok((outage, import, None));
        }
        let weighed = office.weigh_import(import.id, None, false)?;
        let preview = office.preview_import(import.id, None, row)?;
        Ok((outage, import, Some((weighed, preview))))
    })
    .await?;
    let here = href(&outage, import.id);
    let Some((weighed, row)) = found else {
        return Ok(see_other(&here));
    };
    match first_step(&weighed.layout) {
        "understood" => {}
        step => return Ok(see_other(&format!("{here}/{step}"))),
    }
    let (zone, layout) = (zone(&outage), &weighed.layout);
    let window = Window {
        start: outage.starts_at,
        end: outage.ends_at,
    };
    let lane = Scale::of(std::iter::once(&weighed.outcome), window).map(|scale| scale.lane(&weighed.outcome));
    let page = UnderstoodPage {
        chrome: frame(&office, &staff, &outage, Place::Imports).await?,
        base: address(&outage),
        successes: import.kind() == ImportKind::Successes,
        heading: match &layout.known {
            Some(known) => format!("{known}. Nothing to ask."),
            None => "A file like an earlier one. Nothing to ask.".to_owned(),
        },
        summary: format!("{}: {}", import.file_name, summary(&weighed)),
        window: format!("{}, {}", outage_window(&outage, &zone), outage.time_zone),
        lines: lines(&weighed, &zone),
        lane,
        reasons: reasons(&weighed),
        remembered: layout.remembered,
        preview: shown(&row, &outage, &here),
        sum: sum(&weighed),
        counted: in_how_many(&weighed),
        href: here,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// What was understood, each with its column and a value.
fn lines(weighed: &Weighed, zone: &TimeZone) -> Vec<(&'static str, String)> {
    vec![
        ("Clock", clock(weighed, zone)),
        ("What happened", happened(weighed)),
        ("Who", who(weighed)),
        ("How to reach them", reached(weighed)),
        ("Money and repeats", money(weighed)),
    ]
}

fn column(weighed: &Weighed, field: Field) -> Option<&Column> {
    weighed
        .layout
        .columns
        .iter()
        .find(|column| column.field == Some(field))
}

/// A column by its header and its first value.
fn with_value(column: &Column) -> String {
    match column.samples.iter().find(|value| !value.is_empty()) {
        Some(value) => format!("{}, like {value}", column.header),
        None => format!("{}, empty in the first rows", column.header),
    }
}

/// Why times are read on this clock.
pub(super) fn why_this_clock(weighed: &Weighed) -> String {
    let layout = &weighed.layout;
    let settled = layout.settled.iter().find(|one| one.about == About::Clock);
    match (&layout.said.times_in, settled) {
        (Some(said), _) => format!("Times are in {said}, as was said."),
        (None, Some(settled)) => settled.why.clone(),
        (None, None) if weighed.outcome.zone_unsaid => {
            "Times carry no zone: they are in the outage's own.".to_owned()
        }
        (None, None) => "Each time carries its zone.".to_owned(),
    }
}

fn clock(weighed: &Weighed, zone: &TimeZone) -> String {
    let times = [Field::Timestamp, Field::Date, Field::Time];
    let columns: Vec<String> = times
        .iter()
        .filter_map(|field| column(weighed, *field).map(with_value))
        .collect();
    let outcome = &weighed.outcome;
    format!(
        "{}. {} On the outage's clock from {}; {} of {} in the outage.",
        columns.join("; "),
        why_this_clock(weighed),
        span(outcome, zone),
        count(whole(outcome.inside + outcome.paid_inside)),
        counted(whole(outcome.rows()), "payment lies", "payments lie"),
    )
}

/// What became of each payment. Some rows give money back by their amount, whatever their word means.
fn happened(weighed: &Weighed) -> String {
    let Some(Words { header, words, .. }) = &weighed.words else {
        return "No column says it: all rows are read alike.".to_owned();
    };
    let refunds = words
        .iter()
        .filter(|word| word.meaning == Some(Meaning::Refunded));
    let by_word: u64 = refunds.map(|word| word.rows).sum();
    let back = match weighed.outcome.refunded.saturating_sub(by_word) {
        0 => String::new(),
        rows => format!(" {} money back.", counted(whole(rows), "row gives", "rows give")),
    };
    let word = |word: &crate::outreach::import::Word| {
        let means = match word.meaning {
            Some(Meaning::Failed) => "failed",
            Some(Meaning::Paid) => "paid",
            Some(Meaning::Refunded) => "refunded",
            Some(Meaning::LeftOut) | None => "left out",
        };
        let rows = counted(whole(word.rows), "row", "rows");
        let value = Some(word.value.as_str()).filter(|value| !value.is_empty());
        format!("{} in {rows} means {means}", value.unwrap_or("no word"))
    };
    let words: Vec<String> = words.iter().map(word).collect();
    format!("{header}: {}.{back}", words.join("; "))
}

fn who(weighed: &Weighed) -> String {
    let fields = [Field::AccountId, Field::Email, Field::Phone];
    let by = fields.iter().find_map(|field| column(weighed, *field));
    let people = counted(whole(weighed.outcome.people), "person", "people");
    match by {
        Some(column) => format!("{}. {people} failed in the outage.", with_value(column)),
        None => format!("{people} failed in the outage."),
    }
}

fn reached(weighed: &Weighed) -> String {
    let outcome = &weighed.outcome;
    let payments = counted(whole(outcome.rows()), "payment has", "payments have");
    let told = [
        (Field::Email, outcome.with_email),
        (Field::Phone, outcome.with_phone),
    ];
    let told: Vec<String> = told
        .iter()
        .filter_map(|(field, works)| {
            let header = &column(weighed, *field)?.header;
            Some(format!(
                "{header}: {} of {payments} one that works.",
                count(whole(*works))
            ))
        })
        .collect();
    match told.is_empty() {
        true => "By letter only: no column holds an e-mail address or a telephone number.".to_owned(),
        false => told.join(" "),
    }
}

fn money(weighed: &Weighed) -> String {
    let amounts = [
        (Field::Amount, "written in full"),
        (Field::AmountCents, "written in cents"),
    ];
    let amount = amounts
        .iter()
        .find_map(|(field, unit)| Some(format!("{}, is {unit}.", with_value(column(weighed, *field)?))));
    let once = column(weighed, Field::TransactionId)
        .map(|column| format!("{} counts each payment once.", column.header));
    let told: Vec<String> = [amount, once].into_iter().flatten().collect();
    match told.is_empty() {
        true => "No column holds amounts or numbers of payments.".to_owned(),
        false => told.join(" "),
    }
}

fn reasons(weighed: &Weighed) -> Vec<String> {
    let layout = &weighed.layout;
    let known = layout
        .known
        .as_ref()
        .map(|known| format!("All headers by which \u{201c}{known}\u{201d} is known are there."));
    let remembered = layout.remembered.then(|| {
        "A person said how a file with the same headers is meant, and that import counted.".to_owned()
    });
    let looked = "The values of its first rows were looked at again. None asks for an answer.".to_owned();
    [known, remembered, Some(looked)].into_iter().flatten().collect()
}
