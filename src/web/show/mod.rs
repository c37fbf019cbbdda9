//! How values look on a page: counts, times, people, stages, pages of a list, marks on an axis.
//!
//! Every function here turns a value into the text a person reads; none of them decides anything.

pub mod axis;
pub mod count;
pub mod oddity;
pub mod paging;
pub mod person;
pub mod stage;
pub mod time;

use jiff::tz::TimeZone;

use crate::outreach::outages::Outage;

/// The agency's zone.
pub fn zone(outage: &Outage) -> TimeZone {
    TimeZone::get(&outage.time_zone).unwrap_or(TimeZone::UTC)
}

/// Where an outage's pages are.
pub fn address(outage: &Outage) -> String {
    format!("/outages/{}", outage.slug)
}

/// When an outage was: `April 14, 2027, 1:04 to 1:26 p.m., 22 minutes`.
pub fn outage_window(outage: &Outage, zone: &TimeZone) -> String {
    let (start, end) = (outage.starts_at, outage.ends_at);
    format!(
        "{}, {}, {}",
        time::date(start, zone),
        time::window(start, end, zone),
        time::span(end.seconds_since(start))
    )
}
