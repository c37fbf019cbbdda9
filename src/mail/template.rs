//! A template: subject and Markdown body with placeholders, checked when it is saved and filled when
//! it is sent.

use std::fmt::Write as _;
use std::io;

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::armour::{NOTHING, armoured, bare, disarmed};
use super::build::Content;
use super::clean::{capital, one_line};
use super::facts::{Absent, Facts};
use super::grammar;
use super::layout;
use super::template_check::check;
pub use super::template_check::{Field, Problem};
use super::words::Language;
use super::{markdown, own_html};

/// Steps that filling may take: far more than a letter needs, far less than a loop that never ends.
const FUEL: u64 = 20_000;
const LONGEST_SOURCE: usize = 50_000;
/// Most bytes that one part of a letter may become; a letter of 50,000 characters has room in it.
const LARGEST: usize = 200 * 1024;

/// A template that has passed its check. Filling many letters from one is cheap.
pub struct Template {
    environment: Environment<'static>,
    language: Language,
    has_html: bool,
}

/// Why a letter cannot be filled: in practice a fact without fallback is missing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the template cannot be filled: {0}")]
pub struct FillError(String);

impl Template {
    /// Reads and checks a template whose HTML part is made from its body.
    pub fn parse(language: Language, subject: &str, body: &str) -> Result<Self, Vec<Problem>> {
        Self::with_html(language, subject, body, "")
    }

    /// Reads and checks a template. Every unknown name, broken brace, tag that cannot stand in an e-mail, and sentence
    /// that fails for an invented person is reported with its place. An empty `html` is made from the body.
    pub fn with_html(
        language: Language,
        subject: &str,
        body: &str,
        html: &str,
    ) -> Result<Self, Vec<Problem>> {
        let mut environment = environment();
        let mut problems = Vec::new();
        let has_html = !html.trim().is_empty();
        let html = has_html.then_some((Field::Html, html));
        for (field, source) in [(Field::Subject, subject), (Field::Body, body)]
            .into_iter()
            .chain(html)
        {
            if source.trim().is_empty() || source.len() > LONGEST_SOURCE {
                problems.push(Problem::whole(
                    field,
                    "must not be empty or longer than 50,000 characters",
                ));
                continue;
            }
            // Looked through first: adding it works out what is constant in it, however large that becomes.
            let source = disarmed(source);
            match grammar::refused(&source) {
                Ok(Some(refused)) => {
                    problems.push(Problem::at(field, &source, refused.at, refused.message));
                    continue;
                }
                Ok(None) => {
                    let added = environment.add_template_owned(field.as_str(), source.clone());
                    problems.extend(check(&environment, field, &source, added.err()));
                }
                Err(broken) => problems.extend(check(&environment, field, &source, Some(broken))),
            }
            if field == Field::Html
                && let Err(fault) = own_html::rewritten(&source)
            {
                problems.push(Problem::at(field, &source, fault.at, fault.message));
            }
        }
        let template = Self {
            environment,
            language,
            has_html,
        };
        if problems.is_empty() {
            problems.extend(template.fill_problem(&Facts::sample()));
        }
        if problems.is_empty() {
            Ok(template)
        } else {
            Err(problems)
        }
    }

    /// What cannot be filled for somebody in another state of money, or too late to pay in time. A text that is saved must be
    /// fit for all of them; one that was saved before they were told apart is still used for whom it is fit.
    pub fn problem_for_anybody(&self) -> Option<Problem> {
        Facts::samples().find_map(|facts| self.fill_problem(&facts))
    }

    fn fill_problem(&self, facts: &Facts) -> Option<Problem> {
        let html = self.has_html.then_some(Field::Html);
        [Field::Subject, Field::Body]
            .into_iter()
            .chain(html)
            .find_map(|field| {
                let error = self.markdown(field, facts).err()?;
                Some(Problem::at_line(field, error.line().unwrap_or(1), words(&error)))
            })
    }

    /// The letter for one person.
    pub fn fill(&self, facts: &Facts) -> Result<Content, FillError> {
        let fill = |field| {
            self.markdown(field, facts)
                .map_err(|error| FillError(format!("{}: {}", field.as_str(), words(&error))))
        };
        let subject = one_line(&bare(&fill(Field::Subject)?), 150);
        let source = fill(Field::Body)?;
        let agency = capital(&one_line(&facts.agency_name, 100));
        let help = facts.help_phone.as_deref().map(|phone| one_line(phone, 40));
        let letter = markdown::plain_text(&source);
        let footer = layout::footer(self.language, &agency, help.as_deref());
        let body = match self.own_html(facts) {
            Some(html) => html,
            None => markdown::html(&source),
        };
        let html = layout::framed(self.language, &subject, &agency, help.as_deref(), &body, &letter);
        Ok(Content {
            subject,
            text: format!("{letter}\n-- \n{footer}\n"),
            html,
        })
    }

    /// The HTML that was written by itself. Where it does not come out whole for this person, that of the body is used:
    /// everybody gets a letter.
    fn own_html(&self, facts: &Facts) -> Option<String> {
        let source = self.has_html.then(|| self.markdown(Field::Html, facts).ok())??;
        own_html::rewritten(&source).ok()
    }

    fn markdown(&self, field: Field, facts: &Facts) -> Result<String, Error> {
        let mut written = Bounded::default();
        let template = self.environment.get_template(field.as_str())?;
        let done = template
            .render_captured_to(facts.values(self.language), &mut written)
            .map(drop);
        if written.is_full {
            let told = format!("it becomes longer than {} KB; shorten it", LARGEST / 1024);
            return Err(Error::new(ErrorKind::WriteFailure, told));
        }
        done?;
        String::from_utf8(written.bytes)
            .map_err(|_| Error::new(ErrorKind::WriteFailure, "it is not text any more"))
    }
}

/// What was filled in so far; it takes no more than [`LARGEST`] bytes.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > LARGEST {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Nothing built in: no filter that marks text as safe, no function that shows or multiplies things.
fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(false);
    environment.set_formatter(write_value);
    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter(
        "default",
        |value: Value, other: Value| if value.is_true() { value } else { other },
    );
    environment
}

/// Every value that is written passes here and goes into its armour.
fn write_value(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let text = match value.downcast_object_ref::<Absent>() {
        Some(absent) => absent
            .stand_in()
            .map(str::to_owned)
            .ok_or_else(|| missing(absent.name()))?,
        None if value.is_undefined() => return Err(Error::from(ErrorKind::UndefinedError)),
        None => value.to_string(),
    };
    let written = if text.is_empty() {
        out.write_char(NOTHING)
    } else {
        out.write_str(&armoured(&text))
    };
    written.map_err(|_| Error::from(ErrorKind::WriteFailure))
}

fn missing(name: &str) -> Error {
    let words =
        format!("`{name}` is not known for this person; put {{% if {name} %}} … {{% endif %}} round it");
    Error::new(ErrorKind::UndefinedError, words)
}

/// minijinja's words for staff, without its file names.
pub(super) fn words(error: &Error) -> String {
    match (error.detail(), error.kind()) {
        (_, ErrorKind::OutOfFuel) => "it takes too long; shorten it".to_owned(),
        (Some(detail), _) => detail.to_owned(),
        (None, kind) => kind.to_string(),
    }
}

#[cfg(test)]
mod tests;
