//! What callers, citizens and supervisors do, in the product and in the model.

use super::{CALLERS, Held, Model, Outcome, known};
use crate::harness::Home;
use makegood::domain::about::About;
use makegood::domain::ids::{AttemptId, CaseId, HouseholdId};
use makegood::domain::outcome::OthersWish;
use makegood::domain::reply::Reply;
use makegood::domain::seeded::seeded;
use makegood::domain::skip_reason::SkipReason;
use makegood::domain::slot;
use makegood::domain::split::By;
use makegood::domain::timestamp::Timestamp;
use makegood::domain::words::Language;
use makegood::outreach::citizen::Opened;
use makegood::outreach::citizen::answer::{Answered, Said};
use makegood::outreach::claim::Claimed;
use makegood::outreach::import::{Hints, ImportKind, ImportOptions, Status};
use makegood::outreach::lists::{Rebalance, Split};
use makegood::outreach::rulebook::Rulebook;
use makegood::store::attempts;
use makegood::store::claims::{self, Claim};
use proptest::prelude::*;
use std::collections::BTreeSet;

impl Model {
    pub fn live(&self, caller: usize) -> Option<&Claim> {
        let now = self.office.now();
        self.hands[caller].as_ref().filter(|claim| claim.is_live(now))
    }

    pub fn held_by_another(&self, caller: usize, home: HouseholdId) -> bool {
        let mut others = (0..CALLERS).filter(|other| *other != caller);
        others.any(|other| self.live(other).is_some_and(|claim| claim.household_id == home))
    }

    pub fn asks(&mut self, caller: usize) -> Held {
        let had = self.live(caller).map(|claim| claim.id);
        let (outage, user) = (self.homes.outage.id, self.callers[caller].clone());
        let claimed = self.tries(|office| office.claim_next(&user, outage).unwrap())?;
        match claimed {
            Claimed::New(claim) => {
                prop_assert_eq!(had, None, "a second household for one caller");
                prop_assert!(
                    !self.held_by_another(caller, claim.household_id),
                    "two callers at one household"
                );
                self.hands[caller] = Some(claim);
            }
            Claimed::Same(claim) => prop_assert_eq!(had, Some(claim.id)),
            Claimed::Nobody(_) => {
                self.hands[caller] = None;
                let lists = self.open_to(caller);
                let waits = |home: &&Home| {
                    let is_fresh = |case| self.known[case].is_fresh();
                    lists.contains(&home.id)
                        && home.people.iter().all(is_fresh)
                        && self.household(home.id).skips < 5
                };
                let forgotten = self.there.iter().filter(waits);
                let forgotten: Vec<_> = forgotten
                    .filter(|home| !self.held_by_another(caller, home.id))
                    .collect();
                prop_assert!(forgotten.is_empty(), "nobody is offered, but {forgotten:?} waits");
            }
            Claimed::Stopped { .. } | Claimed::Resting(_) => prop_assert!(false, "nobody stopped the calls"),
        }
        Ok(())
    }

    /// Households on nobody's list, or on this caller's.
    pub fn open_to(&self, caller: usize) -> BTreeSet<HouseholdId> {
        let (outage, user) = (self.homes.outage.id, self.callers[caller].id);
        let mine = self
            .office
            .db
            .read(|conn| makegood::store::call_lists::of_owner(conn, outage, user));
        let mine = mine.unwrap();
        let open = self.there.iter().filter(|home| {
            let list = self.household(home.id).list_id;
            list.is_none() || list == mine
        });
        open.map(|home| home.id).collect()
    }

    pub fn records(&mut self, caller: usize, outcome: Outcome) -> Held {
        let Some(claim) = self.hands[caller].clone() else {
            return Ok(());
        };
        let mut happened = outcome.happened(self.office.now());
        let waiting = self.waiting(&claim);
        happened.cases = self.named(&waiting, outcome);
        self.keys += 1;
        let key = format!("{}-{}", self.callers[caller].email, self.keys);
        let user = self.callers[caller].clone();
        let recorded = self.tries(|office| office.record(&user, claim.id, &key, &happened).unwrap())?;
        if outcome.twice {
            self.office.clock.advance_seconds(20);
            let again = self.office.record(&user, claim.id, &key, &happened).unwrap();
            prop_assert_eq!(&again, &recorded, "the same request, another answer");
        }
        if recorded.claim.is_none() {
            self.hands[caller] = None;
        }
        self.wishes.insert(recorded.attempt, outcome.others());
        self.notes(recorded.attempt, outcome.key(), happened.callback_at);
        self.latest[caller] = Some(recorded.attempt);
        Ok(())
    }

