//! What a database refuses or fails with, told apart by its codes and never by its words, which another server says
//! in another language.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// What is wrong with the database. Each asks something else of whoever meets it, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It refused the transaction for others' sake (serialisation failure, deadlock): the whole of it may be run again.
    #[error("Others are changing the same records. Nothing was changed; try again in a moment.")]
    Crowded,
    /// A lock, a connection or a time limit was waited for in vain.
    #[error("The database is busy. Nothing was changed; try again in a moment.")]
    Busy,
    /// Nobody answers, and what was asked was surely not done: it was not sent, or it was rolled back.
    #[error("The database does not answer. Nothing was changed; try again in a moment.")]
    Away,
    /// The answer to a COMMIT was lost: it was done, or it was not.
    #[error("The database's answer was lost. It may have been saved: look before you repeat it.")]
    Unknown,
    /// It takes no changes: a standby, or a file that may only be read.
    #[error(
        "The database takes no changes now. Nothing was changed; try again in a moment. If it stays like this, tell an \
         administrator."
    )]
    ReadOnly,
    /// No room to write.
    #[error("The disk is full. Nothing was changed; make room and try again.")]
    DiskFull,
    /// What is stored cannot be understood any more.
    #[error(
        "The database is damaged. Nothing was changed. Tell an administrator now: they must restore a backup."
    )]
    Damaged,
    /// The disk or the rights to a file are at fault.
    #[error(
        "The database cannot reach its own files. Nothing was changed. Tell an administrator now: a disk or the rights \
         to a file are at fault."
    )]
    Unreadable,
    /// It does not let this program in, or forbids it what it needs.
    #[error(
        "The database refuses what is needed. Nothing was changed. Tell an administrator: `makegood doctor` says more."
    )]
    Refused,
    /// A character that it cannot keep, such as NUL.
    #[error("This holds a character that the database cannot keep. Take it out and try again.")]
    Character,
    /// Anything else: a fault of ours.
    #[error("Something went wrong on our side. Nothing was changed.")]
    Fault,
}

impl Trouble {
    /// All of them, with a name for each by which it travels through Diesel's errors.
    const NAMED: [(Self, &str); 11] = [
        (Self::Crowded, "crowded"),
        (Self::Busy, "busy"),
        (Self::Away, "away"),
        (Self::Unknown, "unknown"),
        (Self::ReadOnly, "read only"),
        (Self::DiskFull, "disk full"),
        (Self::Damaged, "damaged"),
        (Self::Unreadable, "unreadable"),
        (Self::Refused, "refused"),
        (Self::Character, "character"),
        (Self::Fault, "fault"),
    ];

    /// What is wrong, by what a query failed with.
    pub fn of(error: &Error) -> Self {
        use DatabaseErrorKind::{
            ClosedConnection, ReadOnlyTransaction, SerializationFailure, UnableToSendCommand,
        };
        match error {
            Error::DatabaseError(kind, told) => {
                let named = told.hint().and_then(Self::named);
                named.unwrap_or_else(|| match kind {
                    ClosedConnection | UnableToSendCommand => Self::Away,
                    SerializationFailure => Self::Crowded,
                    ReadOnlyTransaction => Self::ReadOnly,
                    _ => Self::by_sqlite(told.message()),
                })
            }
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::of(commit_error),
            Error::BrokenTransactionManager => Self::Away,
            _ => Self::Fault,
        }
    }

    /// What is wrong, by PostgreSQL's SQLSTATE.
    pub(super) fn by_sqlstate(code: &str) -> Self {
        match code {
            "40001" | "40P01" => Self::Crowded,
            "40003" | "08007" => Self::Unknown,
            // A lock, a cancelled statement, no place for another connection, no memory.
            "55P03" | "57014" | "53300" | "53200" | "53400" => Self::Busy,
            // Shut down, crashed, starting up; idle for too long.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" => Self::Away,
            "25006" => Self::ReadOnly,
            "53100" => Self::DiskFull,
            "XX001" | "XX002" => Self::Damaged,
            "58030" | "58P01" => Self::Unreadable,
            "42501" | "3D000" | "57P04" => Self::Refused,
            "22021" | "22P05" => Self::Character,
            code if code.starts_with("08") => Self::Away,
            code if code.starts_with("28") => Self::Refused,
            _ => Self::Fault,
        }
    }

    /// What is wrong, by the name of SQLite's result code. Diesel hands on neither the code nor anything else, but the
    /// library has one fixed name for each (`sqlite3_errstr`), and it is linked into this program.
    fn by_sqlite(name: &str) -> Self {
        match name {
            "database is locked" | "database table is locked" | "database schema is locked" => Self::Busy,
            "attempt to write a readonly database" => Self::ReadOnly,
            "database or disk is full" => Self::DiskFull,
            "database disk image is malformed" | "file is not a database" => Self::Damaged,
            "disk I/O error" | "unable to open database file" | "locking protocol" => Self::Unreadable,
            "access permission denied" | "authorization denied" => Self::Refused,
            // The one code of these that is told with particulars.
            told if told.starts_with("malformed database schema") => Self::Damaged,
            _ => Self::Fault,
        }
    }

