//! What a verb may fail with. Each says what to do, except the one that is our own fault.

use crate::db::{self, Trouble};
use crate::store;

/// A verb's failure, ready to become a page, a problem document or a line on stderr.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this person.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// This role may not do that.
    #[error("You may not do this. Ask a supervisor or an administrator.")]
    Forbidden,
    /// Something entered cannot be used; the message says what would be right.
    #[error("{message}")]
    Invalid {
        /// The field it was entered in.
        field: &'static str,
        /// What is wrong and what would be right, as a sentence.
        message: String,
    },
    /// It is said of a person, and several share the number.
    #[error("Several people share this number. Say for whom this is recorded: name their cases.")]
    ForWhom,
    /// The state of things forbids it now; the message says what state.
    #[error("{0}")]
    Conflict(String),
    /// The database asked to run the whole transaction again, and again.
    #[error("Others are changing the same records. Nothing was changed; try again in a moment.")]
    Crowded,
    /// More passwords are waiting to be hashed than are taken at once.
    #[error(
        "Too many passwords are being checked just now. Nothing was changed; try again in a few seconds."
    )]
    Overrun,
    /// Something is wrong with the database, and it says what that asks of people.
    #[error("{0}")]
    Database(Trouble),
    /// Our own fault. What happened is in the log, never on a page.
    #[error("Something went wrong on our side. Nothing was changed.")]
    Internal(String),
}

/// A verb's answer.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Something entered in `field` cannot be used.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }

    /// Whether the same may be done in a moment, with nobody doing anything about it: the database is busy or away.
    pub(super) const fn passes(&self) -> bool {
        match self {
            Self::Crowded => true,
            Self::Database(trouble) => trouble.passes(),
            _ => false,
        }
    }

    /// Our own fault.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

/// A row that must be there once was written by somebody else just now: run the transaction again and
/// meet it. The unique index decides the race; nobody looks before leaping.
pub(super) fn crowded(error: store::Error) -> Error {
    if store::is_taken(&error) {
        Error::Crowded
    } else {
        error.into()
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if matches!(error, store::Error::NotFound) {
            return Self::NotFound("record");
        }
        match Trouble::of(&error) {
            Trouble::Crowded => Self::Crowded,
            Trouble::Character => Self::invalid("text", Trouble::Character.to_string()),
            Trouble::Fault => Self::Internal(error.to_string()),
            trouble => {
                tracing::warn!(?trouble, cause = %error, "the database");
                Self::Database(trouble)
            }
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::Database(Trouble::DiskFull),
            _ => Self::Internal(error.to_string()),
        }
    }
}

impl db::Failure for Error {
    fn trouble(&self) -> Trouble {
        match self {
            Self::Crowded => Trouble::Crowded,
            Self::Database(trouble) => *trouble,
            _ => Trouble::Fault,
        }
    }
}
