//! A setting that decides where calls stand was changed: what comes first, or when citizens may be called. All calls
//! of the outage are looked at again, few at once, while callers work on.

use super::rulebook::Rulebook;
use super::{Error, Office, Result, standing};
use crate::domain::ids::{CaseId, HouseholdId, OutageId, UserId};
use crate::domain::queue::{CALLBACK_HOURS, PHONE_GAP_MINUTES};
use crate::domain::score::Weights;
use crate::store::{callbacks, cases, households, outage_changes, outages, queue};
use std::collections::{BTreeMap, BTreeSet};

/// Households that are looked at in one transaction: about as long as a few outcomes take.
const BATCH: i64 = 50;

/// A promise that is so late is in the ledger of those that were broken, and nothing to be brought forward.
const FORGOTTEN_HOURS: i64 = 7 * 24;

/// The most a reason can weigh.
pub const HEAVIEST: i64 = 100_000;

/// How far the calls of an outage are looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refreshing {
    /// Calls that stand as the settings say.
    pub done: i64,
    /// All calls.
    pub of: i64,
}

impl Office {
    /// Sets how much each reason weighs in the order of calls; [`Office::refresh_calls`] puts them in it.
    ///
    /// # Errors
    /// A weight is below nothing or above [`HEAVIEST`].
    pub fn set_weights(&self, outage: OutageId, weights: &Weights, by: Option<UserId>) -> Result<()> {
        if weights
            .all()
            .iter()
            .any(|(_, weight)| !(0..=HEAVIEST).contains(weight))
        {
            let right = format!("Enter weights from 0 to {HEAVIEST}.");
            return Err(Error::invalid("weights", right));
        }
        let usual = *weights == Weights::default();
        let text = serde_json::to_string(weights).map_err(Error::internal)?;
        let text = (!usual).then_some(text);
        let now = self.now();
        self.db.write(|conn| {
            let before = outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))?;
            if before.weights() == *weights {
                return Ok(());
            }
            outages::set_weights(conn, outage, text.as_deref())?;
            let (old, new) = (weighed(&before.weights()), weighed(weights));
            outage_changes::add(conn, (outage, by), ("weights", &old, &new), now)?;
            outages::refresh_from_the_first(conn, outage)?;
            Ok(())
        })
    }

    /// Looks at the next calls that were not looked at since a setting was changed; whether there were any.
    pub fn refresh_calls(&self) -> Result<bool> {
        if self.db.read(outages::to_refresh)?.is_none() {
            return Ok(false);
        }
        let now = self.now();
        self.db.write(|conn| {
            let Some(outage) = outages::to_refresh(conn)? else {
                return Ok(false);
            };
            let book = Rulebook::open(conn, outage)?;
            let Some(from) = book.outage.refreshed_to else {
                return Ok(true);
            };
            let ids = households::after(conn, outage, from, BATCH)?;
            queue::lock_all(conn, &ids)?;
            let members: Vec<CaseId> = cases::of_households(conn, &ids)?
                .iter()
                .map(|case| case.id)
                .collect();
            standing::fold_again(conn, &book, &members, now)?;
            // Only from where this began: the settings may have been changed once more meanwhile.
            outages::go_on_refreshing(conn, outage, from, ids.last().copied())?;
            Ok(true)
        })
    }

    /// Lets promised calls whose time is near speak for their numbers, where a call for somebody else there stood
    /// before them when they were far away.
    pub fn bring_callbacks_forward(&self) -> Result<()> {
        let now = self.now();
        let times = (
            now.plus_hours(-FORGOTTEN_HOURS),
            now.plus_minutes(PHONE_GAP_MINUTES),
            now.plus_hours(CALLBACK_HOURS),
        );
        let hidden = self.db.read(|conn| callbacks::hidden(conn, times, BATCH))?;
        let mut by_outage: BTreeMap<OutageId, BTreeSet<HouseholdId>> = BTreeMap::new();
        for (outage, household) in hidden {
            by_outage.entry(outage).or_default().insert(household);
        }
        for (outage, touched) in by_outage {
            let ids: Vec<HouseholdId> = touched.iter().copied().collect();
            self.db.write(|conn| {
                queue::lock_all(conn, &ids)?;
                let book = Rulebook::open(conn, outage)?;
                standing::refresh(conn, &book, &touched, now)
            })?;
        }
        Ok(())
    }

    /// How far the calls of an outage are looked at again; none: all stand as the settings say.
    pub fn refreshing(&self, outage: OutageId) -> Result<Option<Refreshing>> {
        self.db.read(|conn| {
            let found = outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))?;
            let Some(last) = found.refreshed_to else {
                return Ok(None);
            };
            let (of, done) = households::count_up_to(conn, outage, last)?;
            Ok(Some(Refreshing { done, of }))
        })
    }
}

/// Weights in one line, to be kept with who changed them.
fn weighed(weights: &Weights) -> String {
    let words = weights.all().map(|(reason, weight)| format!("{reason} {weight}"));
    words.join(", ")
}
