//! Callers, clocks, lost answers, undo, reconciliation and dealing at random, beside a model so simple that it
//! can be read: who holds which household, and what was recorded about whom. `PROPTEST_CASES=500` tries longer.
//!
//! That it fails where it should was tried on a PostgreSQL whose triggers break the product: one that swallows what is
//! written into `callbacks` is found after two steps (ask, promise), one that keeps `attempts` from being superseded
//! after three (ask, record, undo).

use crate::harness::{App, Home, Homes};
use makegood::domain::ids::{AttemptId, CaseId, HouseholdId};
use makegood::domain::role::Role;
use makegood::domain::split::By;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::Office;
use makegood::outreach::accounts::{NewAccount, User};
use makegood::outreach::claim::Claimed;
use makegood::outreach::import::{Hints, ImportKind, ImportOptions, Status};
use makegood::outreach::lists::{Rebalance, Split};
use makegood::outreach::record::{CallbackFor, Happened};
use makegood::store::claims::{self, Claim};
use makegood::store::{attempts, callbacks, cases, households};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

const CALLERS: usize = 3;
const HOUSEHOLDS: i64 = 5;
const OUTCOMES: [&str; 9] = [
    "no_answer",
    "busy",
    "voicemail",
    "all_set",
    "call_back",
    "will_pay",
    "needs_help",
    "refused",
    "technical",
];

/// What somebody does.
#[derive(Clone, Debug)]
enum Step {
    Asks(usize),
    /// Records an outcome; a callback so many hours later. `twice`: the answer is lost and the request sent again.
    Records {
        caller: usize,
        outcome: usize,
        hours: i64,
        twice: bool,
    },
    GivesBack(usize),
    StaysOnThePage(usize),
    Undoes(usize),
    Pays(usize),
    Deals(u64),
    Leaves(usize),
    /// Nobody does anything for so many minutes: leases lapse, callbacks come due.
    TimePasses(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let caller = 0..CALLERS;
    let records = (0..CALLERS, 0..OUTCOMES.len(), 1..30i64, prop::bool::weighted(0.2));
    let step = prop_oneof![
        6 => caller.clone().prop_map(Step::Asks),
        6 => records.prop_map(|(caller, outcome, hours, twice)| Step::Records { caller, outcome, hours, twice }),
        1 => caller.clone().prop_map(Step::GivesBack),
        1 => caller.clone().prop_map(Step::StaysOnThePage),
        2 => caller.clone().prop_map(Step::Undoes),
        1 => (0..HOUSEHOLDS as usize).prop_map(Step::Pays),
        1 => any::<u64>().prop_map(Step::Deals),
        1 => caller.prop_map(Step::Leaves),
        3 => prop_oneof![1..12i64, 30..2000i64].prop_map(Step::TimePasses),
    ];
    prop::collection::vec(step, 1..60)
}

/// What is known about one case: the calls that count, and when a payment was found.
#[derive(Default)]
struct Known {
    calls: BTreeMap<AttemptId, (Timestamp, &'static str, Option<Timestamp>)>,
    paid: Option<Timestamp>,
}

impl Known {
    /// The promise that stands, by the words of product §5: made by *call back later*, ended by a call at its
    /// time (a quarter of an hour before at the earliest), by an outcome that settles the matter or hands it on, by payment.
    fn promise(&self) -> Option<Timestamp> {
        let mut events: Vec<_> = self.calls.values().copied().collect();
        events.extend(self.paid.map(|at| (at, "paid", None)));
        events.sort_by_key(|(at, ..)| *at);
        events
            .into_iter()
            .fold(None, |promise, (at, what, due)| match what {
                "call_back" => due,
                "technical" => promise,
                "no_answer" | "busy" | "voicemail" => promise.filter(|due| at < due.plus_minutes(-15)),
                _ => None,
            })
    }
}

struct Model {
    office: Office,
    homes: Homes,
    known: BTreeMap<CaseId, Known>,
    there: Vec<Home>,
    callers: Vec<User>,
    /// What each caller has in hand, or had when its lease lapsed.
    hands: Vec<Option<Claim>>,
    /// Each caller's latest outcome that was not taken back.
    latest: Vec<Option<AttemptId>>,
    folder: tempfile::TempDir,
    keys: u32,
}

type Held = Result<(), TestCaseError>;

impl Model {
    fn new(office: Office) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut homes = Homes::of_outage(&office, &format!("model-{number}"), "00:00-24:00");
        let mut there = homes.add(&office, HOUSEHOLDS - 1, 1);
        there.extend(homes.add(&office, 1, 2));
        let cases = there.iter().flat_map(|home| home.people.clone());
        let known = cases.map(|case| (case, Known::default())).collect();
        let callers = (0..CALLERS).map(|caller| hire(&office, &format!("caller{caller}-{number}")));
        Self {
            callers: callers.collect(),
            known,
            there,
            homes,
            office,
            hands: vec![None; CALLERS],
            latest: vec![None; CALLERS],
            folder: tempfile::tempdir().unwrap(),
            keys: 0,
        }
    }

