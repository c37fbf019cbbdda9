//! Who has paid: later successful transactions find their citizens. The rules are `TRUTH` section 4.
//!
//! As in [`super::identity`], each rule takes one record and the candidates somebody found for it. Ask
//! in this order: [`by_account`], [`by_email`], [`by_phone_and_name`]; the first answer that is not
//! [`Step::Next`] holds, and after the last one nobody was found. Then [`settle`].

use super::identity::{self, Candidate, CitizenKey, Traits};
use super::text_enum::text_enum;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// What one rule says about a successful transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is this citizen's.
    Found(CitizenKey),
    /// Several citizens may be meant: nobody is marked.
    Ambiguous,
    /// This rule finds nobody; ask the next.
    Next,
}

text_enum! {
    /// By what a citizen was found.
    pub enum MatchedBy {
        /// Account id.
        Account = "account",
        /// E-mail.
        Email = "email",
        /// Phone and name.
        PhoneName = "phone_name",
    }
}

text_enum! {
    /// Where a successful transaction ends: its bin in the report, and its word in the database.
    pub enum Fate {
        /// Its citizen has paid.
        Paid = "paid",
        /// Its citizen paid before they last failed.
        TooEarly = "too_early",
        /// Several citizens may be meant.
        Ambiguous = "ambiguous",
        /// Nobody is meant.
        Unmatched = "unmatched",
        /// Money went back: it pays for nobody.
        Refund = "refund",
    }
}

/// When money came, or that it went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money<'a> {
    /// It came at this instant.
    At(Timestamp),
    /// It came on the day in this zone that begins then; at what time nobody knows.
    On(Timestamp, &'a Zone),
    /// It went back.
    Back,
}

/// What becomes of a successful transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// This citizen has paid.
    Paid(CitizenKey, MatchedBy),
    /// This citizen paid before their last failed attempt: still to be called.
    TooEarly(CitizenKey),
    /// Several citizens may be meant.
    Ambiguous,
    /// Nobody is meant.
    Unmatched,
    /// Money went back to this citizen, if it is known to whom.
    Refund(Option<(CitizenKey, MatchedBy)>),
}

/// Where the rules find candidates: among accepted records, each as its citizen and its folded name.
pub trait Citizens {
    /// Why looking failed.
    type Error;
    /// When the citizen with this key last failed; nothing when there is no such citizen.
    fn last_failed(&mut self, key: &str) -> Result<Option<Timestamp>, Self::Error>;
    /// Everybody with an accepted record with this e-mail.
    fn with_email(&mut self, email: &str) -> Result<Vec<(String, String)>, Self::Error>;
    /// Everybody with an accepted record with this phone and this folded name.
    fn with_phone_and_name(
        &mut self,
        phone: &str,
        folded_name: &str,
    ) -> Result<Vec<(String, String)>, Self::Error>;
}

impl Match {
    /// Its bin.
    pub const fn fate(&self) -> Fate {
        match self {
            Self::Paid(..) => Fate::Paid,
            Self::TooEarly(_) => Fate::TooEarly,
            Self::Ambiguous => Fate::Ambiguous,
            Self::Unmatched => Fate::Unmatched,
            Self::Refund(_) => Fate::Refund,
        }
    }

    /// The citizen it found, also one who paid too early.
    pub fn citizen(&self) -> Option<&str> {
        match self {
            Self::Paid(key, _) | Self::TooEarly(key) | Self::Refund(Some((key, _))) => Some(key.as_str()),
            Self::Ambiguous | Self::Unmatched | Self::Refund(None) => None,
        }
    }

    /// By what a citizen who has paid, or got money back, was found.
    pub const fn matched_by(&self) -> Option<MatchedBy> {
        match self {
            Self::Paid(_, by) | Self::Refund(Some((_, by))) => Some(*by),
            _ => None,
        }
    }
}

/// Rule 1: the account id of a citizen. `exists` says whether there is a citizen with this key.
pub fn by_account(success: &Traits<'_>, exists: impl FnOnce(&str) -> bool) -> Step {
    match success.account {
        Some(_) => Some(success.own_key())
            .filter(|key| exists(key.as_str()))
            .map_or(Step::Next, Step::Found),
        None => Step::Next,
    }
}

