//! How far an outage is: the numbers of the board and of `GET /api/v1/outages/{slug}/board`.

use super::import::ImportState;
use super::mail_servers::MailNeeds;
use super::message_log;
use super::promises::{self, Tally, who_awaits};
use super::rulebook::Rulebook;
use super::{Office, Result};
use crate::db::Conn;
use crate::domain::ids::{CaseId, ImportId, OutageId, UserId};
use crate::domain::role::Role;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::outreach::lists::ListStanding;
use crate::store::board as numbers;
use crate::store::distress_calls::{self, DistressCall};
use crate::store::{callbacks, imports, users};
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of the history; a chart is not wider.
const POINTS: i64 = 160;
/// A promise is listed by name while it is among the first so many.
const PROMISES: i64 = 6;
/// Someone whose page was silent for so long counts as away.
const AWAY_MINUTES: i64 = 15;

/// An outage's numbers at an instant. *Citizens* are cases, *calls* are households.
#[derive(Clone, Debug, Serialize)]
pub struct Board {
    /// When they were true.
    pub at: Timestamp,
    /// Failed payments that count.
    pub failed_payments: i64,
    /// The people.
    pub citizens: Citizens,
    /// The calls that reach them.
    pub calls: Calls,
    /// What happened in the last sixty minutes.
    pub last_hour: LastHour,
    /// Open citizens over time, oldest first, the last now.
    pub history: Vec<OpenAt>,
    /// Who calls, by name.
    pub callers: Vec<Caller>,
    /// Promises to call.
    pub callbacks: Callbacks,
    /// All promises: how many were kept.
    pub promises: Tally,
    /// E-mails by state.
    pub messages: BTreeMap<&'static str, i64>,
    /// What of all e-mail waits for a person.
    pub mail: MailNeeds,
    /// What imports left to look at.
    pub imports: Imports,
    /// Callers who need a supervisor now.
    pub distress: Vec<DistressCall>,
}

/// The people.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Citizens {
    /// All.
    pub total: i64,
    /// Nothing more is owed to them.
    pub closed: i64,
    /// The others.
    pub open: i64,
    /// Without a phone, with an e-mail address.
    pub email_only: i64,
    /// Without either.
    pub letter_only: i64,
    /// Open ones by stage, closed ones by resolution.
    pub by_state: BTreeMap<String, i64>,
}

/// The calls, each to everyone at one number.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Calls {
    /// All.
    pub total: i64,
    /// Those with someone still to be called.
    pub left: i64,
    /// Of these, on nobody's list.
    pub pool: i64,
}

/// What happened in the last sixty minutes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LastHour {
    /// Calls recorded.
    pub calls: i64,
    /// Who recorded them.
    pub callers: usize,
    /// Citizens closed, also by a payment or an answer by link.
    pub closed: i64,
}

/// How many citizens were open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OpenAt {
    /// When.
    pub at: Timestamp,
    /// How many.
    pub open: i64,
}

/// One caller.
#[derive(Clone, Debug, Serialize)]
pub struct Caller {
    /// The account.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// Languages spoken, English first.
    pub languages: Vec<String>,
    /// At a page in the last quarter of an hour.
    pub signed_in: bool,
    /// On a call since.
    pub on_call_since: Option<Timestamp>,
    /// Calls of their list.
    pub calls: i64,
    /// Those with someone still to be called.
    pub left: i64,
    /// Calls recorded in the last hour.
    pub calls_last_hour: i64,
    /// Citizens these calls closed.
    pub closed_last_hour: i64,
}

/// Promises to call.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Callbacks {
    /// Open ones.
    pub booked: i64,
    /// Of these, those whose time has come.
    pub due: i64,
    /// The first ones.
    pub next: Vec<Promise>,
}

/// One promise.
#[derive(Clone, Debug, Serialize)]
pub struct Promise {
    /// Whose case, if there still is one.
    pub case: Option<CaseId>,
    /// Their name. It is for the page, not for the API.
    #[serde(skip)]
    pub name: String,
    /// When.
    pub due_at: Timestamp,
    /// Who promised; none: anyone keeps it.
    pub owner: Option<String>,
}

