//! Migrations must not be the next outage: each statement of `migrations/postgres` is read, and those
//! that lock a busy table for long, rewrite it, or break the version before are refused.

use std::path::{Path, PathBuf};

/// Functions whose value differs from row to row: as a default they make PostgreSQL rewrite the table.
const VOLATILE: [&str; 5] = [
    "RANDOM(",
    "GEN_RANDOM_UUID(",
    "CLOCK_TIMESTAMP(",
    "NEXTVAL(",
    "TIMEOFDAY(",
];

/// The statements of a script in capitals, without comments and texts, blanks made single.
fn statements(sql: &str) -> Vec<String> {
    let code: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap()).collect();
    let code = code.join(" ");
    let without_texts: String = code.split('\'').step_by(2).collect::<Vec<_>>().join("''");
    without_texts
        .split(';')
        .map(|statement| {
            statement
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_uppercase()
        })
        .filter(|statement| !statement.is_empty())
        .collect()
}

/// The word after any of these.
fn word_after<'a>(statement: &'a str, marks: &[&str]) -> &'a str {
    let rest = marks
        .iter()
        .find_map(|mark| statement.split_once(mark).map(|(_, rest)| rest))
        .unwrap_or_default();
    rest.trim_start_matches("IF NOT EXISTS ")
        .trim_start_matches("IF EXISTS ")
        .trim_start_matches("ONLY ")
        .split([' ', '('])
        .next()
        .unwrap_or_default()
}

fn complaints(sql: &str) -> Vec<String> {
    let statements = statements(sql);
    let made: Vec<&str> = statements
        .iter()
        .filter(|statement| statement.starts_with("CREATE TABLE"))
        .map(|statement| word_after(statement, &["CREATE TABLE "]))
        .collect();
    statements
        .iter()
        .filter_map(|statement| complaint(statement, &made).map(|why| format!("{statement}: {why}")))
        .collect()
}

/// Why a statement is unsafe; `made` are the tables that the same script makes, which nobody uses yet.
fn complaint(statement: &str, made: &[&str]) -> Option<&'static str> {
    let has = |words: &str| statement.contains(words);
    let starts = |words: &str| statement.starts_with(words);
    if starts("CREATE INDEX") || starts("CREATE UNIQUE INDEX") {
        let busy = !made.contains(&word_after(statement, &[" ON "]));
        return (busy && !has("CONCURRENTLY")).then_some("build it CONCURRENTLY");
    }
    if starts("ALTER TABLE") {
        let busy = !made.contains(&word_after(statement, &["ALTER TABLE "]));
        return busy.then(|| alteration(statement)).flatten();
    }
    if starts("DROP INDEX") || starts("REINDEX") {
        return (!has("CONCURRENTLY")).then_some("do it CONCURRENTLY");
    }
    if starts("UPDATE ") || starts("DELETE ") {
        return Some("change rows in short batches from the program");
    }
    if ["DROP TABLE", "TRUNCATE", "LOCK ", "VACUUM", "CLUSTER"]
        .iter()
        .any(|words| starts(words))
    {
        return Some("it locks the table or breaks the version before");
    }
    (starts("SET ") && has("LOCK_TIMEOUT")).then_some("the program sets lock_timeout")
}

fn alteration(statement: &str) -> Option<&'static str> {
    let has = |words: &str| statement.contains(words);
    if has(" RENAME ") || has(" DROP COLUMN ") {
        Some("the version before still uses the old name")
    } else if has(" DROP NOT NULL") {
        Some("the version before cannot read rows that have no value")
    } else if has(" TYPE ") || has(" GENERATED ") || VOLATILE.iter().any(|call| has(call)) {
        Some("it rewrites the table")
    } else if has(" SET NOT NULL") {
        Some("it reads the whole table under lock; add a CHECK … NOT VALID and validate it")
    } else if has(" ADD COLUMN ") && has(" NOT NULL") && !has(" DEFAULT ") {
        Some("rows that are there have no value; give a DEFAULT")
    } else if (has(" CHECK ") || has(" FOREIGN KEY ")) && !has(" NOT VALID") {
        Some("add it NOT VALID, validate it afterwards")
    } else if (has(" UNIQUE ") || has(" PRIMARY KEY ")) && !has(" USING INDEX ") {
        Some("build the index CONCURRENTLY, then add the constraint USING INDEX")
    } else {
        None
    }
}

/// Steps from before the rule that no NOT NULL is dropped.
const BEFORE_THE_RULE: [&str; 1] = ["2026-11-22-251000_answers"];

/// What is done outside of a transaction may be ended in the middle, and is done again then: the program knows how to with
/// one index, and with nothing else.
fn not_repeatable(folder: &Path, sql: &str) -> Option<String> {
    let metadata = std::fs::read_to_string(folder.join("metadata.toml")).unwrap_or_default();
    let alone = metadata.contains("run_in_transaction = false");
    let statements = statements(sql);
    let builds = [
        "CREATE INDEX CONCURRENTLY",
        "CREATE UNIQUE INDEX CONCURRENTLY",
        "DROP INDEX CONCURRENTLY",
    ];
    let one_index =
        matches!(statements.as_slice(), [only] if builds.iter().any(|start| only.starts_with(start)));
    (alone && !one_index)
        .then(|| "not repeatable: one index alone may stand outside of a transaction".to_owned())
}

