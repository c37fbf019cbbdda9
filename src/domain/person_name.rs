//! Names of people: kept as they are for showing, folded for comparing.

use caseless::Caseless;
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

use super::cell;

/// A cleaned name, empty when there is none. The placeholder rule does not hold: people are called Null.
pub fn display(text: &str) -> String {
    cell::clean(text).into_owned()
}

/// What follows a full name behind a comma and is no given name.
const SUFFIXES: [&str; 14] = [
    "jr", "sr", "ii", "iii", "iv", "v", "md", "phd", "cpa", "esq", "llc", "inc", "ltd", "co",
];

/// Given and family name of a full name. `HENSLEY, DOROTHY M` has the family name first; every other way of
/// writing stays whole, as the given name, for nobody can tell where it parts.
pub fn parts(full: &str) -> (&str, &str) {
    let whole = (full, "");
    let Some((family, given)) = full.split_once(',') else {
        return whole;
    };
    let (family, given) = (family.trim(), given.trim());
    let key: String = given.chars().filter(|c| c.is_alphanumeric()).collect();
    let suffix = SUFFIXES.contains(&key.to_lowercase().as_str());
    if key.is_empty() || family.is_empty() || suffix || given.contains(',') {
        return whole;
    }
    (given, family)
}

/// The name for comparing: given and family name together, decomposed, case-folded, letters and digits
/// only. `O’Neil, José` and `ONEIL JOSE` are equal. Empty when there is no letter or digit.
pub fn folded(given: &str, family: &str) -> String {
    let mut out = String::with_capacity(given.len() + family.len());
    fold_into(&mut out, given);
    fold_into(&mut out, family);
    out
}

fn fold_into(out: &mut String, name: &str) {
    if name.is_ascii() {
        out.extend(
            name.bytes()
                .filter(u8::is_ascii_alphanumeric)
                .map(|byte| char::from(byte.to_ascii_lowercase())),
        );
        return;
    }
    let cleaned = cell::clean(name);
    out.extend(
        cleaned
            .nfkd()
            .default_case_fold()
            .nfkd()
            .filter(|c| is_letter_or_digit(*c)),
    );
}

fn is_letter_or_digit(c: char) -> bool {
    use GeneralCategory as G;
    matches!(
        get_general_category(c),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::DecimalNumber
            | G::LetterNumber
            | G::OtherNumber
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_punctuation_do_not_matter() {
        assert_eq!(folded("Jos\u{e9}", "O\u{2019}Neil"), "joseoneil");
        assert_eq!(folded("JOSE", "O'NEIL"), "joseoneil");
        assert_eq!(
            folded("Th\u{1ecb} Mai", "Nguy\u{1ec5}n"),
            folded("THI MAI", "NGUYEN")
        );
        assert_eq!(folded("Stra\u{df}e", ""), "strasse");
    }

    #[test]
    fn a_name_may_be_empty_and_null_is_a_name() {
        assert_eq!(folded("", " - "), "");
        assert_eq!(display(" Null\r\n "), "Null");
        assert_eq!(folded("Null", ""), "null");
    }

    #[test]
    fn a_family_name_may_come_first() {
        assert_eq!(parts("HENSLEY, DOROTHY M"), ("DOROTHY M", "HENSLEY"));
        assert_eq!(folded("DOROTHY M", "HENSLEY"), folded("Dorothy M Hensley", ""));
        for whole in [
            "Dorothy M Hensley",
            "Hensley, Jr.",
            "Gray, Ruiz, and Sons",
            "Hensley,",
            "",
        ] {
            assert_eq!(parts(whole), (whole, ""));
        }
    }

    #[test]
    fn other_scripts_stay() {
        assert_eq!(folded("\u{674e}", "\u{5c0f}\u{9f99}"), "\u{674e}\u{5c0f}\u{9f99}");
        assert_eq!(
            folded("\u{410}\u{43d}\u{43d}\u{430}", ""),
            "\u{430}\u{43d}\u{43d}\u{430}"
        );
    }
}
