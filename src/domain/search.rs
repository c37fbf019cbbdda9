//! What people are found by, and what somebody looks for: any piece of a name, a number, an account, an
//! address or a case number, as it is told on the phone.

use super::ids::CaseId;
use super::person_name::folded;

/// The shortest piece that an index finds.
pub const PIECE: usize = 3;
/// The shortest piece that is looked for at all.
const SHORTEST: usize = 2;

/// What a case is found by: its words, folded, with blanks between them.
pub fn text<'a>(folded_name: &str, others: impl IntoIterator<Item = &'a str>, case: CaseId) -> String {
    let mut text = folded_name.to_owned();
    for other in others {
        text.push(' ');
        text.push_str(&folded(other, ""));
    }
    text.push_str(&format!(" {case}"));
    text
}

/// What somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The case with this number, and no other.
    Case(CaseId),
    /// Cases whose text holds each of these pieces: letters and digits only.
    Pieces(Vec<String>),
}

/// What somebody means; nothing when it is too short to find anybody.
pub fn sought(asked: &str) -> Option<Sought> {
    let asked = asked.trim();
    let digits: String = asked.chars().filter(char::is_ascii_digit).collect();
    let letters: String = asked.chars().filter(|c| c.is_alphabetic()).collect();
    if matches!(letters.to_lowercase().as_str(), "case" | "c") || asked.starts_with('#') {
        return digits.parse().ok().map(Sought::Case);
    }
    let pieces: Vec<String> = if letters.is_empty() {
        // Blanks and brackets of a phone number stand where people put them.
        vec![without_country(&digits).to_owned()]
    } else {
        asked.split_whitespace().map(|word| folded(word, "")).collect()
    };
    let pieces: Vec<String> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
    let long_enough = pieces.iter().any(|piece| piece.chars().count() >= SHORTEST);
    long_enough.then_some(Sought::Pieces(pieces))
}

/// The digits of a phone number without the country code that every number here has.
fn without_country(digits: &str) -> &str {
    digits
        .strip_prefix('1')
        .filter(|_| digits.len() == 11)
        .unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(words: &[&str]) -> Option<Sought> {
        Some(Sought::Pieces(
            words.iter().map(|word| (*word).to_owned()).collect(),
        ))
    }

    #[test]
    fn what_is_told_on_the_phone_is_understood() {
        assert_eq!(sought("(423) 555-0142"), pieces(&["4235550142"]));
        assert_eq!(sought("+1 423 555 0142"), pieces(&["4235550142"]));
        assert_eq!(sought("0142"), pieces(&["0142"]));
        assert_eq!(sought("Case 412"), Some(Sought::Case(412)));
        assert_eq!(sought("#412"), Some(Sought::Case(412)));
        assert_eq!(sought("t-1234567"), pieces(&["t1234567"]));
        assert_eq!(sought("O\u{2019}Neil  Jos\u{e9}"), pieces(&["oneil", "jose"]));
        assert_eq!(sought("Rosa 0142"), pieces(&["rosa", "0142"]));
        for short in [" ", "x", "-", "4"] {
            assert_eq!(sought(short), None, "{short}");
        }
    }

    #[test]
    fn a_case_is_found_by_its_name_numbers_account_address_and_its_own_number() {
        let text = text(
            "rosamarlow",
            ["+14235550142", "T-1234567", "Rosa.M@mail.example"],
            412,
        );
        assert_eq!(text, "rosamarlow 14235550142 t1234567 rosammailexample 412");
    }
}
