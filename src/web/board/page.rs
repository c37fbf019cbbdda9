//! What the board shows, ready to print: every number is already text, every state has its colour.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::chart::Chart;
use super::need::Need;

/// The part of the board that is polled.
#[derive(Clone, Debug, Hash)]
pub struct Live {
    /// The outage's name.
    pub name: String,
    /// The outage in one line: when it was down, how many payments, citizens and calls.
    pub summary: String,
    /// Where the outage's pages are: `/outages/{slug}`.
    pub base: String,
    /// When these numbers were true: `7:42 p.m.`
    pub updated: String,
    /// Polling is switched off.
    pub paused: bool,
    /// Since when no call is given out; none: calls go on.
    pub stopped: Option<String>,
    /// Callers who need a supervisor: whose desk, their name, since when.
    pub distress: Vec<(i64, String, String)>,
    /// Nothing was imported yet.
    pub empty: bool,
    /// The numbers on top.
    pub numbers: Vec<KeyNumber>,
    /// Where the citizens are.
    pub states: States,
    /// Open citizens over time; nothing before the first call.
    pub chart: Option<Chart>,
    /// Who is calling.
    pub callers: Vec<CallerRow>,
    /// Their sum.
    pub team: Team,
    /// What waits for the supervisor.
    pub needs: Vec<Need>,
    /// The next promises.
    pub callbacks: Vec<CallbackRow>,
    /// How many promises there are.
    pub callbacks_booked: String,
    /// How many promises were kept on time, in words.
    pub kept: String,
    /// The fate of the e-mails.
    pub mail: Vec<Line>,
    /// What imports left to look at.
    pub import: Vec<Line>,
}

impl Live {
    /// Names this content: the same numbers have the same tag on every node.
    pub fn tag(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// One of the numbers on top.
#[derive(Clone, Debug, Hash)]
pub struct KeyNumber {
    /// What is counted.
    pub label: &'static str,
    /// The number.
    pub value: String,
    /// What stands beside it, such as `of 968, 58%`.
    pub beside: String,
    /// What stands under it.
    pub note: String,
    /// Part and whole of a bar under it.
    pub meter: Option<(i64, i64)>,
}

/// A label with a number.
#[derive(Clone, Debug, Hash)]
pub struct Line {
    /// What is counted.
    pub label: &'static str,
    /// The number.
    pub value: String,
    /// It is the first of its group and stands out.
    pub strong: bool,
}

/// All citizens by state.
#[derive(Clone, Debug, Default, Hash)]
pub struct States {
    /// All citizens.
    pub total: String,
    /// The bar's length.
    pub length: i64,
    /// Closed ones.
    pub closed_total: String,
    /// Open ones.
    pub open_total: String,
    /// The bar's parts.
    pub bar: Vec<Segment>,
    /// Closed states that have someone in them.
    pub closed: Vec<StateRow>,
    /// Open states that have someone in them.
    pub open: Vec<StateRow>,
}

/// A part of the bar.
#[derive(Clone, Debug, Hash)]
pub struct Segment {
    /// The colour.
    pub dot: &'static str,
    /// Where it starts, in citizens.
    pub x: i64,
    /// How many citizens it covers.
    pub width: i64,
    /// What it says when pointed at.
    pub title: String,
}

/// One state in the list under the bar.
#[derive(Clone, Debug, Hash)]
pub struct StateRow {
    /// The colour.
    pub dot: &'static str,
    /// The state.
    pub label: &'static str,
    /// The list of these citizens.
    pub href: String,
    /// How many.
    pub count: String,
    /// Their share of all.
    pub share: String,
}

/// One caller.
#[derive(Clone, Debug, Hash)]
pub struct CallerRow {
    /// Their name.
    pub name: String,
    /// Their languages.
    pub languages: String,
    /// What they do now: `On a call, 2 min`.
    pub now: String,
    /// Its colour.
    pub now_dot: &'static str,
    /// Calls of their list that are done.
    pub done: i64,
    /// Calls of their list.
    pub of: i64,
    /// Calls left.
    pub left: String,
    /// Calls made in the last hour.
    pub calls: String,
    /// Citizens closed in the last hour.
    pub closed: String,
}

/// The callers together.
#[derive(Clone, Debug, Default, Hash)]
pub struct Team {
    /// `353 of 713`.
    pub done: String,
    /// Calls left on lists.
    pub left: String,
    /// Calls in the last hour.
    pub calls: String,
    /// Citizens closed in the last hour.
    pub closed: String,
    /// Who is there, and what is on nobody's list.
    pub note: String,
}

/// One promise.
#[derive(Clone, Debug, Hash)]
pub struct CallbackRow {
    /// Who is to be called.
    pub name: String,
    /// The case.
    pub href: String,
    /// `Promised 7:20 p.m. Sam Fitzgerald`.
    pub line: String,
    /// `22 min late`.
    pub due: String,
    /// The badge's colour.
    pub badge: &'static str,
}
