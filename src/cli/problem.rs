//! Why a command failed or was refused.

use crate::api::problem;
use crate::config::ConfigError;
use crate::db::OpenError;
use crate::outreach::{self, PrepareError};
use actix_web::http::StatusCode;
use serde_json::json;
use std::process::ExitCode;

/// A failure, to be told on stderr and, for programs, as the problem object that the API would answer.
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

    /// Prints it; answers the exit code.
    pub fn tell(self, json: bool) -> ExitCode {
        eprintln!("makegood: {self}");
        let problem = self.document();
        if json {
            println!("{}", json!(problem));
        }
        ExitCode::from(1)
    }

    fn document(self) -> problem::Problem {
        let status = match self {
            Self::Verb(error) => return error.into(),
            Self::Setting(_) | Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Prepare(_) | Self::Open(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Io(..) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        problem::Problem::new(status, self.to_string())
    }
}
