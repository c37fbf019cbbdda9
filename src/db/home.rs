//! Where a database lies: another answer means that it was copied or restored.

use super::Conn;
use crate::config::DatabaseUrl;
use diesel::sql_types::Text;
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};
use std::os::unix::fs::MetadataExt;
use std::time::UNIX_EPOCH;

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    home: String,
}

/// On PostgreSQL the server's own number and the database's on it, which a standby keeps when it takes over and a
/// restored dump does not have; on SQLite the file itself: a copy is another file, wherever it is.
pub fn home(conn: &mut Conn, url: &DatabaseUrl) -> QueryResult<String> {
    match url {
        DatabaseUrl::Postgres(_) => {
            let told: Told = sql_query(
                "SELECT CAST(system_identifier AS TEXT) || '/' || \
                 (SELECT CAST(oid AS TEXT) FROM pg_database WHERE datname = current_database()) AS home \
                 FROM pg_control_system()",
            )
            .get_result(conn)?;
            Ok(told.home)
        }
        DatabaseUrl::Sqlite(path) => {
            let Ok(file) = std::fs::metadata(path) else {
                return Ok(String::new());
            };
            let born = file
                .created()
                .ok()
                .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            Ok(format!(
                "{}/{}",
                file.ino(),
                born.map_or(0, |born| born.as_nanos())
            ))
        }
    }
}
