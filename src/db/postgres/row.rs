//! Rows of PostgreSQL's as Diesel reads them.

use diesel::QueryResult;
use diesel::pg::{Pg, PgValue};
use diesel::row::{Field, PartialRow, Row, RowIndex, RowSealed};
use std::error::Error;
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;
use tokio_postgres::types::{FromSql, Type};

/// The rows of one answer.
pub struct Rows {
    rows: std::vec::IntoIter<tokio_postgres::Row>,
    types: Arc<[NonZeroU32]>,
}

impl Rows {
    pub(super) fn of(rows: Vec<tokio_postgres::Row>) -> Self {
        let columns = rows.first().map(tokio_postgres::Row::columns).unwrap_or_default();
        let types = columns
            .iter()
            .map(|column| NonZeroU32::new(column.type_().oid()).unwrap_or(NonZeroU32::MIN))
            .collect();
        Self {
            rows: rows.into_iter(),
            types,
        }
    }
}

impl Iterator for Rows {
    type Item = QueryResult<PgRow>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next().map(|row| {
            Ok(PgRow {
                row,
                types: Arc::clone(&self.types),
            })
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

/// One row.
pub struct PgRow {
    row: tokio_postgres::Row,
    types: Arc<[NonZeroU32]>,
}

impl RowSealed for PgRow {}

impl<'a> Row<'a, Pg> for PgRow {
    type Field<'f>
        = PgField<'f>
    where
        'a: 'f,
        Self: 'f;
    type InnerPartialRow = Self;

    fn field_count(&self) -> usize {
        self.row.len()
    }

    fn get<'row, I>(&'row self, at: I) -> Option<Self::Field<'row>>
    where
        'a: 'row,
        Self: RowIndex<I>,
    {
        let at = self.idx(at)?;
        Some(PgField { row: self, at })
    }

    fn partial_row(&self, range: Range<usize>) -> PartialRow<'_, Self::InnerPartialRow> {
        PartialRow::new(self, range)
    }
}

impl RowIndex<usize> for PgRow {
    fn idx(&self, at: usize) -> Option<usize> {
        (at < self.row.len()).then_some(at)
    }
}

impl<'a> RowIndex<&'a str> for PgRow {
    fn idx(&self, name: &'a str) -> Option<usize> {
        self.row.columns().iter().position(|column| column.name() == name)
    }
}

/// One value of a row.
pub struct PgField<'a> {
    row: &'a PgRow,
    at: usize,
}

impl<'a> Field<'a, Pg> for PgField<'a> {
    fn field_name(&self) -> Option<&str> {
        self.row
            .row
            .columns()
            .get(self.at)
            .map(tokio_postgres::Column::name)
    }

    fn value(&self) -> Option<PgValue<'_>> {
        let Ok(Raw(Some(bytes))) = self.row.row.try_get(self.at) else {
            return None;
        };
        let kind = self.row.types.get(self.at)?;
        Some(PgValue::new(bytes, kind))
    }
}

/// A value's bytes; `None`: NULL.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
