//! What a statement of a script does to a database in use: which index it builds or drops, and which tables it locks.

use super::step::Alone;
use serde::Serialize;

/// A lock on a table that is in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// Which table; which index, where the statement names no table.
    pub on: String,
    /// What PostgreSQL calls it.
    pub lock: &'static str,
    /// Who waits while it is waited for and held.
    pub waits: &'static str,
}

impl Lock {
    /// SQLite's one lock.
    pub(super) fn whole_file() -> Self {
        Self {
            on: "the whole file".to_owned(),
            lock: "WRITE",
            waits: "writers, for a moment",
        }
    }
}

/// Of a lock that keeps others out: it is waited for so briefly that nobody behind it waits longer.
const ALL: (&str, &str) = (
    "ACCESS EXCLUSIVE",
    "readers and writers, for a second at the most",
);
const WRITERS: (&str, &str) = ("SHARE ROW EXCLUSIVE", "writers, for a second at the most");
const NOBODY: (&str, &str) = ("SHARE UPDATE EXCLUSIVE", "nobody");

/// The statements of a script, without comments, blanks made single.
pub(super) fn all(sql: &str) -> Vec<String> {
    let code: Vec<&str> = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect();
    let (mut found, mut current) = (Vec::new(), String::new());
    for piece in code.join(" ").split_inclusive(';') {
        current.push_str(piece);
        let inside = current.matches("$$").count() % 2 == 1 || current.matches('\'').count() % 2 == 1;
        if !inside {
            let text = current.trim_end_matches(';').split_whitespace();
            found.push(text.collect::<Vec<_>>().join(" "));
            current.clear();
        }
    }
    found.push(current.split_whitespace().collect::<Vec<_>>().join(" "));
    found.retain(|statement| !statement.is_empty());
    found
}

/// What the statements of a script lock, of tables that it does not make itself.
pub(super) fn locks(sql: &str) -> Vec<Lock> {
    let statements = all(sql);
    let read: Vec<Statement<'_>> = statements.iter().map(|text| Statement::of(text)).collect();
    let made: Vec<&str> = read.iter().filter_map(Statement::makes).collect();
    let mut locks: Vec<Lock> = Vec::new();
    for lock in read.iter().flat_map(Statement::locks) {
        if !made.contains(&lock.on.as_str()) && !locks.contains(&lock) {
            locks.push(lock);
        }
    }
    locks
}

/// One statement as words.
pub(super) struct Statement<'a>(Vec<&'a str>);

