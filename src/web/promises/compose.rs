//! From promises to what their page prints.

use super::page::{Choice, LedgerPage, Mark, PromiseRow};
use crate::domain::callback::{Kept, PERSONAL_MINUTES};
use crate::domain::promise::Promised;
use crate::domain::remedy::Remedy;
use crate::outreach::accounts::User;
use crate::outreach::outages::Outage;
use crate::outreach::promises::{Entry, Filter, Ledger, Tally};
use crate::web::layout::Chrome;
use crate::web::show::count::{count, counted, percent};
use crate::web::show::paging::Paging;
use crate::web::show::{address, time, zone};

/// The ledger.
pub fn ledger_page(
    chrome: Chrome,
    outage: &Outage,
    (ledger, accounts): (&Ledger, &[User]),
    filter: &Filter,
    paging: Paging,
) -> LedgerPage {
    let standings = Kept::ALL.iter().map(|one| (one.as_str(), standing(*one).0));
    let kinds = Promised::ALL.iter().map(|one| (one.as_str(), kind(*one)));
    let owners = accounts
        .iter()
        .map(|user| (user.id.to_string(), user.name.as_str()));
    let owner = filter.owner.map(|owner| owner.to_string());
    LedgerPage {
        chrome,
        base: address(outage),
        rate: rate(&ledger.tally),
        tally: tally(&ledger.tally),
        kinds: choices("All promises", kinds, filter.kind.map(Promised::as_str)),
        standings: choices("However they stand", standings, filter.standing.map(Kept::as_str)),
        owners: choices("Everybody\u{2019}s", owners, owner.as_deref()),
        promises: ledger
            .entries
            .iter()
            .map(|entry| row(entry, ledger, outage, accounts))
            .collect(),
        paging,
    }
}

/// How many promises were kept on time, in words.
pub fn rate(tally: &Tally) -> String {
    match tally.due() {
        0 => "No promise has been due yet.".to_owned(),
        due => format!(
            "{} of {} kept on time.",
            percent(tally.kept, due),
            counted(due, "promise", "promises")
        ),
    }
}

fn tally(tally: &Tally) -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("Kept on time", count(tally.kept), "reached"),
        ("Kept late", count(tally.late), "tried"),
        ("Overdue", count(tally.broken), "help"),
        ("Not due yet", count(tally.open), "callback"),
    ]
}

fn choices<K: AsRef<str>, L: AsRef<str>>(
    all: &str,
    values: impl Iterator<Item = (K, L)>,
    chosen: Option<&str>,
) -> Vec<Choice> {
    let first = Choice {
        key: String::new(),
        label: all.to_owned(),
        chosen: chosen.is_none(),
    };
    let others = values.map(|(key, label)| Choice {
        chosen: chosen == Some(key.as_ref()),
        key: key.as_ref().to_owned(),
        label: label.as_ref().to_owned(),
    });
    std::iter::once(first).chain(others).collect()
}

const fn kind(kind: Promised) -> &'static str {
    match kind {
        Promised::Callback => "Callbacks",
        Promised::Letter => "Letters",
        Promised::Remedy => "Remedies",
    }
}

const fn standing(kept: Kept) -> (&'static str, &'static str) {
    match kept {
        Kept::Open => ("Not due yet", ""),
        Kept::OnTime => ("Kept", "badge--ok"),
        Kept::Late => ("Kept late", "badge--warn"),
        Kept::Broken => ("Overdue", "badge--bad"),
    }
}

fn row(entry: &Entry, ledger: &Ledger, outage: &Outage, accounts: &[User]) -> PromiseRow {
    let (promise, zone) = (&entry.promise, zone(outage));
    let at = |at| time::moment(at, ledger.at, &zone);
    let (words, badge) = standing(entry.standing);
    let is_remedy = promise.kind == Promised::Remedy.as_str();
    let remedy = promise.what.parse().map(Remedy::words);
    PromiseRow {
        due: at(promise.due_at),
        what: match promise.kind.parse() {
            Ok(Promised::Letter) => "Letter".to_owned(),
            Ok(Promised::Remedy) => remedy.unwrap_or("Remedy").to_owned(),
            _ => "Callback".to_owned(),
        },
        name: entry.name.clone(),
        href: entry.case.map(|case| format!("/cases/{case}")),
        owner: owner(entry, ledger, accounts),
        standing: words,
        badge,
        kept: promise.kept_at.map(at).unwrap_or_default(),
        remedy: is_remedy.then(|| Mark {
            action: format!("{}/promises/remedies/{}", address(outage), promise.id),
            done: promise.kept_at.is_some(),
        }),
    }
}

/// Who owes it: who promised, or the team once a personal callback is a quarter of an hour overdue.
fn owner(entry: &Entry, ledger: &Ledger, accounts: &[User]) -> String {
    let promise = &entry.promise;
    let user = accounts.iter().find(|user| Some(user.id) == promise.owner_id);
    let Some(user) = user else {
        return "The team".to_owned();
    };
    let falls = promise.kept_at.is_none()
        && promise.kind == Promised::Callback.as_str()
        && promise.due_at.plus_minutes(PERSONAL_MINUTES) <= ledger.at;
    match falls {
        true => format!("The team, was {}", user.name),
        false => user.name.clone(),
    }
}
