//! One thing that was looked at.

use serde_json::{Value, json};
use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Ok,
    /// It works, but something about it is not as it should be.
    Warning,
    /// It does not work.
    Problem,
}

/// What was looked at, how it is, and what to do about it.
pub(super) struct Finding {
    pub check: &'static str,
    pub severity: Severity,
    pub detail: String,
}

impl Finding {
    pub fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Severity::Ok, detail)
    }

    pub fn warning(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Severity::Warning, detail)
    }

    pub fn problem(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Severity::Problem, detail)
    }

    fn new(check: &'static str, severity: Severity, detail: impl Into<String>) -> Self {
        Self {
            check,
            severity,
            detail: detail.into(),
        }
    }

    /// In order, or a problem.
    pub fn of(check: &'static str, found: Result<String, String>) -> Self {
        match found {
            Ok(detail) => Self::ok(check, detail),
            Err(detail) => Self::problem(check, detail),
        }
    }

    pub fn json(&self) -> Value {
        let severity = match self.severity {
            Severity::Ok => "ok",
            Severity::Warning => "warning",
            Severity::Problem => "problem",
        };
        let ok = self.severity != Severity::Problem;
        json!({"check": self.check, "ok": ok, "severity": severity, "detail": self.detail})
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.severity {
            Severity::Ok => "ok     ",
            Severity::Warning => "warning",
            Severity::Problem => "PROBLEM",
        };
        write!(f, "  {mark} {}: {}", self.check, self.detail)
    }
}
