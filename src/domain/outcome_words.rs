//! Rules in words, for the page where an administrator edits them; and what is wrong with a set of outcomes.

use std::collections::BTreeMap;

use thiserror::Error;

use super::outcome::{Lane, Outcome, Retry, Rule, Scope};

#[cfg(test)]
mod tests;

impl Rule {
    /// What follows, as one sentence.
    pub fn words(&self) -> String {
        match self {
            Self::Close { resolution } => format!("Closes the case as “{}”.", resolution.words()),
            Self::Retry(retry) => retry.words(),
            Self::Wait { hours, checks } => {
                let calls = if *checks == 1 {
                    "one check call".to_owned()
                } else {
                    format!("{checks} check calls")
                };
                format!(
                    "Waits {} for the payment, then {calls}.",
                    span(u32::from(*hours) * 60)
                )
            }
            Self::Callback => "Books a callback at the time they chose.".to_owned(),
            Self::Escalate {
                to: Lane::Specialists,
                ..
            } => "Goes to the specialists, due today.".to_owned(),
            Self::Escalate {
                to: Lane::Supervisor,
                hold_mail: true,
            } => "Goes to a supervisor; nothing is sent until they decide.".to_owned(),
            Self::Escalate {
                to: Lane::Supervisor,
                hold_mail: false,
            } => "Goes to a supervisor.".to_owned(),
            Self::Move => "Moves to a list of their language, due at once.".to_owned(),
            Self::BadNumber => {
                "This number is not called again: the next number, else an email, else a letter.".to_owned()
            }
            Self::Suppress { scope: Scope::Calls } => "No more calls; e-mail is still allowed.".to_owned(),
            Self::Suppress { scope: Scope::All } => "No contact of any kind any more.".to_owned(),
            Self::Requeue => "Back into the queue at once; it does not count as a try.".to_owned(),
        }
    }
}

impl Retry {
    fn words(&self) -> String {
        let mut words = format!("Calls again after {}", span(self.after_minutes));
        if self.other_day_part {
            words.push_str(", in another part of the day");
        }
        if let Some(most) = self.per_day {
            words.push_str(&format!(", at most {most} a day"));
        }
        if self.halves == 1 {
            words.push_str(", counting half a try");
        }
        if let Some(limit) = self.give_up {
            words.push_str(&format!(
                "; after {} tries over {} days and {} parts of the day an email, else a letter",
                limit.tries, limit.days, limit.day_parts
            ));
        }
        words.push('.');
        if let Some(hours) = self.message_gap_hours {
            words.push_str(&format!(
                " No second message within {}.",
                span(u32::from(hours) * 60)
            ));
        }
        words
    }
}

/// `20 minutes`, `3 hours`, `2 days`.
fn span(minutes: u32) -> String {
    let (n, unit) = match minutes {
        minutes if minutes >= 48 * 60 && minutes.is_multiple_of(24 * 60) => (minutes / (24 * 60), "day"),
        minutes if minutes >= 60 && minutes.is_multiple_of(60) => (minutes / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

/// Why a set of outcomes cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadOutcomes {
    /// Two outcomes have one key.
    #[error("two outcomes have the key {0:?}")]
    SameKey(String),
    /// A key is not a short word of small letters, digits and `_`.
    #[error("{0:?} is no key: use small letters, digits and _")]
    BadKey(String),
    /// Two outcomes on the desk have one hotkey.
    #[error("{first} and {second} both have the key {hotkey} on the desk")]
    SameHotkey {
        /// Label of the one.
        first: String,
        /// Label of the other.
        second: String,
        /// The character.
        hotkey: char,
    },
    /// A hotkey that the desk needs itself, or that is no digit or small letter.
    #[error("{label} cannot have the key {hotkey}: the desk uses it, or it is no digit or small letter")]
    TakenHotkey {
        /// Label of the outcome.
        label: String,
        /// The character.
        hotkey: char,
    },
    /// No words on the button.
    #[error("the outcome {0:?} needs a label")]
    NoLabel(String),
    /// A retry that would never end, or never wait.
    #[error("{0}: a retry needs at least a minute, at least one try a day, and tries that count")]
    EndlessRetry(String),
}

/// Keys of the desk that are not outcomes: dial, undo, skip, note, voicemail script.
const DESK_KEYS: [char; 5] = ['d', 'u', 's', 'n', 'v'];

/// Whether a set of outcomes can be used together.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(outcomes: &[Outcome]) -> Result<(), BadOutcomes> {
    let mut keys = BTreeMap::new();
    let mut hotkeys: BTreeMap<char, &str> = BTreeMap::new();
    for outcome in outcomes {
        check_one(outcome)?;
        if keys.insert(&outcome.key, ()).is_some() {
            return Err(BadOutcomes::SameKey(outcome.key.clone()));
        }
        let Some(hotkey) = outcome.hotkey.filter(|_| !outcome.retired) else {
            continue;
        };
        if let Some(first) = hotkeys.insert(hotkey, &outcome.label) {
            let (first, second) = (first.to_owned(), outcome.label.clone());
            return Err(BadOutcomes::SameHotkey {
                first,
                second,
                hotkey,
            });
        }
    }
    Ok(())
}

fn check_one(outcome: &Outcome) -> Result<(), BadOutcomes> {
    let Outcome { key, label, .. } = outcome;
    let is_key_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if key.is_empty() || key.len() > 32 || !key.chars().all(is_key_letter) {
        return Err(BadOutcomes::BadKey(key.clone()));
    }
    if label.trim().is_empty() {
        return Err(BadOutcomes::NoLabel(key.clone()));
    }
    let is_free = |c: &char| (c.is_ascii_lowercase() || c.is_ascii_digit()) && !DESK_KEYS.contains(c);
    if let Some(hotkey) = outcome.hotkey.filter(|hotkey| !is_free(hotkey)) {
        return Err(BadOutcomes::TakenHotkey {
            label: label.clone(),
            hotkey,
        });
    }
    match &outcome.rule {
        Rule::Retry(retry) if !retry.is_sound() => Err(BadOutcomes::EndlessRetry(label.clone())),
        Rule::Wait { checks: 0, .. } => Err(BadOutcomes::EndlessRetry(label.clone())),
        _ => Ok(()),
    }
}

impl Retry {
    fn is_sound(&self) -> bool {
        let ends = self
            .give_up
            .is_some_and(|limit| limit.tries > 0 && self.halves > 0);
        ends && self.after_minutes > 0 && self.per_day != Some(0)
    }
}