    fn play(&mut self, steps: &[Step]) -> Held {
        for step in steps {
            self.office.clock.advance_seconds(1);
            match step {
                Step::Asks(caller) => self.asks(*caller)?,
                Step::Records {
                    caller,
                    outcome,
                    hours,
                    twice,
                } => {
                    self.records(*caller, OUTCOMES[*outcome], *hours, *twice)?;
                }
                Step::GivesBack(caller) => {
                    if let Some(claim) = self.hands[*caller].take() {
                        self.office
                            .release_claim(&self.callers[*caller], claim.id)
                            .unwrap();
                    }
                }
                Step::StaysOnThePage(caller) => self.stays(*caller)?,
                Step::Undoes(caller) => self.undoes(*caller)?,
                Step::Pays(home) => self.pays(*home),
                Step::Deals(seed) => self.deals(*seed),
                Step::Leaves(caller) => self.leaves(*caller),
                Step::TimePasses(minutes) => self.office.clock.advance_seconds(60 * minutes),
            }
            self.everything_holds()?;
        }
        Ok(())
    }

    fn live(&self, caller: usize) -> Option<&Claim> {
        let now = self.office.now();
        self.hands[caller].as_ref().filter(|claim| claim.is_live(now))
    }

    fn held_by_another(&self, caller: usize, home: HouseholdId) -> bool {
        let mut others = (0..CALLERS).filter(|other| *other != caller);
        others.any(|other| self.live(other).is_some_and(|claim| claim.household_id == home))
    }

