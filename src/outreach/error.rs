//! What a verb may fail with. Each says what to do, except the one that is our own fault.

use crate::{db, store};

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
    /// The state of things forbids it now; the message says what state.
    #[error("{0}")]
    Conflict(String),
    /// The database asked to run the whole transaction again, and again.
    #[error("Others are changing the same records. Nothing was changed; try again in a moment.")]
    Crowded,
    /// The database is busy or away; the same request may work in a moment.
    #[error("The database is busy. Nothing was changed; try again in a moment.")]
    Busy,
    /// No room on the disk.
    #[error("The disk is full. Nothing was changed; make room and try again.")]
    DiskFull,
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
        if db::Failure::asks_for_another_try(&error) {
            Self::Crowded
        } else if store::is_busy(&error) {
            Self::Busy
        } else if store::is_disk_full(&error) {
            Self::DiskFull
        } else if matches!(error, store::Error::NotFound) {
            Self::NotFound("record")
        } else {
            Self::Internal(error.to_string())
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Internal(error.to_string()),
        }
    }
}

impl db::Failure for Error {
    fn asks_for_another_try(&self) -> bool {
        matches!(self, Self::Crowded)
    }
}
