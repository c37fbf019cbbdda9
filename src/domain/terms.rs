//! How the values of one file are meant, where they do not say it themselves: what was found out or a person said.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::meaning::{Meaning, status_key};
use super::moment::Order;
use super::money::Decimal;

/// How values of one file are meant. Kept with its import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// The zone of times that carry none and have none beside them, as [`super::clock_zone::ClockZone`] reads it; none: the
    /// outage's own.
    pub zone: Option<String>,
    /// Nobody says that zone: the outage's own was taken. Zones of which another may be meant, `UTC` first.
    pub other_zones: Vec<String>,
    /// What values of the status mean, by [`status_key`]; others mean what their words do.
    pub statuses: BTreeMap<String, Meaning>,
    /// Values of the status that nobody knows count for nothing.
    pub others_left_out: bool,
    /// A column whose values decide before the status.
    pub kinds: Option<Kinds>,
    /// Which of day and month stands first, by the column's field.
    pub orders: BTreeMap<Field, Order>,
    /// What stands before the cents where three digits behind a sign could be either.
    pub decimal: Option<Decimal>,
    /// What is to be paid is written with a minus.
    pub owed_as_negative: bool,
}

/// A column that says of some rows what they are, whatever their status: refunds and fees among payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    /// Which column, from 0.
    pub column: usize,
    /// What its values mean, by [`status_key`]; others leave it to the status.
    pub meanings: BTreeMap<String, Meaning>,
    /// Values of attempts that only reserve the money, by [`status_key`].
    #[serde(default)]
    pub reserves: BTreeSet<String>,
}

impl Kinds {
    /// What a value of that column decides beside what the status says. Money that was only reserved is nobody's payment yet,
    /// but whoever could not even reserve it has tried and not paid. A refund that failed has given nothing back.
    pub fn meaning(&self, value: &str, status: Option<Meaning>) -> Option<Meaning> {
        let key = status_key(value);
        let failed = status == Some(Meaning::Failed);
        match self.meanings.get(&key).copied() {
            Some(Meaning::Refunded) if failed => Some(Meaning::LeftOut),
            None if self.reserves.contains(&key) && !failed => Some(Meaning::LeftOut),
            meaning => meaning,
        }
    }
}

impl Terms {
    /// What a value of the status means; nothing when nobody knows.
    pub fn meaning(&self, value: &str) -> Option<Meaning> {
        let other = || self.leaves_out(value).then_some(Meaning::LeftOut);
        self.known(value).or_else(other)
    }

    /// Whether a value of the status is left out for no other reason than that nobody knows it.
    pub fn is_other(&self, value: &str) -> bool {
        self.leaves_out(value) && self.known(value).is_none()
    }

    fn known(&self, value: &str) -> Option<Meaning> {
        let said = self.statuses.get(&status_key(value)).copied();
        said.or_else(|| Meaning::of_words(value))
    }

    fn leaves_out(&self, value: &str) -> bool {
        self.others_left_out && !status_key(value).is_empty()
    }
}
