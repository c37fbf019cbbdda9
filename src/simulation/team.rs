//! The callers at work, event by event: whoever is free asks for the next call.

use super::call::{Heard, call};
use super::world::World;
use crate::domain::callback::{PERSONAL_MINUTES, keeps};
use crate::domain::timestamp::Timestamp;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Days after which it is over.
const DAYS: i64 = 21;
/// How often a caller without work asks again.
const ASK_AGAIN_SECONDS: i64 = 60;

/// Whom to call: a household, or one person of it where persons are what is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dial {
    pub(super) home: usize,
    pub(super) person: Option<usize>,
}

/// Decides who is called next.
pub(super) trait Policy {
    /// The next call; it is nobody else's until its outcome is told.
    fn next(&mut self, now: Timestamp) -> Option<Dial>;
    /// What came of it, at the end of the call.
    fn heard(&mut self, dial: Dial, heard: Heard, at: Timestamp);
}

/// A citizen was spoken to and their matter is settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    /// Household and person.
    pub(super) citizen: (usize, usize),
    /// Calls made until then, by all.
    pub(super) dials: u32,
    /// Seconds of work until then, by all.
    pub(super) worked: i64,
    /// When.
    pub(super) at: Timestamp,
}

/// What came of it all.
#[derive(Default)]
pub(super) struct Played {
    /// In order of time.
    pub(super) reached: Vec<Reached>,
    pub(super) promises: u32,
    pub(super) broken: u32,
}

#[derive(Clone, Default)]
struct Known {
    dials: u32,
    settled: u8,
    promise: Option<Timestamp>,
}

struct Team<'w, P> {
    world: &'w World,
    policy: P,
    homes: Vec<Known>,
    dials: u32,
    worked: i64,
    played: Played,
}

/// A caller becomes free at that time, having heard that.
type Free = Reverse<(Timestamp, usize)>;

/// So many callers work through it, by that policy.
pub(super) fn play(world: &World, callers: usize, policy: impl Policy) -> Played {
    let mut team = Team {
        world,
        policy,
        homes: vec![Known::default(); world.homes.len()],
        dials: 0,
        worked: 0,
        played: Played::default(),
    };
    let mut free: BinaryHeap<Free> = (0..callers)
        .map(|caller| Reverse((world.start, caller)))
        .collect();
    let mut calls: Vec<Option<(Dial, Heard)>> = vec![None; callers];
    let end = world.start.plus_hours(24 * DAYS);
    let citizens: usize = world.homes.iter().map(|home| home.people).sum();
    while let Some(Reverse((now, caller))) = free.pop() {
        let done = calls.get_mut(caller).and_then(Option::take);
        if let Some((dial, heard)) = done {
            team.hear(dial, heard, now);
        }
        if now >= end || team.played.reached.len() == citizens {
            break;
        }
        let opening = world.hours.next_opening(now, &world.agency);
        let next = if opening > now {
            None
        } else {
            team.policy.next(now)
        };
        let until = match next {
            Some(dial) => {
                let (heard, seconds) = team.dial(dial, now);
                if let Some(call) = calls.get_mut(caller) {
                    *call = Some((dial, heard));
                }
                now.plus_seconds(seconds)
            }
            None => opening.max(now.plus_seconds(ASK_AGAIN_SECONDS)),
        };
        free.push(Reverse((until, caller)));
    }
    team.close(end)
}

impl<P: Policy> Team<'_, P> {
    fn dial(&mut self, dial: Dial, now: Timestamp) -> (Heard, i64) {
        self.dials += 1;
        let Some(known) = self.homes.get_mut(dial.home) else {
            return (Heard::Disconnected, 0);
        };
        let nth = known.dials;
        known.dials += 1;
        let mut promised = false;
        if let Some(due) = known.promise.filter(|due| keeps(*due, now)) {
            promised = now <= due.plus_minutes(PERSONAL_MINUTES);
            self.played.broken += u32::from(!promised);
            known.promise = None;
        }
        let (heard, seconds) = call(self.world, dial.home, nth, now, promised);
        self.worked += seconds;
        (heard, seconds)
    }

    fn hear(&mut self, dial: Dial, heard: Heard, at: Timestamp) {
        let people = self.world.homes.get(dial.home).map_or(0, |home| home.people);
        let Some(known) = self.homes.get_mut(dial.home) else {
            return;
        };
        match heard {
            Heard::Answered { present } => {
                for person in 0..people {
                    let asked_for = dial.person.is_none_or(|one| one == person);
                    let bit = 1 << person;
                    if asked_for && present & bit != 0 && known.settled & bit == 0 {
                        known.settled |= bit;
                        self.played.reached.push(Reached {
                            citizen: (dial.home, person),
                            dials: self.dials,
                            worked: self.worked,
                            at,
                        });
                    }
                }
                if known.settled.count_ones() as usize == people {
                    known.promise = None; // nothing is left to call about
                }
            }
            Heard::CallBack { at: due } => {
                self.played.promises += 1;
                known.promise = Some(due);
            }
            _ => {}
        }
        self.policy.heard(dial, heard, at);
    }

    fn close(mut self, end: Timestamp) -> Played {
        let open = self.homes.iter().filter_map(|known| known.promise);
        let overdue = open.filter(|due| due.plus_minutes(PERSONAL_MINUTES) < end);
        self.played.broken += u32::try_from(overdue.count()).unwrap_or(u32::MAX);
        self.played
    }
}
