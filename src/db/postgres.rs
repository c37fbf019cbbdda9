//! PostgreSQL without libpq: the asynchronous driver behind Diesel's synchronous traits.
//!
//! Diesel's own `PgConnection` would make every user install libpq, SQLite users too. Every call
//! here blocks, so it is made only from blocking threads. Each connection has a runtime of its own that
//! runs while somebody waits for an answer, on the thread that waits: a claim and an outcome are some seventy
//! statements, and to wake another thread for each would cost more than most of them.

use super::encryption::{Server, words};
use diesel::connection::{
    CacheSize, Connection, ConnectionSealed, Instrumentation, LoadConnection, SimpleConnection,
    TransactionManager, TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::TypeMetadata;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

type Inner = AsyncConnectionWrapper<AsyncPgConnection, Own>;
type InnerTransactions = <Inner as Connection>::TransactionManager;

/// The runtime of one connection.
pub struct Own(Option<Runtime>);

thread_local! {
    /// The runtime in which the connection that is being wrapped was opened.
    static OPENED_IN: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

fn single() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

impl BlockOn for Own {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(future),
            None => RUNTIME.handle().block_on(future),
        }
    }

    fn get_runtime() -> Self {
        Own(OPENED_IN.take())
    }
}

impl Drop for Own {
    /// Where waiting is not allowed too.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves the sockets that copy rows. Without a thread for them the program ends.
pub(super) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let built = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("postgres")
        .enable_all()
        .build();
    built.unwrap_or_else(|error| {
        eprintln!("no thread can be started for PostgreSQL's sockets: {error}");
        std::process::abort()
    })
});

/// One connection to PostgreSQL.
pub struct PgConn {
    inner: Inner,
    /// When it was last asked whether it is there.
    asked: Instant,
}

/// A connection that was there so shortly before is not asked again; if it has gone meanwhile, whoever uses it
/// is told that the database is busy.
const SURE_FOR: Duration = Duration::from_secs(1);

/// What serves a connection's socket; it ends when its client is gone.
type Wire = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// Connects; the error says what the server or the network answered, without the URL.
pub(super) async fn dial(url: &str) -> ConnectionResult<(Client, Wire)> {
    let server = Server::of(url)?;
    let connected = server.config.connect(server.tls()?).await;
    connected.map_err(|error| ConnectionError::BadConnection(words(&error)))
}

async fn open(url: String) -> ConnectionResult<AsyncPgConnection> {
    let (client, connection) = dial(&url).await?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.inner.batch_execute(query)
    }
}

impl ConnectionSealed for PgConn {}

impl Connection for PgConn {
    type Backend = Pg;
    type TransactionManager = Transactions;

    fn establish(url: &str) -> ConnectionResult<Self> {
        let runtime = single().map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
        let connection = runtime.block_on(open(url.to_owned()))?;
        OPENED_IN.set(Some(runtime));
        Ok(PgConn {
            inner: Inner::from(connection),
            asked: Instant::now(),
        })
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Self::Backend> + QueryId,
    {
        self.inner.execute_returning_count(source)
    }

    fn transaction_state(&mut self) -> &mut <Transactions as TransactionManager<Self>>::TransactionStateData {
        self.inner.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.inner.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.inner.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.inner.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for PgConn {
    type Cursor<'conn, 'query> = <Inner as LoadConnection>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Inner as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Self::Backend> + QueryId + 'query,
        Self::Backend: QueryMetadata<T::SqlType>,
    {
        self.inner.load(source)
    }
}

/// Begins, commits and rolls back on the wrapped connection.
pub struct Transactions;

impl TransactionManager<PgConn> for Transactions {
    type TransactionStateData = <InnerTransactions as TransactionManager<Inner>>::TransactionStateData;

    fn begin_transaction(conn: &mut PgConn) -> QueryResult<()> {
        InnerTransactions::begin_transaction(&mut conn.inner)
    }

    fn rollback_transaction(conn: &mut PgConn) -> QueryResult<()> {
        InnerTransactions::rollback_transaction(&mut conn.inner)
    }

    fn commit_transaction(conn: &mut PgConn) -> QueryResult<()> {
        InnerTransactions::commit_transaction(&mut conn.inner)
    }

    fn transaction_manager_status_mut(conn: &mut PgConn) -> &mut TransactionManagerStatus {
        InnerTransactions::transaction_manager_status_mut(&mut conn.inner)
    }

    fn is_broken_transaction_manager(conn: &mut PgConn) -> bool {
        InnerTransactions::is_broken_transaction_manager(&mut conn.inner)
    }
}

impl diesel::r2d2::R2D2Connection for PgConn {
    fn ping(&mut self) -> QueryResult<()> {
        if self.asked.elapsed() < SURE_FOR {
            return Ok(());
        }
        self.inner.batch_execute("SELECT 1")?;
        self.asked = Instant::now();
        Ok(())
    }

    fn is_broken(&mut self) -> bool {
        InnerTransactions::is_broken_transaction_manager(&mut self.inner)
    }
}

impl diesel::migration::MigrationConnection for PgConn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.inner
            .batch_execute(diesel::migration::CREATE_MIGRATIONS_TABLE)
            .map(|()| 0)
    }
}

/// Only built-in types are used, so nothing is ever looked up.
struct NoLookup;

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
