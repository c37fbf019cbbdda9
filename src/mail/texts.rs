//! The texts that come with the product, English and Spanish, ready to use and to change.
//!
//! Grade-6 words, warm, honest, with the least disclosure: no surname, no amount, no tax, no account.

use super::words::Language;

/// One text: the key is the same in each language.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Such as `apology`; stored with a message.
    pub key: &'static str,
    /// Its language.
    pub language: Language,
    /// First line of the file.
    pub subject: &'static str,
    /// The rest, Markdown.
    pub body: &'static str,
}

/// The keys, in the order in which a citizen may get them.
pub const KEYS: [&str; 5] = [
    "apology",
    "tried_to_call",
    "could_not_reach",
    "confirmation",
    "callback_reminder",
];

const FILES: [(&str, Language, &str); 10] = [
    ("apology", Language::English, include_str!("texts/en/apology.md")),
    (
        "tried_to_call",
        Language::English,
        include_str!("texts/en/tried_to_call.md"),
    ),
    (
        "could_not_reach",
        Language::English,
        include_str!("texts/en/could_not_reach.md"),
    ),
    (
        "confirmation",
        Language::English,
        include_str!("texts/en/confirmation.md"),
    ),
    (
        "callback_reminder",
        Language::English,
        include_str!("texts/en/callback_reminder.md"),
    ),
    ("apology", Language::Spanish, include_str!("texts/es/apology.md")),
    (
        "tried_to_call",
        Language::Spanish,
        include_str!("texts/es/tried_to_call.md"),
    ),
    (
        "could_not_reach",
        Language::Spanish,
        include_str!("texts/es/could_not_reach.md"),
    ),
    (
        "confirmation",
        Language::Spanish,
        include_str!("texts/es/confirmation.md"),
    ),
    (
        "callback_reminder",
        Language::Spanish,
        include_str!("texts/es/callback_reminder.md"),
    ),
];

/// Every text.
pub fn all() -> impl Iterator<Item = Text> {
    FILES.into_iter().map(|(key, language, file)| {
        let (subject, body) = file.split_once("\n\n").unwrap_or((file, ""));
        Text {
            key,
            language,
            subject,
            body,
        }
    })
}

/// The text of a key in a language.
pub fn find(key: &str, language: Language) -> Option<Text> {
    all().find(|text| text.key == key && text.language == language)
}
