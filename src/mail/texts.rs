//! The letters that come with the product in each of its languages (`locales/`), ready to use and to change.
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
    /// One line.
    pub subject: &'static str,
    /// Markdown.
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

/// Every text, in every language.
pub fn all() -> impl Iterator<Item = Text> {
    Language::all().flat_map(|language| KEYS.into_iter().filter_map(move |key| find(key, language)))
}

/// The text of a key in a language.
pub fn find(key: &str, language: Language) -> Option<Text> {
    let letters = language.letters();
    let (key, letter) = match key {
        "apology" => ("apology", &letters.apology),
        "tried_to_call" => ("tried_to_call", &letters.tried_to_call),
        "could_not_reach" => ("could_not_reach", &letters.could_not_reach),
        "confirmation" => ("confirmation", &letters.confirmation),
        "callback_reminder" => ("callback_reminder", &letters.callback_reminder),
        _ => return None,
    };
    Some(Text {
        key,
        language,
        subject: letter.subject.text(),
        body: letter.body.text(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_there_in_every_language() {
        let wanted = Language::all().count() * KEYS.len();
        assert_eq!(all().filter(|text| !text.body.is_empty()).count(), wanted);
    }
}
