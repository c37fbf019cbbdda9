//! The languages of this process: those that the program carries, and those that were added at its start.

use rust_embed::RustEmbed;
use std::sync::{LazyLock, OnceLock};

use super::{BadLocale, Locale};

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Files;

/// The file that the others are read against.
const ENGLISH: &str = "en.toml";

/// What the program carries, English first.
#[derive(Default)]
struct Carried {
    locales: Vec<Locale>,
    complaint: Option<BadLocale>,
}

static CARRIED: LazyLock<Carried> = LazyLock::new(carried);
static ADDED: OnceLock<Vec<Locale>> = OnceLock::new();

/// The languages that the program carries, English first.
pub(in crate::domain) fn built_in() -> &'static [Locale] {
    &CARRIED.locales
}

/// The languages that were added.
pub(in crate::domain) fn further() -> &'static [Locale] {
    ADDED.get().map_or(&[], Vec::as_slice)
}

/// What is wrong with a file that the program carries: it must not start.
pub fn complaint() -> Option<&'static BadLocale> {
    CARRIED.complaint.as_ref()
}

/// Adds languages, each a file's name and text, for the life of this process: once, before anybody reads a text.
///
/// # Errors
/// A file is none, or is one that the program carries already; then none is added.
pub fn add(files: &[(String, String)]) -> Result<(), BadLocale> {
    let english = text_of(ENGLISH);
    let read = files.iter().map(|(file, text)| {
        let locale = Locale::read(file, text, &english)?;
        match built_in().iter().any(|known| known.code == locale.code) {
            true => Err(BadLocale {
                file: file.clone(),
                problem: "the program has this language already".to_owned(),
            }),
            false => Ok(locale),
        }
    });
    let read: Vec<Locale> = read.collect::<Result<_, _>>()?;
    // Of two who add at the same time the first is heard; there is one start of a process.
    let _added = ADDED.get_or_init(|| read);
    Ok(())
}

fn carried() -> Carried {
    let english = text_of(ENGLISH);
    let mut names: Vec<String> = Files::iter().map(String::from).collect();
    names.sort_by_key(|name| (name != ENGLISH, name.clone()));
    let mut carried = Carried::default();
    for name in names {
        match Locale::read(&name, &text_of(&name), &english) {
            Ok(locale) => carried.locales.push(locale),
            Err(bad) => carried.complaint = Some(bad),
        }
    }
    if carried.locales.is_empty() {
        carried.locales.push(Locale::default()); // nothing is said; `complaint` keeps such a program from starting
    }
    carried
}

fn text_of(name: &str) -> String {
    let file = Files::get(name).map(|file| file.data.into_owned());
    file.and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_that_the_program_carries_says_everything_that_english_says() {
        assert_eq!(complaint(), None);
        let codes: Vec<&str> = built_in().iter().map(|locale| locale.code.as_str()).collect();
        assert_eq!(codes.first(), Some(&"en"));
        assert!(codes.contains(&"es"));
    }
}