#[test]
fn a_step_outside_of_a_transaction_is_one_index() {
    let folder = tempfile::tempdir().unwrap();
    let metadata = folder.path().join("metadata.toml");
    let build = "CREATE INDEX CONCURRENTLY a ON t (x);";
    let two = format!("{build} CREATE INDEX CONCURRENTLY b ON t (y);");
    assert_eq!(
        not_repeatable(folder.path(), &two),
        None,
        "in a transaction it is not half done"
    );
    std::fs::write(metadata, "run_in_transaction = false\n").unwrap();
    assert_eq!(not_repeatable(folder.path(), build), None);
    for wrong in [
        two.as_str(),
        "ALTER TABLE t ADD COLUMN x TEXT;",
        "INSERT INTO t VALUES (1);",
    ] {
        assert!(not_repeatable(folder.path(), wrong).is_some(), "{wrong}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn no_migration_locks_a_busy_table_for_long() {
    for migration in std::fs::read_dir(root().join("migrations/postgres")).unwrap() {
        let folder = migration.unwrap().path();
        let sql = std::fs::read_to_string(folder.join("up.sql")).unwrap();
        let mut told = complaints(&sql);
        told.extend(not_repeatable(&folder, &sql));
        let name = folder.file_name().unwrap().to_str().unwrap();
        if BEFORE_THE_RULE.contains(&name) {
            told.retain(|told| !told.contains("DROP NOT NULL"));
        }
        assert!(told.is_empty(), "{}: {}", folder.display(), told.join("\n"));
        if sql.to_uppercase().contains("CONCURRENTLY") {
            let metadata = std::fs::read_to_string(folder.join("metadata.toml")).unwrap_or_default();
            assert!(
                metadata.contains("run_in_transaction = false"),
                "{}: CONCURRENTLY needs metadata.toml with run_in_transaction = false",
                folder.display()
            );
        }
    }
}

/// Why a statement of a migration that says it only adds does more than that.
fn more_than_added(statement: &str, made: &[&str]) -> bool {
    let adds = ["CREATE TABLE", "CREATE INDEX", "CREATE UNIQUE INDEX"];
    let fills =
        statement.starts_with("INSERT INTO ") && made.contains(&word_after(statement, &["INSERT INTO "]));
    let widens = statement.starts_with("ALTER TABLE")
        && statement.contains(" ADD COLUMN ")
        && (!statement.contains(" NOT NULL") || statement.contains(" DEFAULT "));
    let unique =
        statement.starts_with("CREATE UNIQUE INDEX") && !made.contains(&word_after(statement, &[" ON "]));
    unique || !(widens || fills || adds.iter().any(|words| statement.starts_with(words)))
}

#[test]
fn a_migration_whose_version_ends_in_a_only_adds() {
    for migration in std::fs::read_dir(root().join("migrations/postgres")).unwrap() {
        let folder = migration.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap();
        if !name.split('_').next().unwrap().ends_with('a') {
            continue;
        }
        let sql = std::fs::read_to_string(folder.join("up.sql")).unwrap();
        let statements = statements(&sql);
        let made: Vec<&str> = statements
            .iter()
            .filter(|statement| statement.starts_with("CREATE TABLE"))
            .map(|statement| word_after(statement, &["CREATE TABLE "]))
            .collect();
        for statement in &statements {
            assert!(!more_than_added(statement, &made), "{name}: {statement}");
        }
    }
    for statement in [
        "ALTER TABLE CASES DROP COLUMN X",
        "ALTER TABLE CASES ADD COLUMN X TEXT NOT NULL",
        "ALTER TABLE CALLBACKS ALTER COLUMN ATTEMPT_ID DROP NOT NULL",
        "DROP INDEX CONCURRENTLY TRANSACTIONS_ONCE",
        "CREATE UNIQUE INDEX CONCURRENTLY U ON CASES (X)",
    ] {
        assert!(more_than_added(statement, &[]), "{statement}");
    }
}

#[test]
fn migrations_give_up_a_lock_they_do_not_get_at_once() {
    let runner = std::fs::read_to_string(root().join("src/db/migrate/runner.rs")).unwrap();
    assert!(runner.contains("SET LOCAL lock_timeout = '1s'"));
}

#[test]
fn every_unsafe_statement_of_the_fixture_is_found_and_no_safe_one() {
    let data = root().join("tests/data/migrations");
    let unsafe_ones = std::fs::read_to_string(data.join("unsafe.sql")).unwrap();
    for statement in statements(&unsafe_ones) {
        assert!(complaint(&statement, &[]).is_some(), "{statement}");
    }
    assert_eq!(complaints(&unsafe_ones).len(), 24);
    let safe = std::fs::read_to_string(data.join("safe.sql")).unwrap();
    assert_eq!(complaints(&safe), Vec::<String>::new());
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |backend: &str| {
        let folders = std::fs::read_dir(root().join("migrations").join(backend)).unwrap();
        let mut names: Vec<_> = folders.map(|folder| folder.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
