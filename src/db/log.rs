//! SQLite's write-ahead log. Where many wait for their clicks, whoever commits does not bring it into the file too: that is
//! done beside them, by a connection that holds nobody up.

use super::Db;
use crate::db::Conn;
use diesel::result::Error;
use diesel::sql_types::Integer;
use diesel::{QueryableByName, RunQueryDsl};
use std::time::Duration;

/// Pages in the log from where whoever commits has to bring it in all the same, and what is left of its file then, in bytes.
const LEFT_ROOM: &str =
    "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 50000; PRAGMA journal_size_limit = 67108864;";
/// While others write there is always a rest; it is asked for so often, and so soon.
const TRIES: u32 = 5;
const SOON: Duration = Duration::from_millis(2);

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
    /// Pages in the log.
    #[diesel(sql_type = Integer)]
    log: i32,
    /// Pages of it that are in the file.
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

impl Db {
    /// From here on SQLite's writer leaves the log to whoever calls [`Db::bring_in`].
    ///
    /// # Errors
    /// What the database says.
    pub fn leave_log(&self) -> Result<(), Error> {
        self.set_room(LEFT_ROOM)
    }

    /// Brings SQLite's log into its file, so that it begins anew; nobody who reads or writes waits for that.
    ///
    /// # Errors
    /// What the database says, as of a disk that is full.
    pub fn bring_in(&self) -> Result<(), Error> {
        for _ in 0..TRIES {
            let mut conn = self.reader()?;
            let Conn::Sqlite(sqlite) = &mut **conn else {
                return Ok(());
            };
            let found: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(sqlite)?;
            if found.busy == 0 && found.log == found.checkpointed {
                return Ok(());
            }
            drop(conn);
            std::thread::sleep(SOON);
        }
        Ok(())
    }
}
