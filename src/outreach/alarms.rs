//! What every supervisor has to see whatever page is open: callers who need one now, and outages in which nobody is called.

use super::{Office, Result};
use crate::domain::ids::{OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::store::outages::{self, Outage};
use crate::store::{Result as Stored, distress_calls};

/// A caller who needs a supervisor at her desk.
#[derive(Clone, Debug)]
pub struct Cry {
    /// In whose calls.
    pub outage: Outage,
    /// Whose desk.
    pub caller: UserId,
    /// Her name.
    pub name: String,
    /// Since when.
    pub at: Timestamp,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Alarms {
    /// Callers who need a supervisor, the longest waiting first.
    pub cries: Vec<Cry>,
    /// Outages whose calls are stopped.
    pub stopped: Vec<Outage>,
}

impl Office {
    /// What a supervisor has to see now, of all outages but perhaps one, whose board says it itself.
    pub fn alarms(&self, but: Option<&str>) -> Result<Alarms> {
        let (outages, cries) = self
            .db
            .read(|conn| -> Stored<_> { Ok((outages::all(conn)?, distress_calls::open_anywhere(conn)?)) })?;
        let outages: Vec<Outage> = outages
            .into_iter()
            .filter(|outage| Some(outage.slug.as_str()) != but)
            .collect();
        let of = |id: OutageId| outages.iter().find(|outage| outage.id == id).cloned();
        let cries = cries.into_iter().filter_map(|(outage, caller, name, at)| {
            Some(Cry {
                outage: of(outage)?,
                caller,
                name,
                at,
            })
        });
        Ok(Alarms {
            cries: cries.collect(),
            stopped: outages
                .iter()
                .filter(|outage| outage.calls_stopped_at.is_some())
                .cloned()
                .collect(),
        })
    }
}
