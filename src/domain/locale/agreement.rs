//! Whether a language's file says what the English one says: the same keys, and the same places to fill in.

use std::collections::BTreeSet;
use toml::{Table, Value};

/// Names of the program that stand among the texts: they are the same in each language.
const NAMES: [&str; 1] = ["outcome"];
/// What each language has its own number of.
const OWN: [&str; 1] = ["lists.melting"];
/// A place that a language may leave out: a clock of 24 hours has no halves.
const MAY_LACK: [(&str, &str); 1] = [("dates.time", "half")];

/// The first thing that does not agree, with its key.
pub(super) fn problem(english: &Table, other: &Table) -> Option<String> {
    tables("", english, other)
}

fn tables(at: &str, english: &Table, other: &Table) -> Option<String> {
    let path = |key: &str| match at {
        "" => key.to_owned(),
        at => format!("{at}.{key}"),
    };
    if let Some(unknown) = other.keys().find(|key| !english.contains_key(*key)) {
        return Some(format!("{} is not in en.toml", path(unknown)));
    }
    english.iter().find_map(|(key, ours)| match other.get(key) {
        None => Some(format!("{} is missing", path(key))),
        Some(theirs) => values(&path(key), ours, theirs),
    })
}

fn values(at: &str, english: &Value, other: &Value) -> Option<String> {
    match (english, other) {
        (Value::Table(ours), Value::Table(theirs)) => tables(at, ours, theirs),
        (Value::Array(_), Value::Array(_)) if OWN.contains(&at) => None,
        (Value::Array(ours), Value::Array(theirs)) if ours.len() != theirs.len() => {
            Some(format!("{at} has {}, not {}", theirs.len(), ours.len()))
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            let pairs = ours.iter().zip(theirs).enumerate();
            pairs
                .into_iter()
                .find_map(|(place, (ours, theirs))| values(&format!("{at}.{}", place + 1), ours, theirs))
        }
        (Value::String(ours), Value::String(theirs)) => texts(at, ours, theirs),
        (ours, theirs) if ours.type_str() != theirs.type_str() => {
            Some(format!("{at} must be of the type {}", ours.type_str()))
        }
        _ => None,
    }
}

fn texts(at: &str, english: &str, other: &str) -> Option<String> {
    let key = at.rsplit('.').next().unwrap_or(at);
    if NAMES.contains(&key) && english != other {
        return Some(format!("{at} is a name of the program and must be {english}"));
    }
    if english.is_empty() != other.is_empty() && !at.starts_with("lists.") {
        return Some(format!(
            "{at} must{} be empty",
            if english.is_empty() { "" } else { " not" }
        ));
    }
    let (ours, theirs) = (places(english), places(other));
    if let Some(unknown) = theirs.difference(&ours).next() {
        return Some(format!("{at}: {{{unknown}}} is not filled in there"));
    }
    let may_lack = |place: &&&str| MAY_LACK.contains(&(at, place));
    let lacking = ours.difference(&theirs).find(|place| !may_lack(place));
    lacking.map(|place| format!("{at}: {{{place}}} is missing"))
}

/// The names in braces. Of a letter, whose grammar is another one, those in double braces.
fn places(text: &str) -> BTreeSet<&str> {
    let inside = text.split('{').skip(1).filter_map(|after| after.split_once('}'));
    let names = inside.map(|(name, _)| name.trim());
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    names.filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(english: &str, other: &str) -> Option<String> {
        problem(&toml::from_str(english).unwrap(), &toml::from_str(other).unwrap())
    }

    #[test]
    fn what_a_file_lacks_or_has_too_much_is_named_by_its_key() {
        let english = "[a]\nx = 'from {from} to {until}'\nr = [{ outcome = 'paid' }]";
        let told = |other: &str| compared(english, other).unwrap_or_default();
        assert_eq!(
            told("[a]\nx = 'de {from} a {until}'\nr = [{ outcome = 'paid' }]"),
            ""
        );
        assert_eq!(told("[a]\nr = [{ outcome = 'paid' }]"), "a.x is missing");
        assert_eq!(
            told("[a]\nx = 'de {from}'\nr = [{ outcome = 'paid' }]"),
            "a.x: {until} is missing"
        );
        assert_eq!(
            told("[a]\nx = '{from} {until} {day}'\nr = [{ outcome = 'paid' }]"),
            "a.x: {day} is not filled in there"
        );
        assert_eq!(
            told("[a]\nx = '{from} {until}'\nr = [{ outcome = 'pagado' }]"),
            "a.r.1.outcome is a name of the program and must be paid"
        );
        assert_eq!(told("[a]\nx = '{from} {until}'\nr = []"), "a.r has 0, not 1");
        assert_eq!(told("[a]\nx = 1\nr = []\ny = 1"), "a.y is not in en.toml");
    }
}
