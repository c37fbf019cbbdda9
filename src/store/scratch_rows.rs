//! Rows into scratch databases, one prepared statement a table. Diesel's own insertion of a row of many columns is put
//! together from nested parts, twice for every row, which takes longer than SQLite does.

use super::Result;
use super::carry::Load;
use super::loads;
use super::payments::NewPayment;
use super::staging::{Change, NewCase, NewHousehold};
use super::transactions::{Earlier, NewTransaction};
use crate::db::Conn;
use crate::domain::reconcile::Fate;
use crate::domain::timestamp::Timestamp;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};
use std::marker::PhantomData;

/// What stands in one column.
pub enum Value<'a> {
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Nothing.
    Nothing,
}

/// A row on its way.
pub trait Row {
    /// Tells the statements of different tables apart.
    type Statement: 'static;
    /// Where it goes.
    const LOAD: &'static Load;
    /// The values of the columns that [`Row::LOAD`] names, in that order.
    fn values(&self) -> Vec<Value<'_>>;
}

/// Adds rows, but for those that a unique index refuses; answers which were added, by their place.
pub fn add<R: Row>(scratch: &mut Conn, rows: &[R]) -> Result<Vec<usize>> {
    let mut added = Vec::with_capacity(rows.len());
    if let Conn::Sqlite(sqlite) = scratch {
        for (place, row) in rows.iter().enumerate() {
            let insertion = Insertion::<R> {
                values: row.values(),
                table: PhantomData,
            };
            if insertion.execute(sqlite)? == 1 {
                added.push(place);
            }
        }
    }
    Ok(added)
}

struct Insertion<'a, R> {
    values: Vec<Value<'a>>,
    table: PhantomData<R>,
}

impl<R: Row> QueryId for Insertion<'_, R> {
    type QueryId = R::Statement;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C, R> RunQueryDsl<C> for Insertion<'_, R> {}

impl<R: Row> QueryFragment<Sqlite> for Insertion<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT OR IGNORE INTO ");
        out.push_sql(R::LOAD.table);
        let mut before = " (";
        for column in R::LOAD.columns {
            out.push_sql(before);
            out.push_sql(column);
            before = ", ";
        }
        before = ") VALUES (";
        for value in &self.values {
            out.push_sql(before);
            match value {
                Value::Number(number) => out.push_bind_param::<BigInt, _>(number)?,
                Value::Text(text) => out.push_bind_param::<Text, _>(*text)?,
                Value::Bytes(bytes) => out.push_bind_param::<Binary, _>(*bytes)?,
                Value::Nothing => out.push_bind_param::<Nullable<Text>, _>(&None::<&str>)?,
            }
            before = ", ";
        }
        out.push_sql(")");
        Ok(())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Number(at.micros())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        text.as_deref().map_or(Self::Nothing, Self::Text)
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// The statement of [`NewTransaction`].
pub struct OfTransactions;
/// The statement of [`Earlier`].
pub struct OfEarlier;
/// The statement of [`NewCase`].
pub struct OfCases;
/// The statement of [`Change`].
pub struct OfChanges;
/// The statement of [`NewHousehold`].
pub struct OfHouseholds;
/// The statement of [`NewPayment`].
pub struct OfPayments;

impl Row for NewTransaction<'_> {
    type Statement = OfTransactions;
    const LOAD: &'static Load = &loads::TRANSACTIONS;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.outage_id.into(),
            self.import_id.into(),
            self.line.into(),
            self.bin.into(),
            self.dedupe_key.into(),
            self.external_id.into(),
            self.occurred_at.into(),
            self.account_id.into(),
            self.email.into(),
            self.phone.into(),
            self.phone_2.into(),
            self.given_name.into(),
            self.family_name.into(),
            self.folded_name.into(),
            self.amount_cents.into(),
            self.tax_type.into(),
            self.channel.into(),
            self.error_code.into(),
            self.language.into(),
            self.state.into(),
            self.time_zone.into(),
            (&self.filing_deadline).into(),
            self.address.into(),
            self.memo.into(),
            self.charged.into(),
            (&self.originals).into(),
            (&self.identity_key).into(),
        ]
    }
}

