//! Records into transactions: which column holds what, and the rules of the outage.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::account::{AccountFormat, AccountId};
use super::cells::{Cells, LONGEST_TEXT, cut};
use super::charged::Charged;
use super::clock_zone::ClockZone;
use super::contact::{Email, Phone};
use super::field::Field;
use super::header::{header_key, notes_in};
use super::import::ImportKind;
use super::meaning::Meaning;
use super::moment::{Calendar, Moment, Said};
use super::money::{Cents, Unit};
use super::record::Record;
use super::terms::Terms;
use super::timestamp::Timestamp;
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
    /// The outage's own zone, in which days begin.
    pub zone: Zone,
    /// Zone of times without one; whether serial numbers count from 1904.
    pub calendar: Calendar,
    /// Form of account ids.
    pub accounts: AccountFormat,
    /// What a record without a status is.
    pub kind: ImportKind,
    /// What was found out or said about the values.
    pub terms: Terms,
    /// What an error code says about the money, where no column says it. Compared without case.
    pub charged_by_error: Vec<(String, Charged)>,
}

impl Rules {
    /// Local times in `zone`, ids in this form, nothing known from error codes.
    pub fn new(zone: Zone, accounts: AccountFormat) -> Self {
        Self {
            calendar: Calendar::new(zone.clone()),
            zone,
            accounts,
            kind: ImportKind::Failed,
            terms: Terms::default(),
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
    /// Its status, card numbers masked, if it is left out because nobody knows that value.
    pub left_out_as: Option<String>,
    /// What it says.
    pub row: Row,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "most rows are the large ones")]
pub enum Row {
    /// A payment failed.
    Failed(Transaction),
    /// A payment was made.
    Paid(Transaction),
    /// Money went back. It is left out, and may open a case again.
    Refunded(Transaction),
    /// It counts for nothing here.
    LeftOut,
    /// Its status has this value, of which nobody knows the meaning.
    Unknown(String),
    /// It cannot be taken.
    Rejected(Rejection),
}

impl Row {
    /// Its transaction, if it has one.
    pub const fn transaction(&self) -> Option<&Transaction> {
        match self {
            Self::Failed(transaction) | Self::Paid(transaction) | Self::Refunded(transaction) => {
                Some(transaction)
            }
            Self::LeftOut | Self::Unknown(_) | Self::Rejected(_) => None,
        }
    }

    /// Why it cannot be taken.
    pub const fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            _ => None,
        }
    }
}

/// When a record was.
struct When {
    at: Timestamp,
    day_only: bool,
    zone_unsaid: bool,
}

/// Who a record is about.
struct Who {
    account: Option<AccountId>,
    email: Option<Email>,
    phone: Option<Phone>,
    extension: Option<String>,
    phone_2: Option<Phone>,
}

impl Who {
    const fn nobody() -> Self {
        Self {
            account: None,
            email: None,
            phone: None,
            extension: None,
            phone_2: None,
        }
    }
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

    /// The clock of times that carry no zone.
    pub const fn clock(&self) -> &ClockZone {
        self.rules.calendar.zone()
    }

    /// Fields of a record: more or fewer are malformed.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// Reads one record.
    pub fn read(&self, record: &Record) -> Read {
        let mut cells = Cells::of(record, &self.fields);
        let row = self.row(record, &mut cells);
        Read {
            card_cells: cells.card_cells,
            left_out_as: match row {
                Row::LeftOut => self.other(record, &cells),
                _ => None,
            },
            row,
        }
    }

    /// The status of a record that is left out with all others that nobody knows.
    fn other(&self, record: &Record, cells: &Cells<'_>) -> Option<String> {
        let (terms, status) = (self.terms(), cell::clean(cells.get(Field::Status)));
        if !terms.is_other(&status) || self.by_kind(record, &status).is_some() {
            return None;
        }
        Some(
            card_number::mask(cut(status.trim(), LONGEST_TEXT).0)
                .0
                .into_owned(),
        )
    }

