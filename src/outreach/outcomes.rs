//! What can happen in a call, as administrators set it: added, renamed, put in order, retired, given another rule.
//!
//! A new rule holds from now on. What was recorded before is judged by the rule of its time, so that no case
//! moves by itself when somebody edits a rule.

use super::accounts::User;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, case_facts, crowded};
use crate::db::Conn;
use crate::domain::outcome::{Earlier, Group, Outcome, Rule};
use crate::domain::outcome_words::{BadOutcomes, check};
use crate::domain::progress::{Progress, fold};
use crate::domain::role::Role;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::{cases, outcomes};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// A preview looks at so many people, those called last.
pub const LOOKED_AT: i64 = 300;

/// What an administrator may set.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The heading it stands under.
    pub group: Group,
    /// Words on the button.
    pub label: String,
    /// Small words under the label.
    pub hint: String,
    /// The key on the desk, if any.
    pub hotkey: Option<char>,
    /// What follows.
    pub rule: Rule,
    /// The e-mail template to send, if any.
    pub template_key: Option<String>,
}

/// What a rule would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// People whose last call ended with this outcome, as far as they were looked at.
    pub people: usize,
    /// Whether there are more.
    pub more: bool,
    /// Where they stand now: words and how many.
    pub now: BTreeMap<&'static str, usize>,
    /// Where they would stand, had the rule held already.
    pub then: BTreeMap<&'static str, usize>,
}

impl Office {
    /// Adds an outcome at the end of the desk.
    ///
    /// # Errors
    /// Not an administrator, the key is taken, or it does not go together with the others.
    pub fn add_outcome(&self, by: &User, key: &str, draft: &Draft) -> Result<()> {
        by.must_be(Role::Admin)?;
        self.once("add_outcome", |conn| {
            let all = outcomes::all(conn)?;
            let last = all.all().last().map_or(0, |outcome| outcome.position);
            let outcome = drafted(key, draft, last + 1);
            let mut together = all.all().to_vec();
            together.push(outcome.clone());
            check(&together).map_err(|bad| wrong(&bad))?;
            outcomes::add(conn, &outcome).map_err(crowded)?;
            Ok(())
        })
    }

    /// Changes an outcome; its key stays. A new rule holds from now on.
    ///
    /// # Errors
    /// Not an administrator, no such outcome, or it does not go together with the others.
    pub fn change_outcome(&self, by: &User, key: &str, draft: &Draft) -> Result<()> {
        by.must_be(Role::Admin)?;
        let now = self.now();
        self.edit_outcome(key, |old| {
            let mut new = drafted(key, draft, old.position);
            new.retired = old.retired;
            new.earlier.clone_from(&old.earlier);
            if (&old.rule, &old.template_key) != (&new.rule, &new.template_key) {
                new.earlier.push(Earlier {
                    until: now,
                    rule: old.rule.clone(),
                    template_key: old.template_key.clone(),
                });
            }
            new
        })
    }

    /// Takes an outcome off the desk, or puts it there again. Histories go on to name it.
    ///
    /// # Errors
    /// Not an administrator, no such outcome, its key was given to another, or it is the last one.
    pub fn retire_outcome(&self, by: &User, key: &str, retired: bool) -> Result<()> {
        by.must_be(Role::Admin)?;
        self.edit_outcome(key, |old| Outcome {
            retired,
            ..old.clone()
        })
    }

    /// Moves an outcome one place up or down.
    ///
    /// # Errors
    /// Not an administrator, or no such outcome.
    pub fn move_outcome(&self, by: &User, key: &str, up: bool) -> Result<()> {
        by.must_be(Role::Admin)?;
        let now = self.now();
        self.once("move_outcome", |conn| {
            let all = outcomes::all(conn)?;
            let mut order: Vec<&Outcome> = all.all().iter().collect();
            let at = order.iter().position(|outcome| outcome.key == key);
            let at = at.ok_or(Error::NotFound("outcome"))?;
            let to = if up { at.checked_sub(1) } else { Some(at + 1) };
            if let Some(to) = to.filter(|to| *to < order.len()) {
                order.swap(at, to);
            }
            for (position, outcome) in (1..).zip(order) {
                if outcome.position != position {
                    let moved = Outcome {
                        position,
                        ..outcome.clone()
                    };
                    outcomes::update(conn, &moved, now)?;
                }
            }
            Ok(())
        })
    }

