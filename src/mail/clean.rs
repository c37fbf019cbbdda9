//! Text from outside made fit for one line of a header: no control or formatting character survives.
//!
//! lettre panics on a line break in a display name and keeps one inside a Subject; so nothing reaches
//! it that did not pass here.

use unicode_general_category::{GeneralCategory, get_general_category};

const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// One line of at most `longest` characters: control, direction-changing, private and unassigned
/// characters are gone, runs of blanks are one space, no blank at the ends. A bad name loses its bad
/// parts; it is never refused.
pub fn one_line(text: &str, longest: usize) -> String {
    let visible: String = text.chars().filter_map(visible).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(longest).collect();
    short.trim_end().to_owned()
}

/// The words with a capital letter in front: `the Department of …` at the beginning of a line.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn visible(c: char) -> Option<char> {
    use GeneralCategory as G;
    if c.is_whitespace() {
        return Some(' ');
    }
    match get_general_category(c) {
        G::Format if JOINERS.contains(&c) => Some(c),
        G::Control | G::Format | G::PrivateUse | G::Surrogate | G::Unassigned => None,
        G::LineSeparator | G::ParagraphSeparator => Some(' '),
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_header_in_it_becomes_one_harmless_line() {
        assert_eq!(
            one_line("Eve\r\nBcc: x@example.com", 80),
            "Eve Bcc: x@example.com"
        );
        assert_eq!(one_line("\u{202e}evE\u{2066}\0\u{7f}\u{feff}", 80), "evE");
    }

    #[test]
    fn ordinary_names_of_every_script_stay_as_they_are() {
        for name in [
            "Zoë Müller-Łukasz",
            "José María",
            "李小龍",
            "علی‌رضا",
            "O'Brien, Jr.",
            "👩‍🚀",
        ] {
            assert_eq!(one_line(name, 80), name);
        }
    }

    #[test]
    fn a_long_line_is_cut_at_a_character() {
        assert_eq!(one_line("ééééé éé", 6), "ééééé");
    }
}
