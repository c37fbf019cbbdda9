//! What citizens are told an outage and its agency are called, in languages other than English.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::Language;

/// The names by language. English is not among them: its names are the outage's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicNames(BTreeMap<String, Names>);

/// The names in one language; empty: as in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Names {
    /// Who calls and writes.
    pub agency: String,
    /// The outage's public name.
    pub outage: String,
}

impl PublicNames {
    /// As they are kept; what cannot be read counts as not entered.
    pub fn read(json: Option<&str>) -> Self {
        let read = json.map(serde_json::from_str);
        read.and_then(Result::ok).unwrap_or_default()
    }

    /// As they are kept; none where nothing was entered.
    pub fn written(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        serde_json::to_string(self).ok()
    }

    /// The names in a language.
    pub fn of(&self, language: Language) -> Names {
        self.0.get(language.code()).cloned().unwrap_or_default()
    }

    /// The same, with what another says in every language that there are texts in: what was entered in one that was taken
    /// away is kept for the day on which it comes back.
    #[must_use]
    pub fn changed_to(self, entered: &Self) -> Self {
        Language::others().fold(self, |names, language| names.with(language, entered.of(language)))
    }

    /// The same with these names in a language.
    #[must_use]
    pub fn with(mut self, language: Language, names: Names) -> Self {
        match names == Names::default() {
            true => self.0.remove(language.code()),
            false => self.0.insert(language.code().to_owned(), names),
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_as_they_were_entered_and_nothing_is_kept_of_none() {
        let names = Names {
            agency: "Departamento de Hacienda".to_owned(),
            ..Names::default()
        };
        let kept = PublicNames::default().with(Language::of("es"), names.clone());
        let read = PublicNames::read(kept.written().as_deref());
        assert_eq!(read.of(Language::of("es")), names);
        assert_eq!(read.of(Language::english()), Names::default());
        let emptied = read.with(Language::of("es"), Names::default());
        assert_eq!(emptied.written(), None);
        assert_eq!(PublicNames::read(Some("not JSON")), PublicNames::default());
    }
}
