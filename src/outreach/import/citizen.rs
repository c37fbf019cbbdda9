//! What is known of one citizen, from all their accepted records, in whatever order they are seen.

use crate::domain::charged::Charged;
use crate::domain::identity::{self, Contact};
use crate::domain::ids::ImportId;
use crate::domain::latest::{Latest, LatestTwo};
use crate::domain::place;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::store::transactions::Attempted;
use std::collections::BTreeMap;

/// One citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Citizen {
    pub(super) key: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) folded_name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) phone_2: Option<String>,
    pub(super) language: Option<String>,
    pub(super) state: Option<String>,
    pub(super) zones: Zones,
    pub(super) amount_cents: Option<i64>,
    pub(super) tax_type: Option<String>,
    pub(super) charged: Charged,
    pub(super) filing_deadline: Option<String>,
    pub(super) first_failed_at: Timestamp,
    pub(super) last_failed_at: Timestamp,
    pub(super) transactions: i32,
}

impl Citizen {
    /// The account id, if they are known by one.
    pub(super) fn account_id(&self) -> Option<&str> {
        let (_, account) = self.key.split_once(':')?;
        identity::has_account(&self.key).then_some(account)
    }
}

/// When a record was, and where it stands: of two payments at the same instant the later record counts.
type Moment = (Timestamp, ImportId, i64);

/// Kinds of tax of one citizen that are told apart; a file made to hurt has millions.
const TAXES: usize = 1_000;

/// What is known of a citizen from the records seen so far, in any order. It does not grow with them: one
/// citizen may have ten million.
#[derive(Default)]
pub(super) struct Seen {
    contact: Contact<Moment>,
    /// From a record with a name that says something, and from any.
    named: Latest<Moment, Names>,
    called: Latest<Moment, Names>,
    phones: LatestTwo<Moment>,
    second_phones: LatestTwo<Moment>,
    state: Latest<Moment, String>,
    time_zone: Latest<Moment, String>,
    tax_type: Latest<Moment, String>,
    /// Several clicks are not a sum: the latest amount of each kind of tax.
    amounts: BTreeMap<Option<String>, Latest<Moment, i64>>,
    charged: Option<Charged>,
    filing_deadline: Option<String>,
    /// The first and the last.
    failed_at: Option<(Timestamp, Timestamp)>,
    transactions: i32,
}

#[derive(Default)]
struct Names {
    given: String,
    family: String,
    folded: String,
}

impl Seen {
    /// Takes in one accepted record.
    pub(super) fn see(&mut self, record: &Attempted) {
        let at = (record.occurred_at, record.import_id, record.line);
        let (phone, email) = (record.phone.as_deref(), record.email.as_deref());
        self.contact.see(at, phone, email, record.language.as_deref());
        if let Some(phone) = phone {
            self.phones.see(at, phone);
        }
        if let Some(phone) = &record.phone_2 {
            self.second_phones.see(at, phone);
        }
        for (latest, value) in [
            (&mut self.state, &record.state),
            (&mut self.time_zone, &record.time_zone),
            (&mut self.tax_type, &record.tax_type),
        ] {
            if let Some(value) = value {
                latest.see(at, || value.clone());
            }
        }
        self.see_names(at, record);
        self.see_money(at, record);
        self.see_times(record);
        self.transactions = self.transactions.saturating_add(1);
    }

    fn see_names(&mut self, at: Moment, record: &Attempted) {
        let latest = match record.folded_name.is_empty() {
            true => &mut self.called,
            false => &mut self.named,
        };
        latest.see(at, || Names {
            given: record.given_name.clone(),
            family: record.family_name.clone(),
            folded: record.folded_name.clone(),
        });
    }

    fn see_money(&mut self, at: Moment, record: &Attempted) {
        let charged = record.charged.parse().ok();
        self.charged = self.charged.max(charged);
        let Some(cents) = record.amount_cents else {
            return;
        };
        if let Some(amount) = self.amounts.get_mut(&record.tax_type) {
            amount.see(at, || cents);
        } else if self.amounts.len() < TAXES {
            let amount = self.amounts.entry(record.tax_type.clone()).or_default();
            amount.see(at, || cents);
        }
    }