    fn asks(&mut self, caller: usize) -> Held {
        let had = self.live(caller).map(|claim| claim.id);
        let outage = self.homes.outage.id;
        match self.office.claim_next(&self.callers[caller], outage).unwrap() {
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
                    lists.contains(&home.id) && home.people.iter().all(|case| self.is_fresh(*case))
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

    fn is_fresh(&self, case: CaseId) -> bool {
        self.known[&case].calls.is_empty() && self.known[&case].paid.is_none()
    }

    /// Households on nobody's list, or on this caller's.
    fn open_to(&self, caller: usize) -> BTreeSet<HouseholdId> {
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

    fn records(&mut self, caller: usize, outcome: &'static str, hours: i64, twice: bool) -> Held {
        let Some(claim) = self.hands[caller].take() else {
            return Ok(());
        };
        let now = self.office.now();
        let due = (outcome == "call_back").then(|| now.plus_hours(hours));
        let happened = Happened {
            outcome: outcome.to_owned(),
            callback_at: due,
            callback_for: if hours % 2 == 0 {
                CallbackFor::Me
            } else {
                CallbackFor::Anyone
            },
            ..Happened::default()
        };
        self.keys += 1;
        let key = format!("{}-{}", self.callers[caller].email, self.keys);
        let user = &self.callers[caller];
        let recorded = self.office.record(user, claim.id, &key, &happened).unwrap();
        if twice {
            self.office.clock.advance_seconds(20);
            let again = self.office.record(user, claim.id, &key, &happened).unwrap();
            prop_assert_eq!(&again, &recorded, "the same request, another answer");
        }
        let found = self.office.db.read(|conn| {
            let attempt = attempts::find(conn, recorded.attempt)?;
            Ok::<_, diesel::result::Error>((attempt, attempts::cases_of(conn, recorded.attempt)?))
        });
        let (attempt, about) = found.unwrap();
        for case in about {
            let at = attempt.as_ref().unwrap().at;
            let known = self.known.get_mut(&case).unwrap();
            known.calls.insert(recorded.attempt, (at, outcome, due));
        }
        self.latest[caller] = Some(recorded.attempt);
        Ok(())
    }

    fn stays(&mut self, caller: usize) -> Held {
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

    fn undoes(&mut self, caller: usize) -> Held {
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
        let undone = self.office.undo(&self.callers[caller], attempt);
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
    fn pays(&mut self, home: usize) {
        let now = self.office.now();
        let mut file = "transaction_id,timestamp,account_id,amount\n".to_owned();
        for case in self.there[home].people.clone() {
            let account = self.case(case).account_id.unwrap();
            file += &format!("SET-{case},{},{account},1284.00\n", now.rfc3339());
            let known = self.known.get_mut(&case).unwrap();
            known.paid = known.paid.or(Some(now));
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
        assert_eq!(report.status, Status::Applied, "{report:?}");
    }

    fn deals(&mut self, seed: u64) {
        let callers = self.callers.iter().map(|caller| (caller.id, 1)).collect();
        let split = Split::of_pool(By::Even, callers, seed);
        self.office.split(self.homes.outage.id, &split, false).unwrap();
    }

    fn leaves(&mut self, caller: usize) {
        let next = (caller + 1) % CALLERS;
        let wish = Rebalance {
            from: self.callers[caller].id,
            to: vec![self.callers[next].id],
            gone: false,
        };
        self.office.rebalance(self.homes.outage.id, &wish, false).unwrap();
    }

    fn case(&self, id: CaseId) -> cases::Case {
        self.office
            .db
            .read(|conn| cases::find(conn, id))
            .unwrap()
            .unwrap()
    }

    fn household(&self, id: HouseholdId) -> households::Household {
        self.office
            .db
            .read(|conn| households::find(conn, id))
            .unwrap()
            .unwrap()
    }

    fn everything_holds(&self) -> Held {
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
        prop_assert_eq!(case.stage == "callback", promise.is_some(), "{:?}", case);
        prop_assert!(
            promise.is_none() || case.due_at == promise,
            "{case:?}, but promised {promise:?}"
        );
        Ok(promise)
    }
}

fn hire(office: &Office, name: &str) -> User {
    let account = NewAccount {
        email: format!("{name}@agency.example"),
        name: name.to_owned(),
        role: Role::Caller,
        languages: Vec::new(),
        specialist: false,
    };
    office.add_account(&account, Some("copper lake window")).unwrap();
    office.account(&account.email).unwrap()
}

#[tokio::test]
async fn whatever_callers_do_nobody_is_called_by_two_and_nothing_is_lost() {
    let app = App::start().await;
    let office = app.office.clone();
    #[allow(clippy::disallowed_methods)] // no setting of the program
    let wished = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let played = tokio::task::spawn_blocking(move || {
        let config = Config {
            cases: wished.unwrap_or(8),
            max_shrink_iters: 200,
            failure_persistence: None,
            ..Config::default()
        };
        TestRunner::new(config).run(&steps(), |steps| Model::new(office.clone()).play(&steps))
    });
    played.await.unwrap().unwrap();
}
