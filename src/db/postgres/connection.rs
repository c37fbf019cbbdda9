//! Diesel's traits over the driver.

use super::statement::{Built, NoLookup, text};
use super::{Address, PgConn, PgRow, Rows};
use crate::db::Trouble;
use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, ConnectionSealed, DebugQuery, Instrumentation,
    InstrumentationEvent, LoadConnection, SimpleConnection, StrQueryHelper,
};
use diesel::expression::QueryMetadata;
use diesel::pg::{Pg, PgMetadataLookup};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::TypeMetadata;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use futures_util::TryStreamExt;
use tokio_postgres::Row;

impl PgConn {
    /// Does something, and tells who listens of the query it is for.
    fn told_of<T>(
        &mut self,
        query: &dyn DebugQuery,
        does: impl FnOnce(&mut Self) -> QueryResult<T>,
    ) -> QueryResult<T> {
        let begins = InstrumentationEvent::start_query(query);
        self.instrumentation.on_connection_event(begins);
        let done = does(self);
        let ended = InstrumentationEvent::finish_query(query, done.as_ref().err());
        self.instrumentation.on_connection_event(ended);
        done
    }

    fn execute_batch(&mut self, query: &str) -> QueryResult<()> {
        match query {
            "BEGIN" => {
                self.failed = false;
                return self.at_once(query);
            }
            "ROLLBACK" => return self.at_once(query),
            "COMMIT" if self.failed && !self.lost => {
                return Err(Trouble::Fault.error("a statement of the transaction has failed"));
            }
            _ => {}
        }
        self.wait(async |client| client.batch_execute(query).await)
    }

    fn execute<T: QueryFragment<Pg> + QueryId>(&mut self, query: &T) -> QueryResult<u64> {
        let mut built = Built::of(query)?;
        match self.statement(query, &mut built)? {
            Some(statement) => {
                let values = built.values;
                self.wait(async |client| client.execute_raw(&statement, values).await)
            }
            None => {
                let (sql, values) = (text(query)?, built.typed());
                self.wait(async |client| {
                    let mut answer = std::pin::pin!(client.query_typed_raw(&sql, values).await?);
                    while answer.try_next().await?.is_some() {}
                    Ok(answer.rows_affected().unwrap_or(0))
                })
            }
        }
    }

    fn rows<T: QueryFragment<Pg> + QueryId>(&mut self, query: &T) -> QueryResult<Vec<Row>> {
        let mut built = Built::of(query)?;
        match self.statement(query, &mut built)? {
            Some(statement) => {
                let values = built.values;
                self.wait(async |client| client.query_raw(&statement, values).await?.try_collect().await)
            }
            None => {
                let (sql, values) = (text(query)?, built.typed());
                self.wait(async |client| client.query_typed_raw(&sql, values).await?.try_collect().await)
            }
        }
    }
}

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.told_of(&StrQueryHelper::new(query), |conn| conn.execute_batch(query))
    }
}

impl ConnectionSealed for PgConn {}

impl Connection for PgConn {
    type Backend = Pg;
    type TransactionManager = AnsiTransactionManager;

    fn establish(url: &str) -> ConnectionResult<Self> {
        let opened = Address::read(url).and_then(|address| Self::open(&address));
        opened.map_err(|error| ConnectionError::BadConnection(error.to_string()))
    }

    fn execute_returning_count<T>(&mut self, query: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        let changed = self.told_of(&diesel::debug_query::<Pg, _>(query), |conn| conn.execute(query))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
        &mut self.transactions
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        &mut *self.instrumentation
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.instrumentation = instrumentation.into();
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        if matches!(size, CacheSize::Disabled) {
            self.prepared.clear();
        }
    }
}

impl LoadConnection for PgConn {
    type Cursor<'conn, 'query> = Rows;
    type Row<'conn, 'query> = PgRow;

    fn load<'conn, 'query, T>(&'conn mut self, query: T) -> QueryResult<Rows>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        let rows = self.told_of(&diesel::debug_query::<Pg, _>(&query), |conn| conn.rows(&query))?;
        Ok(Rows::of(rows))
    }
}

impl diesel::r2d2::R2D2Connection for PgConn {
    fn ping(&mut self) -> QueryResult<()> {
        self.answers()
    }

    fn is_broken(&mut self) -> bool {
        self.is_spoilt()
    }
}

impl diesel::migration::MigrationConnection for PgConn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.batch_execute(diesel::migration::CREATE_MIGRATIONS_TABLE)
            .map(|()| 0)
    }
}

impl diesel::connection::MultiConnectionHelper for PgConn {
    fn to_any<'a>(
        _lookup: &mut <Self::Backend as TypeMetadata>::MetadataLookup,
    ) -> &mut (dyn std::any::Any + 'a) {
        Box::leak(Box::new(NoLookup)) // of size zero: nothing is allocated
    }

    fn from_any(
        lookup: &mut dyn std::any::Any,
    ) -> Option<&mut <Self::Backend as TypeMetadata>::MetadataLookup> {
        lookup
            .downcast_mut::<NoLookup>()
            .map(|lookup| lookup as &mut dyn PgMetadataLookup)
    }
}