    fn see_times(&mut self, record: &Attempted) {
        let at = record.occurred_at;
        let (first, last) = self.failed_at.unwrap_or((at, at));
        self.failed_at = Some((first.min(at), last.max(at)));
        if let Some(deadline) = &record.filing_deadline
            && self.filing_deadline.as_ref().is_none_or(|known| deadline < known)
        {
            self.filing_deadline = Some(deadline.clone());
        }
    }

    /// The citizen with this key; none without a record.
    pub(super) fn citizen(self, key: &str) -> Option<Citizen> {
        let (first_failed_at, last_failed_at) = self.failed_at?;
        let call = self.contact.phone();
        let another = self
            .second_phones
            .other_than(call)
            .or_else(|| self.phones.other_than(call));
        let state = self.state.into_inner();
        let zone = self.time_zone.get().map(String::as_str);
        let named = self
            .named
            .into_inner()
            .or(self.called.into_inner())
            .unwrap_or_default();
        let largest = self
            .amounts
            .into_iter()
            .filter_map(|(tax, cents)| Some((tax, cents.into_inner()?)));
        let (tax_type, amount_cents) = match largest.max_by_key(|(_, cents)| *cents) {
            Some((tax, cents)) => (tax, Some(cents)),
            None => (self.tax_type.into_inner(), None),
        };
        Some(Citizen {
            key: key.to_owned(),
            given_name: named.given,
            family_name: named.family,
            folded_name: named.folded,
            email: self.contact.email().map(str::to_owned),
            phone: call.map(str::to_owned),
            phone_2: another.map(str::to_owned),
            language: self.contact.language().map(str::to_owned),
            zones: place::zones_of(zone, state.as_deref(), call),
            state,
            amount_cents,
            tax_type,
            charged: self.charged.unwrap_or(Charged::Unknown),
            filing_deadline: self.filing_deadline,
            first_failed_at,
            last_failed_at,
            transactions: self.transactions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(at: i64, phone: &str, cents: i64, tax: &str) -> Attempted {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Attempted {
            id: at,
            import_id: 1,
            line: at,
            occurred_at: Timestamp::from_micros(at),
            email: None,
            phone: some(phone),
            phone_2: None,
            given_name: "Ana".into(),
            family_name: String::new(),
            folded_name: "ANA".into(),
            amount_cents: Some(cents),
            tax_type: some(tax),
            language: None,
            state: None,
            time_zone: None,
            filing_deadline: None,
            charged: "not_charged".into(),
            identity_key: Some("A:1".into()),
            next_key: None,
        }
    }

    fn of(records: &[Attempted]) -> Option<Citizen> {
        let mut seen = Seen::default();
        records.iter().for_each(|record| seen.see(record));
        seen.citizen("A:1")
    }

    #[test]
    fn several_clicks_are_not_a_sum() {
        let records = [
            record(1, "", 90_000, "income"),
            record(2, "", 5_000, "income"),
            record(1, "", 7_000, "sales"),
        ];
        let citizen = of(&records).unwrap();
        assert_eq!(
            (citizen.amount_cents, citizen.tax_type.as_deref()),
            (Some(7_000), Some("sales"))
        );
        assert_eq!((citizen.transactions, citizen.account_id()), (3, Some("1")));
    }

    #[test]
    fn an_earlier_number_is_the_second_to_try() {
        let records = [record(1, "+13035550101", 1, ""), record(2, "+13035550102", 1, "")];
        let citizen = of(&records).unwrap();
        assert_eq!(citizen.phone.as_deref(), Some("+13035550102"));
        assert_eq!(citizen.phone_2.as_deref(), Some("+13035550101"));
    }

    #[test]
    fn the_worst_charge_counts_and_nobody_is_made_of_nothing() {
        let mut records = [record(1, "", 1, ""), record(2, "", 1, "")];
        records[0].charged = "charged_twice".into();
        assert_eq!(of(&records).unwrap().charged, Charged::ChargedTwice);
        assert_eq!(of(&[]), None);
    }
}
