//! What decides in one outage: its outcomes and its calling hours.

use super::{Error, Result};
use crate::db::Conn;
use crate::domain::calling_hours::{CallingHours, Window};
use crate::domain::holiday::Holidays;
use crate::domain::ids::OutageId;
use crate::domain::outcome::Outcomes;
use crate::domain::score::Weights;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::{Zone, Zones};
use crate::store::outages::Outage;
use crate::store::{outages, outcomes};

/// An outage with the rules that hold in it.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// The outage and its settings.
    pub outage: Outage,
    /// What can happen in a call, and what follows.
    pub outcomes: Outcomes,
    /// When citizens may be called.
    pub hours: CallingHours,
    /// What puts a call before others.
    pub weights: Weights,
}

impl Outage {
    /// The agency's zone. A name that this machine does not know (it was checked when it was entered) is UTC.
    pub fn zone(&self) -> Zone {
        self.time_zone.parse().unwrap_or_else(|_| Zone::utc())
    }

    /// The hours of each day in which citizens may be called, in their zone.
    pub fn calling_window(&self) -> Window {
        let minute = |value: i32| u16::try_from(value).unwrap_or_default();
        Window::new(minute(self.calling_from), minute(self.calling_until)).unwrap_or(Window::DEFAULT)
    }

    /// When citizens may be called.
    pub fn hours(&self) -> CallingHours {
        CallingHours::new(self.calling_window(), self.zone()).closed_on(self.days_off())
    }

    /// How much each reason weighs in the order of calls.
    pub fn weights(&self) -> Weights {
        let entered = self.weights.as_deref().map(serde_json::from_str);
        entered.and_then(|read| read.ok()).unwrap_or_default()
    }

    /// Days on which nobody is called. They were checked when they were entered.
    pub fn days_off(&self) -> Holidays {
        self.holidays.parse().unwrap_or_default()
    }
}

impl Rulebook {
    /// Reads an outage's rules.
    pub(super) fn open(conn: &mut Conn, outage: OutageId) -> Result<Self> {
        let outage = outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))?;
        Self::of(conn, outage)
    }

    pub(super) fn of(conn: &mut Conn, outage: Outage) -> Result<Self> {
        let outcomes = outcomes::all(conn)?;
        let hours = outage.hours();
        let weights = outage.weights();
        Ok(Self {
            outage,
            outcomes,
            hours,
            weights,
        })
    }

    /// The settings by which a call that nobody made yet stands where it does, as a text to compare.
    pub(super) fn order(&self) -> String {
        let (weights, outage) = (self.weights.all(), &self.outage);
        let hours = (outage.calling_from, outage.calling_until, &outage.holidays);
        format!("{weights:?} {hours:?} {:?} {}", outage.ends_at, outage.time_zone)
    }

    /// Days from an instant's local date to a deadline (`2026-04-15`), on the citizen's calendar.
    pub(super) fn days_to(&self, deadline: Option<&str>, zones: &Zones, at: Timestamp) -> Option<i64> {
        let today = self.hours.home(zones).local(at).date();
        let deadline: jiff::civil::Date = deadline?.parse().ok()?;
        today.until(deadline).ok().map(|span| i64::from(span.get_days()))
    }

    /// Zones as they stand in a column; a name that is no zone any more counts as unknown.
    pub fn zones(text: &str) -> Zones {
        text.parse().unwrap_or_default()
    }
}
