//! Who is who: records into citizens, and what is known of each. The rules are `TRUTH` section 3.
//!
//! The rules are stated once, for one record and the candidates somebody found for it ([`by_email`],
//! [`by_phone_and_name`]); a database asks for candidates by index, [`link`] by hash map. The steps go
//! over all records one after the other: first those with an account id, then those with an e-mail,
//! then the rest, for each step looks only at the records of the steps before it.

use std::collections::HashMap;
use std::fmt;

use super::latest::Latest;
use super::transaction::Transaction;

/// What a record says about who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits<'a> {
    /// Normalised account id.
    pub account: Option<&'a str>,
    /// Normalised e-mail.
    pub email: Option<&'a str>,
    /// Phone in E.164.
    pub phone: Option<&'a str>,
    /// Folded name, may be empty.
    pub folded_name: &'a str,
}

/// The step of the linking in which a record finds its citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It has an account id.
    Account,
    /// It has an e-mail.
    Email,
    /// It has a phone only.
    Phone,
}

/// The name of a citizen: `A:account`, `E:e-mail` or `P:phone|folded name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenKey(String);

/// A citizen who may be the one: their key and the folded name of one of their records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The citizen.
    pub key: &'a str,
    /// The folded name in that record.
    pub folded_name: &'a str,
}

/// How many citizens there are among candidates.
enum Found<'a> {
    Nobody,
    One(&'a str),
    Several,
}

impl CitizenKey {
    /// A key this type has written before.
    pub fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// The key as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as it is stored, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for CitizenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a stored key is that of a citizen with an account id.
pub fn has_account(key: &str) -> bool {
    key.starts_with("A:")
}

impl<'a> Traits<'a> {
    /// Those of a transaction.
    pub fn of(transaction: &'a Transaction) -> Self {
        Self {
            account: transaction.account_id.as_ref().map(|id| id.as_str()),
            email: transaction.email.as_ref().map(|email| email.as_str()),
            phone: transaction.phone.as_ref().map(|phone| phone.as_str()),
            folded_name: &transaction.folded_name,
        }
    }

    /// In which step the record is linked.
    pub const fn step(&self) -> Step {
        match (self.account, self.email) {
            (Some(_), _) => Step::Account,
            (None, Some(_)) => Step::Email,
            (None, None) => Step::Phone,
        }
    }

    /// The citizen this record makes on its own: by account id, else e-mail, else phone and name.
    pub fn own_key(&self) -> CitizenKey {
        CitizenKey(match (self.account, self.email) {
            (Some(account), _) => format!("A:{account}"),
            (None, Some(email)) => format!("E:{email}"),
            (None, None) => format!("P:{}|{}", self.phone.unwrap_or_default(), self.folded_name),
        })
    }
}

/// Step 2: a record without account id belongs to the one citizen with its e-mail among the records
/// that have an account id; of several to the one who also has this name; else to its own.
pub fn by_email<'a>(
    traits: &Traits<'_>,
    candidates: impl IntoIterator<Item = Candidate<'a>> + Clone,
) -> CitizenKey {
    match the_one(candidates.clone().into_iter().map(|candidate| candidate.key)) {
        Found::One(key) => CitizenKey(key.to_owned()),
        Found::Nobody => traits.own_key(),
        Found::Several => named(traits.folded_name, candidates).unwrap_or_else(|| traits.own_key()),
    }
}

/// Step 3: a record with neither belongs to the one citizen with its phone and its name, which must not
/// be empty, among the records of steps 1 and 2; else to its own.
pub fn by_phone_and_name<'a>(
    traits: &Traits<'_>,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
) -> CitizenKey {
    named(traits.folded_name, candidates).unwrap_or_else(|| traits.own_key())
}

/// The one citizen of this name, if the name is not empty and there is exactly one.
pub(super) fn named<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
) -> Option<CitizenKey> {
    let same = candidates
        .into_iter()
        .filter(|candidate| candidate.folded_name == name);
    match the_one(same.map(|candidate| candidate.key)) {
        Found::One(key) if !name.is_empty() => Some(CitizenKey(key.to_owned())),
        _ => None,
    }
}

fn the_one<'a>(mut keys: impl Iterator<Item = &'a str>) -> Found<'a> {
    match keys.next() {
        None => Found::Nobody,
        Some(first) if keys.all(|key| key == first) => Found::One(first),
        Some(_) => Found::Several,
    }
}