impl Row for Earlier {
    type Statement = OfEarlier;
    const LOAD: &'static Load = &loads::EARLIER;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.id.into(),
            self.outage_id.into(),
            self.import_id.into(),
            self.line.into(),
            (&self.bin).into(),
            self.dedupe_key.as_slice().into(),
            (&self.account_id).into(),
            (&self.email).into(),
            (&self.phone).into(),
            (&self.folded_name).into(),
            (&self.identity_key).into(),
        ]
    }
}

impl Row for NewCase {
    type Statement = OfCases;
    const LOAD: &'static Load = &loads::CASES;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.outage_id.into(),
            self.import_id.into(),
            (&self.identity_key).into(),
            self.household_id.into(),
            (&self.given_name).into(),
            (&self.family_name).into(),
            (&self.folded_name).into(),
            (&self.account_id).into(),
            (&self.email).into(),
            (&self.phone).into(),
            (&self.phone_2).into(),
            (&self.language).into(),
            (&self.state).into(),
            (&self.time_zone).into(),
            self.amount_cents.into(),
            (&self.tax_type).into(),
            self.charged.into(),
            (&self.filing_deadline).into(),
            self.first_failed_at.into(),
            self.last_failed_at.into(),
            self.opened_at.into(),
            self.transactions.into(),
            (&self.code).into(),
            self.stage.into(),
            self.due_at.into(),
            self.resolution.into(),
            self.resolved_at.into(),
            self.tries.into(),
        ]
    }
}

impl Row for Change {
    type Statement = OfChanges;
    const LOAD: &'static Load = &loads::CHANGES;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.case_id.into(),
            self.import_id.into(),
            (&self.identity_key).into(),
            self.household_id.into(),
            (&self.given_name).into(),
            (&self.family_name).into(),
            (&self.folded_name).into(),
            (&self.account_id).into(),
            (&self.email).into(),
            (&self.phone).into(),
            (&self.phone_2).into(),
            (&self.language).into(),
            (&self.state).into(),
            (&self.time_zone).into(),
            self.amount_cents.into(),
            (&self.tax_type).into(),
            self.charged.into(),
            (&self.filing_deadline).into(),
            self.first_failed_at.into(),
            self.last_failed_at.into(),
            self.transactions.into(),
        ]
    }
}

impl Row for NewHousehold {
    type Statement = OfHouseholds;
    const LOAD: &'static Load = &loads::HOUSEHOLDS;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.outage_id.into(),
            self.import_id.into(),
            (&self.phone).into(),
            (&self.time_zone).into(),
            (&self.language).into(),
            self.stage.into(),
            self.due_at.into(),
            self.score.into(),
            self.skips.into(),
            self.tries.into(),
            self.citizens.into(),
        ]
    }
}

impl Row for NewPayment<'_> {
    type Statement = OfPayments;
    const LOAD: &'static Load = &loads::PAYMENTS;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.outage_id.into(),
            self.import_id.into(),
            self.line.into(),
            self.dedupe_key.into(),
            self.external_id.into(),
            self.confirmation_no.into(),
            self.occurred_at.into(),
            i64::from(self.day_only).into(),
            self.account_id.into(),
            self.email.into(),
            self.phone.into(),
            self.given_name.into(),
            self.family_name.into(),
            self.folded_name.into(),
            self.amount_cents.into(),
            self.tax_type.into(),
            self.channel.into(),
            match self.refund {
                true => Fate::Refund,
                false => Fate::Unmatched, // until it is found
            }
            .as_str()
            .into(),
            Value::Nothing,
            Value::Nothing,
        ]
    }
}
