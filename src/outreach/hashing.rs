//! The one place where passwords are hashed. It costs 19 MiB and tens of milliseconds each time, and anybody may ask for it: one
//! thread does it, in memory that it keeps, and only so many wait. Whoever comes when all places are taken is refused at once.

use super::{Error, Result};
use crate::broken::{self, Variant};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::collections::VecDeque;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use subtle::ConstantTimeEq;

/// Who waits: each has places of their own, and the first go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// People whom we know: a browser that was used before, somebody signed in.
    Known,
    /// Everybody else.
    Strangers,
}

/// Places of people whom we know: an office that begins its shift together.
const PLACES_OF_KNOWN: usize = 32;
/// Places of strangers: about a second's work.
const PLACES_OF_STRANGERS: usize = 24;

/// The place.
pub(super) struct Hashing(Arc<Shared>);

struct Shared {
    lanes: Mutex<Lanes>,
    changed: Condvar,
}

#[derive(Default)]
struct Lanes {
    known: Waiting,
    strangers: Waiting,
    has_thread: bool,
    is_closed: bool,
}

/// Those of one lane.
#[derive(Default)]
struct Waiting {
    /// Places that are taken, by those who wait here and by those who will at once.
    taken: usize,
    line: VecDeque<Job>,
}

struct Job {
    work: Work,
    answer: SyncSender<Result<Done>>,
}

/// What is to be hashed.
enum Work {
    /// For an account.
    Hash(String),
    /// Whether it fits this hash.
    Compare(String, Box<PasswordHash>),
}

enum Done {
    Hash(String),
    Fits(bool),
}

/// A place in the line, given up when it is dropped.
pub(super) struct Place {
    shared: Arc<Shared>,
    lane: Lane,
}

impl Hashing {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            lanes: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// A place in the line, if there is one.
    pub(super) fn place(&self, lane: Lane) -> Option<Place> {
        let mut lanes = self.0.lanes();
        let (waiting, places) = lanes.of(lane);
        if waiting.taken >= places && !broken::leaves_out(Variant::NoQueue) {
            return None;
        }
        waiting.taken += 1;
        drop(lanes);
        Some(Place {
            shared: Arc::clone(&self.0),
            lane,
        })
    }
}

impl Drop for Hashing {
    fn drop(&mut self) {
        self.0.lanes().is_closed = true;
        self.0.changed.notify_all();
    }
}

impl Place {
    /// The hash of a password for an account.
    pub(super) fn hash(self, password: &str) -> Result<String> {
        match self.wait_for(Work::Hash(password.to_owned()))? {
            Done::Hash(hash) => Ok(hash),
            Done::Fits(_) => Err(Error::internal("hashing answered something else")),
        }
    }

    /// Whether a password is the one that was hashed.
    pub(super) fn fits(self, password: &str, hash: PasswordHash) -> Result<bool> {
        match self.wait_for(Work::Compare(password.to_owned(), Box::new(hash)))? {
            Done::Fits(fits) => Ok(fits),
            Done::Hash(_) => Err(Error::internal("hashing answered something else")),
        }
    }

    fn wait_for(self, work: Work) -> Result<Done> {
        if broken::leaves_out(Variant::NoQueue) {
            return work.done(&mut Vec::new());
        }
        let (answer, answered) = sync_channel(1);
        let mut lanes = self.shared.lanes();
        if !lanes.has_thread {
            begin(&self.shared)?;
            lanes.has_thread = true;
        }
        lanes.of(self.lane).0.line.push_back(Job { work, answer });
        drop(lanes);
        self.shared.changed.notify_one();
        answered
            .recv()
            .map_err(|_| Error::internal("hashing stopped before it answered"))?
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lanes = self.shared.lanes();
        let waiting = lanes.of(self.lane).0;
        waiting.taken = waiting.taken.saturating_sub(1);
    }
}