/// Rule 2: the e-mail; of several the one with this name, else it is ambiguous.
pub fn by_email<'a>(success: &Traits<'_>, with_email: impl IntoIterator<Item = Candidate<'a>>) -> Step {
    let reachable: Vec<_> = reachable(success, with_email).collect();
    match distinct(&reachable) {
        0 => Step::Next,
        1 => reachable.first().map_or(Step::Next, |one| {
            Step::Found(CitizenKey::from_stored(one.key.to_owned()))
        }),
        _ => identity::named(success.folded_name, reachable).map_or(Step::Ambiguous, Step::Found),
    }
}

/// Rule 3: phone and a name that is not empty; several are ambiguous.
pub fn by_phone_and_name<'a>(
    success: &Traits<'_>,
    with_both: impl IntoIterator<Item = Candidate<'a>>,
) -> Step {
    let same_name =
        reachable(success, with_both).filter(|candidate| candidate.folded_name == success.folded_name);
    let reachable: Vec<_> = same_name.collect();
    match distinct(&reachable) {
        _ if success.folded_name.is_empty() => Step::Next,
        0 => Step::Next,
        1 => reachable.first().map_or(Step::Next, |one| {
            Step::Found(CitizenKey::from_stored(one.key.to_owned()))
        }),
        _ => Step::Ambiguous,
    }
}

/// Paid means later than the citizen's last accepted record. Of a day alone: on a later day; on the same one nobody can tell.
pub fn settle(key: CitizenKey, by: MatchedBy, money: Money<'_>, last_failed: Timestamp) -> Match {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = match money {
        Money::Back => return Match::Refund(Some((key, by))),
        Money::At(at) if at > last_failed => Greater,
        Money::At(_) => Less,
        Money::On(day, zone) => zone.local(day).date().cmp(&zone.local(last_failed).date()),
    };
    match order {
        Greater => Match::Paid(key, by),
        Equal => Match::Ambiguous,
        Less => Match::TooEarly(key),
    }
}

/// All rules in order.
pub fn find<C: Citizens>(
    success: &Traits<'_>,
    money: Money<'_>,
    citizens: &mut C,
) -> Result<Match, C::Error> {
    let own = success.own_key();
    if success.account.is_some()
        && let Some(last_failed) = citizens.last_failed(own.as_str())?
    {
        return Ok(settle(own, MatchedBy::Account, money, last_failed));
    }
    let mut step = Step::Next;
    let mut by = MatchedBy::Email;
    if let Some(email) = success.email {
        let found = citizens.with_email(email)?;
        step = by_email(success, candidates(&found));
    }
    if let (Step::Next, Some(phone), false) = (&step, success.phone, success.folded_name.is_empty()) {
        let found = citizens.with_phone_and_name(phone, success.folded_name)?;
        step = by_phone_and_name(success, candidates(&found));
        by = MatchedBy::PhoneName;
    }
    let nobody = match (money, &step) {
        (Money::Back, _) => Match::Refund(None),
        (_, Step::Ambiguous) => Match::Ambiguous,
        _ => Match::Unmatched,
    };
    let Step::Found(key) = step else { return Ok(nobody) };
    let last_failed = citizens.last_failed(key.as_str())?;
    Ok(last_failed.map_or(nobody, |last_failed| settle(key, by, money, last_failed)))
}

fn candidates(found: &[(String, String)]) -> impl Iterator<Item = Candidate<'_>> {
    found
        .iter()
        .map(|(key, folded_name)| Candidate { key, folded_name })
}

/// A success with an account id that no citizen has reaches only citizens without one.
fn reachable<'a>(
    success: &Traits<'_>,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
) -> impl Iterator<Item = Candidate<'a>> {
    let with_account = success.account.is_some();
    candidates
        .into_iter()
        .filter(move |candidate| !(with_account && identity::has_account(candidate.key)))
}

