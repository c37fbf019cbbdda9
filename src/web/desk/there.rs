//! The citizen's clock, by which the desk tells the times of a call: the caller reads them out.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::words;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::outreach::desk::Desk;
use crate::web::show;

/// Where the citizens of a call live.
#[derive(Clone, Debug)]
pub struct There {
    /// Their zone.
    pub zone: TimeZone,
    /// It is another clock than the agency's.
    pub differs: bool,
    now: Timestamp,
}

impl There {
    /// The clock of those who are on the desk.
    pub fn of(desk: &Desk, zones: &Zones) -> Self {
        let ours = words::zone(&desk.book.outage);
        let zone = TimeZone::get(desk.book.hours.home(zones).name()).unwrap_or_else(|_| ours.clone());
        let clock = |zone: &TimeZone| show::time::clock(desk.now, zone);
        Self {
            differs: clock(&zone) != clock(&ours),
            zone,
            now: desk.now,
        }
    }

    /// A time on their clock, with as much of the date as is needed.
    pub fn moment(&self, at: Timestamp) -> String {
        show::time::moment(at, self.now, &self.zone)
    }

    /// The day there at a moment.
    pub fn date(&self, at: Timestamp) -> Date {
        let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
        self.zone.to_datetime(instant).date()
    }

    /// When the page was made.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The heading of times on their clock.
    pub const fn heading(&self) -> &'static str {
        match self.differs {
            true => "Tried at, there",
            false => "Tried at",
        }
    }
}
