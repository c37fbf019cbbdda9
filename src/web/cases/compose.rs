//! From cases to what their pages print.

use jiff::tz::TimeZone;

use super::Asked;
use super::history::history;
use super::page::{
    CasePage, CaseRow, Choice, CostLine, ListPage, PaidRow, PersonRow, StandingRow, TransactionRow,
};
use crate::domain::charged::Charged;
use crate::domain::ids::CallListId;
use crate::domain::reconcile::{Fate, MatchedBy};
use crate::domain::remedy::Remedy;
use crate::domain::timestamp::Timestamp;
use crate::domain::verdict::Verdict;
use crate::outreach::accounts::User;
use crate::outreach::case_file::{CaseFile, Cost, Evidence, Payment};
use crate::outreach::cases::{Case, CasePage as Found};
use crate::outreach::outages::Outage;
use crate::outreach::rulebook::Rulebook;
use crate::web::costs;
use crate::web::layout::Chrome;
use crate::web::show::count::{count, counted, dollars};
use crate::web::show::paging::Paging;
use crate::web::show::stage::{ALL, Shown, shown};
use crate::web::show::time::moment;
use crate::web::show::{address, oddity, person, zone};

/// The list of citizens.
pub fn list_page(
    chrome: Chrome,
    (outage, now): (&Outage, Timestamp),
    found: &Found,
    asked: &Asked,
    paging: Paging,
) -> ListPage {
    let zone = zone(outage);
    let row = |(case, list): &(Case, Option<CallListId>)| case_row(case, *list, found, (now, &zone));
    ListPage {
        chrome,
        base: address(outage),
        heading: heading(found.total, asked),
        stages: stages(asked),
        lists: lists(found, asked),
        languages: languages(found, asked),
        cases: found.cases.iter().map(row).collect(),
        paging,
    }
}

fn heading(total: i64, asked: &Asked) -> String {
    let state = ALL.iter().find(|state| state.key == asked.stage);
    let citizens = counted(total, "citizen", "citizens");
    state.map_or_else(
        || citizens.clone(),
        |state| format!("{citizens}: {}", state.label.to_lowercase()),
    )
}

fn choice(key: &str, label: &str, chosen: &str) -> Choice {
    Choice {
        key: key.to_owned(),
        label: label.to_owned(),
        chosen: key == chosen,
    }
}

fn stages(asked: &Asked) -> Vec<Choice> {
    let all = choice("", "All states", &asked.stage);
    let states = ALL
        .iter()
        .map(|state| choice(state.key, state.label, &asked.stage));
    [all].into_iter().chain(states).collect()
}

fn lists(found: &Found, asked: &Asked) -> Vec<Choice> {
    let fixed = [
        choice("", "All lists", &asked.list),
        choice("pool", "On no list", &asked.list),
    ];
    let lists = found
        .lists
        .iter()
        .map(|list| choice(&list.id.to_string(), &list.name, &asked.list));
    fixed.into_iter().chain(lists).collect()
}

fn languages(found: &Found, asked: &Asked) -> Vec<Choice> {
    let all = choice("", "All languages", &asked.language);
    let known = found
        .languages
        .iter()
        .flatten()
        .map(|code| choice(code, &person::language(code), &asked.language));
    [all].into_iter().chain(known).collect()
}

fn case_row(
    case: &Case,
    list: Option<CallListId>,
    found: &Found,
    (now, zone): (Timestamp, &TimeZone),
) -> CaseRow {
    let state = state(case);
    let list = found.lists.iter().find(|known| Some(known.id) == list);
    let next = match case.resolved_at.filter(|_| state.closed) {
        Some(at) => format!("Closed {}", moment(at, now, zone)),
        None => case.due_at.map_or_else(String::new, |at| due(at, now, zone)),
    };
    CaseRow {
        href: format!("/cases/{}", case.id),
        number: case.id.to_string(),
        name: person::name(&case.given_name, &case.family_name),
        phone: case
            .phone
            .as_deref()
            .map_or_else(|| "No phone".to_owned(), person::phone),
        dot: state.dot,
        state: state.label,
        next,
        tries: tries(case.tries),
        list: list.map_or_else(String::new, |list| list.name.clone()),
        language: person::language(case.language.as_deref().unwrap_or_default()),
    }
}

/// Tries are kept in halves: a busy line counts half a try.
fn tries(halves: i32) -> String {
    if halves % 2 == 0 {
        count(i64::from(halves / 2))
    } else {
        format!("{}½", halves / 2)
    }
}

fn due(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    if at <= now {
        "Due now".to_owned()
    } else {
        moment(at, now, zone)
    }
}

fn state(case: &Case) -> Shown {
    shown(&case.stage, case.resolution.as_deref())
}

