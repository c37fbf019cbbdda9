//! What is known of one citizen, from all their accepted records. The order of the records does not
//! matter, but for equal timestamps: then the later record counts.

use crate::domain::charged::Charged;
use crate::domain::identity::{self, Contact};
use crate::domain::place;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::store::transactions::Attempted;

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

    /// The citizen whose records these are, in the order they came; none without a record.
    pub(super) fn of(key: &str, records: &[Attempted]) -> Option<Self> {
        let mut contact = Contact::default();
        for record in records {
            let (phone, email) = (record.phone.as_deref(), record.email.as_deref());
            contact.see(record.occurred_at, phone, email, record.language.as_deref());
        }
        let first_failed_at = records.iter().map(|record| record.occurred_at).min()?;
        let last_failed_at = records.iter().map(|record| record.occurred_at).max()?;
        let named = latest(records, |record| {
            (!record.folded_name.is_empty()).then_some(record)
        })
        .or_else(|| records.last());
        let state = latest(records, |record| record.state.as_deref());
        let zone = latest(records, |record| record.time_zone.as_deref());
        let (amount_cents, tax_type) = amount(records);
        Some(Self {
            key: key.to_owned(),
            given_name: named.map(|record| record.given_name.clone()).unwrap_or_default(),
            family_name: named.map(|record| record.family_name.clone()).unwrap_or_default(),
            folded_name: named.map(|record| record.folded_name.clone()).unwrap_or_default(),
            email: contact.email().map(str::to_owned),
            phone: contact.phone().map(str::to_owned),
            phone_2: another_phone(records, contact.phone()),
            language: contact.language().map(str::to_owned),
            zones: place::zones_of(zone, state, contact.phone()),
            state: state.map(str::to_owned),
            amount_cents,
            tax_type,
            charged: worst(records),
            filing_deadline: records
                .iter()
                .filter_map(|record| record.filing_deadline.clone())
                .min(),
            first_failed_at,
            last_failed_at,
            transactions: i32::try_from(records.len()).unwrap_or(i32::MAX),
        })
    }
}

/// The value of the latest record that has one.
fn latest<'a, T: 'a>(records: &'a [Attempted], value: impl Fn(&'a Attempted) -> Option<T>) -> Option<T> {
    let mut found: Option<(Timestamp, T)> = None;
    for record in records {
        let newer = found.as_ref().is_none_or(|(at, _)| record.occurred_at >= *at);
        if let (true, Some(value)) = (newer, value(record)) {
            found = Some((record.occurred_at, value));
        }
    }
    found.map(|(_, value)| value)
}

/// Another number of theirs than the one to call: the second phone of a record, else the phone of an
/// earlier one.
fn another_phone(records: &[Attempted], call: Option<&str>) -> Option<String> {
    let other = |phone: Option<&'_ str>| phone.filter(|phone| Some(*phone) != call).map(str::to_owned);
    latest(records, |record| other(record.phone_2.as_deref()))
        .or_else(|| latest(records, |record| other(record.phone.as_deref())))
}

/// Several clicks are not a sum: the latest amount of each kind of tax, and of those the largest.
fn amount(records: &[Attempted]) -> (Option<i64>, Option<String>) {
    let mut by_tax: Vec<(&Option<String>, Timestamp, i64)> = Vec::new();
    for record in records {
        let Some(cents) = record.amount_cents else {
            continue;
        };
        match by_tax.iter_mut().find(|(tax, ..)| *tax == &record.tax_type) {
            Some(entry) if record.occurred_at >= entry.1 => (entry.1, entry.2) = (record.occurred_at, cents),
            Some(_) => {}
            None => by_tax.push((&record.tax_type, record.occurred_at, cents)),
        }
    }
    match by_tax.into_iter().max_by_key(|(_, _, cents)| *cents) {
        Some((tax, _, cents)) => (Some(cents), tax.clone()),
        None => (None, latest(records, |record| record.tax_type.clone())),
    }
}

fn worst(records: &[Attempted]) -> Charged {
    let told = records.iter().map(|record| record.charged.parse());
    told.filter_map(std::result::Result::ok)
        .max()
        .unwrap_or(Charged::Unknown)
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

    #[test]
    fn several_clicks_are_not_a_sum() {
        let records = [
            record(1, "", 90_000, "income"),
            record(2, "", 5_000, "income"),
            record(1, "", 7_000, "sales"),
        ];
        let citizen = Citizen::of("A:1", &records).unwrap();
        assert_eq!(
            (citizen.amount_cents, citizen.tax_type.as_deref()),
            (Some(7_000), Some("sales"))
        );
        assert_eq!((citizen.transactions, citizen.account_id()), (3, Some("1")));
    }

    #[test]
    fn an_earlier_number_is_the_second_to_try() {
        let records = [record(1, "+13035550101", 1, ""), record(2, "+13035550102", 1, "")];
        let citizen = Citizen::of("E:a@x", &records).unwrap();
        assert_eq!(citizen.phone.as_deref(), Some("+13035550102"));
        assert_eq!(citizen.phone_2.as_deref(), Some("+13035550101"));
        assert_eq!(citizen.account_id(), None);
    }

    #[test]
    fn the_worst_charge_counts_and_nobody_is_made_of_nothing() {
        let mut records = [record(1, "", 1, ""), record(2, "", 1, "")];
        records[0].charged = "charged_twice".into();
        assert_eq!(
            Citizen::of("A:1", &records).unwrap().charged,
            Charged::ChargedTwice
        );
        assert_eq!(Citizen::of("A:1", &[]), None);
    }
}
