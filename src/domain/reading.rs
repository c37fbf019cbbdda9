//! Records into transactions: which column holds what, and the rules of the outage.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::account::{AccountFormat, AccountId};
use super::cells::{Cells, LONGEST_TEXT, cut};
use super::charged::Charged;
use super::contact::{Email, Phone};
use super::field::Field;
use super::header::{header_key, notes_in};
use super::moment::Calendar;
use super::money::{Cents, Unit};
use super::record::Record;
use super::transaction::{DedupeKey, Rejection, Transaction, Warning};
use super::zone::Zone;
use super::{card_number, cell, person_name};

/// What each column of a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Per column its header (empty without one) and its field, if it is read.
    pub columns: Vec<(String, Option<Field>)>,
}

impl Mapping {
    /// The columns of a file without header; `None` is not read.
    pub fn of_fields(fields: &[Option<Field>]) -> Self {
        Self {
            columns: fields.iter().map(|field| (String::new(), *field)).collect(),
        }
    }
}

/// How the values of an outage's files are meant.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Zone of times without one; whether serial numbers count from 1904.
    pub calendar: Calendar,
    /// Form of account ids.
    pub accounts: AccountFormat,
    /// What an error code says about the money, where no column says it. Compared without case.
    pub charged_by_error: Vec<(String, Charged)>,
}

impl Rules {
    /// Local times in `zone`, ids in this form, nothing known from error codes.
    pub const fn new(zone: Zone, accounts: AccountFormat) -> Self {
        Self {
            calendar: Calendar::new(zone),
            accounts,
            charged_by_error: Vec::new(),
        }
    }
}

/// Reads the records of one file.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Per column its field; the first column of a field wins.
    fields: Vec<Option<Field>>,
    /// The columns in an order that does not depend on the file: by field, then by header.
    compared: Vec<(String, usize)>,
    has: [bool; Field::COUNT],
    rules: Rules,
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Cells in which a card number was masked, in any column.
    pub card_cells: usize,
    /// The transaction, or why there is none.
    pub transaction: Result<Transaction, Rejection>,
}

/// Who a record is about.
struct Who {
    account: Option<AccountId>,
    email: Option<Email>,
    phone: Option<Phone>,
    phone_2: Option<Phone>,
}

impl Reading {
    /// Reads columns like these by these rules.
    pub fn new(mapping: &Mapping, rules: Rules) -> Self {
        let mut has = [false; Field::COUNT];
        let mut fields = Vec::with_capacity(mapping.columns.len());
        let mut compared = Vec::with_capacity(mapping.columns.len());
        let notes = notes_in(mapping.columns.iter().map(|(header, _)| header.as_str()));
        for (column, (header, field)) in mapping.columns.iter().enumerate() {
            let field = field.filter(|field| has.get(*field as usize) == Some(&false));
            if let Some(seen) = field.and_then(|field| has.get_mut(field as usize)) {
                *seen = true;
            }
            fields.push(field);
            if column >= notes || field.is_some() {
                compared.push((
                    field.map_or_else(|| header_key(header), |field| field.to_string()),
                    column,
                ));
            }
        }
        compared.sort();
        Self {
            fields,
            compared,
            has,
            rules,
        }
    }

    /// Fields of a record: more or fewer are malformed.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// Reads one record.
    pub fn read(&self, record: &Record) -> Read {
        let mut cells = Cells::of(record, &self.fields);
        Read {
            card_cells: cells.card_cells,
            transaction: self.transaction(record, &mut cells),
        }
    }

