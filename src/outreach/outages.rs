//! Making an outage and changing its settings.

pub use crate::store::outages::{NewOutage, Outage, OutageChanges};