    /// Whom the caller names: nobody for what is said of the number, else one person or all who wait.
    fn named(&self, waiting: &[CaseId], outcome: Outcome) -> Option<Vec<CaseId>> {
        if waiting.len() < 2 {
            return None;
        }
        let all = seeded();
        let seeded = all.iter().find(|one| one.key == outcome.key()).unwrap();
        match seeded.rule.about() {
            _ if outcome.one => Some(vec![waiting[0]]),
            About::Number => None,
            About::Person { several: true } => Some(waiting.to_vec()),
            About::Person { several: false } => Some(vec![waiting[0]]),
        }
    }

    /// Those of a household who wait for an outcome of this claim.
    pub fn waiting(&self, claim: &Claim) -> Vec<CaseId> {
        let done = self
            .office
            .db
            .read(|conn| attempts::cases_done_by_claim(conn, claim))
            .unwrap();
        let home = self.there.iter().find(|home| home.id == claim.household_id);
        let people = home.unwrap().people.iter().copied();
        let open = people.filter(|case| self.case(*case).stage != "closed");
        open.filter(|case| !done.contains(case)).collect()
    }

    /// Notes an attempt that is there now.
    pub fn notes(&mut self, id: AttemptId, outcome: &'static str, due: Option<Timestamp>) {
        let found = self.office.db.read(|conn| {
            let attempt = attempts::find(conn, id)?;
            Ok::<_, diesel::result::Error>((attempt, attempts::cases_of(conn, id)?))
        });
        let (attempt, about) = found.unwrap();
        for case in about {
            let at = attempt.as_ref().unwrap().at;
            let known = self.known.get_mut(&case).unwrap();
            known.calls.insert(id, (at, outcome, due));
        }
    }

    pub fn changes(&mut self, caller: usize, outcome: Outcome) -> Held {
        let Some(old) = self.latest[caller] else {
            return Ok(());
        };
        let were = self.about(old);
        let mut happened = outcome.happened(self.office.now());
        happened.cases = self.named(&were, outcome);
        let user = self.callers[caller].clone();
        let new = self.tries(|office| office.change(&user, old, &happened).unwrap())?;
        self.wishes.insert(new, outcome.others());
        self.hands_over(old, new, &were);
        self.notes(new, outcome.key(), happened.callback_at);
        self.latest[caller] = Some(new);
        Ok(())
    }

    fn about(&self, attempt: AttemptId) -> Vec<CaseId> {
        let cases = self.office.db.read(|conn| attempts::cases_of(conn, attempt));
        cases.unwrap()
    }

    /// An attempt was changed: those whom the change does not mean keep what was recorded, as an attempt of their own.
    fn hands_over(&mut self, old: AttemptId, new: AttemptId, were: &[CaseId]) {
        let changed = self.about(new);
        for case in were {
            let call = self.known.get_mut(case).unwrap().calls.remove(&old);
            let Some(call) = call.filter(|_| !changed.contains(case)) else {
                continue;
            };
            let standing = self.office.db.read(|conn| attempts::of_cases(conn, &[*case]));
            let kept = standing.unwrap().into_iter().rev().find(|(_, attempt)| {
                attempt.superseded_at.is_none() && attempt.at == call.0 && attempt.outcome == call.1
            });
            let kept = kept.expect("the others keep what was recorded").1.id;
            self.wishes.insert(kept, OthersWish::NotKnown); // it was said of all of them, and now it is not
            self.known.get_mut(case).unwrap().calls.insert(kept, call);
        }
    }

    pub fn gives_back(&mut self, caller: usize) -> Held {
        let Some(claim) = self.hands[caller].clone() else {
            return Ok(());
        };
        let user = self.callers[caller].clone();
        self.tries(|office| office.release_claim(&user, claim.id).unwrap())?;
        self.hands[caller] = None;
        Ok(())
    }

    pub fn skips(&mut self, caller: usize) -> Held {
        let Some(claim) = self.hands[caller].clone() else {
            return Ok(());
        };
        let before = self.household(claim.household_id).skips;
        let user = self.callers[caller].clone();
        let skipped = self.tries(|office| office.skip(&user, claim.id, SkipReason::NotNow).unwrap())?;
        let counted = i32::from(!self.was_taken(&claim));
        prop_assert_eq!(skipped, before + counted, "skipped twice, or not at all");
        self.hands[caller] = None;
        Ok(())
    }

    /// Whether the lease had lapsed and a colleague has taken the household since.
    pub fn was_taken(&self, claim: &Claim) -> bool {
        self.office
            .db
            .read(|conn| claims::was_taken_over(conn, claim))
            .unwrap()
    }