/// The citizen of every record, in memory. The order of the records does not matter.
pub fn link(records: &[Traits<'_>]) -> Vec<CitizenKey> {
    let mut keys: Vec<CitizenKey> = records.iter().map(Traits::own_key).collect();
    for step in [Step::Email, Step::Phone] {
        let found = link_step(step, records, &keys);
        for (index, key) in found {
            if let Some(place) = keys.get_mut(index) {
                *place = key;
            }
        }
    }
    keys
}

fn link_step(step: Step, records: &[Traits<'_>], keys: &[CitizenKey]) -> Vec<(usize, CitizenKey)> {
    let mut known: HashMap<&str, Vec<Candidate<'_>>> = HashMap::new();
    for (record, key) in records
        .iter()
        .zip(keys)
        .filter(|(record, _)| record.step() < step)
    {
        let value = if step == Step::Email {
            record.email
        } else {
            record.phone
        };
        let candidate = Candidate {
            key: key.as_str(),
            folded_name: record.folded_name,
        };
        let of_value = value.map(|value| known.entry(value).or_default());
        if let Some(candidates) = of_value.filter(|candidates| candidates.last() != Some(&candidate)) {
            candidates.push(candidate);
        }
    }
    let candidates = |value: Option<&str>| {
        value
            .and_then(|value| known.get(value))
            .into_iter()
            .flatten()
            .copied()
    };
    let linked = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.step() == step);
    linked
        .map(|(index, record)| match step {
            Step::Email => (index, by_email(record, candidates(record.email))),
            _ => (index, by_phone_and_name(record, candidates(record.phone))),
        })
        .collect()
}

/// What to reach a citizen by: each value from their latest accepted record that has one; of two at
/// the same moment, from the one seen later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact<At> {
    phone: Latest<At, String>,
    email: Latest<At, String>,
    language: Latest<At, String>,
}

impl<At: Ord + Copy> Contact<At> {
    /// Takes in one accepted record.
    pub fn see(&mut self, at: At, phone: Option<&str>, email: Option<&str>, language: Option<&str>) {
        for (latest, value) in [
            (&mut self.phone, phone),
            (&mut self.email, email),
            (&mut self.language, language),
        ] {
            if let Some(value) = value {
                latest.see(at, || value.to_owned());
            }
        }
    }

    /// The number to call.
    pub fn phone(&self) -> Option<&str> {
        self.phone.get().map(String::as_str)
    }

    /// The address to write to.
    pub fn email(&self) -> Option<&str> {
        self.email.get().map(String::as_str)
    }

    /// The language to speak.
    pub fn language(&self) -> Option<&str> {
        self.language.get().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timestamp::Timestamp;

    fn record<'a>(account: &'a str, email: &'a str, phone: &'a str, folded_name: &'a str) -> Traits<'a> {
        let some = |text: &'a str| (!text.is_empty()).then_some(text);
        Traits {
            account: some(account),
            email: some(email),
            phone: some(phone),
            folded_name,
        }
    }

    fn linked(records: &[Traits<'_>]) -> Vec<String> {
        link(records).into_iter().map(CitizenKey::into_string).collect()
    }

    #[test]
    fn an_email_of_one_account_is_that_citizen() {
        let records = [record("", "s@x", "1", "sam"), record("4", "s@x", "1", "sam")];
        assert_eq!(linked(&records), ["A:4", "A:4"]);
    }

    #[test]
    fn a_shared_email_is_decided_by_the_name() {
        let records = [
            record("5", "n@x", "1", "kim"),
            record("6", "n@x", "1", "jan"),
            record("", "n@x", "1", "jan"),
            record("", "n@x", "1", "petra"),
            record("", "n@x", "1", ""),
        ];
        assert_eq!(linked(&records), ["A:5", "A:6", "A:6", "E:n@x", "E:n@x"]);
    }

    #[test]
    fn phone_and_name_find_those_of_the_steps_before() {
        let records = [
            record("", "", "1", "lee"),
            record("", "p@x", "1", "lee"),
            record("", "", "1", ""),
            record("", "", "1", "ann"),
            record("", "", "1", "ann"),
        ];
        assert_eq!(linked(&records), ["E:p@x", "E:p@x", "P:1|", "P:1|ann", "P:1|ann"]);
    }

    #[test]
    fn two_of_the_same_phone_and_name_are_nobody_in_particular() {
        let records = [
            record("1", "", "1", "hill"),
            record("2", "", "1", "hill"),
            record("", "", "1", "hill"),
        ];
        assert_eq!(linked(&records)[2], "P:1|hill");
    }

    #[test]
    fn the_latest_valid_value_counts_and_of_equal_times_the_later_record() {
        let mut contact = Contact::default();
        let at = Timestamp::from_micros;
        contact.see(at(5), Some("a"), None, Some("en"));
        contact.see(at(9), None, Some("m"), None);
        contact.see(at(5), Some("b"), None, None);
        contact.see(at(4), Some("c"), None, Some("es"));
        assert_eq!(
            (contact.phone(), contact.email(), contact.language()),
            (Some("b"), Some("m"), Some("en"))
        );
    }
}
