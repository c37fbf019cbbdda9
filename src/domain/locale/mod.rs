//! The texts of each language, from one file a language in `locales/`: the citizen's pages, the script, the letters, dates.
//!
//! A language is a file. The program carries the whole folder; whoever runs it may add further files at the start. A file
//! with a missing key, an unknown one or another placeholder than English has is refused whole, so that nobody reads a page
//! that is half in another language.

mod agreement;
mod known;
mod parts;
mod phrase;
mod spoken;

pub use known::{add, complaint};
pub(super) use known::{built_in, further};
pub use parts::Letter;
pub(crate) use parts::{Citizen, Letters};
pub(super) use parts::{Dates, Lists};
pub use phrase::Phrase;
pub(super) use spoken::{Money, Phrases, Reply};

use serde::Deserialize;
use std::collections::BTreeMap;

use parts::Name;

/// Everything that is said in one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locale {
    /// Its code, the name of its file: `es`.
    #[serde(skip)]
    pub(super) code: String,
    pub(super) language: Name,
    pub(super) dates: Dates,
    pub(super) lists: Lists,
    /// Kinds of tax by what files call them, without case.
    pub(super) taxes: BTreeMap<String, Phrase>,
    pub(super) citizen: Citizen,
    pub(super) script: Phrases,
    pub(super) letters: Letters,
}

/// A file that is no language of this program; says which, where and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the texts in {file}: {problem}")]
pub struct BadLocale {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub problem: String,
}

impl Locale {
    /// Reads a file named `<code>.toml`, against the English one.
    ///
    /// # Errors
    /// Its name is no language's code, or it does not hold what the English file holds.
    pub fn read(file: &str, text: &str, english: &str) -> Result<Self, BadLocale> {
        let bad = |problem: String| BadLocale {
            file: file.to_owned(),
            problem,
        };
        let code = file.strip_suffix(".toml").filter(|code| is_code(code));
        let code = code.ok_or_else(|| bad("name it after its language, such as fr.toml".to_owned()))?;
        let table = |text: &str| toml::from_str::<toml::Table>(text);
        let theirs = table(text).map_err(|error| bad(error.to_string()))?;
        let ours = table(english).map_err(|error| bad(error.to_string()))?;
        if let Some(problem) = agreement::problem(&ours, &theirs) {
            return Err(bad(problem));
        }
        let mut read: Self = toml::from_str(text).map_err(|error| bad(error.to_string()))?;
        code.clone_into(&mut read.code);
        Ok(read)
    }
}

/// Two or three small letters.
fn is_code(name: &str) -> bool {
    (2..=3).contains(&name.len()) && name.bytes().all(|letter| letter.is_ascii_lowercase())
}
