//! What the pages of templates show, ready to print.

use askama::Template;

use crate::web::layout::Chrome;

/// All texts.
#[derive(Template)]
#[template(path = "templates/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The texts.
    pub texts: Vec<TextRow>,
}

/// One text in one language.
pub struct TextRow {
    /// Its editor.
    pub href: String,
    /// Its name.
    pub name: String,
    /// The language.
    pub language: String,
    /// The subject, with its names in braces.
    pub subject: String,
    /// Which version is used.
    pub version: i32,
    /// Since when.
    pub saved: String,
}

/// The editor.
#[derive(Template)]
#[template(path = "templates/editor.html")]
pub struct EditorPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The text's name.
    pub name: String,
    /// Where it is saved; `/preview`, `/test` and `/restore` stand below.
    pub action: String,
    /// All texts.
    pub list: String,
    /// The version that is edited.
    pub version: i32,
    /// When and by whom it was saved.
    pub saved: String,
    /// The languages.
    pub tabs: Vec<LanguageTab>,
    /// The sender.
    pub from: String,
    /// Where answers go.
    pub answers_to: String,
    /// The subject.
    pub subject: String,
    /// The body.
    pub body: String,
    /// HTML that is written by itself; empty: it is made from the body.
    pub html: String,
    /// Names that may stand in braces, and what they mean.
    pub names: Vec<(&'static str, &'static str)>,
    /// People to look at it with: real ones, then invented ones.
    pub people: Vec<PersonChoice>,
    /// All versions.
    pub versions: Vec<VersionRow>,
    /// This person may save it.
    pub may_save: bool,
    /// What was done.
    pub news: String,
    /// What is wrong, and where.
    pub problems: Vec<String>,
}

/// One language of a text.
pub struct LanguageTab {
    /// Its name.
    pub label: String,
    /// The text in it.
    pub href: String,
    /// It is the one shown.
    pub current: bool,
}

/// One person to look at a text with.
pub struct PersonChoice {
    /// Their case; of an invented person what became of the money.
    pub value: String,
    /// Their name.
    pub name: String,
}

/// One version.
pub struct VersionRow {
    /// Its number.
    pub version: i32,
    /// When and by whom it was saved.
    pub saved: String,
    /// Its subject.
    pub subject: String,
    /// It is the one that is used.
    pub current: bool,
}

/// A preview that is no HTML e-mail: the plain text, or what is wrong.
#[derive(Template)]
#[template(path = "templates/preview.html")]
pub struct PreviewPage {
    /// The subject.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// What is wrong, and where.
    pub problems: Vec<String>,
}
