//! From what the office knows to what the citizen's pages show: no more than a first name and when the
//! payment failed.

use jiff::tz::TimeZone;

use super::Entered;
use super::calendar::Call;
use super::page::{
    CostPage, DetailsPage, DonePage, FailedRow, Frame, LetterPage, Problem, QuestionsPage, Shut, ShutPage,
};
use super::times::Clock;
use super::told::{Told, pay};
use crate::domain::reply::Reply;
use crate::domain::tax_words::tax;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::{Language, local_day};
use crate::domain::zone::Zone;
use crate::mail::clean::capital;
use crate::outreach::citizen::agency::Agency;
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
    pub(super) agency: Agency,
    pub(super) language: Language,
}

fn frame(outage: &Outage, case: &Case, seen: Seen<'_>) -> Frame {
    Frame {
        about: outage.name_in(seen.language),
        action: format!("/c/{}", seen.link),
        name: case.given_name.clone(),
        ..frame_of(seen.agency, seen.language)
    }
}

/// What stands around a page that is about nobody.
pub(super) fn frame_of(agency: Agency, language: Language) -> Frame {
    let dialled = |letter: &char| letter.is_ascii_digit() || *letter == '+';
    let digits: String = agency.help_phone.chars().filter(dialled).collect();
    Frame {
        language,
        agency: agency.name,
        help: (digits, agency.help_phone),
        ..Frame::default()
    }
}

/// The citizen's clock, by which all times are said.
fn home(book: &Rulebook, case: &Case) -> (Zone, TimeZone) {
    let zones = Rulebook::zones(&case.time_zone);
    let home = book.hours.home(&zones).clone();
    let zone = TimeZone::get(home.name()).unwrap_or(TimeZone::UTC);
    (home, zone)
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
    let (outage, wish) = (&visit.book.outage, entered.time());
    let clock = Clock {
        home: &home,
        language,
        now: visit.now,
    };
    let is_full = problem == Some(Problem::Full);
    QuestionsPage {
        day: language.day(local_day(failed, &zone)),
        time: clock.clock(failed),
        window: window(outage, failed, (clock, &zone)),
        told: Told::of(outage, &visit.case, local_day(visit.now, &zone), language),
        settled: is_settled(&visit.case),
        choice: entered.choice.clone(),
        days: clock.days(&visit.slots, wish),
        nearest: wish
            .filter(|_| is_full)
            .map_or_else(Vec::new, |wish| clock.nearest(&visit.slots, wish)),
        zone: language.zone_name(visit.now, &zone),
        phone: entered.phone.clone(),
        speak: entered.spoken().unwrap_or(language).code().to_owned(),
        has_phone: visit.case.phone.is_some(),
        has_details: digits(&visit.case).is_some(),
        problem,
        for_letter: entered.for_letter,
        cost: (*entered.cost).clone(),
        until: language.day(local_day(visit.until, &zone)),
        code: visit.case.code.clone(),
        frame: frame(outage, &visit.case, seen),
    }
}

/// Nothing is left for them to do. Who was charged is told so all the same: it is still ours to put right.
fn is_settled(case: &Case) -> bool {
    match case.resolution.as_deref().unwrap_or_default() {
        "not_affected" => true,
        "paid" | "resolved_by_call" => !case.charged().was_taken(),
        _ => false,
    }
}

