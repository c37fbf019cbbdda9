//! What `makegood doctor` asks of the database by the verbs' own ways.

use super::{Error, Office, Result};
use crate::clock::TOLERANCE;
use crate::db::{Failure, Trouble};
use crate::domain::timestamp::Timestamp;
use crate::store::{self, attempts, instances};

/// How far the clocks are from where they should be, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockFault {
    /// This machine's is so far ahead of the database's, or behind it where this is negative.
    Ahead(i64),
    /// The newest call was recorded so far ahead of now.
    Recorded(i64),
}

/// A call may be recorded so many seconds ahead of now by a node that has not looked at the database's clock yet.
const RECORDED_AHEAD: i64 = 120;

impl Office {
    /// Whether something can be written: it is done, and taken back.
    ///
    /// # Errors
    /// Why not.
    pub fn tries_to_write(&self) -> Result<()> {
        let tried = self.db.write(|conn| {
            instances::rewrite(conn)?;
            Err::<(), _>(Tried::TakenBack)
        });
        match tried {
            Err(Tried::Failed(error)) => Err(error),
            Ok(()) | Err(Tried::TakenBack) => Ok(()),
        }
    }

    /// What is wrong with the clocks, if something is.
    ///
    /// # Errors
    /// What the database says.
    pub fn clock_fault(&self) -> Result<Option<ClockFault>> {
        let behind = self.clock.seconds_behind();
        if behind.abs() >= TOLERANCE {
            return Ok(Some(ClockFault::Ahead(-behind)));
        }
        let newest = self.db.read(attempts::newest)?;
        let ahead = newest.map_or(0, |newest: Timestamp| newest.seconds_since(self.now()));
        Ok((ahead >= RECORDED_AHEAD).then_some(ClockFault::Recorded(ahead)))
    }
}

/// How a write that is taken back ends.
enum Tried {
    TakenBack,
    Failed(Error),
}

impl From<store::Error> for Tried {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Failure for Tried {
    fn trouble(&self) -> Trouble {
        match self {
            Self::TakenBack => Trouble::Fault,
            Self::Failed(error) => error.trouble(),
        }
    }
}