    pub fn answers(&mut self, home: usize, reply: Reply, nth: usize) -> Held {
        let id = self.there[home].people[0];
        let (case, now) = (self.case(id), self.office.now());
        let days = slot::days(now, &Rulebook::zones(&case.time_zone), &self.homes.outage.hours());
        let offered: Vec<_> = days.into_iter().flat_map(|day| day.places).collect();
        let slot = offered.get(nth % offered.len().max(1)).copied();
        let link = self.office.citizen_link(id, now);
        let link = link.rsplit('/').next().unwrap().to_owned();
        let said = Said {
            reply,
            slot,
            phone: String::new(),
            language: Language::english(),
        };
        let answered = self.tries(|office| office.answer_by_link(&link, &said).unwrap())?;
        let Opened::Welcome(Answered::Noted) = answered else {
            let is_full = reply == Reply::CallMe && matches!(answered, Opened::Welcome(Answered::Full));
            let said = self.known.get(&id).and_then(|known| known.answer);
            let is_over = matches!(answered, Opened::NotTheirs(..))
                && said.is_some_and(|(_, word, _)| word == Reply::WrongPerson.as_str());
            prop_assert!(is_full || is_over, "{:?}", answered);
            return Ok(());
        };
        let stands = self
            .office
            .db
            .read(|conn| makegood::store::answers::standing(conn, id))
            .unwrap();
        let call_at = stands.unwrap().call_at;
        self.known.get_mut(&id).unwrap().answer = Some(known::said(reply, now, call_at));
        Ok(())
    }

    pub fn stays(&mut self, caller: usize) -> Held {
        let live = self.live(caller).is_some();
        if let Some(claim) = &mut self.hands[caller] {
            let extended = self.office.extend_claim(&self.callers[caller], claim.id);
            prop_assert_eq!(
                extended.is_ok(),
                live,
                "a lapsed lease cannot be lengthened, a live one can"
            );
            claim.expires_at = extended.unwrap_or(claim.expires_at);
        }
        Ok(())
    }

    pub fn undoes(&mut self, caller: usize) -> Held {
        let Some(attempt) = self.latest[caller] else {
            return Ok(());
        };
        let now = self.office.now();
        let at = self
            .known
            .values()
            .find_map(|known| known.calls.get(&attempt))
            .map(|(at, ..)| *at);
        let in_time = at.is_some_and(|at| now <= at.plus_minutes(5));
        let user = self.callers[caller].clone();
        let undone = self.tries(|office| office.undo(&user, attempt))?;
        prop_assert_eq!(undone.is_ok(), in_time, "{:?}", undone);
        if let Ok(undone) = undone {
            for known in self.known.values_mut() {
                known.calls.remove(&attempt);
            }
            self.latest[caller] = None;
            if let Some(claim) = undone.claim {
                prop_assert!(
                    !self.held_by_another(caller, claim.household_id),
                    "two callers at one household"
                );
                self.hands[caller] = Some(claim);
            }
        }
        Ok(())
    }

    /// Everybody of a household pays, and the file of payments is reconciled.
    pub fn pays(&mut self, home: usize) {
        let now = self.office.now();
        let mut file = "transaction_id,timestamp,account_id,amount\n".to_owned();
        for case in self.there[home].people.clone() {
            let account = self.case(case).account_id.unwrap();
            file += &format!("SET-{case},{},{account},1284.00\n", now.rfc3339());
        }
        let path = self.folder.path().join("successes.csv");
        std::fs::write(&path, file).unwrap();
        let options = ImportOptions {
            kind: ImportKind::Successes,
            hints: Hints::default(),
            dry_run: false,
            rejects: None,
            by: None,
        };
        let outage = self.homes.outage.id;
        let report = self
            .office
            .import_file(outage, &path, &options, &mut |_| ())
            .unwrap();
        if report.status != Status::Applied {
            return; // the same file again, at the same time
        }
        self.reconciled.push(report.import);
        for case in &self.there[home].people {
            let known = self.known.get_mut(case).unwrap();
            known.paid.insert(report.import, now);
        }
    }

    pub fn undoes_payments(&mut self) {
        let Some(import) = self.reconciled.pop() else {
            return;
        };
        self.office.undo_import(import).unwrap();
        for known in self.known.values_mut() {
            known.paid.remove(&import);
        }
    }

    pub fn deals(&mut self, seed: u64) -> Held {
        let callers = self.callers.iter().map(|caller| (caller.id, 1)).collect();
        let (outage, split) = (self.homes.outage.id, Split::of_pool(By::Even, callers, seed));
        self.tries(|office| office.split(outage, &split, false).map(|_| ()).unwrap())
    }

    pub fn leaves(&mut self, caller: usize) -> Held {
        let next = (caller + 1) % CALLERS;
        let wish = Rebalance {
            from: self.callers[caller].id,
            to: vec![self.callers[next].id],
            gone: false,
            seen: None,
        };
        let outage = self.homes.outage.id;
        self.tries(|office| office.rebalance(outage, &wish, false).map(|_| ()).unwrap())
    }
}
