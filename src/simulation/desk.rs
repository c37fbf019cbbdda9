//! The product's own scheduler at work: its rules decide after every outcome when a household is called
//! again ([`fold`]), and its order decides who is next ([`Turn`]). The oracle is the same desk with one
//! thing more: it knows everybody's hours.

use super::call::Heard;
use super::team::{Dial, Policy};
use super::world::World;
use crate::domain::callback;
use crate::domain::chance::Line;
use crate::domain::facts::{Attempt, Facts};
use crate::domain::ids::HouseholdId;
use crate::domain::outcome::{Outcome, Outcomes, Rule};
use crate::domain::progress::{Progress, fold};
use crate::domain::queue::{self, Turn};
use crate::domain::score::{Pressing, hour, together};
use crate::domain::seeded::seeded;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// A queue and what it knows.
pub(super) struct Desk<'w> {
    world: &'w World,
    outcomes: Outcomes,
    knows_hours: bool,
    callers: usize,
    people: Vec<Vec<Facts>>,
    /// Promised calls by their time.
    callbacks: BTreeSet<(Timestamp, usize)>,
    /// Not due yet.
    coming: BinaryHeap<Reverse<(Timestamp, usize)>>,
    /// Due, in the order of their stored scores.
    due: BTreeSet<Turn>,
}

impl<'w> Desk<'w> {
    /// The product.
    pub(super) fn makegood(world: &'w World, callers: usize) -> Self {
        Self::new(world, callers, Outcomes::default(), false)
    }

    /// Knows what kind of number each is, need not call in other parts of the day to find the hours, and
    /// waits for the best of them.
    pub(super) fn oracle(world: &'w World, callers: usize) -> Self {
        let any_part = |mut outcome: Outcome| {
            if let Rule::Retry(retry) = &mut outcome.rule {
                retry.other_day_part = false;
                if let Some(limit) = &mut retry.give_up {
                    limit.day_parts = 1;
                }
            }
            outcome
        };
        let outcomes = Outcomes::new(seeded().into_iter().map(any_part).collect());
        Self::new(world, callers, outcomes, true)
    }

    fn new(world: &'w World, callers: usize, outcomes: Outcomes, knows_hours: bool) -> Self {
        let mut desk = Self {
            world,
            outcomes,
            knows_hours,
            callers,
            people: Vec::new(),
            callbacks: BTreeSet::new(),
            coming: BinaryHeap::new(),
            due: BTreeSet::new(),
        };
        for (home, household) in world.homes.iter().enumerate() {
            let facts = Facts {
                phones: vec!["+13035550100".to_owned()],
                has_email: true,
                zones: world.zones_of(home).clone(),
                line: if knows_hours {
                    household.line
                } else {
                    household.guess
                },
                opened_at: world.start,
                ..Facts::default()
            };
            desk.people.push(vec![facts; household.people]);
            desk.queue(home, world.start);
        }
        desk
    }

    fn line(&self, home: usize) -> Line {
        self.world.homes.get(home).map_or(Line::Personal, |home| {
            if self.knows_hours { home.line } else { home.guess }
        })
    }

    fn folded(&self, home: usize) -> Vec<Progress> {
        let people = self.people.get(home).into_iter().flatten();
        people
            .map(|facts| fold(facts, &self.outcomes, &self.world.hours))
            .collect()
    }

    /// Puts a household where it waits for its next call, if there is one.
    fn queue(&mut self, home: usize, now: Timestamp) {
        let entry = queue::household(&self.folded(home), now);
        let Some(due_at) = entry.due_at else { return };
        match entry.stage {
            Stage::Callback => {
                self.callbacks.insert((due_at, home));
            }
            stage if stage.is_call() => {
                let due_at = if self.knows_hours {
                    self.best_hour(home, due_at)
                } else {
                    due_at
                };
                self.coming.push(Reverse((due_at, home)));
            }
            _ => {}
        }
    }

    /// The hour of the day from `from` on in which they are likeliest to answer.
    fn best_hour(&self, home: usize, from: Timestamp) -> Timestamp {
        let (zones, hours) = (self.world.zones_of(home), &self.world.hours);
        let line = self.line(home);
        let index = |at: &Timestamp| line.index(hours.home(zones).local(*at));
        let starts = (0..24).map(|hour| from.plus_hours(hour));
        let open = starts.filter(|at| hours.open_at(*at, zones));
        open.reduce(|best, at| if index(&at) > index(&best) { at } else { best })
            .unwrap_or(from)
    }

