//! The frame round every HTML part: one column, no remote image, readable in the dark and at 320 px.

use askama::Template;

use super::words::Language;

#[derive(Template)]
#[template(path = "mail/layout.html")]
struct Layout<'a> {
    lang: &'a str,
    subject: &'a str,
    preview: &'a str,
    agency: &'a str,
    body: &'a str,
    help: Option<&'a str>,
    label: &'a str,
}

/// The whole document. `body` is HTML of our own making; all else is escaped here. `text` is the
/// plain text part, whose beginning inboxes show beside the subject.
pub(super) fn framed(
    language: Language,
    subject: &str,
    agency: &str,
    help: Option<&str>,
    body: &str,
    text: &str,
) -> String {
    let preview = preview(text);
    let layout = Layout {
        lang: language.code(),
        subject,
        preview: &preview,
        agency,
        body,
        help,
        label: &language.letters().help,
    };
    // Writing into a string fails only if a value's own formatting does; text does not.
    layout.render().unwrap_or_default()
}

/// The line under every message, as the text part has it.
pub(super) fn footer(language: Language, agency: &str, help: Option<&str>) -> String {
    match help {
        Some(phone) => format!("{agency} · {}: {phone}", language.letters().help),
        None => agency.to_owned(),
    }
}

/// The second paragraph says more than the greeting.
fn preview(text: &str) -> String {
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let line = paragraphs
        .get(1)
        .or(paragraphs.first())
        .copied()
        .unwrap_or_default();
    line.chars().take(110).collect()
}
