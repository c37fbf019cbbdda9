//! Diesel's traits over the driver.

use super::statement::{Built, NoLookup, Sent, text};
use super::{Address, PgConn, PgRow, Rows};
use crate::db::Trouble;
use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, ConnectionSealed, DebugQuery, Instrumentation,
    InstrumentationEvent, LoadConnection, SimpleConnection, StrQueryHelper,
};
use diesel::expression::QueryMetadata;
use diesel::pg::{Pg, PgMetadataLookup};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::TypeMetadata;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use futures_util::TryStreamExt;
use tokio_postgres::Row;

impl PgConn {
    /// Tells who listens that a query begins.
    fn begins(&mut self, query: &dyn DebugQuery) {
        let begins = InstrumentationEvent::start_query(query);
        self.instrumentation.on_connection_event(begins);
    }

    /// Tells who listens how it ended.
    fn ended(&mut self, query: &dyn DebugQuery, error: Option<&Error>) {
        let ended = InstrumentationEvent::finish_query(query, error);
        self.instrumentation.on_connection_event(ended);
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

    /// What is sent for a query. This is all that is compiled anew for each of the program's queries: whatever does not
    /// depend on its type stands in functions without one.
    fn sent<T: QueryFragment<Pg> + QueryId>(&mut self, query: &T) -> QueryResult<Sent> {
        let built = Built::of(query)?;
        match built.key.as_ref().map(|key| self.prepared.get(key).cloned()) {
            Some(Some(statement)) => Ok(Sent::Prepared(statement, built.values)),
            Some(None) => self.prepare(built, &text(query)?),
            None => Ok(Sent::Once(text(query)?, built.typed())),
        }
    }

    fn count(&mut self, sent: Sent) -> QueryResult<u64> {
        match sent {
            Sent::Prepared(statement, values) => {
                self.wait(async |client| client.execute_raw(&statement, values).await)
            }
            Sent::Once(sql, values) => self.wait(async |client| {
                let mut answer = std::pin::pin!(client.query_typed_raw(&sql, values).await?);
                while answer.try_next().await?.is_some() {}
                Ok(answer.rows_affected().unwrap_or(0))
            }),
        }
    }

    fn rows(&mut self, sent: Sent) -> QueryResult<Vec<Row>> {
        match sent {
            Sent::Prepared(statement, values) => {
                self.wait(async |client| client.query_raw(&statement, values).await?.try_collect().await)
            }
            Sent::Once(sql, values) => {
                self.wait(async |client| client.query_typed_raw(&sql, values).await?.try_collect().await)
            }
        }
    }
}

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        let told = StrQueryHelper::new(query);
        self.begins(&told);
        let done = self.execute_batch(query);
        self.ended(&told, done.as_ref().err());
        done
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
        let told = diesel::debug_query::<Pg, _>(query);
        self.begins(&told);
        let changed = self.sent(query).and_then(|sent| self.count(sent));
        self.ended(&told, changed.as_ref().err());
        Ok(usize::try_from(changed?).unwrap_or(usize::MAX))
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
        let told = diesel::debug_query::<Pg, _>(&query);
        self.begins(&told);
        let rows = self.sent(&query).and_then(|sent| self.rows(sent));
        self.ended(&told, rows.as_ref().err());
        rows.map(Rows::of)
    }
}

impl diesel::r2d2::R2D2Connection for PgConn {
    fn ping(&mut self) -> QueryResult<()> {
        self.answers(None)
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
