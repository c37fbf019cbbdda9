//! From lists and plans to what the pages print.

use super::page::{
    HandRow, Leaver, ListPage, ListRow, Moved, OrderPart, Plan, RebalancePage, SplitPage, Way,
};
use crate::domain::hours;
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::split::By;
use crate::domain::timestamp::Timestamp;
use crate::outreach::accounts::User;
use crate::outreach::lists::{
    ASSUMED_TENTHS, ListMove, ListShare, ListStanding, Rebalance, Split, SplitReport, UNDO_MINUTES,
};
use crate::outreach::outages::Outage;
use crate::web::layout::Chrome;
use crate::web::show::count::{change, count, counted};
use crate::web::show::{address, person, time, zone};

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
pub fn list_page(
    chrome: Chrome,
    outage: &Outage,
    (lists, accounts): (&[ListStanding], &[User]),
    step: Option<&ListMove>,
) -> ListPage {
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
        moved: step.map(|step| Moved {
            step: step.id,
            calls: calls(step.calls),
            at: time::clock(step.at, &zone(outage)),
            until: time::clock(step.at.plus_minutes(UNDO_MINUTES), &zone(outage)),
        }),
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
            || match list.on_paper {
                true => "On paper".to_owned(),
                false => "Everyone who speaks its language".to_owned(),
            },
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
pub fn split_page(
    chrome: Chrome,
    outage: &Outage,
    split: &Split,
    (plan, order): (Plan, OrderPart),
) -> SplitPage {
    let ways = WAYS.iter().map(|by| {
        let (label, note) = words(*by);
        Way {
            key: by.as_str(),
            label,
            note,
            chosen: *by == split.by,
        }
    });
    SplitPage {
        chrome,
        base: address(outage),
        ways: ways.collect(),
        again: split.again,
        keep_tried: split.keep_tried,
        speakers_first: split.speakers_first,
        order,
        plan,
    }
}

/// The rules in the order of the page.
const WAYS: [By; 6] = [
    By::Even,
    By::Time,
    By::Weight,
    By::Priority,
    By::Language,
    By::Shared,
];

const fn words(by: By) -> (&'static str, &'static str) {
    match by {
        By::Even => ("Evenly", "The same number for everyone"),
        By::Weight => ("By weight", "You set a share for each person"),
        By::Time => ("By time and pace", "More for people with more hours left"),
        By::Language => ("By language", "To those who speak it, the rest evenly"),
        By::Priority => ("By urgency", "The most pressing first, one to each in turn"),
        By::Shared => ("One shared list", "No lists. Each caller takes the next call"),
    }
}

/// What a split would do, or why it cannot.
pub fn plan(
    (outage, now): (&Outage, Timestamp),
    split: &Split,
    (lists, accounts): (&[ListStanding], &[User]),
    report: Result<SplitReport, String>,
) -> Plan {
    let (report, problem) = match report {
        Ok(report) => (report, None),
        Err(problem) => (SplitReport::default(), Some(problem)),
    };
    let entered = |id: UserId| {
        split
            .callers
            .iter()
            .find(|(user, _)| *user == id)
            .map(|(_, share)| *share)
    };
    let takes_part = |user: &&User| {
        user.disabled_at.is_none() && (user.role() == Role::Caller || entered(user.id).is_some())
    };
    let players: Vec<&User> = accounts.iter().filter(takes_part).collect();
    let share = |user: &User| report.lists.iter().find(|share| share.caller == user.email);
    let before = |user: &User| left(lists, user.id);
    let after = |user: &User| share(user).map_or_else(|| before(user), |share| share.households);
    let longest = players
        .iter()
        .map(|user| before(user).max(after(user)))
        .max()
        .unwrap_or(0)
        .max(1);
    let moment = |at: Timestamp| time::moment(at, now, &zone(outage));
    let done = |user: &User| share(user).and_then(|share| share.done_at);
    let hand = |user: &&User| HandRow {
        done: done(user).map(moment).unwrap_or_default(),
        chosen: split.callers.is_empty() || entered(user.id).is_some(),
        weight: entered(user.id).unwrap_or(1).to_string(),
        hours: hours::written(hours_left(entered(user.id), share(user))),
        ..hand_row(user, lists, share(user), longest)
    };
    let pool: i64 = lists
        .iter()
        .filter(|list| list.list.is_none())
        .map(|list| list.to_call)
        .sum();
    let moved = small(report.moved);
    Plan {
        pool: calls(pool),
        moved,
        act: format!("Move {}", calls(moved)),
        rest: calls(small(report.pool)),
        weighted: split.by == By::Weight,
        timed: split.by == By::Time,
        seed: split.seed.to_string(),
        hands: players.iter().map(hand).collect(),
        now: count(players.iter().map(|user| before(user)).sum()),
        after: count(players.iter().map(|user| after(user)).sum()),
        change: change(players.iter().map(|user| after(user) - before(user)).sum()),
        citizens: count(report.lists.iter().map(|share| share.citizens).sum()),
        due_soon: report.lists.iter().map(|share| share.due_soon).sum(),
        finish: last(report.lists.iter().map(|share| share.done_at))
            .map(moment)
            .unwrap_or_default(),
        finish_now: finish_now(&report).map(moment).unwrap_or_default(),
        problem: problem.or_else(|| {
            players
                .is_empty()
                .then(|| "There are no callers yet. An administrator adds them under Accounts.".to_owned())
        }),
    }
}

/// The last of these moments; none if one is not known.
fn last(moments: impl Iterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    moments.reduce(|one, other| Some(one?.max(other?))).flatten()
}

/// When the lists would be done as they are; none if nobody has calls.
fn finish_now(report: &SplitReport) -> Option<Timestamp> {
    let busy = report.lists.iter().filter(|share| share.households > share.added);
    last(busy.map(|share| share.done_before))
}

/// The hours that were typed, else those until the end of the shift, else what is assumed.
fn hours_left(typed: Option<u32>, share: Option<&ListShare>) -> u32 {
    typed
        .or_else(|| share.map(|share| share.share))
        .unwrap_or(ASSUMED_TENTHS)
}

/// Open calls on somebody's list.
fn left(lists: &[ListStanding], user: UserId) -> i64 {
    let own = lists.iter().filter(|list| list.owner == Some(user));
    own.map(|list| list.to_call).sum()
}

/// What a caller has and would have; the bars are measured by the longest list.
fn hand_row(user: &User, lists: &[ListStanding], share: Option<&ListShare>, longest: i64) -> HandRow {
    let before = left(lists, user.id);
    let after = share.map_or(before, |share| share.households);
    let pace = share.map_or(0, |share| share.pace);
    HandRow {
        user: user.id,
        name: user.name.clone(),
        languages: languages(user),
        now: count(before),
        after: count(after),
        change: change(after - before),
        citizens: share.map_or_else(String::new, |share| count(share.citizens)),
        other_languages: share.map_or(0, |share| share.other_languages),
        pace: format!("{pace}/h"),
        due_soon: share.map_or(0, |share| share.due_soon),
        bar_now: before * BAR / longest,
        bar_after: after * BAR / longest,
        ..HandRow::default()
    }
}

/// Moving one person's calls.
pub fn rebalance_page(
    chrome: Chrome,
    outage: &Outage,
    (lists, accounts): (&[ListStanding], &[User]),
    wish: &Rebalance,
    report: Result<Option<SplitReport>, String>,
) -> RebalancePage {
    let leavers = accounts
        .iter()
        .filter(|user| left(lists, user.id) > 0)
        .map(|user| Leaver {
            user: user.id,
            name: user.name.clone(),
            left: calls(left(lists, user.id)),
            chosen: wish.from == user.id,
        });
    let (report, problem) = match report {
        Ok(report) => (report, None),
        Err(problem) => (None, Some(problem)),
    };
    let share = |user: &User| {
        report
            .as_ref()?
            .lists
            .iter()
            .find(|share| share.caller == user.email)
    };
    let takers: Vec<&User> = accounts
        .iter()
        .filter(|user| user.disabled_at.is_none() && user.id != wish.from)
        .filter(|user| user.role() == Role::Caller || left(lists, user.id) > 0)
        .collect();
    let after = |user: &User| share(user).map_or_else(|| left(lists, user.id), |share| share.households);
    let longest = takers.iter().map(|user| after(user)).max().unwrap_or(0).max(1);
    let hand = |user: &&User| HandRow {
        chosen: wish.to.contains(&user.id),
        ..hand_row(user, lists, share(user), longest)
    };
    RebalancePage {
        chrome,
        base: address(outage),
        from: leavers.collect(),
        to: takers.iter().map(hand).collect(),
        act: report
            .as_ref()
            .map(|report| format!("Move {}", calls(small(report.moved)))),
        moved: report.as_ref().map(|report| report.moved),
        gone: wish.gone,
        to_pool: report
            .filter(|report| report.pool > 0)
            .map(|report| calls(small(report.pool))),
        problem,
    }
}