    /// In a few words, for the top of a page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Crowded | Self::Busy => "Makegood is busy",
            Self::Away => "The database does not answer",
            Self::Unknown => "It is not known whether this was saved",
            Self::ReadOnly => "The database takes no changes now",
            Self::DiskFull => "The server's disk is full",
            Self::Damaged => "The database is damaged",
            Self::Unreadable => "The database cannot reach its files",
            Self::Refused => "The database refuses what is needed",
            Self::Character => "A character cannot be kept",
            Self::Fault => "Something went wrong here",
        }
    }

    /// Whether it may be over in a moment, with nobody doing anything about it.
    pub const fn passes(self) -> bool {
        matches!(
            self,
            Self::Crowded | Self::Busy | Self::Away | Self::Unknown | Self::ReadOnly
        )
    }

    /// As a query's error, with what is to be told in the log.
    pub(super) fn error(self, words: impl Into<String>) -> Error {
        self.error_of_kind(DatabaseErrorKind::Unknown, words)
    }

    /// The same, where Diesel has a kind for it.
    pub(super) fn error_of_kind(self, kind: DatabaseErrorKind, words: impl Into<String>) -> Error {
        let told = Told {
            trouble: self,
            words: words.into(),
        };
        Error::DatabaseError(kind, Box::new(told))
    }

    fn name(self) -> &'static str {
        let found = Self::NAMED.iter().find(|(trouble, _)| *trouble == self);
        found.map_or("fault", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Self> {
        let found = Self::NAMED.iter().find(|(_, known)| *known == name);
        found.map(|(trouble, _)| *trouble)
    }
}

/// Diesel's errors have no place for a code: what was made of it travels as the hint, which nothing else uses.
struct Told {
    trouble: Trouble,
    words: String,
}

impl DatabaseErrorInformation for Told {
    fn message(&self) -> &str {
        &self.words
    }

    fn hint(&self) -> Option<&str> {
        Some(self.trouble.name())
    }

    fn details(&self) -> Option<&str> {
        None
    }

    fn table_name(&self) -> Option<&str> {
        None
    }

    fn column_name(&self) -> Option<&str> {
        None
    }

    fn constraint_name(&self) -> Option<&str> {
        None
    }

    fn statement_position(&self) -> Option<i32> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::connection::{Connection, SimpleConnection};
    use diesel::{RunQueryDsl, SqliteConnection};

    #[test]
    fn every_trouble_survives_diesel_and_says_whether_anything_was_changed() {
        for (trouble, _) in Trouble::NAMED {
            assert_eq!(Trouble::of(&trouble.error("words of any language")), trouble);
            let told = trouble.to_string();
            let promises = told.contains("Nothing was changed");
            let makes_none = matches!(trouble, Trouble::Unknown | Trouble::Character);
            assert_eq!(promises, !makes_none, "{told}");
        }
    }

    #[test]
    fn postgresql_is_understood_by_its_codes() {
        let expected = [
            ("40P01", Trouble::Crowded),
            ("55P03", Trouble::Busy),
            ("57014", Trouble::Busy),
            ("53300", Trouble::Busy),
            ("25006", Trouble::ReadOnly),
            ("57P01", Trouble::Away),
            ("08006", Trouble::Away),
            ("08007", Trouble::Unknown),
            ("28P01", Trouble::Refused),
            ("42501", Trouble::Refused),
            ("53100", Trouble::DiskFull),
            ("XX001", Trouble::Damaged),
            ("22P05", Trouble::Character),
            ("42601", Trouble::Fault),
        ];
        for (code, trouble) in expected {
            assert_eq!(Trouble::by_sqlstate(code), trouble, "{code}");
        }
    }

    #[test]
    fn sqlite_is_understood_as_the_linked_library_names_its_codes() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            let path = folder.path().join(name);
            SqliteConnection::establish(path.to_str().unwrap()).unwrap()
        };
        let trouble =
            |conn: &mut SqliteConnection, sql: &str| Trouble::of(&conn.batch_execute(sql).unwrap_err());
        let (mut one, mut other) = (open("a"), open("a"));
        one.batch_execute("CREATE TABLE t (x); BEGIN IMMEDIATE").unwrap();
        assert_eq!(trouble(&mut other, "BEGIN IMMEDIATE"), Trouble::Busy);
        other.batch_execute("PRAGMA query_only = 1").unwrap();
        assert_eq!(trouble(&mut other, "INSERT INTO t VALUES (1)"), Trouble::ReadOnly);
        one.batch_execute("ROLLBACK; PRAGMA max_page_count = 2").unwrap();
        let filled = diesel::sql_query("INSERT INTO t VALUES (zeroblob(100000))").execute(&mut one);
        assert_eq!(Trouble::of(&filled.unwrap_err()), Trouble::DiskFull);
        std::fs::write(
            folder.path().join("b"),
            "anything but a database, and long enough".repeat(50),
        )
        .unwrap();
        assert_eq!(
            trouble(&mut open("b"), "SELECT * FROM sqlite_master"),
            Trouble::Damaged
        );
        let mut third = open("c");
        third
            .batch_execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
            .unwrap();
        drop(third);
        let mut bytes = std::fs::read(folder.path().join("c")).unwrap();
        bytes[4096..].fill(0xee);
        std::fs::write(folder.path().join("c"), bytes).unwrap();
        assert_eq!(trouble(&mut open("c"), "SELECT * FROM t"), Trouble::Damaged);
        let schema = "PRAGMA writable_schema = 1; CREATE TABLE u (x); UPDATE sqlite_master SET rootpage = 9999 \
                      WHERE name = 'u'; PRAGMA writable_schema = RESET; SELECT * FROM u";
        assert_eq!(trouble(&mut open("d"), schema), Trouble::Damaged);
        assert_eq!(
            trouble(&mut one, "ATTACH '/no/such/folder/file' AS f"),
            Trouble::Fault
        ); // told with its path
    }
}
