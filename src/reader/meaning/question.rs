//! What a person has to say about a file before it is read: each a short question with its answers and what follows from each.

use serde::{Deserialize, Serialize};

use crate::domain::text_enum::text_enum;

text_enum! {
    /// What a question is about.
    pub enum About {
        /// In which zone times are meant, or which column holds them.
        Clock = "clock",
        /// What a value of the status means.
        Status = "status",
        /// Which column tells people apart.
        Identity = "identity",
        /// Which of day and month stands first.
        OrderOfDay = "order_of_day",
        /// Which sign stands before the cents.
        Decimal = "decimal",
        /// Whether whole numbers are dollars or cents.
        Unit = "unit",
        /// What a column holds.
        Column = "column",
    }
}

/// Something that the file does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it is about.
    pub about: About,
    /// The header of the column in question.
    pub column: String,
    /// Of a status, the value in question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why it is asked, with a value of the file.
    pub why: String,
    /// The answers there are.
    pub choices: Vec<Choice>,
    /// The answer that is proposed, as it stands among the choices.
    pub proposed: String,
    /// The proposed answer in the words of the command line, quoted for a shell.
    pub flag: String,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// In plain words.
    pub answer: String,
    /// In the words of the command line, quoted for a shell.
    pub flag: String,
    /// What follows from it, counted in the rows that were looked at.
    pub consequence: String,
    /// Rows in the outage by this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_in_outage: Option<u64>,
    /// People on the list by this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
}

/// Something that was found out, and why it is sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What it is about.
    pub about: About,
    /// The header of the column.
    pub column: String,
    /// What was found out and by what.
    pub why: String,
}

impl Question {
    /// A question whose proposed answer is the choice at `proposed`, or the first.
    pub(super) fn new(
        about: About,
        column: &str,
        why: String,
        (choices, proposed): (Vec<Choice>, usize),
    ) -> Self {
        let first = choices.get(proposed).or_else(|| choices.first());
        let (proposed, flag) = first
            .map(|choice| (choice.answer.clone(), choice.flag.clone()))
            .unwrap_or_default();
        Self {
            about,
            column: column.to_owned(),
            value: None,
            why,
            choices,
            proposed,
            flag,
        }
    }
}

/// A word as a shell takes it for one.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '+' | '@' | '%')
    };
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// A flag and its value, quoted for a shell.
pub fn flag(name: &str, value: &str) -> String {
    match value.starts_with('-') {
        true => format!("{name}={}", quoted(value)),
        false => format!("{name} {}", quoted(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("UTC"), "UTC");
        assert_eq!(quoted("Created (UTC)"), "'Created (UTC)'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(flag("--failed", "-1"), "--failed=-1");
    }
}