    /// What a column beside the status decides.
    fn by_kind(&self, record: &Record, status: &str) -> Option<Meaning> {
        let kinds = self.terms().kinds.as_ref()?;
        let said = self
            .holds(Field::Status)
            .then(|| self.terms().meaning(status))
            .flatten();
        kinds.meaning(record.get(kinds.column)?, said)
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

    /// The classes in their order: malformed, left out, then what its time and its identity say.
    fn row(&self, record: &Record, cells: &mut Cells<'_>) -> Row {
        if let Err(rejection) = self.whole(record) {
            return Row::Rejected(rejection);
        }
        let status = cell::clean(cells.get(Field::Status)).into_owned();
        let meaning = match (self.by_kind(record, &status), self.holds(Field::Status)) {
            (Some(meaning), _) => meaning,
            (None, false) => self.unsaid_meaning(cells),
            // It continues the line above.
            (None, true) if status.is_empty() && self.has_no_time(cells) => return Row::LeftOut,
            (None, true) => match self.terms().meaning(&status) {
                Some(meaning) => self.signed(meaning, cells),
                None => return Row::Unknown(status),
            },
        };
        match (meaning, self.rules.kind) {
            (Meaning::LeftOut, _) | (Meaning::Failed, ImportKind::Successes) => Row::LeftOut,
            (Meaning::Refunded, _) => self
                .taken(record, cells, true)
                .map_or(Row::LeftOut, Row::Refunded),
            (Meaning::Failed, ImportKind::Failed) => self
                .taken(record, cells, true)
                .map_or_else(Row::Rejected, Row::Failed),
            (Meaning::Paid, kind) => {
                let known = kind == ImportKind::Successes;
                self.taken(record, cells, known)
                    .map_or_else(Row::Rejected, Row::Paid)
            }
        }
    }

    const fn terms(&self) -> &Terms {
        &self.rules.terms
    }

    /// Without a status a record is what the file is; but money that went back never pays.
    fn unsaid_meaning(&self, cells: &Cells<'_>) -> Meaning {
        match self.rules.kind {
            ImportKind::Failed => Meaning::Failed,
            ImportKind::Successes => self.signed(Meaning::Paid, cells),
        }
    }

    /// A payment of less than nothing is one that went back, or that failed to.
    fn signed(&self, meaning: Meaning, cells: &Cells<'_>) -> Meaning {
        let is_negative = self.amount(cells).is_some_and(|amount| amount.0 < 0);
        match meaning {
            Meaning::Paid if is_negative => Meaning::Refunded,
            Meaning::Failed if is_negative => Meaning::LeftOut,
            meaning => meaning,
        }
    }

    fn has_no_time(&self, cells: &Cells<'_>) -> bool {
        [Field::Timestamp, Field::Date]
            .into_iter()
            .all(|field| cell::says_nothing(cells.get(field)))
    }

    /// When it was; a failure needs a time of day.
    fn when(&self, cells: &Cells<'_>) -> Option<When> {
        let (stamp, day) = (cells.get(Field::Timestamp), cells.get(Field::Date));
        let beside = cells.get(Field::TimestampZone);
        let zone = match cell::says_nothing(beside) {
            true => None,
            false => Some(ClockZone::read(beside)?),
        };
        let found = match cell::says_nothing(stamp) && self.holds(Field::Date) {
            true => self
                .calendar(Field::Date)
                .join(day, cells.get(Field::Time), zone.as_ref()),
            false => self.calendar(Field::Timestamp).moment(stamp, zone.as_ref()),
        };
        match found? {
            Moment::At(at, said) => Some(When {
                at,
                day_only: false,
                zone_unsaid: said == Said::Elsewhere,
            }),
            Moment::Day(day) if self.rules.kind == ImportKind::Successes => {
                let midnight = day.to_datetime(jiff::civil::Time::midnight());
                Some(When {
                    at: self.rules.zone.at(midnight).instant(),
                    day_only: true,
                    zone_unsaid: false,
                })
            }
            Moment::Day(_) => None,
        }
    }

    fn calendar(&self, field: Field) -> Cow<'_, Calendar> {
        match self.terms().orders.get(&field) {
            Some(order) => Cow::Owned(self.rules.calendar.clone().ordered(Some(*order))),
            None => Cow::Borrowed(&self.rules.calendar),
        }
    }

