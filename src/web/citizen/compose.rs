//! From what the office knows to what the citizen's pages show: no more than a first name and when the
//! payment failed.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Entered;
use super::page::{
    Day, DetailsPage, DonePage, FailedRow, Frame, Problem, QuestionsPage, ShutPage, SlotChoice, Tongue,
};
use crate::domain::charged::Charged;
use crate::domain::day_part::DayPart;
use crate::domain::slot::Slot;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::{Language, local_day};
use crate::domain::zone::{Zone, calendar};
use crate::mail::clean::capital;
use crate::outreach::Office;
use crate::outreach::citizen::{Visit, details::digits};
use crate::outreach::rulebook::Rulebook;
use crate::store::answers::Answer;
use crate::store::cases::Case;
use crate::store::desk::FailedPayment;
use crate::store::outages::Outage;
use crate::web::show;

/// Who looks, and through which link.
pub(super) struct Seen<'a> {
    pub(super) link: &'a str,
    pub(super) agency: String,
    pub(super) language: Language,
}

/// The agency's name.
pub(super) fn agency(office: &Office, outage: &Outage) -> String {
    match outage.agency_name.as_str() {
        "" => office.sender_name().to_owned(),
        named => capital(named), // it stands in sentences elsewhere: `the Department of …`
    }
}

fn frame(outage: &Outage, case: &Case, seen: Seen<'_>) -> Frame {
    Frame {
        t: Tongue(seen.language),
        agency: seen.agency,
        about: outage.name.clone(),
        action: format!("/c/{}", seen.link),
        name: case.given_name.clone(),
        help: help(outage),
    }
}

/// The help number, to dial and to read.
fn help(outage: &Outage) -> (String, String) {
    let digits: String = outage
        .help_phone
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '+')
        .collect();
    (digits, outage.help_phone.clone())
}

/// Where to pay, to follow and to read. What is no web address is not a link.
fn pay(outage: &Outage) -> (String, String) {
    let url = outage.pay_url.as_str();
    let shown = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    shown.map_or_else(Default::default, |shown| (url.to_owned(), shown.to_owned()))
}

/// The citizen's clock, by which all times are said.
fn home(book: &Rulebook, case: &Case) -> (Zone, TimeZone) {
    let zones = Rulebook::zones(&case.time_zone);
    let home = book.hours.home(&zones).clone();
    let zone = TimeZone::get(home.name()).unwrap_or(TimeZone::UTC);
    (home, zone)
}

fn clock(language: Language, home: &Zone, at: Timestamp) -> String {
    let local = home.local(at);
    language.clock(local.hour(), local.minute())
}

/// The questions.
pub(super) fn questions(
    visit: &Visit,
    seen: Seen<'_>,
    entered: &Entered,
    problem: Option<Problem>,
) -> QuestionsPage {
    let (home, zone) = home(&visit.book, &visit.case);
    let (language, failed) = (seen.language, visit.case.last_failed_at);
    let settled = ["paid", "resolved_by_call", "not_affected"];
    let resolution = visit.case.resolution.as_deref().unwrap_or_default();
    QuestionsPage {
        day: language.day(local_day(failed, &zone)),
        time: clock(language, &home, failed),
        not_charged: visit.case.charged == Charged::NotCharged.as_str(),
        settled: settled.contains(&resolution),
        pay: pay(&visit.book.outage),
        choice: entered.choice.clone(),
        days: days(&visit.slots, &home, language, &entered.slot),
        phone: entered.phone.clone(),
        has_phone: visit.case.phone.is_some(),
        has_details: digits(&visit.case).is_some(),
        problem,
        until: language.day(local_day(visit.until, &zone)),
        code: visit.case.code.clone(),
        frame: frame(&visit.book.outage, &visit.case, seen),
    }
}

/// The slots by day.
fn days(slots: &[Slot], home: &Zone, language: Language, chosen: &str) -> Vec<Day> {
    let mut days: Vec<(Date, Day)> = Vec::new();
    for slot in slots {
        let choice = choice(slot, home, language, chosen);
        match days.last_mut() {
            Some((day, last)) if *day == slot.day => last.slots.push(choice),
            _ => days.push((
                slot.day,
                Day {
                    name: capital(&language.weekday(calendar(slot.day))),
                    slots: vec![choice],
                },
            )),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn choice(slot: &Slot, home: &Zone, language: Language, chosen: &str) -> SlotChoice {
    let t = Tongue(language);
    let value = slot.from().micros().to_string();
    SlotChoice {
        name: match slot.part {
            DayPart::Morning => t.say("Morning", "Mañana"),
            DayPart::Afternoon => t.say("Afternoon", "Tarde"),
            DayPart::Evening => t.say("Evening", "Noche"),
        },
        times: format!("{}–{}", short(home, slot.from()), short(home, slot.until())),
        chosen: chosen == value,
        value,
    }
}

/// `8`, `5:30`: the part of the day says the rest.
fn short(home: &Zone, at: Timestamp) -> String {
    let local = home.local(at);
    let twelve = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    match local.minute() {
        0 => twelve.to_string(),
        minute => format!("{twelve}:{minute:02}"),
    }
}

/// The answer that was given.
pub(super) fn done(visit: &Visit, given: &Answer, seen: Seen<'_>) -> DonePage {
    let (home, zone) = home(&visit.book, &visit.case);
    let language = seen.language;
    let call = given.call_at.map(|at| {
        let day = capital(&language.weekday(local_day(at, &zone)));
        (day, clock(language, &home, at))
    });
    DonePage {
        choice: given.choice.clone(),
        call,
        other_phone: given.phone.is_some(),
        language: match Language::of(&given.language) {
            Language::English => "English",
            Language::Spanish => "Español",
        },
        caller_id: show::person::phone(&visit.book.outage.caller_id),
        pay: pay(&visit.book.outage),
        until: language.day(local_day(visit.until, &zone)),
        code: visit.case.code.clone(),
        frame: frame(&visit.book.outage, &visit.case, seen),
    }
}

/// Amounts and kinds of tax.
pub(super) fn details(
    book: &Rulebook,
    case: &Case,
    payments: &[FailedPayment],
    seen: Seen<'_>,
) -> DetailsPage {
    let (_, zone) = home(book, case);
    let language = seen.language;
    let row = |payment: &FailedPayment| FailedRow {
        when: capital(&language.moment(payment.occurred_at, &zone)),
        tax: payment
            .tax_type
            .clone()
            .unwrap_or_default()
            .replace(['_', '-'], " "),
        amount: payment.amount_cents.map(show::count::dollars).unwrap_or_default(),
    };
    let deadline = case.filing_deadline.as_deref().and_then(|date| date.parse().ok());
    DetailsPage {
        payments: payments.iter().map(row).collect(),
        deadline: deadline.map(|date| language.weekday(date)).unwrap_or_default(),
        frame: frame(&book.outage, case, seen),
    }
}

/// A link that opens nothing.
pub(super) fn shut(office: &Office, expired: Option<&Outage>, language: Language) -> ShutPage {
    let frame = Frame {
        t: Tongue(language),
        agency: expired.map_or_else(
            || office.sender_name().to_owned(),
            |outage| agency(office, outage),
        ),
        about: expired.map(|outage| outage.name.clone()).unwrap_or_default(),
        help: expired.map(help).unwrap_or_default(),
        ..Frame::default()
    };
    ShutPage {
        frame,
        expired: expired.is_some(),
    }
}
