//! Callers, citizens, clocks, lost answers, processes that die, undo, corrections, reconciliation and dealing at random,
//! beside a model so simple that it can be read: who holds which household, and what was recorded about whom. Nobody is
//! closed, promised a call or left uncalled because of what was said of somebody else, unless it was said of their number.
//! `PROPTEST_CASES=500` tries longer.
//!
//! That it fails where it should was tried on a PostgreSQL whose triggers break the product: one that swallows what is
//! written into `callbacks` is found after two steps (ask, promise), one that keeps `attempts` from being superseded
//! after three (ask, record, undo).

use crate::harness::{App, Home, Homes};
use known::Known;
use makegood::domain::ids::{AttemptId, CaseId, HouseholdId, ImportId};
use makegood::domain::outcome::OthersWish;
use makegood::domain::reply::Reply;
use makegood::domain::role::Role;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::Office;
use makegood::outreach::accounts::{NewAccount, User};
use makegood::outreach::record::{CallbackFor, Happened};
use makegood::store::claims::Claim;
use makegood::store::{cases, households};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

pub mod dying;
mod holds;
mod known;
mod play;

const CALLERS: usize = 3;
const HOUSEHOLDS: i64 = 5;
const OUTCOMES: [&str; 10] = [
    "no_answer",
    "busy",
    "voicemail",
    "all_set",
    "call_back",
    "will_pay",
    "needs_help",
    "refused",
    "do_not_call",
    "technical",
];

/// *Do not call*, which is tried more often: it is one of few that reach beyond the person they are said of.
const STOPS: usize = 8;

/// What somebody does.
#[derive(Clone, Debug)]
enum Step {
    Asks(usize),
    /// Records an outcome.
    Records(usize, Outcome),
    /// Changes the latest outcome to another.
    Changes(usize, Outcome),
    GivesBack(usize),
    Skips(usize),
    StaysOnThePage(usize),
    Undoes(usize),
    /// Somebody of a household answers by link, the nth of the slots for a call.
    Answers(usize, Reply, usize),
    /// A household pays, and the payments are reconciled.
    Pays(usize),
    /// The latest reconciliation is taken back.
    UndoesPayments,
    Deals(u64),
    Leaves(usize),
    /// The process dies at this statement of the next verb; then the same is asked of another.
    Dies(u32),
    /// Nobody does anything for so many minutes: leases lapse, callbacks come due.
    TimePasses(i64),
}

/// What is recorded: a callback so many hours later. `twice`: the answer is lost and the request sent again.
/// `one`: about one person of the household only.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    key: usize,
    hours: i64,
    twice: bool,
    one: bool,
}

impl Outcome {
    fn key(self) -> &'static str {
        OUTCOMES[self.key]
    }

    fn happened(self, now: Timestamp) -> Happened {
        Happened {
            outcome: self.key().to_owned(),
            callback_at: (self.key() == "call_back").then(|| now.plus_hours(self.hours)),
            callback_for: if self.hours % 2 == 0 {
                CallbackFor::Me
            } else {
                CallbackFor::Anyone
            },
            others: (self.key() == "do_not_call").then(|| self.others()),
            ..Happened::default()
        }
    }

    /// What is known of the others' wish.
    fn others(self) -> OthersWish {
        match self.hours % 2 {
            0 => OthersWish::No,
            _ => OthersWish::NotKnown,
        }
    }
}

/// What citizens say. *Do not contact me* holds across outages, so it would reach into other runs.
const REPLIES: [Reply; 4] = [
    Reply::HavePaid,
    Reply::CallMe,
    Reply::NeedHelp,
    Reply::WrongPerson,
];

