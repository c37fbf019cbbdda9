//! What a member of staff may do.

use std::str::FromStr;

/// Roles, each including what the one before it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works a queue.
    Caller,
    /// Imports, splits, watches, sends.
    Supervisor,
    /// Manages accounts, outcomes and templates as well.
    Admin,
}

impl Role {
    /// The word in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }

    /// The word on a page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Caller => "Caller",
            Self::Supervisor => "Supervisor",
            Self::Admin => "Administrator",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "caller" => Ok(Self::Caller),
            "supervisor" => Ok(Self::Supervisor),
            "admin" => Ok(Self::Admin),
            _ => Err(format!("{text:?} is not a role: caller, supervisor or admin")),
        }
    }
}
