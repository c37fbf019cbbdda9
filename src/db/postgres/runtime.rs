//! What drives the driver: one runtime for each connection, and one for those that copy.

use crate::db::Trouble;
use diesel::QueryResult;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

/// The runtime of one connection.
pub(super) struct Own(Option<Runtime>);

impl Own {
    pub fn new() -> QueryResult<Self> {
        let built = Builder::new_current_thread().enable_all().build();
        let runtime = built.map_err(|error| Trouble::Busy.error(error.to_string()))?;
        Ok(Self(Some(runtime)))
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(future),
            None => RUNTIME.handle().block_on(future),
        }
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
pub(in crate::db) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
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