/// What imports left to look at.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Imports {
    /// Published ones.
    pub published: i64,
    /// Read, waiting for a person's yes.
    pub to_confirm: i64,
    /// Rows that were rejected and neither mended nor set aside since.
    pub rejected: u64,
    /// The latest import that has such rows.
    #[serde(skip)]
    pub to_mend_in: Option<ImportId>,
    /// Rows whose transaction id was there already.
    pub duplicates: u64,
    /// Rows outside the window.
    pub outside_window: u64,
    /// Card numbers masked.
    pub card_numbers: u64,
}

impl Office {
    /// The board of an outage.
    pub fn board(&self, outage: OutageId) -> Result<Board> {
        let now = self.now();
        let lists = self.lists(outage)?;
        self.db.read(|conn| {
            let key = (outage, Rulebook::open(conn, outage)?.outage.published_import_id);
            let work = numbers::work_since(conn, outage, now.plus_hours(-1))?;
            let citizens = citizens(conn, key)?;
            Ok(Board {
                at: now,
                failed_payments: numbers::failed_payments(conn, key.0, key.1)?,
                calls: calls(&lists),
                last_hour: LastHour {
                    calls: work.iter().map(|one| one.calls).sum(),
                    callers: work.len(),
                    closed: numbers::closed_since(conn, key.0, key.1, now.plus_hours(-1))?,
                },
                history: history(conn, key, citizens.open, now)?,
                callers: callers(conn, outage, &lists, &work, now)?,
                callbacks: callbacks_due(conn, key, now)?,
                promises: promises::tally(conn, key, now)?,
                messages: message_log::by_state(conn, outage)?,
                mail: self.mail_needs(conn)?,
                imports: import_issues(conn, outage)?,
                distress: distress_calls::open(conn, outage)?,
                citizens,
            })
        })
    }
}

fn citizens(conn: &mut Conn, (outage, published): (OutageId, ImportId)) -> Result<Citizens> {
    let (email_only, letter_only) = numbers::without_phone(conn, outage, published)?;
    let mut citizens = Citizens {
        email_only,
        letter_only,
        ..Citizens::default()
    };
    for count in numbers::states(conn, outage, published)? {
        let closed = count.stage == Stage::Closed.as_str();
        *if closed {
            &mut citizens.closed
        } else {
            &mut citizens.open
        } += count.citizens;
        citizens.total += count.citizens;
        let state = count.resolution.filter(|_| closed).unwrap_or(count.stage);
        *citizens.by_state.entry(state).or_default() += count.citizens;
    }
    Ok(citizens)
}

fn calls(lists: &[ListStanding]) -> Calls {
    Calls {
        total: lists.iter().map(|list| list.households).sum(),
        left: lists.iter().map(|list| list.to_call).sum(),
        pool: lists
            .iter()
            .filter(|list| list.list.is_none())
            .map(|list| list.to_call)
            .sum(),
    }
}

/// Open citizens since the first came in, in equal steps.
fn history(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    open: i64,
    now: Timestamp,
) -> Result<Vec<OpenAt>> {
    let arrivals = numbers::arrivals(conn, outage, published)?;
    let Some(first) = arrivals.first() else {
        return Ok(Vec::new());
    };
    let step = (now.seconds_since(first.at) / POINTS).max(60);
    let closings = numbers::closings(conn, outage, published, step)?;
    let moves = arrivals.iter().map(|came| (came.at, came.citizens)).chain(
        closings
            .iter()
            .map(|closed| (closed.at.max(first.at), -closed.citizens)),
    );
    Ok(running(moves.collect(), open, now))
}

/// The running sum of arrivals and closings up to `now`, where it is `open`.
fn running(mut moves: Vec<(Timestamp, i64)>, open: i64, now: Timestamp) -> Vec<OpenAt> {
    moves.retain(|(at, _)| *at < now);
    moves.sort_by_key(|(at, _)| *at);
    let mut points: Vec<OpenAt> = Vec::new();
    let mut sum = 0;
    for (at, change) in moves {
        sum += change;
        match points.last_mut() {
            Some(last) if last.at == at => last.open = sum,
            _ => points.push(OpenAt { at, open: sum }),
        }
    }
    if !points.is_empty() {
        points.push(OpenAt { at: now, open });
    }
    points
}

