//! A posted form as its fields.

use super::error::Error;
use crate::outreach::as_seen::SEEN;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use std::future::{Ready, ready};

/// A posted form: its fields in order, some of them several times. The check of the form's token read
/// it already, so a handler that takes it as an argument has it.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The first field of a name, trimmed; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// Whether a field was sent, be it empty. What a form leaves out is no choice.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The first field of a name with the blanks at its ends, which belong to a password.
    pub fn untrimmed(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// All that was entered, in order and as it was sent; without what the form carries for us.
    pub(super) fn entered(&self) -> String {
        let entered = self.0.iter().filter(|(key, _)| key != "csrf");
        entered
            .map(|(key, value)| format!("{key:?}={value:?}&"))
            .collect()
    }

    /// One of two choices, neither of which is meant by saying nothing.
    ///
    /// # Errors
    /// Neither was sent; `advice` says what to choose.
    pub fn yes_or_no(&self, name: &'static str, advice: &str) -> Result<bool, Error> {
        match self.get(name) {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(missing(name, advice)),
        }
    }

    /// Refuses a form without a field, be it empty.
    ///
    /// # Errors
    /// It was not sent; `advice` says what to choose.
    pub fn must_have(&self, name: &'static str, advice: &str) -> Result<(), Error> {
        if self.has(name) {
            Ok(())
        } else {
            Err(missing(name, advice))
        }
    }

    /// Whether it only asks for its numbers anew, and for nothing to be done.
    pub fn only_counts(&self) -> bool {
        self.get("go") == "count"
    }

    /// The number that stood on the button; one that never is the right one if none was sent.
    pub fn number_seen(&self) -> i64 {
        self.get(SEEN).parse().unwrap_or(-1)
    }

    /// Every field of a name, trimmed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }
}

/// A choice that was not made, with the field's name for whoever fills forms in by program.
pub fn missing(name: &'static str, advice: &str) -> Error {
    Error::invalid(
        name,
        format!("{advice} (The field {name:?} is missing. Nothing was changed.)"),
    )
}

impl FromRequest for Fields {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kept = request.extensions().get::<Self>().cloned();
        let advice = "This form could not be read. Reload the page and send it again.";
        ready(kept.ok_or_else(|| Error::invalid("form", advice)))
    }
}
