//! What Diesel builds, as PostgreSQL takes it: text, values, and statements that are prepared once.

use bytes::BytesMut;
use diesel::pg::{Pg, PgMetadataLookup, PgQueryBuilder, PgTypeMetadata};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::query_builder::{QueryBuilder, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use std::any::TypeId;
use std::collections::HashMap;
use tokio_postgres::Statement;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A value as Diesel wrote it.
#[derive(Debug)]
pub(super) struct Value(Option<Vec<u8>>);

impl ToSql for Value {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Some(bytes) => {
                out.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
            None => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// By what a prepared statement is found again.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Diesel's name for all queries of this form.
    Form(TypeId),
    /// Text, and the types of its values.
    Text(String, Vec<Type>),
}

/// A query, taken apart.
pub(super) struct Built {
    /// Where its statement is kept; `None`: it is sent as it is, each time another.
    pub key: Option<Key>,
    pub values: Vec<Value>,
    pub types: Vec<Type>,
}

/// What is sent to the server for a query.
pub(super) enum Sent {
    /// The values of a statement that it has prepared.
    Prepared(Statement, Vec<Value>),
    /// Text and values.
    Once(String, Vec<(Value, Type)>),
}

impl Built {
    pub fn of<T: QueryFragment<Pg> + QueryId>(query: &T) -> QueryResult<Self> {
        let mut collector = RawBytesBindCollector::<Pg>::new();
        query.collect_binds(&mut collector, &mut NoLookup, &Pg)?;
        let mut built = Self::bound(collector)?;
        built.key = match (query.is_safe_to_cache_prepared(&Pg)?, T::query_id()) {
            (false, _) => None,
            (true, Some(form)) => Some(Key::Form(form)),
            (true, None) => Some(Key::Text(text(query)?, built.types.clone())),
        };
        Ok(built)
    }

    fn bound(collector: RawBytesBindCollector<Pg>) -> QueryResult<Self> {
        let types = collector.metadata.iter().map(built_in);
        Ok(Self {
            key: None,
            types: types.collect::<QueryResult<_>>()?,
            values: collector.binds.into_iter().map(Value).collect(),
        })
    }

    /// The values with their types, for a statement that is not prepared.
    pub fn typed(self) -> Vec<(Value, Type)> {
        self.values.into_iter().zip(self.types).collect()
    }
}

/// A query's text.
pub(super) fn text<T: QueryFragment<Pg>>(query: &T) -> QueryResult<String> {
    let mut builder = PgQueryBuilder::default();
    query.to_sql(&mut builder, &Pg)?;
    Ok(builder.finish())
}

fn built_in(metadata: &PgTypeMetadata) -> QueryResult<Type> {
    let oid = metadata
        .oid()
        .map_err(|error| Error::SerializationError(Box::new(error)))?;
    let unknown = || Error::SerializationError(format!("the type {oid} is not built in").into());
    Type::from_oid(oid).ok_or_else(unknown)
}

/// The statements that a session has prepared.
pub(super) type Prepared = HashMap<Key, Statement>;

/// Only built-in types are used, so nothing is ever looked up.
pub(super) struct NoLookup;

impl PgMetadataLookup for NoLookup {
    fn lookup_type(&mut self, _name: &str, _schema: Option<&str>) -> PgTypeMetadata {
        PgTypeMetadata::new(0, 0)
    }

    fn as_any<'a>(&mut self) -> &mut (dyn std::any::Any + 'a)
    where
        Self: 'a,
    {
        self
    }
}
