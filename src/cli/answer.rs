//! What a command says when it is done.

use serde_json::Value;
use std::io::Write;
use std::process::ExitCode;

/// The same answer for a person and for a program.
pub(super) struct Answer {
    /// For a person; empty says nothing.
    pub text: String,
    /// For a program.
    pub json: Value,
    /// Done, or refused with this very answer.
    pub done: bool,
}

impl Answer {
    /// Done, and this is what came of it.
    pub fn new(text: impl Into<String>, json: Value) -> Self {
        let text = text.into();
        Self {
            text,
            json,
            done: true,
        }
    }

    /// Says nothing, to nobody.
    pub const fn silence() -> Self {
        Self {
            text: String::new(),
            json: Value::Null,
            done: true,
        }
    }

    /// Prints it; answers the exit code. A closed pipe is nobody's failure.
    pub fn tell(self, json: bool) -> ExitCode {
        let mut out = std::io::stdout().lock();
        let _ = if json && !self.json.is_null() {
            writeln!(out, "{}", self.json)
        } else if !json && !self.text.is_empty() {
            writeln!(out, "{}", self.text)
        } else {
            Ok(())
        };
        if self.done {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(1)
        }
    }
}