    /// What stood in the cells of a transaction's account id, contacts and amount where that is not what
    /// was read from them, card numbers masked: JSON of field to text, or nothing when all is equal.
    pub fn originals(&self, record: &Record, transaction: &Transaction) -> Option<String> {
        let cells = Cells::of(record, &self.fields);
        let phone = |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.as_str().to_owned());
        let amount = transaction
            .amount
            .map(|Cents(cents)| format!("{}.{:02}", cents / 100, cents.abs() % 100));
        let read = [
            (
                Field::AccountId,
                transaction.account_id.as_ref().map(|id| id.as_str().to_owned()),
            ),
            (
                Field::Email,
                transaction.email.as_ref().map(|email| email.as_str().to_owned()),
            ),
            (Field::Phone, phone(&transaction.phone)),
            (Field::Phone2, phone(&transaction.phone_2)),
            (Field::Amount, amount),
        ];
        let differs = read.into_iter().filter_map(|(field, value)| {
            let text = cells.get(field);
            let other = !cell::says_nothing(text) && value.as_deref() != Some(text);
            other.then(|| (field.as_str(), cut(text, LONGEST_TEXT).0))
        });
        let originals: BTreeMap<&str, &str> = differs.collect();
        if originals.is_empty() {
            None
        } else {
            serde_json::to_string(&originals).ok()
        }
    }

    fn transaction(&self, record: &Record, cells: &mut Cells<'_>) -> Result<Transaction, Rejection> {
        self.whole(record)?;
        let calendar = &self.rules.calendar;
        let occurred_at = calendar
            .read(cells.get(Field::Timestamp))
            .ok_or(Rejection::BadTimestamp)?;
        let who = self.who(cells).ok_or(Rejection::NoIdentity)?;
        let amount = self.amount(cells);
        if amount.is_none() {
            cells.warnings.add(Warning::AmountInvalid);
        }
        let id = transaction_id(cells);
        let dedupe_key = self.dedupe_key(id.as_deref(), record);
        let (given_name, family_name, folded_name) = self.name(cells);
        let error_code = cells.text(Field::ErrorCode);
        Ok(Transaction {
            line: record.line(),
            transaction_id: id.map(|id| cut(&id, LONGEST_TEXT).0.to_owned()),
            occurred_at,
            account_id: who.account,
            given_name,
            family_name,
            folded_name,
            email: who.email,
            phone: who.phone,
            phone_2: who.phone_2,
            amount,
            charged: self.charged(cells, error_code.as_deref()),
            tax_type: cells.text(Field::TaxType),
            channel: cells.text(Field::Channel),
            error_code,
            language: language(cells.get(Field::Language)),
            state: cells.text(Field::State).map(|state| state.to_uppercase()),
            time_zone: cells.text(Field::TimeZone),
            filing_deadline: calendar.read_date(cells.get(Field::FilingDeadline)),
            address: cells.text(Field::Address),
            memo: cells.text(Field::Memo),
            confirmation_no: cells.text(Field::ConfirmationNo),
            warnings: cells.warnings,
            dedupe_key,
        })
    }

    /// Whether the record can be read at all.
    fn whole(&self, record: &Record) -> Result<(), Rejection> {
        match record.flaw() {
            Some(flaw) => Err(Rejection::Broken(flaw)),
            None if record.len() == self.width() => Ok(()),
            None => Err(Rejection::Malformed {
                expected: self.width(),
                found: record.len(),
            }),
        }
    }

    /// Who it is and how to reach them; nothing when nobody can be told. Warns of what is missing.
    fn who(&self, cells: &mut Cells<'_>) -> Option<Who> {
        use Warning as W;
        let account = self.rules.accounts.read(cells.get(Field::AccountId));
        let email = Email::read(cells.get(Field::Email));
        let first = Phone::read(cells.get(Field::Phone));
        let second = Phone::read(cells.get(Field::Phone2)).filter(|phone| Some(phone) != first.as_ref());
        warn(
            cells,
            account.is_none(),
            Field::AccountId,
            [W::AccountMissing, W::AccountInvalid],
        );
        warn(
            cells,
            email.is_none(),
            Field::Email,
            [W::EmailMissing, W::EmailInvalid],
        );
        warn(
            cells,
            first.is_none(),
            Field::Phone,
            [W::PhoneMissing, W::PhoneInvalid],
        );
        let (phone, phone_2) = if first.is_some() {
            (first, second)
        } else {
            (second, None)
        };
        let somebody = account.is_some() || email.is_some() || phone.is_some();
        somebody.then_some(Who {
            account,
            email,
            phone,
            phone_2,
        })
    }

    fn holds(&self, field: Field) -> bool {
        self.has.get(field as usize) == Some(&true)
    }

    fn amount(&self, cells: &Cells<'_>) -> Option<Cents> {
        if self.holds(Field::AmountCents) {
            return Cents::read(cells.get(Field::AmountCents), Unit::Cents);
        }
        Cents::read(cells.get(Field::Amount), Unit::Whole)
    }

    /// Given, family and folded name.
    fn name(&self, cells: &Cells<'_>) -> (String, String, String) {
        let (given, family) = if self.holds(Field::FullName) && !self.holds(Field::FamilyName) {
            person_name::parts(cells.get(Field::FullName))
        } else {
            (cells.get(Field::GivenName), cells.get(Field::FamilyName))
        };
        let shown = |name: &str| cut(name, LONGEST_TEXT).0.to_owned();
        (shown(given), shown(family), person_name::folded(given, family))
    }

    fn charged(&self, cells: &Cells<'_>, error_code: Option<&str>) -> Charged {
        if self.holds(Field::Charged) {
            return Charged::read(cells.get(Field::Charged));
        }
        let rule = |code: &str| {
            self.rules
                .charged_by_error
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(code))
        };
        error_code
            .and_then(rule)
            .map_or(Charged::Unknown, |(_, charged)| *charged)
    }

    /// The transaction id, or every cell that says something, named by field or header.
    fn dedupe_key(&self, transaction_id: Option<&str>, record: &Record) -> DedupeKey {
        let mut hash = Sha256::new();
        if let Some(id) = transaction_id {
            hash.update(b"t");
            hash.update(id);
        } else {
            hash.update(b"r");
            for (name, column) in &self.compared {
                let cleaned = cell::clean(record.get(*column).unwrap_or_default());
                if !cleaned.is_empty() {
                    hash.update(name);
                    hash.update([0x1f]);
                    hash.update(card_number::mask(&cleaned).0.as_bytes());
                    hash.update([0x1e]);
                }
            }
        }
        let mut key = [0; 16];
        key.iter_mut()
            .zip(hash.finalize())
            .for_each(|(to, from)| *to = from);
        DedupeKey(key)
    }
}