/// From when until when it was down, if that was on the day of the failed payment; else that says nothing about it.
fn window(
    outage: &Outage,
    failed: Timestamp,
    (clock, zone): (Clock<'_>, &TimeZone),
) -> Option<(String, String)> {
    let on_the_day = |at: Timestamp| local_day(at, zone) == local_day(failed, zone);
    let (from, until) = (outage.starts_at, outage.ends_at);
    (on_the_day(from) && on_the_day(until)).then(|| (clock.clock(from), clock.clock(until)))
}

/// The answer that was given.
pub(super) fn done(visit: &Visit, given: &Answer, seen: Seen<'_>) -> DonePage {
    let (home, zone) = home(&visit.book, &visit.case);
    let (outage, language) = (&visit.book.outage, seen.language);
    let clock = Clock {
        home: &home,
        language,
        now: visit.now,
    };
    let call = given.call_at.map(|at| {
        let day = capital(&language.weekday(local_day(at, &zone)));
        let time = format!("{} ({})", clock.clock(at), language.zone_name(at, &zone));
        (day, time)
    });
    let told = Told::of(outage, &visit.case, local_day(visit.now, &zone), language);
    DonePage {
        pay: match given.choice.parse() {
            Ok(Reply::HavePaid) => Default::default(),
            Ok(Reply::NotTaken) => pay(outage), // their own statement says so
            _ => told.pay.clone(),
        },
        told,
        choice: given.choice.clone(),
        call,
        other_phone: given.phone.is_some(),
        language: Language::of(&given.language).name(),
        caller_id: show::person::phone(&outage.caller_id),
        until: language.day(local_day(visit.until, &zone)),
        code: visit.case.code.clone(),
        frame: frame(outage, &visit.case, seen),
    }
}

/// Amounts and kinds of tax.
pub(super) fn details(
    book: &Rulebook,
    case: &Case,
    payments: &[FailedPayment],
    (seen, now): (Seen<'_>, Timestamp),
) -> DetailsPage {
    let (_, zone) = home(book, case);
    let language = seen.language;
    let row = |payment: &FailedPayment| FailedRow {
        when: capital(&language.moment(payment.occurred_at, &zone)),
        tax: tax(payment.tax_type.as_deref().unwrap_or_default(), language),
        amount: payment.amount_cents.map(show::count::dollars).unwrap_or_default(),
    };
    DetailsPage {
        payments: payments.iter().map(row).collect(),
        told: Told::of(&book.outage, case, local_day(now, &zone), language),
        frame: frame(&book.outage, case, seen),
    }
}

/// What it cost them is noted.
pub(super) fn cost(visit: &Visit, seen: Seen<'_>) -> CostPage {
    CostPage {
        frame: frame(&visit.book.outage, &visit.case, seen),
    }
}

/// The letter to show to others.
pub(super) fn letter(
    book: &Rulebook,
    case: &Case,
    payments: &[FailedPayment],
    (seen, now): (Seen<'_>, Timestamp),
) -> LetterPage {
    let (_, zone) = home(book, case);
    let (language, outage) = (seen.language, &book.outage);
    let first = local_day(outage.starts_at, &zone);
    let is_one_day = first == local_day(outage.ends_at, &zone);
    let told = |at: Timestamp| match is_one_day {
        true => language.clock_at(at, &zone),
        false => language.moment(at, &zone),
    };
    LetterPage {
        name: case.full_name(),
        day: if is_one_day {
            language.full(first)
        } else {
            String::new()
        },
        window: (told(outage.starts_at), told(outage.ends_at)),
        tried: payments
            .iter()
            .map(|payment| capital(&language.moment_with_zone(payment.occurred_at, &zone)))
            .collect(),
        told: Told::of(outage, case, local_day(now, &zone), language),
        written: language.full(local_day(now, &zone)),
        frame: frame(outage, case, seen),
    }
}

/// The call that was chosen, as a file for a calendar.
pub(super) fn call(visit: &Visit, agency: &str, language: Language) -> Option<String> {
    let answer = visit.answer.as_ref()?;
    let t = language.citizen();
    let caller_id = show::person::phone(&visit.book.outage.caller_id);
    let mut more = t.says_code.with("code", &visit.case.code);
    if !caller_id.is_empty() {
        more = format!("{} {more}", t.phone_shows.with("number", caller_id));
    }
    let call = Call {
        at: answer.call_at?,
        chosen_at: answer.at,
        title: &t.calendar_call.with("agency", agency),
        more: &more,
        outage: &visit.book.outage.slug,
        case: visit.case.id,
    };
    Some(call.file())
}

/// A link that opens nothing, of an outage or of none.
pub(super) fn shut(why: Shut, agency: Agency, outage: Option<&Outage>, language: Language) -> ShutPage {
    ShutPage {
        frame: Frame {
            about: outage.map(|outage| outage.name_in(language)).unwrap_or_default(),
            ..frame_of(agency, language)
        },
        why,
    }
}
