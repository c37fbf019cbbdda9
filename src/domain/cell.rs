//! Cleaning one cell of a file: the first step of every other reading, as `TRUTH` section 1 defines it.

use std::borrow::Cow;

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

/// What people and exports write when they mean "nothing", in lower case.
const NOTHING: [&str; 20] = [
    "",
    "null",
    "n/a",
    "na",
    "none",
    "nil",
    "nan",
    "-",
    "--",
    "unknown",
    "#n/a",
    "(blank)",
    "(null)",
    "\\n",
    "undefined",
    "n.a.",
    "(none)",
    "<null>",
    "\u{2013}",
    "\u{2014}",
];
const LONGEST_NOTHING: usize = 9;

/// The cell in Unicode NFKC, with digits of any script as 0-9, without invisible and control
/// characters, with every run of white space as one blank, trimmed. Borrows when nothing changes.
pub fn clean(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(' ');
    if is_clean_ascii(trimmed) {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(clean_slowly(text))
    }
}

/// The cleaned cell, or nothing when it is empty or only says "nothing" (`NULL`, `n/a`, `-`, …).
pub fn value(text: &str) -> Option<Cow<'_, str>> {
    let cleaned = clean(text);
    if says_nothing(&cleaned) {
        None
    } else {
        Some(cleaned)
    }
}

/// Whether a cleaned cell means that there is no value.
pub fn says_nothing(cleaned: &str) -> bool {
    cleaned.len() <= LONGEST_NOTHING && NOTHING.iter().any(|word| word.eq_ignore_ascii_case(cleaned))
}

/// Whether the cell holds nothing but white space, control and invisible characters.
pub fn is_blank(text: &str) -> bool {
    match text.bytes().find(|byte| *byte > b' ') {
        None => true,
        Some(byte) if byte.is_ascii_graphic() => false,
        Some(_) => clean(text).is_empty(),
    }
}

/// A number as spreadsheets leave it: a leading apostrophe and a final `.0` are not part of the value.
pub fn without_spreadsheet_marks(cleaned: &str) -> &str {
    let bare = cleaned.trim_start_matches('\'');
    match bare.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => bare,
    }
}

/// Whether the text is a number in scientific notation (`1.23E+09`): a spreadsheet has thrown digits away.
pub fn is_scientific(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    [whole, fraction, exponent].iter().all(|part| is_digits(part))
}

/// Whether the text is one or more ASCII digits and nothing else.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_clean_ascii(text: &str) -> bool {
    let mut after_blank = false;
    for byte in text.bytes() {
        let blank = byte == b' ';
        if !(b' '..0x7f).contains(&byte) || (blank && after_blank) {
            return false;
        }
        after_blank = blank;
    }
    true
}

fn clean_slowly(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc() {
        match plain(c) {
            Some(' ') if out.is_empty() || out.ends_with(' ') => {}
            Some(c) => out.push(c),
            None => {}
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// One character of the cleaned text; `None` for what is left out.
fn plain(c: char) -> Option<char> {
    if c.is_ascii_graphic() {
        return Some(c);
    }
    if matches!(c, ' ' | '\t'..='\r' | '\u{85}') {
        return Some(' ');
    }
    match get_general_category(c) {
        GeneralCategory::SpaceSeparator
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => Some(' '),
        GeneralCategory::Format | GeneralCategory::Control => None,
        GeneralCategory::DecimalNumber => Some(ascii_digit(c)),
        _ => Some(c),
    }
}

/// Unicode keeps the ten digits of a script in one ascending run, so a digit's value is its distance
/// from the start of the run.
fn ascii_digit(c: char) -> char {
    let is_digit = |code: u32| {
        char::from_u32(code).is_some_and(|c| get_general_category(c) == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(c);
    let before = (1..=9)
        .take_while(|back| code.checked_sub(*back).is_some_and(is_digit))
        .count();
    char::from_digit(u32::try_from(before).unwrap_or(0), 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(clean(" T-1000001 "), Cow::Borrowed("T-1000001")));
    }

    #[test]
    fn invisible_and_control_characters_go_and_blanks_collapse() {
        assert_eq!(clean("\u{feff}a\u{0}\u{200b}b\u{a0} \r\n c\u{3000}"), "ab c");
    }

    #[test]
    fn digits_of_any_script_become_ascii() {
        assert_eq!(clean("\u{663}\u{660}\u{663} \u{ff15}\u{ff15}\u{966}"), "303 550");
    }

    #[test]
    fn words_for_nothing_are_missing_in_any_case() {
        for word in ["", "  ", "NULL", "N/A", "None", "-", "Unknown", "#N/A", "\u{a0}"] {
            assert_eq!(value(word), None, "{word}");
        }
        assert_eq!(value("Nullmann").as_deref(), Some("Nullmann"));
    }

    #[test]
    fn a_spreadsheet_adds_an_apostrophe_and_a_decimal() {
        assert_eq!(without_spreadsheet_marks("'+1 303 555 0153"), "+1 303 555 0153");
        assert_eq!(without_spreadsheet_marks("3035550152.0"), "3035550152");
        assert_eq!(without_spreadsheet_marks("12.50"), "12.50");
    }

    #[test]
    fn scientific_notation_is_recognised() {
        assert!(is_scientific("1.23E+09") && is_scientific("3e9"));
        assert!(!is_scientific("1234567") && !is_scientific("E12") && !is_scientific("12E"));
    }

    #[test]
    fn a_line_of_control_characters_is_blank() {
        assert!(is_blank(" \t\u{0}\u{0}") && is_blank("\u{a0}\u{feff}") && !is_blank("\u{e9}"));
    }
}
