//! Why a command failed or was refused.

use crate::config::ConfigError;
use crate::db::OpenError;
use crate::outreach::{self, PrepareError};
use serde_json::json;
use std::process::ExitCode;

/// A failure, to be told on stderr and, for programs, as a problem object (RFC 9457).
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] ConfigError),
    /// The database or the data directory cannot be used.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A verb refused or failed.
    #[error(transparent)]
    Verb(#[from] outreach::Error),
    /// Reading or writing, with what it was about.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// Something given on the command line cannot be used.
    #[error("{0}")]
    Refused(String),
}

impl Problem {
    /// Reading or writing this failed.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |error| Self::Io(what, error)
    }

    fn kind(&self) -> (&'static str, u16) {
        match self {
            Self::Setting(_) => ("A setting cannot be used", 422),
            Self::Prepare(_) | Self::Open(_) => ("The database or the data directory cannot be used", 503),
            Self::Io(..) => ("Reading or writing failed", 500),
            Self::Refused(_) => ("Refused", 422),
            Self::Verb(error) => match error {
                outreach::Error::NotFound(_) => ("Not found", 404),
                outreach::Error::Forbidden => ("Not allowed", 403),
                outreach::Error::Invalid { .. } => ("Something cannot be used", 422),
                outreach::Error::Conflict(_) => ("Not now", 409),
                outreach::Error::Crowded | outreach::Error::Busy => ("Busy", 503),
                outreach::Error::DiskFull => ("The disk is full", 507),
                outreach::Error::Internal(_) => ("Internal error", 500),
            },
        }
    }

    /// Prints it; answers the exit code.
    pub fn tell(self, json: bool) -> ExitCode {
        if let Self::Verb(outreach::Error::Internal(cause)) = &self {
            tracing::error!(cause, "a verb failed");
        }
        eprintln!("makegood: {self}");
        if json {
            let (title, status) = self.kind();
            let mut object =
                json!({"type": "about:blank", "title": title, "status": status, "detail": self.to_string()});
            if let (Self::Verb(outreach::Error::Invalid { field, .. }), Some(object)) =
                (&self, object.as_object_mut())
            {
                object.insert("field".to_owned(), json!(field));
            }
            println!("{object}");
        }
        ExitCode::from(1)
    }
}
