//! An act that is done once, however often it is asked for: a double click, a form that is sent again after its answer was
//! lost, a program that tries again.
//!
//! Its key stands in the transaction that does it, with the verb's answer beside it: both are there, or neither. Whoever
//! asks again gets that answer, and what follows it goes on from there. Two who ask at the same time wait for each other at
//! the key.

use super::{Error, Office, Result, token};
use crate::db::{Conn, Trouble};
use crate::domain::ids::UserId;
use crate::store::idempotency_keys;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest key that a program may send, in characters.
const LONGEST_KEY: usize = 200;

/// One thing that somebody asked for, perhaps several times.
#[derive(Clone, Debug)]
pub struct Act {
    who: UserId,
    /// The same each time it is asked for.
    key: String,
    /// Hash of all that was asked for.
    request: String,
    /// Asked for otherwise under the same key it is another act, not a mistake.
    is_form: bool,
    /// Whether a verb has looked at the key.
    met: Arc<AtomicBool>,
}

impl Act {
    /// A form that was filled in: sent again as it is it is the same act, with other entries it is another.
    pub fn of_form(who: UserId, key: &str, request: &str) -> Self {
        let request = token::hash(request);
        Self {
            who,
            key: format!("form {key}"),
            request,
            is_form: true,
            met: Arc::default(),
        }
    }

    /// A program's request: under the same key it must be the same.
    ///
    /// # Errors
    /// The key is empty or too long.
    pub fn of_program(who: UserId, key: &str, request: &str) -> Result<Self> {
        if key.is_empty() || key.chars().count() > LONGEST_KEY {
            let told = format!("Send an Idempotency-Key of 1 to {LONGEST_KEY} characters.");
            return Err(Error::invalid("idempotency_key", told));
        }
        Ok(Self {
            who,
            key: format!("program {key}"),
            request: token::hash(request),
            is_form: false,
            met: Arc::default(),
        })
    }

    /// Whether a verb that is done once was among those that were called for it.
    pub fn was_met(&self) -> bool {
        self.met.load(Ordering::Relaxed)
    }

    /// The key and the hash under which one verb of the act is kept.
    fn step(&self, verb: &str, about: &str) -> (String, String) {
        self.met.store(true, Ordering::Relaxed);
        let request = token::hash(&format!("{} {about}", self.request));
        let apart = if self.is_form { request.as_str() } else { "" };
        (token::hash(&format!("{} {verb} {apart}", self.key)), request)
    }
}

impl Office {
    /// The same office, for what one act asks for.
    #[must_use]
    pub fn acting(&self, act: Option<Act>) -> Self {
        Self {
            act: act.map(Arc::new),
            ..self.clone()
        }
    }

    /// One write transaction that is done once for an act; without an act it is done each time.
    ///
    /// # Errors
    /// Whatever `body` fails with: then nothing is kept, and whoever asks again is heard anew. The key was used for another
    /// request.
    pub(super) fn once<T: Serialize + DeserializeOwned>(
        &self,
        verb: &'static str,
        body: impl FnMut(&mut Conn) -> Result<T>,
    ) -> Result<T> {
        self.once_about(verb, "", body)
    }

    /// The same where part of what is asked for is known only now, such as the content of a file.
    pub(super) fn once_about<T: Serialize + DeserializeOwned>(
        &self,
        verb: &'static str,
        about: &str,
        mut body: impl FnMut(&mut Conn) -> Result<T>,
    ) -> Result<T> {
        let Some(act) = &self.act else {
            return self.db.write(body);
        };
        let (key, request) = act.step(verb, about);
        let now = self.now();
        self.look_again(|| {
            self.db.write(|conn| {
                if let Some(first) = idempotency_keys::take(conn, act.who, (&key, &request), now)? {
                    return first_answer(&first, &request);
                }
                let done = body(conn)?;
                let answer = serde_json::to_string(&done).map_err(Error::internal)?;
                idempotency_keys::answer(conn, act.who, &key, &answer)?;
                Ok(done)
            })
        })
    }

    /// Does what is known by its key, once more where the database's answer was lost: then it is found done, or is done now. Where
    /// that cannot be found out, it stays unknown.
    pub(super) fn look_again<T>(&self, mut work: impl FnMut() -> Result<T>) -> Result<T> {
        match work() {
            Err(Error::Database(Trouble::Unknown)) => match work() {
                Err(error) if error.passes() => Err(Error::Database(Trouble::Unknown)),
                done => done,
            },
            done => done,
        }
    }
}

fn first_answer<T: DeserializeOwned>(first: &idempotency_keys::Answer, request: &str) -> Result<T> {
    if first.request_hash != request {
        let told = "This Idempotency-Key was used for another request. Use a new key for each.";
        return Err(Error::invalid("idempotency_key", told));
    }
    // Kept by another version of this program, which answered in other words.
    serde_json::from_str(&first.response)
        .map_err(|_| Error::Conflict("This was saved already. Nothing was done a second time.".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_other_entries_is_another_act_and_a_program_that_changes_its_mind_is_noticed() {
        let form = |entries: &str| Act::of_form(1, "k", entries).step("suppress", "").0;
        assert_eq!(form("whom=a"), form("whom=a"));
        assert_ne!(form("whom=a"), form("whom=b"));
        let upload = Act::of_form(1, "k", "/imports");
        assert_ne!(upload.step("receive", "a").0, upload.step("receive", "b").0);
        let program = |body: &str| {
            Act::of_program(1, "k", body)
                .map(|act| act.step("suppress", ""))
                .unwrap()
        };
        assert_eq!(program("a").0, program("b").0);
        assert_ne!(program("a").1, program("b").1);
    }

    #[test]
    fn each_verb_of_an_act_has_its_own_answer() {
        let act = Act::of_program(1, "k", "").unwrap();
        assert_ne!(act.step("create_outage", "").0, act.step("change_outage", "").0);
        assert_ne!(
            act.step("receive", "one file").1,
            act.step("receive", "another").1
        );
    }

    #[test]
    fn a_key_has_1_to_200_characters() {
        assert!(Act::of_program(1, "", "").is_err());
        assert!(Act::of_program(1, &"k".repeat(201), "").is_err());
        assert!(Act::of_program(1, &"ñ".repeat(200), "").is_ok());
    }
}