fn outcome() -> impl Strategy<Value = Outcome> {
    let parts = (
        prop_oneof![5 => 0..OUTCOMES.len(), 1 => Just(STOPS)],
        1..30i64,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.5),
    );
    parts.prop_map(|(key, hours, twice, one)| Outcome {
        key,
        hours,
        twice,
        one,
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let caller = 0..CALLERS;
    let home = 0..HOUSEHOLDS as usize;
    let step = prop_oneof![
        6 => caller.clone().prop_map(Step::Asks),
        6 => (caller.clone(), outcome()).prop_map(|(caller, outcome)| Step::Records(caller, outcome)),
        2 => (caller.clone(), outcome()).prop_map(|(caller, outcome)| Step::Changes(caller, outcome)),
        1 => caller.clone().prop_map(Step::GivesBack),
        2 => caller.clone().prop_map(Step::Skips),
        1 => caller.clone().prop_map(Step::StaysOnThePage),
        2 => caller.clone().prop_map(Step::Undoes),
        2 => (home.clone(), 0..REPLIES.len(), 0..40usize)
            .prop_map(|(home, reply, slot)| Step::Answers(home, REPLIES[reply], slot)),
        1 => home.prop_map(Step::Pays),
        1 => Just(Step::UndoesPayments),
        1 => any::<u64>().prop_map(Step::Deals),
        1 => caller.prop_map(Step::Leaves),
        3 => prop_oneof![0..12u32, 0..80u32].prop_map(Step::Dies),
        3 => prop_oneof![1..12i64, 30..2000i64].prop_map(Step::TimePasses),
    ];
    prop::collection::vec(step, 1..60)
}

struct Model {
    office: Office,
    homes: Homes,
    known: BTreeMap<CaseId, Known>,
    /// What was known of the others' wish at each *do not call*.
    wishes: BTreeMap<AttemptId, OthersWish>,
    there: Vec<Home>,
    callers: Vec<User>,
    /// What each caller has in hand, or had when its lease lapsed.
    hands: Vec<Option<Claim>>,
    /// Each caller's latest outcome that was not taken back.
    latest: Vec<Option<AttemptId>>,
    /// Reconciliations that count.
    reconciled: Vec<ImportId>,
    /// The statement at which the process dies.
    dies: Option<u32>,
    folder: tempfile::TempDir,
    keys: u32,
}

type Held = Result<(), TestCaseError>;

impl Model {
    fn new(office: Office) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut homes = Homes::of_outage(&office, &format!("model-{number}"), "00:00-24:00");
        homes.begins_at(i64::from(number) * HOUSEHOLDS); // *do not call* holds across outages
        let mut there = homes.add(&office, 2, 2);
        there.extend(homes.add(&office, HOUSEHOLDS - 2, 1));
        let cases = there.iter().flat_map(|home| home.people.clone());
        let known = cases.map(|case| (case, Known::default())).collect();
        let callers = (0..CALLERS).map(|caller| hire(&office, &format!("caller{caller}-{number}")));
        Self {
            callers: callers.collect(),
            known,
            wishes: BTreeMap::new(),
            there,
            homes,
            office,
            hands: vec![None; CALLERS],
            latest: vec![None; CALLERS],
            reconciled: Vec::new(),
            dies: None,
            folder: tempfile::tempdir().unwrap(),
            keys: 0,
        }
    }

    fn play(&mut self, steps: &[Step]) -> Held {
        for step in steps {
            self.office.clock.advance_seconds(1);
            match step {
                Step::Asks(caller) => self.asks(*caller)?,
                Step::Records(caller, outcome) => self.records(*caller, *outcome)?,
                Step::Changes(caller, outcome) => self.changes(*caller, *outcome)?,
                Step::GivesBack(caller) => self.gives_back(*caller)?,
                Step::Skips(caller) => self.skips(*caller)?,
                Step::StaysOnThePage(caller) => self.stays(*caller)?,
                Step::Undoes(caller) => self.undoes(*caller)?,
                Step::Answers(home, reply, slot) => self.answers(*home, *reply, *slot)?,
                Step::Pays(home) => self.pays(*home),
                Step::UndoesPayments => self.undoes_payments(),
                Step::Deals(seed) => self.deals(*seed)?,
                Step::Leaves(caller) => self.leaves(*caller)?,
                Step::Dies(statement) => self.dies = Some(*statement),
                Step::TimePasses(minutes) => self.office.clock.advance_seconds(60 * minutes),
            }
            self.everything_holds()?;
        }
        Ok(())
    }

    /// Asks for something. If the process is to die in it, nothing of it may be there afterwards, and the same is
    /// asked of another.
    fn tries<T>(&mut self, verb: impl Fn(&Office) -> T) -> Result<T, TestCaseError> {
        if let Some(statement) = self.dies.take() {
            if let Some(done) = dying::at_statement(statement, || verb(&self.office)) {
                return Ok(done);
            }
            self.everything_holds()?;
        }
        Ok(verb(&self.office))
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
    dying::watch();
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
