//! How long the database is waited for. What is slow is waited for as long as it may take; what is silent is given up
//! soon, because nothing says that it will ever answer.

use std::time::Duration;

/// Who waits, and so how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Somebody looks at a page: within two seconds there is an answer, if only that there is none.
    Brisk,
    /// Work that nobody watches, and commands: imports, exports.
    Unhurried,
}

/// The limits of one kind of waiting.
pub(super) struct Limits {
    /// So long an answer may be absent before the server is asked whether it is still at work on it.
    pub quiet: Duration,
    /// So long it has to say so.
    pub pulse: Duration,
    /// A statement or a COMMIT may take so long in all.
    pub statement: Duration,
    /// And may wait so long for others' locks.
    pub lock: Duration,
}

impl Patience {
    pub(super) const fn limits(self) -> Limits {
        match self {
            Self::Brisk => Limits {
                quiet: Duration::from_millis(700),
                pulse: Duration::from_millis(700),
                statement: Duration::from_secs(15),
                lock: Duration::from_millis(1500),
            },
            Self::Unhurried => Limits {
                quiet: Duration::from_secs(2),
                pulse: Duration::from_secs(5),
                statement: Duration::from_secs(600),
                lock: Duration::from_secs(30),
            },
        }
    }
}
