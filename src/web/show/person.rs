//! How a person's contact appears: numbers to dial, addresses masked, languages by name.

use crate::domain::words::Language;

/// A number as it is dialled, and the extension to ask for: `(423) 555-0142, ext. 42`.
pub fn with_extension(e164: &str, extension: Option<&str>) -> String {
    let number = phone(e164);
    extension.map_or_else(
        || number.clone(),
        |extension| format!("{number}, ext. {extension}"),
    )
}

/// An E.164 number as it is dialled: US numbers as `(423) 555-0142`, others grouped by their blanks.
pub fn phone(e164: &str) -> String {
    let national = e164.strip_prefix("+1").filter(|rest| rest.len() == 10);
    let Some(national) = national else {
        return e164.to_owned();
    };
    match (national.get(..3), national.get(3..6), national.get(6..)) {
        (Some(area), Some(exchange), Some(line)) => format!("({area}) {exchange}-{line}"),
        _ => e164.to_owned(),
    }
}

/// An address with its local part hidden but for its ends: `n•••d@post.example`.
pub fn masked(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return "•••".to_owned();
    };
    let first = local.chars().next().map(String::from).unwrap_or_default();
    let last = local.chars().skip(2).last().map(String::from).unwrap_or_default();
    format!("{first}•••{last}@{domain}")
}

/// A language's English name by its code; one that is not known here is shown as its code.
pub fn language(code: &str) -> String {
    if let Some(written) = Language::all().find(|language| language.code() == code) {
        return written.in_english().to_owned();
    }
    match code {
        "" => "Not known".to_owned(),
        "vi" => "Vietnamese".to_owned(),
        "zh" => "Chinese".to_owned(),
        "ko" => "Korean".to_owned(),
        "ru" => "Russian".to_owned(),
        "ar" => "Arabic".to_owned(),
        "fr" => "French".to_owned(),
        "tl" => "Tagalog".to_owned(),
        "de" => "German".to_owned(),
        "so" => "Somali".to_owned(),
        "am" => "Amharic".to_owned(),
        "ne" => "Nepali".to_owned(),
        other => other.to_uppercase(),
    }
}

/// The languages to choose from where somebody speaks another than English: those with texts that are none of the usual
/// ones, then these.
pub fn spoken(usual: &[&'static str]) -> Vec<&'static str> {
    let written = Language::others().map(Language::code);
    let further = written.filter(|code| !usual.contains(code));
    further.chain(usual.iter().copied()).collect()
}

/// Languages of a caller in one line: `English, Spanish`.
pub fn languages<S: AsRef<str>>(codes: &[S]) -> String {
    codes
        .iter()
        .map(|code| language(code.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A name as it is greeted; someone without a name is `Name not known`.
pub fn name(given: &str, family: &str) -> String {
    let full = format!("{} {}", given.trim(), family.trim());
    match full.trim() {
        "" => "Name not known".to_owned(),
        known => known.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn us_numbers_are_shown_as_dialled_and_others_left_alone() {
        assert_eq!(phone("+14235550142"), "(423) 555-0142");
        assert_eq!(phone("+442079460123"), "+442079460123");
        assert_eq!(phone(""), "");
    }

    #[test]
    fn an_address_shows_its_ends_only() {
        assert_eq!(masked("nora.feld@post.example"), "n•••d@post.example");
        assert_eq!(masked("jo@post.example"), "j•••@post.example");
        assert_eq!(masked("é@post.example"), "é•••@post.example");
        assert_eq!(masked("nonsense"), "•••");
    }

    #[test]
    fn languages_have_names() {
        assert_eq!(languages(&["en", "es"]), "English, Spanish");
        assert_eq!(language("xx"), "XX");
    }

    #[test]
    fn nobody_is_greeted_with_nothing() {
        assert_eq!(name(" Dorothy", "Hensley "), "Dorothy Hensley");
        assert_eq!(name("", ""), "Name not known");
    }
}
