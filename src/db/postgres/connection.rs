//! Diesel's traits over the driver.

use super::statement::{Built, NoLookup, text};
use super::{Address, PgConn, PgRow, Rows};
use crate::db::Trouble;
use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, ConnectionSealed, Instrumentation, LoadConnection,
    SimpleConnection,
};
use diesel::expression::QueryMetadata;
use diesel::pg::{Pg, PgMetadataLookup};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::TypeMetadata;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use futures_util::TryStreamExt;
use tokio_postgres::Row;

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
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
        let mut built = Built::of(query)?;
        let changed = match self.statement(query, &mut built)? {
            Some(statement) => {
                let values = built.values;
                self.wait(async |client| client.execute_raw(&statement, values).await)?
            }
            None => {
                let (sql, values) = (text(query)?, built.typed());
                self.wait(async |client| {
                    let mut answer = std::pin::pin!(client.query_typed_raw(&sql, values).await?);
                    while answer.try_next().await?.is_some() {}
                    Ok(answer.rows_affected().unwrap_or(0))
                })?
            }
        };
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
        let mut built = Built::of(&query)?;
        let rows: Vec<Row> = match self.statement(&query, &mut built)? {
            Some(statement) => {
                let values = built.values;
                self.wait(async |client| client.query_raw(&statement, values).await?.try_collect().await)?
            }
            None => {
                let (sql, values) = (text(&query)?, built.typed());
                self.wait(async |client| client.query_typed_raw(&sql, values).await?.try_collect().await)?
            }
        };
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
