//! A migrated database for one test, gone with it.

use makegood::config::{DatabaseUrl, Flags};
use makegood::db::Db;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use tokio_postgres::NoTls;

/// Tests that start together make the template once: they wait for each other at this lock.
const TEMPLATE_LOCK: i64 = 0x6d61_6b65;

/// One test's database and data folder.
pub struct Database {
    folder: tempfile::TempDir,
    /// The server's own URL and this test's database on it.
    on_postgres: Option<(String, String)>,
}

impl Database {
    /// Makes one; on PostgreSQL its schema is there already.
    pub async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        #[allow(clippy::disallowed_methods)] // no setting of the program
        let server = std::env::var("MAKEGOOD_TEST_DATABASE");
        let on_postgres = match server {
            Ok(server) => {
                let name = format!("makegood_test_{:016x}", rand::random::<u64>());
                let template = template(&server).await;
                run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                Some((server, name))
            }
            Err(_) => None,
        };
        Self { folder, on_postgres }
    }

    /// One without any schema, where the tests run on PostgreSQL.
    pub async fn empty_on_postgres() -> Option<Self> {
        #[allow(clippy::disallowed_methods)] // no setting of the program
        let server = std::env::var("MAKEGOOD_TEST_DATABASE").ok()?;
        let name = format!("makegood_test_{:016x}", rand::random::<u64>());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            on_postgres: Some((server, name)),
        })
    }

    /// The settings that lead to it.
    pub fn flags(&self) -> Flags {
        Flags {
            data_dir: Some(self.folder.path().to_str().unwrap().to_owned()),
            database_url: Some(self.url()),
            secret_key: Some("a key for tests and for nothing else".to_owned()),
            ..Flags::default()
        }
    }

    /// Its URL, as in the settings.
    pub fn url(&self) -> String {
        match &self.on_postgres {
            Some((server, name)) => named(server, name),
            None => "sqlite:makegood.db".to_owned(),
        }
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.on_postgres.take() else {
            return;
        };
        // A runtime of its own: the test's may be on its way out.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            runtime.unwrap().block_on(run(&server, &statement));
        });
        let _ = dropped.join();
    }
}

/// The same server's URL with another database.
fn named(server: &str, database: &str) -> String {
    let (address, options) = server
        .split_once('?')
        .map_or((server, None), |(a, o)| (a, Some(o)));
    let after_scheme = address.find("://").unwrap() + 3;
    let end = address[after_scheme..]
        .find('/')
        .map_or(address.len(), |at| after_scheme + at);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{database}{options}", &address[..end])
}

/// A database with this source's schema, to be copied. Its name holds a hash of the migrations.
async fn template(server: &str) -> String {
    let mut hash = DefaultHasher::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut scripts: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .collect();
    scripts.sort();
    for script in scripts {
        script.parent().unwrap().file_name().hash(&mut hash);
        std::fs::read_to_string(script).unwrap().hash(&mut hash);
    }
    let name = format!("makegood_template_{:016x}", hash.finish());
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    let served = tokio::spawn(connection);
    client
        .batch_execute(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})"))
        .await
        .unwrap();
    let found = client
        .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await
        .unwrap();
    if found.is_empty() {
        let making = format!("{name}_making");
        for statement in [
            format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"),
            format!("CREATE DATABASE {making}"),
        ] {
            client.batch_execute(&statement).await.unwrap();
        }
        let url = DatabaseUrl::parse(&named(server, &making), Path::new("/")).unwrap();
        tokio::task::spawn_blocking(move || Db::open(&url).unwrap().migrate().unwrap())
            .await
            .unwrap();
        let rename = format!("ALTER DATABASE {making} RENAME TO {name}");
        for _ in 0..50 {
            // The pool's connections take a moment to be gone.
            if client.batch_execute(&rename).await.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
    drop(client);
    let _ = served.await;
    name
}

async fn run(server: &str, statement: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    let served = tokio::spawn(connection);
    // Another test may be copying the template at this very moment.
    let mut tried = client.batch_execute(statement).await;
    for _ in 0..100 {
        if tried.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        tried = client.batch_execute(statement).await;
    }
    tried.unwrap();
    drop(client);
    let _ = served.await;
}