    /// The transaction of a whole record; `known`: only of somebody who can be told.
    fn taken(&self, record: &Record, cells: &mut Cells<'_>, known: bool) -> Result<Transaction, Rejection> {
        let when = self.when(cells).ok_or(Rejection::BadTimestamp)?;
        let who = match self.who(cells) {
            Some(who) => who,
            None if known => return Err(Rejection::NoIdentity),
            None => Who::nobody(),
        };
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
            occurred_at: when.at,
            day_only: when.day_only,
            zone_unsaid: when.zone_unsaid,
            account_id: who.account,
            given_name,
            family_name,
            folded_name,
            email: who.email,
            phone: who.phone,
            phone_extension: who.extension,
            phone_2: who.phone_2,
            amount,
            charged: self.charged(cells, error_code.as_deref()),
            tax_type: cells.text(Field::TaxType),
            channel: cells.text(Field::Channel),
            error_code,
            language: language(cells.get(Field::Language)),
            state: cells.text(Field::State).map(|state| state.to_uppercase()),
            time_zone: cells.text(Field::TimeZone),
            filing_deadline: self
                .calendar(Field::FilingDeadline)
                .read_date(cells.get(Field::FilingDeadline)),
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
        let (phone, phone_2, field) = match first.is_some() {
            true => (first, second, Field::Phone),
            false => (second, None, Field::Phone2),
        };
        let extension = phone.as_ref().and_then(|_| Phone::extension(cells.get(field)));
        let somebody = account.is_some() || email.is_some() || phone.is_some();
        somebody.then_some(Who {
            account,
            email,
            phone,
            extension,
            phone_2,
        })
    }

    fn holds(&self, field: Field) -> bool {
        self.has.get(field as usize) == Some(&true)
    }

    fn amount(&self, cells: &Cells<'_>) -> Option<Cents> {
        let (field, unit) = match self.holds(Field::AmountCents) {
            true => (Field::AmountCents, Unit::Cents),
            false => (Field::Amount, Unit::Whole),
        };
        let Cents(cents) = Cents::read_as(cells.get(field), unit, self.terms().decimal)?;
        Some(Cents(if self.terms().owed_as_negative {
            -cents
        } else {
            cents
        }))
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
    use super::super::terms::Kinds;
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
            .row
            .transaction()
            .cloned()
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
            reading.read(&record).row.transaction().unwrap().charged
        };
        assert_eq!(
            [charged("DB_LOCK"), charged("OTHER")],
            [Charged::NotCharged, Charged::Unknown]
        );
    }

    /// What breaks it: a case that opens again because of a refund that failed, a citizen who is left out because the attempt
    /// that failed would only have reserved the money.
    #[test]
    fn a_refund_that_failed_is_left_out_and_money_that_could_not_be_reserved_is_a_failure() {
        let mut mapping = Mapping::of_fields(&[Field::Timestamp, Field::Email, Field::Status].map(Some));
        mapping.columns.push((String::new(), None));
        let mut rules = Rules::new("America/Denver".parse().unwrap(), AccountFormat::any());
        rules.terms.kinds = Some(Kinds {
            column: 3,
            meanings: [("refund".to_owned(), Meaning::Refunded)].into(),
            reserves: ["auth_only".to_owned()].into(),
        });
        let reading = Reading::new(&mapping, rules);
        let row = |status, kind| {
            reading
                .read(&Record::from_cells(1, [AT, "a@x.example", status, kind]))
                .row
        };
        assert!(matches!(row("settled", "Refund"), Row::Refunded(_)));
        assert_eq!(row("declined", "Refund"), Row::LeftOut);
        assert!(matches!(row("declined", "Sale"), Row::Failed(_)));
        assert_eq!(row("settled", "AUTH_ONLY"), Row::LeftOut);
        assert!(matches!(row("declined", "AUTH_ONLY"), Row::Failed(_)));
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
            .originals(&record, reading.read(&record).row.transaction().unwrap())
            .unwrap();
        assert_eq!(
            originals,
            "{\"account_id\":\"\u{2022}\u{2022}\u{2022}\u{2022}1111\",\"amount\":\"$5\",\"email\":\"al(at)x.example\",\"phone\":\"303-555-0101\"}"
        );
        let plain = Record::from_cells(1, [AT, "T-0000001", "a@x.example", "", "5.00"]);
        assert_eq!(
            reading.originals(&plain, reading.read(&plain).row.transaction().unwrap()),
            None
        );
    }
}