fn callers(
    conn: &mut Conn,
    outage: OutageId,
    lists: &[ListStanding],
    work: &[numbers::Work],
    now: Timestamp,
) -> Result<Vec<Caller>> {
    let calling = numbers::on_call(conn, outage, now)?;
    let present = numbers::signed_in(conn, now.plus_minutes(-AWAY_MINUTES))?;
    let caller = |user: users::User| {
        let done = work.iter().find(|one| one.user_id == user.id);
        let own = || lists.iter().filter(|list| list.owner == Some(user.id));
        Caller {
            user: user.id,
            languages: ["en"]
                .into_iter()
                .chain(user.spoken())
                .map(str::to_owned)
                .collect(),
            signed_in: present.contains(&user.id),
            on_call_since: calling
                .iter()
                .find(|(on, _)| *on == user.id)
                .map(|(_, since)| *since),
            calls: own().map(|list| list.households).sum(),
            left: own().map(|list| list.to_call).sum(),
            calls_last_hour: done.map_or(0, |one| one.calls),
            closed_last_hour: done.map_or(0, |one| one.closed),
            name: user.name,
        }
    };
    let staff = users::all(conn)?.into_iter().filter(|user| {
        let has_list = lists.iter().any(|list| list.owner == Some(user.id));
        has_list || (user.role() == Role::Caller && user.disabled_at.is_none())
    });
    Ok(staff.map(caller).collect())
}

fn callbacks_due(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    now: Timestamp,
) -> Result<Callbacks> {
    let (booked, due) = callbacks::counts(conn, outage, None, now)?;
    let open = callbacks::open(conn, outage, None, PROMISES)?;
    let ids: Vec<_> = open.iter().map(|promise| promise.id).collect();
    let awaiting = who_awaits(conn, &ids, published)?;
    let staff = users::all(conn)?;
    let promise = |callback: &callbacks::Callback| {
        let person = awaiting.get(&callback.id);
        let owner = staff.iter().find(|user| Some(user.id) == callback.owner_id);
        Promise {
            case: person.map(|(case, _)| *case),
            name: person.map(|(_, name)| name.clone()).unwrap_or_default(),
            due_at: callback.due_at,
            owner: owner.map(|user| user.name.clone()),
        }
    };
    Ok(Callbacks {
        booked,
        due,
        next: open.iter().map(promise).collect(),
    })
}

fn import_issues(conn: &mut Conn, outage: OutageId) -> Result<Imports> {
    let mut issues = Imports::default();
    for import in imports::of_outage(conn, outage)? {
        match import.state() {
            ImportState::Checked => issues.to_confirm += 1,
            ImportState::Published => issues.published += 1,
            _ => continue,
        }
        let Some(report) = import.told().filter(|_| import.state() == ImportState::Published) else {
            continue;
        };
        let to_mend = report.to_mend();
        if to_mend > 0 {
            issues.to_mend_in.get_or_insert(import.id);
        }
        issues.rejected += to_mend;
        issues.duplicates += report.duplicates;
        issues.outside_window += report.outside_window.before + report.outside_window.after;
        issues.card_numbers += report.card_numbers;
    }
    Ok(issues)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_minutes(minute)
    }

    #[test]
    fn the_history_runs_from_the_first_import_to_what_is_open_now() {
        let moves = vec![(at(10), 100), (at(20), -30), (at(30), -20), (at(20), -5)];
        let points: Vec<_> = running(moves, 45, at(40))
            .iter()
            .map(|point| (point.at, point.open))
            .collect();
        assert_eq!(points, [(at(10), 100), (at(20), 65), (at(30), 45), (at(40), 45)]);
    }

    #[test]
    fn without_an_import_there_is_no_history() {
        assert!(running(Vec::new(), 0, at(40)).is_empty());
    }
}