/// Everything about one case.
pub fn case_page(chrome: Chrome, file: &CaseFile, staff: &[User]) -> CasePage {
    let (case, outage) = (&file.case, &file.book.outage);
    let (zone, state) = (zone(outage), state(case));
    let happened = history(file, staff, &zone);
    CasePage {
        chrome,
        base: address(outage),
        name: person::name(&case.given_name, &case.family_name),
        number: case.id.to_string(),
        dot: state.dot,
        state: state.label,
        closed: state.closed,
        next: next(file, staff, &zone, state),
        again: again(file, &zone),
        facts: facts(file),
        people: people(file),
        transactions: file
            .payments
            .iter()
            .map(|payment| payment_row(payment, file.now, &zone))
            .collect(),
        paid: file
            .paid
            .iter()
            .map(|evidence| paid_row(evidence, file.now, &zone))
            .collect(),
        odd: oddity::told(file.oddity),
        history: happened,
        household: case.household_id.filter(|_| !state.closed),
        verdicts: Verdict::OFFERED
            .map(|verdict| choice(verdict.as_str(), verdict.words(), ""))
            .into(),
        standing: standing(file, &zone),
        costs: costs(file, staff, &zone),
        remedies: remedies(file),
        problem: None,
        note: String::new(),
    }
}

/// Decisions and letters that can be taken back, latest first.
fn standing(file: &CaseFile, zone: &TimeZone) -> Vec<StandingRow> {
    let by = |at, who: &str| format!("{}, {who}", moment(at, file.now, zone));
    let decisions = file.decisions.iter().rev();
    let decisions = decisions
        .filter(|(decision, _)| decision.withdrawn_at.is_none())
        .map(|(decision, who)| StandingRow {
            what: decision
                .verdict
                .parse::<Verdict>()
                .map_or_else(|_| decision.verdict.clone(), |verdict| verdict.words().to_owned()),
            when: by(decision.at, who),
            action: format!("/cases/{}/decisions/{}/withdraw", file.case.id, decision.id),
        });
    let letters = file.letters.iter().rev();
    let letters = letters
        .filter(|(letter, _)| letter.withdrawn_at.is_none())
        .map(|(letter, who)| StandingRow {
            what: "Letter sent".to_owned(),
            when: by(letter.sent_at, who),
            action: format!("/cases/{}/letters/{}/withdraw", file.case.id, letter.id),
        });
    decisions.chain(letters).collect()
}

/// What they say that the outage cost them.
fn costs(file: &CaseFile, staff: &[User], zone: &TimeZone) -> Vec<CostLine> {
    let by = |id: Option<i64>| {
        let found = staff.iter().find(|user| Some(user.id) == id);
        found.map_or("somebody", |user| user.name.as_str())
    };
    let line = |cost: &Cost| CostLine {
        what: format!("{}, {}", costs::kind(cost), dollars(cost.amount_cents)),
        at: moment(cost.at, file.now, zone),
        words: cost.words.clone(),
        stands: costs::standing(
            cost,
            (by(cost.decided_by), by(cost.reopened_by)),
            (file.now, zone),
        ),
        reason: match cost.decision {
            Some(_) => cost.reason.clone(),
            None => String::new(),
        },
    };
    file.costs.iter().rev().map(line).collect()
}

fn remedies(file: &CaseFile) -> Vec<Choice> {
    let choice = |remedy: &Remedy| Choice {
        key: remedy.as_str().to_owned(),
        label: remedy.words().to_owned(),
        chosen: file.remedies.contains(remedy),
    };
    Remedy::ALL.iter().map(choice).collect()
}

fn next(file: &CaseFile, staff: &[User], zone: &TimeZone, state: Shown) -> String {
    let case = &file.case;
    if state.closed {
        let at = case
            .resolved_at
            .map(|at| format!(", {}", moment(at, file.now, zone)))
            .unwrap_or_default();
        return format!("{}{at}", state.label);
    }
    let open = file
        .promises
        .iter()
        .find(|promise| promise.kept_at.is_none() && promise.withdrawn_at.is_none());
    if let (Some(promise), "callback") = (open, state.key) {
        let owner = staff.iter().find(|user| Some(user.id) == promise.owner_id);
        let who = owner.map_or("Someone", |user| user.name.as_str());
        return format!("{who} calls back {}", moment(promise.due_at, file.now, zone));
    }
    match case.due_at {
        Some(at) if at <= file.now => format!("{}: due now", state.label),
        Some(at) => format!("{}: not before {}", state.label, moment(at, file.now, zone)),
        None => state.label.to_owned(),
    }
}

