//! What must hold after every step.

use super::known::Known;
use super::{Held, Model};
use diesel::prelude::*;
use makegood::domain::ids::{AttemptId, CaseId, HouseholdId};
use makegood::domain::outcome::OthersWish;
use makegood::domain::timestamp::Timestamp;
use makegood::schema::{attempts as rows, suppressions};
use makegood::store::cases::Case;
use makegood::store::{attempts, callbacks, claims};
use proptest::prelude::*;
use std::collections::BTreeSet;

impl Model {
    pub fn everything_holds(&self) -> Held {
        self.nobody_shares_a_household()?;
        self.stops_are_of_whom_they_are_about()?;
        let outage = self.homes.outage.id;
        let promises = self
            .office
            .db
            .read(|conn| callbacks::open(conn, outage, None, 1000))
            .unwrap();
        let promised: BTreeSet<HouseholdId> = promises.iter().map(|promise| promise.household_id).collect();
        for home in &self.there {
            for id in &home.people {
                let promise = self.holds_for(*id)?;
                prop_assert!(
                    promise.is_none() || promised.contains(&home.id),
                    "not in the ledger: {home:?}"
                );
            }
        }
        Ok(())
    }

    /// Since when a mate's *do not call* keeps calls from a case's number: nobody knew whether it is their wish too.
    fn stopped_by_others(&self, id: CaseId) -> Option<Timestamp> {
        let mut homes = self.there.iter();
        let home = homes.find(|home| home.people.contains(&id)).unwrap();
        if self.known[&id].was(&["do_not_call"]) {
            return None; // their own word counts
        }
        let mates = home.people.iter().filter(|mate| **mate != id);
        let said = mates.flat_map(|mate| &self.known[mate].calls);
        let stops = said.filter(|(attempt, (_, outcome, _))| {
            *outcome == "do_not_call" && self.wishes[attempt] == OthersWish::NotKnown
        });
        stops.map(|(_, (at, ..))| *at).min()
    }

    /// A number is stopped by a call that counts, and for whom that call was.
    fn stops_are_of_whom_they_are_about(&self) -> Held {
        let outage = self.homes.outage.id;
        let stops: Vec<(AttemptId, Option<String>)> = self
            .office
            .db
            .read(|conn| {
                suppressions::table
                    .inner_join(rows::table.on(suppressions::attempt_id.eq(rows::id.nullable())))
                    .filter(suppressions::lifted_at.is_null())
                    .filter(rows::outage_id.eq(outage))
                    .select((rows::id, suppressions::person))
                    .load(conn)
            })
            .unwrap();
        for (attempt, person) in stops {
            let mut about = self.known.iter();
            let is_theirs = about.any(|(case, known)| {
                known.calls.contains_key(&attempt) && Some(self.case(*case).identity_key) == person
            });
            prop_assert!(is_theirs, "attempt {attempt} stops the calls of {person:?}");
        }
        Ok(())
    }

    fn nobody_shares_a_household(&self) -> Held {
        let (outage, now) = (self.homes.outage.id, self.office.now());
        let live = self
            .office
            .db
            .read(|conn| claims::live(conn, outage, now))
            .unwrap();
        let held: BTreeSet<HouseholdId> = live.iter().map(|claim| claim.household_id).collect();
        prop_assert_eq!(held.len(), live.len(), "two callers at one household");
        Ok(())
    }

    /// What holds for one case; answers the promise that stands.
    fn holds_for(&self, id: CaseId) -> Result<Option<Timestamp>, TestCaseError> {
        let (case, known) = (self.case(id), &self.known[&id]);
        let closed = case.stage == "closed";
        prop_assert_eq!(closed, case.resolution.is_some(), "{:?}", case);
        prop_assert!(closed || case.due_at.is_some(), "no next step: {case:?}");
        let counted = self
            .office
            .db
            .read(|conn| attempts::of_cases(conn, &[id]))
            .unwrap();
        let counted: Vec<AttemptId> = counted
            .into_iter()
            .map(|(_, attempt)| attempt)
            .filter(|attempt| attempt.superseded_at.is_none())
            .map(|attempt| attempt.id)
            .collect();
        let expected: BTreeSet<AttemptId> = known.calls.keys().copied().collect();
        prop_assert_eq!(
            counted.len(),
            expected.len(),
            "an attempt is lost or counted twice"
        );
        prop_assert_eq!(counted.into_iter().collect::<BTreeSet<_>>(), expected);
        let stopped = self.stopped_by_others(id);
        let promise = known.promise(stopped);
        is_for_its_own_reasons(&case, known, stopped)?;
        // Skipped too often, it is with a supervisor; the promise stands.
        let with_supervisor = case.stage == "needs_supervisor";
        prop_assert!(case.stage != "callback" || promise.is_some(), "{:?}", case);
        prop_assert!(
            promise.is_none() || with_supervisor || (case.stage == "callback" && case.due_at == promise),
            "{case:?}, but promised {promise:?}"
        );
        Ok(promise)
    }
}

/// A case is closed by what was said of it or found about it, and whoever nothing was said of waits for a call.
fn is_for_its_own_reasons(case: &Case, known: &Known, stopped: Option<Timestamp>) -> Held {
    let is_theirs = match case.resolution.as_deref() {
        None => true,
        Some("resolved_by_call") => known.was(&["all_set", "will_pay"]),
        Some("declined") => known.was(&["refused"]),
        Some("do_not_contact") => known.was(&["do_not_call"]),
        Some("paid") => known.paid().is_some() || known.answer.is_some(),
        Some("resolved_by_citizen") => known.answer.is_some(),
        Some(_) => false,
    };
    prop_assert!(is_theirs, "closed by what is known of others: {case:?}");
    let waits: &[&str] = match stopped {
        None => &["new", "needs_supervisor"],
        Some(_) => &["email", "letter", "needs_supervisor"],
    };
    let holds = !known.is_fresh() || waits.contains(&case.stage.as_str());
    prop_assert!(holds, "{case:?}, stopped {stopped:?}");
    Ok(())
}
