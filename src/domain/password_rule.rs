//! Which passwords a person may choose. What is often guessed is known by zxcvbn's lists (30,000 passwords that leaked
//! most, words, names, rows of keys, dates); what the guesser of this agency tries first, by the words around the account.

use std::collections::BTreeSet;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Entropy, Score};

/// Shortest password that a person may choose, in characters.
pub const SHORTEST: usize = 12;
/// Longest: hashing must not become a way to burn our time.
pub const LONGEST: usize = 128;
/// Shorter words around an account (`of`, `IT`) say nothing.
const SHORTEST_WORD: usize = 3;
/// So many letters must be left of a password without the words around the account.
const OWN_LETTERS: usize = 5;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short or too long.
    #[error(
        "A password has {SHORTEST} to {LONGEST} characters. Four words in a row are easy to keep in mind."
    )]
    Length,
    /// On the lists, or little more than what is on them.
    #[error(
        "This password is, or is built of, what is on the list of passwords that are often guessed. Choose four \
         words that have nothing to do with one another."
    )]
    Common,
    /// Made of the words around the account.
    #[error(
        "This password is built of your name, your e-mail, or the name of the agency, an outage or Makegood. Choose \
         four words that have nothing to do with one another."
    )]
    Context,
    /// Keys side by side, a repetition, a date.
    #[error(
        "This password is a row of keys, a repetition, a year or a date. Choose four words that have nothing to do \
         with one another."
    )]
    Pattern,
}

/// Refuses a password that would be guessed. `around` are texts that whoever guesses would try: the person's name and
/// e-mail, the agency, its outages, the product.
///
/// # Errors
/// It would be; and why.
pub fn check<'a>(password: &str, around: impl IntoIterator<Item = &'a str>) -> Result<(), WeakPassword> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(WeakPassword::Length);
    }
    let words = words(around);
    if letters_left(password, &words) < OWN_LETTERS {
        return Err(WeakPassword::Context);
    }
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = zxcvbn::zxcvbn(password, &known);
    if found.score() >= Score::Four {
        Ok(())
    } else {
        Err(why(&found, &words))
    }
}

/// The texts and their words, in small letters.
fn words<'a>(around: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in around {
        let text = text.trim().to_lowercase();
        let parts = text.split(|c: char| !c.is_alphanumeric());
        words.extend(parts.clone().map(str::to_owned));
        words.insert(parts.collect());
        words.insert(text);
    }
    words.retain(|word| word.chars().count() >= SHORTEST_WORD);
    words
}

/// Letters of a password that are in none of the words; all of them if there is no such word in it.
fn letters_left(password: &str, words: &BTreeSet<String>) -> usize {
    let mut left = password.to_lowercase();
    let mut longest: Vec<&String> = words.iter().collect();
    longest.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in longest {
        left = left.replace(word.as_str(), " ");
    }
    if left == password.to_lowercase() {
        return usize::MAX;
    }
    left.chars().filter(|c| c.is_alphabetic()).count()
}

/// What the weak password is built of.
fn why(found: &Entropy, words: &BTreeSet<String>) -> WeakPassword {
    let mut why = WeakPassword::Pattern;
    for part in found.sequence() {
        match &part.pattern {
            MatchPattern::Dictionary(word) if words.contains(&word.matched_word) => {
                return WeakPassword::Context;
            }
            MatchPattern::Dictionary(_) => why = WeakPassword::Common,
            _ => {}
        }
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: [&str; 5] = [
        "Carl One",
        "carl.one@agency.example",
        "Franklin Department of Revenue",
        "April 14 payment outage",
        "Makegood",
    ];

    fn checked(password: &str) -> Result<(), WeakPassword> {
        check(password, AROUND)
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for weak in [
            "Summer2026!!",
            "iloveyou1234",
            "qwerty123456",
            "letmein12345",
            "Welcome12345",
            "1q2w3e4r5t6y",
            "abcdefghijkl",
            "Makegood2026!",
            "trustno1trustno1",
            "agency.example",
            "carl.one@agency.example",
            "Password1234",
            "P@ssw0rd1234",
            "Winter2025!!",
            "zaq12wsxcde3",
            "administrator",
        ] {
            assert!(checked(weak).is_err(), "{weak}");
        }
    }

    #[test]
    fn the_refusal_says_which_check_it_was() {
        for (weak, why) in [
            ("short", WeakPassword::Length),
            ("iloveyou1234", WeakPassword::Common),
            ("Carl One 2026", WeakPassword::Context),
            ("FranklinRevenue1", WeakPassword::Context),
            ("april 14 payment outage", WeakPassword::Context),
            ("Makegood2026!", WeakPassword::Context),
            ("abcdefghijkl", WeakPassword::Pattern),
            ("aaaaaaaaaaaaaaaa", WeakPassword::Pattern),
        ] {
            assert_eq!(checked(weak), Err(why), "{weak}");
            assert!(why.to_string().ends_with('.'));
        }
        assert_eq!(checked(&"long ".repeat(26)), Err(WeakPassword::Length));
    }

    #[test]
    fn a_few_unrelated_words_are_accepted() {
        for strong in [
            "correct horse battery staple",
            "maple river candle sofa",
            "green table walks slowly",
            "copper lake window",
            "tokyo umbrella seventeen",
            "quiet-harbour-9-lanterns",
            "one copper lake window",
            "k7m2p-x9qrs-tuv34-wxyz8",
        ] {
            assert_eq!(checked(strong), Ok(()), "{strong}");
        }
    }
}