    /// Moves what has become due into its order.
    fn ripen(&mut self, now: Timestamp) {
        while let Some(Reverse((at, home))) = self.coming.peek().copied() {
            if at > now {
                break;
            }
            self.coming.pop();
            let id = HouseholdId::try_from(home).unwrap_or(HouseholdId::MAX);
            let turn = Turn::new(id, 0, self.score(home), 0);
            self.due.insert(turn);
        }
    }

    /// What the product stores as the household's score.
    fn score(&self, home: usize) -> i64 {
        let Some(household) = self.world.homes.get(home) else {
            return 0;
        };
        let folded = self.folded(home);
        let open = folded.iter().filter(|progress| progress.stage.is_open());
        let together = together(open.clone().count(), &self.world.weights).points;
        let scores = open.map(|progress| {
            self.world.score(&Pressing {
                half_tries: progress.half_tries,
                ..household.pressing
            })
        });
        scores.max().unwrap_or_default() + together
    }

    fn due_callback(&mut self, now: Timestamp) -> Option<usize> {
        let soon = self
            .callbacks
            .range((now, usize::MAX)..=(callback::soon(now), usize::MAX));
        let until = callback::offered_until(now, soon.count(), self.callers);
        let (at, home) = self.callbacks.first().copied()?;
        (at <= until).then(|| {
            self.callbacks.pop_first();
            home
        })
    }

    /// As the store chooses: of the first by their stored scores the one that this hour suits best.
    fn due_call(&mut self, now: Timestamp) -> Option<usize> {
        self.ripen(now);
        let world = self.world;
        let place = |turn: &Turn| {
            let home = usize::try_from(turn.household).ok()?;
            Some((world.homes.get(home)?.zone, self.line(home)))
        };
        let open: Vec<bool> = world
            .zones
            .iter()
            .map(|zones| world.hours.open_at(now, zones))
            .collect();
        let callable = self.due.iter().filter_map(|turn| Some((*turn, place(turn)?)));
        let callable = callable
            .filter(|(_, (zone, _))| open.get(*zone) == Some(&true))
            .take(queue::LOOK_AHEAD);
        let turns = queue::at_this_hour(callable, |(zone, line)| {
            let zones = world.zones.get(*zone);
            zones.map_or(0, |zones| {
                hour(*line, zones, &world.hours, &world.weights, now).points
            })
        });
        let first = *turns.first()?;
        self.due.remove(&first);
        usize::try_from(first.household).ok()
    }
}

impl Policy for Desk<'_> {
    fn next(&mut self, now: Timestamp) -> Option<Dial> {
        let home = self.due_callback(now).or_else(|| self.due_call(now))?;
        Some(Dial { home, person: None })
    }

    fn heard(&mut self, dial: Dial, heard: Heard, at: Timestamp) {
        let folded = self.folded(dial.home);
        let Some(people) = self.people.get_mut(dial.home) else {
            return;
        };
        for (person, (facts, progress)) in people.iter_mut().zip(folded).enumerate() {
            if progress.stage.is_open() {
                facts.attempts.push(attempt(heard, person, &progress, at));
            }
        }
        self.queue(dial.home, at);
    }
}

fn attempt(heard: Heard, person: usize, progress: &Progress, at: Timestamp) -> Attempt {
    let outcome = match heard {
        Heard::Voicemail => "voicemail",
        Heard::NoAnswer => "no_answer",
        Heard::Busy => "busy",
        Heard::Wrong => "wrong_number",
        Heard::Disconnected => "disconnected",
        Heard::Answered { present } if present & (1 << person) != 0 => "all_set",
        Heard::Answered { .. } => "someone_else",
        Heard::CallBack { .. } => "call_back",
    };
    Attempt {
        at,
        outcome: outcome.to_owned(),
        phone: progress.phone.clone(),
        callback_at: match heard {
            Heard::CallBack { at } => Some(at),
            _ => None,
        },
        ..Attempt::default()
    }
}
