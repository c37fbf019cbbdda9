//! An evening on the phones, without pages: callers who ask for calls and record them, and time that passes.

use super::{App, Home, Homes};
use makegood::domain::ids::{CaseId, HouseholdId};
use makegood::domain::role::Role;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::Office;
use makegood::outreach::accounts::{NewAccount, User};
use makegood::outreach::claim::Claimed;
use makegood::outreach::record::{CallbackFor, Happened, Recorded};
use makegood::outreach::waiting::Waiting;
use makegood::store::claims::Claim;
use makegood::store::{attempts, callbacks, households, suppressions};

/// An evening on the phones, without pages.
pub struct Evening {
    pub office: Office,
    pub homes: Homes,
}

/// Plays an evening in which citizens may be called at `hours`, on a thread that may block.
pub async fn evening(hours: &'static str, play: impl FnOnce(Evening) + Send + 'static) {
    let app = App::start().await;
    let office = app.office.clone();
    let played = tokio::task::spawn_blocking(move || {
        let homes = Homes::of_outage(&office, "april-15", hours);
        play(Evening { office, homes });
    });
    played.await.unwrap();
}

/// Hours in which anybody may be called.
pub const ALWAYS: &str = "00:00-24:00";
pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3600;

impl Evening {
    /// A caller with an account.
    pub fn hires(&self, name: &str) -> User {
        self.takes_on(name, false)
    }

    /// A caller who takes the calls that need help.
    pub fn hires_specialist(&self, name: &str) -> User {
        self.takes_on(name, true)
    }

    fn takes_on(&self, name: &str, specialist: bool) -> User {
        let account = NewAccount {
            email: format!("{name}@agency.example"),
            name: name.to_owned(),
            role: Role::Caller,
            languages: Vec::new(),
            specialist,
        };
        self.office.add_account(&account, None).unwrap();
        self.office.account(&account.email).unwrap()
    }

    /// So many more households of so many people each.
    pub fn households(&mut self, households: i64, people: i64) -> Vec<Home> {
        self.homes.add(&self.office, households, people)
    }

    /// What comes of asking for the next call.
    pub fn asks(&self, caller: &User) -> Claimed {
        self.office.claim_next(caller, self.homes.outage.id).unwrap()
    }

    /// The next call; there must be one.
    #[track_caller]
    pub fn claims(&self, caller: &User) -> Claim {
        match self.asks(caller) {
            Claimed::New(claim) => claim,
            other => panic!("{other:?}"),
        }
    }

    /// Why there is no next call; there must be none.
    #[track_caller]
    pub fn waits(&self, caller: &User) -> Waiting {
        match self.asks(caller) {
            Claimed::Nobody(waiting) => waiting,
            other => panic!("{other:?}"),
        }
    }

    /// What happened on a call.
    #[track_caller]
    pub fn records(&self, caller: &User, claim: &Claim, happened: &Happened) -> Recorded {
        self.office
            .record(caller, claim.id, &fresh_key(), happened)
            .unwrap()
    }

    /// So many seconds go by.
    pub fn passes(&self, seconds: i64) {
        self.office.clock.advance_seconds(seconds);
    }

    /// What a household waits for.
    pub fn stage(&self, home: &Home) -> String {
        self.household(home.id).stage
    }

    /// A household as it is stored.
    pub fn household(&self, id: HouseholdId) -> households::Household {
        self.office
            .db
            .read(|conn| households::find(conn, id))
            .unwrap()
            .unwrap()
    }

    /// All attempts to reach a citizen.
    pub fn attempts_of(&self, case: CaseId) -> Vec<attempts::Attempt> {
        let found = self.office.db.read(|conn| attempts::of_cases(conn, &[case]));
        found.unwrap().into_iter().map(|(_, attempt)| attempt).collect()
    }

    /// Those that were not superseded.
    pub fn standing_attempts_of(&self, case: CaseId) -> Vec<attempts::Attempt> {
        let mut attempts = self.attempts_of(case);
        attempts.retain(|attempt| attempt.superseded_at.is_none());
        attempts
    }

    /// The promises that are not kept yet.
    pub fn open_callbacks(&self) -> Vec<callbacks::Callback> {
        let outage = self.homes.outage.id;
        self.office
            .db
            .read(|conn| callbacks::open(conn, outage, None, 100))
            .unwrap()
    }

    /// Whether a number must not be called.
    pub fn no_calls_to(&self, phone: &str) -> bool {
        let since = self
            .office
            .db
            .read(|conn| suppressions::since(conn, suppressions::Kind::Phone, &[phone]));
        since.unwrap().is_some()
    }
}

/// A key under which nothing was sent yet.
pub fn fresh_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// A call that ended so, nothing else being said.
pub fn outcome(key: &str) -> Happened {
    Happened {
        outcome: key.to_owned(),
        ..Happened::default()
    }
}

/// A promise to call at a time.
pub fn call_back(at: Timestamp, who: CallbackFor) -> Happened {
    Happened {
        callback_at: Some(at),
        callback_for: who,
        ..outcome("call_back")
    }
}