impl<'a> Statement<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self(
            text.split([' ', '(', ','])
                .filter(|word| !word.is_empty())
                .collect(),
        )
    }

    fn begins(&self, words: &str) -> bool {
        let mut own = self.0.iter();
        words
            .split(' ')
            .all(|word| own.next().is_some_and(|own| own.eq_ignore_ascii_case(word)))
    }

    fn has(&self, word: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(word))
    }

    /// The name behind each of these words, past `IF NOT EXISTS` and the like.
    fn names_after(&self, mark: &str) -> impl Iterator<Item = &'a str> {
        let at = |(place, word): (usize, &&str)| word.eq_ignore_ascii_case(mark).then_some(place);
        let places: Vec<usize> = self.0.iter().enumerate().filter_map(at).collect();
        places.into_iter().filter_map(|place| {
            let behind = self.0.iter().skip(place + 1);
            let passed = ["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"];
            behind
                .copied()
                .find(|word| !passed.iter().any(|passed| word.eq_ignore_ascii_case(passed)))
        })
    }

    fn name_after(&self, mark: &str) -> Option<&'a str> {
        self.names_after(mark).next()
    }

    /// What it does, where it is the only one of a step outside of any transaction.
    pub(super) fn alone(&self) -> Alone {
        let builds =
            self.begins("CREATE INDEX CONCURRENTLY") || self.begins("CREATE UNIQUE INDEX CONCURRENTLY");
        match self.name_after("INDEX") {
            Some(index) if builds => Alone::Builds(index.to_owned()),
            Some(index) if self.begins("DROP INDEX CONCURRENTLY") => Alone::Drops(index.to_owned()),
            _ => Alone::Runs,
        }
    }

    fn makes(&self) -> Option<&'a str> {
        self.begins("CREATE TABLE")
            .then(|| self.name_after("TABLE"))
            .flatten()
    }

    fn locks(&self) -> Vec<Lock> {
        let lock = |(lock, waits): (&'static str, &'static str)| {
            move |on: &str| Lock {
                on: on.to_owned(),
                lock,
                waits,
            }
        };
        let own = if self.begins("ALTER TABLE") {
            let brief = self.has("VALIDATE") || self.has("SET") && !self.has("COLUMN");
            let kind = if brief { NOBODY } else { ALL };
            self.name_after("TABLE").map(lock(kind))
        } else if self.begins("CREATE INDEX") || self.begins("CREATE UNIQUE INDEX") {
            let kind = if self.has("CONCURRENTLY") {
                NOBODY
            } else {
                ("SHARE", WRITERS.1)
            };
            self.name_after("ON").map(lock(kind))
        } else if self.begins("DROP INDEX CONCURRENTLY") {
            self.name_after("INDEX").map(lock(NOBODY))
        } else if self.begins("CREATE TRIGGER") {
            self.name_after("ON").map(lock(WRITERS))
        } else if self.begins("DROP") {
            self.0
                .get(2..)
                .and_then(|rest| rest.last())
                .copied()
                .map(lock(ALL))
        } else {
            None
        };
        own.into_iter()
            .chain(self.names_after("REFERENCES").map(lock(WRITERS)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sql: &str) -> Vec<String> {
        let locks = locks(sql).into_iter();
        locks.map(|lock| format!("{} {}", lock.on, lock.lock)).collect()
    }

    #[test]
    fn a_script_is_cut_where_its_statements_end() {
        let sql = "-- why; because\nCREATE TABLE a (b TEXT DEFAULT ';');\nCREATE FUNCTION f() AS $$ BEGIN; END; $$;\nSELECT 1";
        assert_eq!(all(sql).len(), 3, "{:?}", all(sql));
    }

    #[test]
    fn what_a_statement_locks_is_known() {
        assert_eq!(
            told("ALTER TABLE cases ADD COLUMN x TEXT;"),
            ["cases ACCESS EXCLUSIVE"]
        );
        assert_eq!(
            told("ALTER TABLE cases SET (fillfactor = 50)"),
            ["cases SHARE UPDATE EXCLUSIVE"]
        );
        assert_eq!(
            told("CREATE TABLE notes (c BIGINT REFERENCES cases (id)); CREATE INDEX n ON notes (c);"),
            ["cases SHARE ROW EXCLUSIVE"],
            "nobody uses a new table"
        );
        assert_eq!(
            told("CREATE INDEX CONCURRENTLY IF NOT EXISTS n ON cases(c)"),
            ["cases SHARE UPDATE EXCLUSIVE"]
        );
        assert_eq!(
            told("DROP INDEX CONCURRENTLY IF EXISTS n"),
            ["n SHARE UPDATE EXCLUSIVE"]
        );
        assert_eq!(
            told("CREATE TRIGGER t AFTER UPDATE ON cases FOR EACH ROW"),
            ["cases SHARE ROW EXCLUSIVE"]
        );
    }

    #[test]
    fn what_may_be_left_half_done_is_known() {
        let alone = |sql: &str| Statement::of(sql).alone();
        assert_eq!(
            alone("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS n ON cases (c)"),
            Alone::Builds("n".to_owned())
        );
        assert_eq!(alone("drop index concurrently n"), Alone::Drops("n".to_owned()));
        assert_eq!(alone("VACUUM cases"), Alone::Runs);
    }
}