impl Shared {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lanes {
    const fn of(&mut self, lane: Lane) -> (&mut Waiting, usize) {
        match lane {
            Lane::Known => (&mut self.known, PLACES_OF_KNOWN),
            Lane::Strangers => (&mut self.strangers, PLACES_OF_STRANGERS),
        }
    }

    fn next(&mut self) -> Option<Job> {
        let known = self.known.line.pop_front();
        known.or_else(|| self.strangers.line.pop_front())
    }
}

/// Starts the thread; it ends with the office.
fn begin(shared: &Arc<Shared>) -> Result<()> {
    let shared = Arc::clone(shared);
    let named = std::thread::Builder::new().name("hashing".to_owned());
    named.spawn(move || work(&shared))?;
    Ok(())
}

fn work(shared: &Shared) {
    let mut memory = Vec::new();
    let mut lanes = shared.lanes();
    loop {
        if let Some(job) = lanes.next() {
            drop(lanes);
            let _ = job.answer.send(job.work.done(&mut memory)); // whoever asked may be gone
            lanes = shared.lanes();
        } else if lanes.is_closed {
            return;
        } else {
            lanes = shared.changed.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Work {
    fn done(self, memory: &mut Vec<Block>) -> Result<Done> {
        match self {
            Self::Hash(password) => hashed(&password, memory).map(|hash| Done::Hash(hash.to_string())),
            Self::Compare(password, hash) => fits(&password, &hash, memory).map(Done::Fits),
        }
        .map_err(Error::internal)
    }
}

fn hashed(password: &str, memory: &mut Vec<Block>) -> argon2::password_hash::Result<PasswordHash> {
    let salt = Salt::generate();
    let mut out = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    fill((password, &salt), Params::DEFAULT, &mut out, memory)?;
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&Params::DEFAULT)?,
        salt: Some(salt),
        hash: Some(Output::new(&out)?),
    })
}

fn fits(password: &str, hash: &PasswordHash, memory: &mut Vec<Block>) -> argon2::password_hash::Result<bool> {
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Ok(false);
    };
    let mut room = [0_u8; Output::MAX_LENGTH];
    let Some(out) = room.get_mut(..expected.len()) else {
        return Ok(false);
    };
    fill((password, salt), Params::try_from(hash)?, out, memory)?;
    Ok(out.ct_eq(expected.as_bytes()).into())
}

/// Argon2id of a password into `out`, in memory that is as large as it was or becomes so.
fn fill(
    (password, salt): (&str, &Salt),
    params: Params,
    out: &mut [u8],
    memory: &mut Vec<Block>,
) -> argon2::Result<()> {
    memory.resize(params.block_count(), Block::new());
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into_with_memory(password.as_bytes(), salt, out, memory.as_mut_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordVerifier;

    #[test]
    fn a_hash_fits_its_password_only_and_is_an_argon2_hash_like_any_other() {
        let hashing = Hashing::new();
        let hash = hashing
            .place(Lane::Known)
            .unwrap()
            .hash("copper lake window")
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let read = PasswordHash::new(&hash).unwrap();
        assert!(
            Argon2::default()
                .verify_password(b"copper lake window", &read)
                .is_ok()
        );
        for (password, fits) in [("copper lake window", true), ("copper lake", false)] {
            let place = hashing.place(Lane::Strangers).unwrap();
            assert_eq!(place.fits(password, read.clone()).unwrap(), fits, "{password}");
        }
    }

    #[test]
    fn strangers_take_only_their_own_places_and_a_place_is_given_back() {
        let hashing = Hashing::new();
        let taken: Vec<Place> = (0..PLACES_OF_STRANGERS)
            .map(|_| hashing.place(Lane::Strangers).unwrap())
            .collect();
        assert!(hashing.place(Lane::Strangers).is_none());
        assert!(hashing.place(Lane::Known).is_some());
        drop(taken);
        assert!(hashing.place(Lane::Strangers).is_some());
    }
}