/// Warns of a value that is not there: missing, or there and invalid.
fn warn(cells: &mut Cells<'_>, is_none: bool, field: Field, [missing, invalid]: [Warning; 2]) {
    if is_none {
        let empty = cell::says_nothing(cells.get(field));
        cells.warnings.add(if empty { missing } else { invalid });
    }
}

/// The id as it is. One in scientific notation has lost digits, a masked one too: both are missing.
fn transaction_id(cells: &mut Cells<'_>) -> Option<String> {
    let id = cell::value(cells.get(Field::TransactionId)).map(Cow::into_owned);
    let id = id.filter(|id| !cell::is_scientific(id) && !card_number::holds_mark(id));
    if id.is_none() {
        cells.warnings.add(Warning::TransactionIdMissing);
    }
    id
}

/// First subtag of a language tag, in lower case.
fn language(text: &str) -> Option<String> {
    let tag = cell::value(text)?.to_lowercase();
    let first = tag.split(['-', '_']).next().unwrap_or_default().trim();
    let known = match first {
        "english" => "en",
        "spanish" | "espa\u{f1}ol" | "espanol" => "es",
        other => other,
    };
    (!known.is_empty()).then(|| known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::cells::LONGEST_MEMO;
    use super::*;

    fn reading(fields: &[Field]) -> Reading {
        let mapping = Mapping::of_fields(&fields.iter().copied().map(Some).collect::<Vec<_>>());
        Reading::new(
            &mapping,
            Rules::new("America/Denver".parse().unwrap(), "T-0000000".parse().unwrap()),
        )
    }

    fn read(fields: &[Field], cells: &[&str]) -> Transaction {
        reading(fields)
            .read(&Record::from_cells(1, cells.iter().copied()))
            .transaction
            .unwrap()
    }

    const AT: &str = "2026-04-15 18:41";

    #[test]
    fn a_second_phone_stands_in_for_a_first_that_is_none() {
        let fields = [Field::Timestamp, Field::Phone, Field::Phone2];
        let both = read(&fields, &[AT, "303-555-0101", "(303) 555-0101"]);
        assert_eq!((both.phone.is_some(), both.phone_2), (true, None));
        let second = read(&fields, &[AT, "555-0142", "303-555-0102"]);
        assert_eq!(second.phone.unwrap().as_str(), "+13035550102");
        assert!(second.warnings.has(Warning::PhoneInvalid));
    }

    #[test]
    fn without_an_id_every_field_makes_a_transaction_what_it_is() {
        let fields = [Field::TransactionId, Field::Timestamp, Field::Email, Field::Memo];
        let key = |cells: &[&str]| read(&fields, cells).dedupe_key;
        assert_eq!(
            key(&["7", AT, "a@x.example", ""]),
            key(&["7", "2026-04-16T00:41Z", "b@x.example", "m"])
        );
        assert_eq!(
            key(&["", AT, "a@x.example", "m"]),
            key(&["n/a", AT, "a@x.example", " m"].map(|c| if c == "n/a" { "" } else { c }))
        );
        assert_ne!(
            key(&["", AT, "a@x.example", "m"]),
            key(&["", AT, "a@x.example", "n"])
        );
        assert_ne!(
            key(&["1.2E+15", AT, "a@x.example", ""]),
            key(&["1.2E+15", AT, "b@x.example", ""])
        );
    }

    #[test]
    fn the_order_of_columns_does_not_change_what_a_record_is() {
        let one = read(&[Field::Timestamp, Field::Email], &[AT, "a@x.example"]);
        let other = read(&[Field::Email, Field::Timestamp], &["a@x.example", AT]);
        assert_eq!(one.dedupe_key, other.dedupe_key);
    }

    #[test]
    fn an_error_code_says_what_became_of_the_money_where_no_column_does() {
        let mapping = Mapping::of_fields(&[Field::Timestamp, Field::Email, Field::ErrorCode].map(Some));
        let mut rules = Rules::new(Zone::utc(), AccountFormat::any());
        rules
            .charged_by_error
            .push(("GATEWAY_504".into(), Charged::Unknown));
        rules
            .charged_by_error
            .push(("db_lock".into(), Charged::NotCharged));
        let reading = Reading::new(&mapping, rules);
        let charged = |code| {
            let record = Record::from_cells(1, [AT, "a@x.example", code]);
            reading.read(&record).transaction.unwrap().charged
        };
        assert_eq!(
            [charged("DB_LOCK"), charged("OTHER")],
            [Charged::NotCharged, Charged::Unknown]
        );
    }

    #[test]
    fn what_is_too_long_is_cut_and_told() {
        let long = "x".repeat(5_000_000);
        let transaction = read(
            &[Field::Timestamp, Field::Email, Field::Memo],
            &[AT, "a@x.example", &long],
        );
        assert_eq!(transaction.memo.unwrap().len(), LONGEST_MEMO);
        assert!(transaction.warnings.has(Warning::TextCut));
    }

    #[test]
    fn the_text_of_a_value_that_was_changed_or_refused_is_kept() {
        let fields = [
            Field::Timestamp,
            Field::AccountId,
            Field::Email,
            Field::Phone,
            Field::Amount,
        ];
        let cells = [AT, "4111 1111 1111 1111", "al(at)x.example", "303-555-0101", "$5"];
        let record = Record::from_cells(1, cells);
        let reading = reading(&fields);
        let originals = reading
            .originals(&record, &reading.read(&record).transaction.unwrap())
            .unwrap();
        assert_eq!(
            originals,
            "{\"account_id\":\"\u{2022}\u{2022}\u{2022}\u{2022}1111\",\"amount\":\"$5\",\"email\":\"al(at)x.example\",\"phone\":\"303-555-0101\"}"
        );
        let plain = Record::from_cells(1, [AT, "T-0000001", "a@x.example", "", "5.00"]);
        assert_eq!(
            reading.originals(&plain, &reading.read(&plain).transaction.unwrap()),
            None
        );
    }
}
