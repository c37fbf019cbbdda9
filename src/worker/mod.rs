//! What goes on in the background: a step that answers what happened, and one small loop that sleeps.

mod bounces;
mod log;

pub use log::LogKeeper;

use crate::clock::Watch;
use crate::outreach::outbox::{Outbox, Step};
use crate::outreach::{Error, Office};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Between two looks at an empty outbox: how long a message waits at the most before it is sent.
const LOOK: Duration = Duration::from_millis(500);
/// Between two batches of the search's index, or of calls that are looked at again: callers write, too.
const PAUSE: Duration = Duration::from_millis(5);
/// Between two rounds of housekeeping.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

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
            let (mut kept, mut watch) = (None, Watch::begin());
            loop {
                if kept.is_none_or(|last: Instant| last.elapsed() >= HOUSEKEEPING) {
                    look_at_clock(&mut watch);
                    keep_house(&office);
                    kept = Some(Instant::now());
                }
                let nap = step(&office, &shared).min(index(&office)).min(refresh(&office));
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

/// One step of the outbox; answers how long to sleep.
fn step(office: &Office, outbox: &Outbox) -> Duration {
    match outbox.step() {
        Ok(Step::Worked(_)) => Duration::ZERO,
        Ok(Step::Idle(_) | Step::Held) => LOOK,
        Ok(Step::Resting(until)) => {
            let seconds = until.seconds_since(office.now()).clamp(1, 60);
            Duration::from_secs(u64::try_from(seconds).unwrap_or(1))
        }
        Err(error) => {
            tracing::warn!(%error, "the outbox could not be worked; trying again");
            LOOK * 10
        }
    }
}

/// One step of the search's index; answers how long to sleep.
fn index(office: &Office) -> Duration {
    match office.index_cases() {
        Ok(true) => PAUSE,
        Ok(false) => LOOK,
        Err(error) => {
            tracing::warn!(%error, "the search's index could not be kept; trying again");
            LOOK * 10
        }
    }
}

/// A few calls that have to be looked at because a setting was changed; answers how long to sleep.
fn refresh(office: &Office) -> Duration {
    match office.refresh_calls() {
        Ok(true) => PAUSE,
        Ok(false) => LOOK,
        Err(error) => {
            tracing::warn!(%error, "calls could not be looked at again; trying again");
            LOOK * 10
        }
    }
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

/// What has to be done now and then, whoever notices.
fn keep_house(office: &Office) {
    let kept = office
        .agree_on_time()
        .and_then(|()| office.forget_old_answers())
        .and_then(|()| office.tidy_imports());
    if let Err(error) = kept {
        tracing::warn!(%error, "housekeeping failed; trying again in a minute");
    }
}