/// One sentence for each earlier try that counts.
fn again(file: &CaseFile, zone: &TimeZone) -> Vec<String> {
    if file.case.stage == "closed" {
        return Vec::new();
    }
    let counting = file
        .attempts
        .iter()
        .filter(|(attempt, _)| attempt.superseded_at.is_none());
    let sentence = |(attempt, who): &(crate::store::attempts::Attempt, String)| {
        let what = outcome(file, &attempt.outcome).to_lowercase();
        let at = moment(attempt.at, file.now, zone);
        let way = if attempt.inbound { "was rung" } else { "called" };
        let changed = match file.editors.name(attempt.changed_by) {
            Some(editor) => format!(" (as {editor} changed it)"),
            None => String::new(),
        };
        match attempt.callback_at {
            Some(due) => format!(
                "{who} {way}, {at}: {what}{changed}, promised for {}",
                moment(due, file.now, zone)
            ),
            None => format!("{who} {way}, {at}: {what}{changed}"),
        }
    };
    counting.map(sentence).collect()
}

/// An outcome's words.
pub(super) fn outcome(file: &CaseFile, key: &str) -> String {
    file.book
        .outcomes
        .get(key)
        .map_or_else(|| key.replace('_', " "), |outcome| outcome.label.clone())
}

fn facts(file: &CaseFile) -> Vec<(&'static str, String)> {
    let case = &file.case;
    let or = |value: Option<String>, missing: &str| value.unwrap_or_else(|| missing.to_owned());
    let local = Rulebook::zones(&case.time_zone);
    let clocks: Vec<String> = local.all().iter().map(|zone| zone.clock(file.now)).collect();
    vec![
        (
            "Phone",
            or(
                case.phone
                    .as_deref()
                    .map(|phone| person::with_extension(phone, file.extension.as_deref())),
                "None that works",
            ),
        ),
        (
            "Other phone",
            or(case.phone_2.as_deref().map(person::phone), "None"),
        ),
        (
            "E-mail",
            or(case.email.as_deref().map(person::masked), "None that works"),
        ),
        (
            "Language",
            person::language(case.language.as_deref().unwrap_or_default()),
        ),
        (
            "Local time",
            if clocks.is_empty() {
                "Not known".to_owned()
            } else {
                clocks.join(" or ")
            },
        ),
        ("Account", or(case.account_id.clone(), "Not known")),
        ("Call list", or(file.list.clone(), "None")),
        ("Filing deadline", or(case.filing_deadline.clone(), "Not known")),
        ("Tries", tries(case.tries)),
        ("Call-back code", case.code.clone()),
    ]
}

fn people(file: &CaseFile) -> Vec<PersonRow> {
    if file.people.len() < 2 {
        return Vec::new();
    }
    let row = |case: &Case| PersonRow {
        href: format!("/cases/{}", case.id),
        name: person::name(&case.given_name, &case.family_name),
        dot: state(case).dot,
        state: state(case).label,
        here: case.id == file.case.id,
    };
    file.people.iter().map(row).collect()
}

fn payment_row(payment: &Payment, now: Timestamp, zone: &TimeZone) -> TransactionRow {
    let parts = [&payment.tax_type, &payment.channel, &payment.error_code];
    let purpose: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    TransactionRow {
        at: moment(payment.occurred_at, now, zone),
        amount: payment
            .amount_cents
            .map_or_else(|| "Not known".to_owned(), dollars),
        purpose: purpose.join(", "),
        charged: match payment.charged.parse() {
            Ok(Charged::NotCharged) => "Not charged",
            Ok(Charged::Charged) => "Charged, not recorded",
            Ok(Charged::ChargedTwice) => "Charged twice",
            _ => "Not known",
        },
        source: format!("{}, line {}", payment.file_name, count(payment.line)),
    }
}

fn paid_row(evidence: &Evidence, now: Timestamp, zone: &TimeZone) -> PaidRow {
    let payment = &evidence.payment;
    let numbers = [payment.confirmation_no.as_ref(), payment.external_id.as_ref()];
    PaidRow {
        at: moment(payment.occurred_at, now, zone),
        amount: payment
            .amount_cents
            .map_or_else(|| "Not known".to_owned(), dollars),
        number: numbers.into_iter().flatten().next().cloned().unwrap_or_default(),
        found: found_by(evidence),
        source: format!("{}, line {}", evidence.file_name, count(payment.line)),
    }
}

/// By what a payment was found to be theirs, or that it does not count.
pub(super) fn found_by(evidence: &Evidence) -> &'static str {
    if evidence.payment.fate == Fate::Refund.as_str() {
        return "Money that went back";
    }
    match evidence.payment.matched_by.as_deref().map(str::parse) {
        Some(Ok(MatchedBy::Account)) => "By account",
        Some(Ok(MatchedBy::Email)) => "By e-mail",
        Some(Ok(MatchedBy::PhoneName)) => "By phone and name",
        _ => "Too early: before the last failed payment",
    }
}
