//! What must hold after every step.

use super::{Held, Model};
use makegood::domain::ids::{AttemptId, CaseId, HouseholdId};
use makegood::domain::timestamp::Timestamp;
use makegood::store::{attempts, callbacks, claims};
use proptest::prelude::*;
use std::collections::BTreeSet;

impl Model {
    pub fn everything_holds(&self) -> Held {
        self.nobody_shares_a_household()?;
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
        let promise = known.promise();
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
