//! From lists and plans to what the pages print.

use super::page::{HandRow, Leaver, ListPage, ListRow, Plan, RebalancePage, SplitPage, Way};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::split::By;
use crate::outreach::accounts::User;
use crate::outreach::lists::{ListStanding, Split, SplitReport};
use crate::outreach::outages::Outage;
use crate::web::layout::Chrome;
use crate::web::show::count::{change, count, counted};
use crate::web::show::{address, person};

/// The preview's bars are so long.
const BAR: i64 = 150;

fn calls(number: i64) -> String {
    counted(number, "call", "calls")
}

fn small(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn languages(user: &User) -> String {
    let spoken: Vec<&str> = ["en"].into_iter().chain(user.spoken()).collect();
    person::languages(&spoken)
}

/// All lists, and the pool.
pub fn list_page(chrome: Chrome, outage: &Outage, lists: &[ListStanding], accounts: &[User]) -> ListPage {
    let base = address(outage);
    let pool: i64 = lists
        .iter()
        .filter(|list| list.list.is_none())
        .map(|list| list.to_call)
        .sum();
    let named = || lists.iter().filter(|list| list.list.is_some());
    let sum = |number: fn(&ListStanding) -> i64| named().map(number).sum::<i64>();
    let (all, left) = (sum(|list| list.households), sum(|list| list.to_call));
    ListPage {
        chrome,
        lists: named().map(|list| list_row(list, accounts, &base)).collect(),
        pool: calls(pool),
        pool_note: match outage.pool_open {
            true => "Callers take them when their own list is done.",
            false => "Nobody calls them until they are dealt.",
        },
        pool_href: format!("{base}/cases?list=pool"),
        total: ListRow {
            calls: count(all),
            citizens: count(sum(|list| list.citizens_open)),
            done: all - left,
            of: all,
            left: count(left),
            ..ListRow::default()
        },
        base,
    }
}

fn list_row(list: &ListStanding, accounts: &[User], base: &str) -> ListRow {
    let owner = accounts.iter().find(|user| Some(user.id) == list.owner);
    ListRow {
        name: list.name.clone(),
        owner: owner.map_or_else(
            || "Everyone who speaks its language".to_owned(),
            |user| user.name.clone(),
        ),
        languages: owner.map(languages).unwrap_or_default(),
        href: format!("{base}/cases?list={}", list.list.unwrap_or_default()),
        calls: count(list.households),
        citizens: count(list.citizens_open),
        done: list.households - list.to_call,
        of: list.households,
        left: count(list.to_call),
    }
}

/// The page around a plan.
pub fn split_page(chrome: Chrome, outage: &Outage, by: By, plan: Plan) -> SplitPage {
    let ways = By::ALL.iter().map(|way| {
        let (label, note) = words(*way);
        Way {
            key: way.as_str(),
            label,
            note,
            chosen: *way == by,
        }
    });
    SplitPage {
        chrome,
        base: address(outage),
        ways: ways.collect(),
        plan,
    }
}

const fn words(by: By) -> (&'static str, &'static str) {
    match by {
        By::Even => ("Evenly", "The same number for everyone"),
        By::Weight => ("By weight", "You set a share for each person, such as hours left"),
        By::Language => ("By language", "To those who speak it first, else evenly"),
        By::Priority => ("By urgency", "The most pressing first, one to each in turn"),
    }
}

/// What a split would do, or why it cannot.
pub fn plan(
    split: &Split,
    lists: &[ListStanding],
    accounts: &[User],
    report: Result<SplitReport, String>,
) -> Plan {
    let now = |user: UserId| lists.iter().filter(move |list| list.owner == Some(user));
    let left = |user: UserId| now(user).map(|list| list.to_call).sum::<i64>();
    let (report, problem) = match report {
        Ok(report) => (report, None),
        Err(problem) => (
            SplitReport {
                lists: Vec::new(),
                pool: 0,
            },
            Some(problem),
        ),
    };
    let added = |user: &User| {
        let share = report.lists.iter().find(|share| share.caller == user.email);
        share.map_or((0, 0), |share| {
            let had: i64 = now(user.id).map(|list| list.citizens_open).sum();
            (small(share.added), small(share.citizens) - had)
        })
    };
    let active = |user: &&User| user.disabled_at.is_none();
    let takes_part =
        |user: &&User| user.role() == Role::Caller || split.callers.iter().any(|(id, _)| *id == user.id);
    let players: Vec<&User> = accounts.iter().filter(active).filter(takes_part).collect();
    let longest = players
        .iter()
        .map(|user| left(user.id) + added(user).0)
        .max()
        .unwrap_or(0)
        .max(1);
    let hand = |user: &&User| {
        let (calls, citizens) = added(user);
        let (before, after) = (left(user.id), left(user.id) + calls);
        let weight = split
            .callers
            .iter()
            .find(|(id, _)| *id == user.id)
            .map(|(_, weight)| *weight);
        HandRow {
            user: user.id,
            name: user.name.clone(),
            languages: languages(user),
            chosen: split.callers.is_empty() || weight.is_some(),
            weight: weight.unwrap_or(1).to_string(),
            now: count(before),
            after: count(after),
            change: change(calls),
            citizens: count(citizens),
            bar_now: before * BAR / longest,
            bar_after: after * BAR / longest,
        }
    };
    let dealt: i64 = players.iter().map(|user| added(user).0).sum();
    let before: i64 = players.iter().map(|user| left(user.id)).sum();
    let pool: i64 = lists
        .iter()
        .filter(|list| list.list.is_none())
        .map(|list| list.to_call)
        .sum();
    Plan {
        by: split.by.as_str().to_owned(),
        pool: calls(pool),
        dealt,
        act: format!("Deal {}", calls(dealt)),
        rest: calls(pool - dealt),
        weighted: split.by == By::Weight,
        seed: split.seed.to_string(),
        hands: players.iter().map(hand).collect(),
        now: count(before),
        after: count(before + dealt),
        citizens: count(players.iter().map(|user| added(user).1).sum()),
        problem: problem.or_else(|| {
            players
                .is_empty()
                .then(|| "There are no callers yet. An administrator adds them under Accounts.".to_owned())
        }),
    }
}

/// Moving one person's calls.
pub fn rebalance_page(
    chrome: Chrome,
    outage: &Outage,
    lists: &[ListStanding],
    accounts: &[User],
    (to, problem): (&[UserId], Option<(UserId, String)>),
) -> RebalancePage {
    let left = |user: &User| {
        lists
            .iter()
            .filter(|list| list.owner == Some(user.id))
            .map(|list| list.to_call)
            .sum::<i64>()
    };
    let leavers = accounts.iter().filter(|user| left(user) > 0).map(|user| Leaver {
        user: user.id,
        name: user.name.clone(),
        left: calls(left(user)),
        chosen: problem.as_ref().is_some_and(|(from, _)| *from == user.id),
    });
    let takers = accounts
        .iter()
        .filter(|user| user.disabled_at.is_none() && (user.role() == Role::Caller || left(user) > 0));
    let hand = |user: &User| HandRow {
        user: user.id,
        name: user.name.clone(),
        languages: languages(user),
        chosen: to.contains(&user.id),
        now: count(left(user)),
        ..HandRow::default()
    };
    RebalancePage {
        chrome,
        base: address(outage),
        from: leavers.collect(),
        to: takers.map(hand).collect(),
        problem: problem.map(|(_, message)| message),
    }
}
