//! What is wrong with a template, and where: found when it is saved, not when it is sent.

use std::fmt;

use minijinja::{Environment, Error};

use super::facts::PLACEHOLDERS;
use super::template::words;

/// Which part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The subject line.
    Subject,
    /// The Markdown body.
    Body,
    /// The HTML part, where it is written by itself.
    Html,
}

impl Field {
    /// The form field's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
            Self::Html => "html",
        }
    }
}

/// One fault, for the person who wrote the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub field: Field,
    /// Line, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, line {}, character {}: {}",
            self.field.as_str(),
            self.line,
            self.column,
            self.message
        )
    }
}

impl Problem {
    pub(super) fn whole(field: Field, message: &str) -> Self {
        Self::at_line(field, 1, message.to_owned())
    }

    pub(super) fn at_line(field: Field, line: usize, message: String) -> Self {
        Self {
            field,
            line,
            column: 1,
            message,
        }
    }

    pub(super) fn at(field: Field, source: &str, byte: usize, message: String) -> Self {
        let before = source.get(..byte).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self {
            field,
            line,
            column,
            message,
        }
    }
}

/// The faults of one field: what does not parse, else every unknown name.
pub(super) fn check(
    environment: &Environment<'_>,
    field: Field,
    source: &str,
    broken: Option<Error>,
) -> Vec<Problem> {
    if let Some(error) = broken {
        let message = format!(
            "{}; names stand in {{{{ }}}}, such as {{{{ given_name }}}}",
            words(&error)
        );
        return vec![match error.range() {
            Some(range) => Problem::at(field, source, range.start, message),
            None => Problem::at_line(field, error.line().unwrap_or(1), message),
        }];
    }
    let Ok(template) = environment.get_template(field.as_str()) else {
        return Vec::new();
    };
    let mut unknown: Vec<String> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !is_known(name))
        .collect();
    unknown.sort();
    unknown
        .iter()
        .map(|name| Problem::at(field, source, place_of(source, name), not_known(name)))
        .collect()
}

fn is_known(name: &str) -> bool {
    PLACEHOLDERS.iter().any(|known| known.name == name)
}

fn not_known(name: &str) -> String {
    let names: Vec<&str> = PLACEHOLDERS.iter().map(|known| known.name).collect();
    let hint = meant(name)
        .map(|known| format!("did you mean `{known}`? "))
        .unwrap_or_default();
    format!(
        "`{name}` is no name that can be filled in; {hint}Known: {}",
        names.join(", ")
    )
}

/// Names that other systems use for the same thing.
const ALSO_CALLED: [(&str, &str); 6] = [
    ("first_name", "given_name"),
    ("name", "given_name"),
    ("trust_code", "code"),
    ("due_date", "deadline"),
    ("phone", "help_phone"),
    ("url", "link"),
];

fn meant(name: &str) -> Option<&'static str> {
    let also = ALSO_CALLED
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, known)| *known);
    let names = PLACEHOLDERS.iter().map(|known| known.name);
    let near = names
        .filter(|known| likeness(known, name) * 4 > name.len() * 3)
        .max_by_key(|known| likeness(known, name));
    also.or(near)
}

/// How many letters of `name` stand in `known` in the same order.
fn likeness(known: &str, name: &str) -> usize {
    let mut rest = known.chars();
    name.chars()
        .filter(|letter| rest.clone().any(|c| c == *letter) && rest.any(|c| c == *letter))
        .count()
}

/// The first place of a name between braces.
fn place_of(source: &str, name: &str) -> usize {
    let mut inside = false;
    for (at, _) in source.char_indices() {
        let rest = source.get(at..).unwrap_or_default();
        if rest.starts_with("{{") || rest.starts_with("{%") {
            inside = true;
        } else if rest.starts_with("}}") || rest.starts_with("%}") {
            inside = false;
        } else if inside && rest.starts_with(name) && stands_alone(source, at, name.len()) {
            return at;
        }
    }
    0
}

fn stands_alone(source: &str, at: usize, length: usize) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    let before = source.get(..at).and_then(|text| text.chars().next_back());
    let after = source.get(at + length..).and_then(|text| text.chars().next());
    !before.is_some_and(part_of_name) && !after.is_some_and(part_of_name)
}