    fn edit_outcome(&self, key: &str, edit: impl Fn(&Outcome) -> Outcome + Send) -> Result<()> {
        let now = self.now();
        self.once("edit_outcome", |conn| {
            let all = outcomes::all(conn)?;
            let old = all.get(key).ok_or(Error::NotFound("outcome"))?;
            let new = edit(old);
            let together = all.with(&new);
            check(together.all()).map_err(|bad| wrong(&bad))?;
            if together.offered().next().is_none() {
                return Err(Error::invalid("retired", "One outcome has to stay on the desk."));
            }
            outcomes::update(conn, &new, now)?;
            Ok(())
        })
    }

    /// What a rule would have done to the people whose last call ended with this outcome; nothing is changed.
    ///
    /// # Errors
    /// No such outcome.
    pub fn effect_of_rule(&self, key: &str, draft: &Draft) -> Result<Effect> {
        self.db.read(|conn| {
            let all = outcomes::all(conn)?;
            let old = all.get(key).ok_or(Error::NotFound("outcome"))?;
            let new = drafted(key, draft, old.position);
            let found = outcomes::cases_ended_by(conn, old, LOOKED_AT + 1)?;
            let shown = usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
            let mut effect = Effect {
                more: found.len() > shown,
                ..Effect::default()
            };
            let mut books = HashMap::new();
            for (outage, case) in found.into_iter().take(shown) {
                let book = match books.entry(outage) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(Rulebook::open(conn, outage)?),
                };
                add_effect(conn, book, &new, case, &mut effect)?;
            }
            Ok(effect)
        })
    }
}

fn add_effect(conn: &mut Conn, book: &Rulebook, new: &Outcome, case: i64, effect: &mut Effect) -> Result<()> {
    let case = cases::with_ids(conn, &[case])?;
    let Some(facts) = case_facts::of(conn, &case)?.pop() else {
        return Ok(());
    };
    let now = fold(&facts, &book.outcomes, &book.hours);
    let then = fold(&facts, &book.outcomes.with(new), &book.hours);
    effect.people += 1;
    *effect.now.entry(words(&now)).or_default() += 1;
    *effect.then.entry(words(&then)).or_default() += 1;
    Ok(())
}

fn words(progress: &Progress) -> &'static str {
    match progress.resolution {
        Some(resolution) if progress.stage == Stage::Closed => resolution.words(),
        _ => progress.stage.words(),
    }
}

fn drafted(key: &str, draft: &Draft, position: i32) -> Outcome {
    Outcome {
        key: key.trim().to_owned(),
        group: draft.group,
        label: draft.label.trim().to_owned(),
        hint: draft.hint.trim().to_owned(),
        hotkey: draft.hotkey,
        position,
        rule: draft.rule.clone(),
        template_key: draft.template_key.clone(),
        retired: false,
        earlier: Vec::new(),
    }
}

/// The field of the form that a problem belongs to.
fn wrong(bad: &BadOutcomes) -> Error {
    let field = match bad {
        BadOutcomes::SameKey(_) | BadOutcomes::BadKey(_) => "key",
        BadOutcomes::SameHotkey { .. } | BadOutcomes::TakenHotkey { .. } => "hotkey",
        BadOutcomes::NoLabel(_) => "label",
        BadOutcomes::EndlessRetry(_) => "rule",
    };
    Error::invalid(field, super::record::sentence(&bad.to_string()))
}

/// When a rule ended, for the page that lists them.
pub fn ended(outcome: &Outcome) -> Vec<(Timestamp, String)> {
    let ended = outcome.earlier.iter().rev();
    ended
        .map(|earlier| (earlier.until, earlier.rule.words()))
        .collect()
}
