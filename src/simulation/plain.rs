//! How others decide whom to call next: down the list, one cool-down for all, lead recycling. They call
//! persons; that two of them share a number they do not know.

use super::call::Heard;
use super::team::{Dial, Policy};
use super::world::World;
use crate::domain::timestamp::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Hours for which a person is left alone after a call.
const COOL_DOWN_HOURS: i64 = 3;
/// Lead recycling: seconds until the next try, and how many tries more there are.
const RECYCLE_SECONDS: i64 = 1800;
/// See [`RECYCLE_SECONDS`].
const RECYCLE_MOST: u32 = 2;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A list on paper: down to its end, then from the top again, whoever is left.
    FixedOrder,
    /// Zetkin: after a call nobody calls for some hours, after "call me at …" until then. Who was never called
    /// comes first, then whose last call is longest ago.
    CoolDown,
    /// VICIdial with its defaults: an unanswered lead comes again after half an hour, before fresh ones, twice;
    /// callbacks at their time.
    LeadRecycle,
}

struct Lead {
    dial: Dial,
    tries: u32,
}

/// A list, and who of it may be called from when, in the order in which the way wants it.
pub(super) struct Plain<'w> {
    world: &'w World,
    way: Way,
    leads: Vec<Lead>,
    /// Before all others, from that time on.
    first: BTreeSet<(Timestamp, usize)>,
    /// In order of their key; the key is a place in the list, or a time.
    waiting: BTreeSet<(i64, usize)>,
    /// Asked to be called later; then they wait like everybody.
    later: BTreeSet<(Timestamp, usize)>,
    /// Where the lead of a person is.
    places: BTreeMap<Dial, usize>,
}

impl<'w> Plain<'w> {
    pub(super) fn new(world: &'w World, way: Way) -> Self {
        let people = world.homes.iter().enumerate().flat_map(|(home, household)| {
            (0..household.people).map(move |person| Dial {
                home,
                person: Some(person),
            })
        });
        let leads: Vec<Lead> = people.map(|dial| Lead { dial, tries: 0 }).collect();
        Self {
            world,
            way,
            first: BTreeSet::new(),
            waiting: (0..leads.len()).map(|place| (i64::MIN, place)).collect(),
            later: BTreeSet::new(),
            places: leads
                .iter()
                .enumerate()
                .map(|(place, lead)| (lead.dial, place))
                .collect(),
            leads,
        }
    }

    fn open(&self, place: usize, now: Timestamp) -> bool {
        let home = self.leads.get(place).map_or(0, |lead| lead.dial.home);
        self.world.hours.open_at(now, self.world.zones_of(home))
    }

    /// Those whose "call me at …" has come wait like everybody.
    fn wake(&mut self, now: Timestamp) {
        while let Some((at, place)) = self.later.first().copied() {
            if at > now {
                return;
            }
            self.later.pop_first();
            self.waiting.insert((at.micros() - 1, place));
        }
    }

    fn recycled(&mut self, now: Timestamp) -> Option<usize> {
        let due = self.first.iter().take_while(|(at, _)| *at <= now);
        let found = due.copied().find(|(_, place)| self.open(*place, now))?;
        self.first.remove(&found);
        Some(found.1)
    }

    fn on_list(&mut self, now: Timestamp) -> Option<usize> {
        let rested = match self.way {
            Way::CoolDown => now.plus_hours(-COOL_DOWN_HOURS).micros(),
            _ => i64::MAX,
        };
        let ready = self.waiting.iter().take_while(|(key, _)| *key <= rested);
        let found = ready.copied().find(|(_, place)| self.open(*place, now))?;
        self.waiting.remove(&found);
        Some(found.1)
    }

    /// Not reached: when they come again.
    fn again(&mut self, place: usize, tries: u32, at: Timestamp) {
        match self.way {
            Way::FixedOrder => self.waiting.insert((i64::from(tries), place)),
            Way::CoolDown => self.waiting.insert((at.micros(), place)),
            Way::LeadRecycle if tries <= RECYCLE_MOST => {
                self.first.insert((at.plus_seconds(RECYCLE_SECONDS), place))
            }
            Way::LeadRecycle => false,
        };
    }

    fn call_back(&mut self, place: usize, tries: u32, at: Timestamp, asked: Timestamp) {
        match self.way {
            Way::FixedOrder => self.again(place, tries, at),
            Way::CoolDown => {
                self.later.insert((asked, place));
            }
            Way::LeadRecycle => {
                self.first.insert((asked, place));
            }
        }
    }
}

impl Policy for Plain<'_> {
    fn next(&mut self, now: Timestamp) -> Option<Dial> {
        self.wake(now);
        let place = self.recycled(now).or_else(|| self.on_list(now))?;
        let lead = self.leads.get_mut(place)?;
        lead.tries += 1;
        Some(lead.dial)
    }

    fn heard(&mut self, dial: Dial, heard: Heard, at: Timestamp) {
        let Some(place) = self.places.get(&dial).copied() else {
            return;
        };
        let tries = self.leads.get(place).map_or(0, |lead| lead.tries);
        let person = dial.person.unwrap_or_default();
        match heard {
            Heard::Wrong | Heard::Disconnected => {}
            Heard::Answered { present } if present & (1 << person) != 0 => {}
            Heard::CallBack { at: asked } => self.call_back(place, tries, at, asked),
            Heard::Answered { .. } | Heard::Voicemail | Heard::NoAnswer | Heard::Busy => {
                self.again(place, tries, at);
            }
        }
    }
}
