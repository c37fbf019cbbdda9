//! What goes on in the background: a step that answers what happened, and one small loop that sleeps.

mod bounces;
mod log;
mod mailings;
mod troubles;

pub use log::LogKeeper;

use crate::clock::Watch;
use crate::outreach::outbox::{Outbox, Step};
use crate::outreach::{Error, Office};
use mailings::Mailings;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use troubles::Troubles;

/// Between two looks at an empty outbox: how long a message waits at the most before it is sent.
const LOOK: Duration = Duration::from_millis(500);
/// Between two batches of the search's index, or of calls that are looked at again: callers write, too.
const PAUSE: Duration = Duration::from_millis(5);
/// Between two rounds of housekeeping.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// Before something is tried again that could not be done.
const AGAIN: Duration = Duration::from_secs(2);

/// The background work of one process.
pub struct Worker {
    outbox: Arc<Outbox>,
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts the background work.
    ///
    /// # Errors
    /// The mail settings cannot be used, or no thread can be started.
    pub fn start(office: &Office) -> Result<Self, Error> {
        let outbox = Arc::new(Outbox::open(office)?);
        let (stop, stopped) = mpsc::channel();
        let (office, read, shared) = (office.unhurried(), office.unhurried(), Arc::clone(&outbox));
        let thread = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            let mut rounds = Rounds::begin();
            loop {
                let nap = rounds.go(&office, &shared);
                if !matches!(stopped.recv_timeout(nap), Err(RecvTimeoutError::Timeout)) {
                    break;
                }
            }
            if let Err(error) = shared.close() {
                tracing::warn!(%error, "leases of messages were not handed back; they lapse by themselves");
            }
        })?;
        bounces::read_now_and_then(&read)?;
        Ok(Self { outbox, stop, thread })
    }

    /// Finishes the messages in hand, hands the other leases back, and returns when that is done.
    pub fn stop(self) {
        self.outbox.stop();
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the worker ended in a panic; its leases lapse by themselves");
        }
    }
}

/// What is done again and again, and how it went last.
struct Rounds {
    watch: Watch,
    house_kept: Option<Instant>,
    house: Troubles,
    outbox: Troubles,
    index: Troubles,
    calls: Troubles,
    mailings: Mailings,
    choosing: Troubles,
}

impl Rounds {
    fn begin() -> Self {
        Self {
            watch: Watch::begin(),
            house_kept: None,
            house: Troubles::default(),
            outbox: Troubles::default(),
            index: Troubles::default(),
            calls: Troubles::default(),
            mailings: Mailings::default(),
            choosing: Troubles::default(),
        }
    }

    /// One round; answers how long to sleep.
    fn go(&mut self, office: &Office, outbox: &Outbox) -> Duration {
        self.keep_house(office);
        let worked = self.outbox.told("the outbox could not be worked", outbox.step());
        let worked = worked.map_or(AGAIN, |step| until_next(office, &step));
        let indexed = self
            .index
            .told("the search's index could not be kept", office.index_cases());
        let refreshed = self
            .calls
            .told("calls could not be looked at again", office.refresh_calls());
        let chosen = self.mailings.step(office);
        let chosen = self
            .choosing
            .told("whom a mailing writes to could not be chosen", chosen);
        let few = [indexed, refreshed, chosen].map(|more| more.map_or(AGAIN, pause));
        few.into_iter().fold(worked, Duration::min)
    }

    /// What has to be done now and then, whoever notices.
    fn keep_house(&mut self, office: &Office) {
        let rest = if self.house.are_there() {
            AGAIN
        } else {
            HOUSEKEEPING
        };
        if self.house_kept.is_some_and(|last| last.elapsed() < rest) {
            return;
        }
        look_at_clock(&mut self.watch);
        let kept = office
            .agree_on_time()
            .and_then(|()| office.forget_old_answers())
            .and_then(|()| office.bring_callbacks_forward())
            .and_then(|()| office.tidy_imports());
        self.house.told("housekeeping failed", kept);
        self.house_kept = Some(Instant::now());
    }
}

/// After a step of the outbox.
fn until_next(office: &Office, step: &Step) -> Duration {
    match step {
        Step::Worked(_) => Duration::ZERO,
        Step::Idle(_) | Step::Held => LOOK,
        Step::Resting(until) => {
            let seconds = until.seconds_since(office.now()).clamp(1, 60);
            Duration::from_secs(u64::try_from(seconds).unwrap_or(1))
        }
    }
}

/// Between two batches of which there may be more.
const fn pause(more: bool) -> Duration {
    if more { PAUSE } else { LOOK }
}

/// Says so once when this machine's clock was set.
fn look_at_clock(watch: &mut Watch) {
    if let Some(seconds) = watch.jumped() {
        tracing::warn!(
            seconds,
            "this machine's clock was set, or the machine slept; `makegood doctor` compares it"
        );
    }
}