fn distinct(candidates: &[Candidate<'_>]) -> usize {
    let Some(first) = candidates.first() else { return 0 };
    if candidates.iter().all(|candidate| candidate.key == first.key) {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn success<'a>(account: Option<&'a str>, email: &'a str, folded_name: &'a str) -> Traits<'a> {
        Traits {
            account,
            email: Some(email),
            phone: Some("1"),
            folded_name,
        }
    }

    fn found(key: &str) -> Step {
        Step::Found(CitizenKey::from_stored(key.to_owned()))
    }

    const FAMILY: [Candidate<'static>; 2] = [
        Candidate {
            key: "A:5",
            folded_name: "kim",
        },
        Candidate {
            key: "A:6",
            folded_name: "jan",
        },
    ];

    #[test]
    fn an_account_that_failed_is_found() {
        assert_eq!(
            by_account(&success(Some("5"), "x", ""), |key| key == "A:5"),
            found("A:5")
        );
        assert_eq!(by_account(&success(Some("7"), "x", ""), |_| false), Step::Next);
    }

    #[test]
    fn a_shared_email_needs_the_name() {
        assert_eq!(by_email(&success(None, "x", "jan"), FAMILY), found("A:6"));
        assert_eq!(by_email(&success(None, "x", ""), FAMILY), Step::Ambiguous);
        assert_eq!(by_email(&success(None, "x", "jan"), []), Step::Next);
    }

    #[test]
    fn another_account_never_marks_a_citizen_with_an_account() {
        assert_eq!(by_email(&success(Some("9"), "x", "jan"), FAMILY), Step::Next);
        let guest = [Candidate {
            key: "E:x",
            folded_name: "",
        }];
        assert_eq!(
            by_email(&success(Some("9"), "x", "jan"), FAMILY.into_iter().chain(guest)),
            found("E:x")
        );
    }

    #[test]
    fn phone_and_name_must_be_one_citizen() {
        let twice = [Candidate {
            key: "A:5",
            folded_name: "kim",
        }; 2];
        assert_eq!(by_phone_and_name(&success(None, "x", "kim"), twice), found("A:5"));
        let hills = [
            Candidate {
                key: "A:1",
                folded_name: "hill",
            },
            Candidate {
                key: "A:2",
                folded_name: "hill",
            },
        ];
        assert_eq!(
            by_phone_and_name(&success(None, "x", "hill"), hills),
            Step::Ambiguous
        );
        assert_eq!(by_phone_and_name(&success(None, "x", ""), hills), Step::Next);
    }

    #[test]
    fn paid_is_later_than_the_last_failure() {
        let key = || CitizenKey::from_stored("A:1".into());
        let at = Timestamp::from_micros;
        assert_eq!(
            settle(key(), MatchedBy::Account, Money::At(at(5)), at(5)),
            Match::TooEarly(key())
        );
        assert_eq!(
            settle(key(), MatchedBy::Account, Money::At(at(6)), at(5)),
            Match::Paid(key(), MatchedBy::Account)
        );
    }

    #[test]
    fn a_day_alone_pays_on_a_later_day_and_decides_nothing_on_the_same() {
        let zone: Zone = "America/Denver".parse().unwrap();
        let at = |day, hour| {
            zone.at(jiff::civil::date(2026, 11, day).at(hour, 0, 0, 0))
                .instant()
        };
        let key = || CitizenKey::from_stored("A:1".into());
        let on = |day| {
            settle(
                key(),
                MatchedBy::Account,
                Money::On(at(day, 0), &zone),
                at(24, 18),
            )
        };
        assert_eq!(on(25), Match::Paid(key(), MatchedBy::Account));
        assert_eq!([on(24), on(23)], [Match::Ambiguous, Match::TooEarly(key())]);
    }

    #[test]
    fn money_that_went_back_pays_for_nobody() {
        let key = || CitizenKey::from_stored("A:1".into());
        let back = settle(key(), MatchedBy::Account, Money::Back, Timestamp::from_micros(1));
        assert_eq!(back, Match::Refund(Some((key(), MatchedBy::Account))));
        assert_eq!((back.fate(), back.citizen()), (Fate::Refund, Some("A:1")));
    }
}
