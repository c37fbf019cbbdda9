//! The words of invented exports, from a file that the recogniser does not know.

use super::dice::Dice;
use std::sync::LazyLock;

static ALL: LazyLock<toml::Table> = LazyLock::new(|| {
    let path = crate::imports::data("mixing/words.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
});

/// The words under a name such as `en.email` or `words.de.failed`.
pub fn words(path: &str) -> Vec<&'static str> {
    let mut table = &*ALL;
    let (tables, last) = path.rsplit_once('.').unwrap();
    for name in tables.split('.') {
        table = table[name].as_table().unwrap_or_else(|| panic!("{path}"));
    }
    let words = table
        .get(last)
        .and_then(toml::Value::as_array)
        .unwrap_or_else(|| panic!("{path}"));
    words.iter().map(|word| word.as_str().unwrap()).collect()
}

/// One of the words under a name.
pub fn word(dice: &mut Dice, path: &str) -> &'static str {
    let all = words(path);
    all[dice.below(all.len())]
}

/// How a program writes the names of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Snake,
    Upper,
    Camel,
    Lower,
}

impl Style {
    pub fn any(dice: &mut Dice) -> Self {
        *dice.one(&[
            Self::Plain,
            Self::Plain,
            Self::Plain,
            Self::Snake,
            Self::Upper,
            Self::Camel,
            Self::Lower,
        ])
    }

    /// A name in this style.
    pub fn of(self, name: &str) -> String {
        let words = || {
            name.split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
        };
        match self {
            Self::Plain => name.to_owned(),
            Self::Upper => name.to_uppercase(),
            Self::Lower => name.to_lowercase(),
            Self::Snake => words().map(str::to_lowercase).collect::<Vec<_>>().join("_"),
            Self::Camel => words()
                .enumerate()
                .map(|(at, word)| match at {
                    0 => word.to_lowercase(),
                    _ => capital(word),
                })
                .collect(),
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str().to_lowercase())
}
