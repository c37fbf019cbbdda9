//! How many calls and hours it takes to reach people, by several ways of choosing whom to call next: the
//! product's own scheduler, three ways of others, and an oracle. All meet the same people.
//!
//! `docs/simulation.md` tells the method, its assumptions and what came of it.

mod call;
mod curve;
mod desk;
mod luck;
mod plain;
mod team;
#[cfg(test)]
mod tests;
mod world;

use crate::domain::text_enum::text_enum;
use curve::Curve;
pub use curve::{Mean, Share};
use desk::Desk;
use plain::{Plain, Way};
use std::collections::BTreeSet;
use team::{Played, play};
use world::World;

text_enum! {
    /// A way of choosing whom to call next.
    pub enum Policy {
        /// The product's scheduler.
        Makegood = "makegood",
        /// Down the list, again and again.
        FixedOrder = "fixed-order",
        /// One cool-down for everybody, as in Zetkin.
        CoolDown = "cool-down",
        /// Lead recycling with the defaults of VICIdial.
        LeadRecycle = "lead-recycle",
        /// The product's scheduler, if it knew everybody's hours.
        Oracle = "oracle",
    }
}

/// What to simulate.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many citizens have to be reached.
    pub citizens: usize,
    /// How many callers work.
    pub callers: usize,
    /// Whom they call.
    pub policy: Policy,
    /// The first seed; run n has the nth after it.
    pub seed: u64,
    /// How many runs.
    pub runs: u32,
}

/// What came of all runs.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What each share of the reachable citizens took, in steps of 5 %.
    pub shares: Vec<Share>,
    /// Promises given and broken in all runs.
    pub promises: u32,
    /// See `promises`.
    pub promises_broken: u32,
}

/// Plays all runs, on as many threads as there are processors; none if this machine does not know the
/// time zones.
pub fn simulate(plan: Plan) -> Option<Outcome> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u32;
    let runs: Vec<Vec<(u32, Run)>> = std::thread::scope(|scope| {
        let works: Vec<_> = (0..threads)
            .map(|thread| {
                let mine = (thread..plan.runs).step_by(threads as usize);
                scope.spawn(move || mine.filter_map(|n| Some((n, run(plan, n)?))).collect())
            })
            .collect();
        works.into_iter().filter_map(|work| work.join().ok()).collect()
    });
    let mut runs: Vec<(u32, Run)> = runs.into_iter().flatten().collect();
    runs.sort_by_key(|(n, _)| *n);
    (runs.len() == plan.runs as usize).then(|| Outcome {
        shares: curve::shares(runs.iter().map(|(_, run)| &run.curve)),
        promises: runs.iter().map(|(_, run)| run.promises).sum(),
        promises_broken: runs.iter().map(|(_, run)| run.broken).sum(),
    })
}

struct Run {
    curve: Curve,
    promises: u32,
    broken: u32,
}

fn run(plan: Plan, n: u32) -> Option<Run> {
    let world = World::new(plan.seed.wrapping_add(u64::from(n)), plan.citizens)?;
    let oracle = play(&world, plan.callers, Desk::oracle(&world, plan.callers));
    let reachable: BTreeSet<(usize, usize)> = oracle.reached.iter().map(|one| one.citizen).collect();
    let played = match plan.policy {
        Policy::Oracle => oracle,
        policy => by(policy, &world, plan.callers),
    };
    Some(Run {
        curve: Curve::of(&played, &reachable, plan.callers, world.start),
        promises: played.promises,
        broken: played.broken,
    })
}

fn by(policy: Policy, world: &World, callers: usize) -> Played {
    match policy {
        Policy::Makegood => play(world, callers, Desk::makegood(world, callers)),
        Policy::Oracle => play(world, callers, Desk::oracle(world, callers)),
        Policy::FixedOrder => play(world, callers, Plain::new(world, Way::FixedOrder)),
        Policy::CoolDown => play(world, callers, Plain::new(world, Way::CoolDown)),
        Policy::LeadRecycle => play(world, callers, Plain::new(world, Way::LeadRecycle)),
    }
}
