//! `src/schema.rs` is what the database of this run really has: every table, column, kind and nullability.
//! But for `case_texts`, which is another thing on each database: only `store::case_search` speaks of it.

use crate::harness::App;
use diesel::sql_types::{Bool, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use makegood::db::Conn;
use std::collections::BTreeSet;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

const SQLITE: &str = "SELECT m.name || '.' || p.name AS place, p.type AS kind, \
    (p.\"notnull\" = 0 AND p.pk = 0) AS nullable \
    FROM sqlite_master m JOIN pragma_table_info(m.name) p \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'case_texts%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";
const POSTGRES: &str = "SELECT CAST(table_name || '.' || column_name AS TEXT) AS place, \
    CAST(data_type AS TEXT) AS kind, is_nullable = 'YES' AS nullable \
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'case_texts' AND table_name NOT LIKE '\\_\\_%'";

/// A column as `table.column kind?`; whole numbers of any size are one kind, as SQLite knows but one.
fn line(place: &str, kind: &str, nullable: bool) -> String {
    let kind = match kind.to_lowercase().as_str() {
        "integer" | "bigint" => "number",
        "text" => "text",
        "boolean" | "bool" => "yes or no",
        "blob" | "bytea" | "binary" => "bytes",
        other => panic!("{place}: a column of kind {other}"),
    };
    format!("{place} {kind}{}", if nullable { "?" } else { "" })
}

/// The columns that the program believes in.
fn declared() -> BTreeSet<String> {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema.rs")).unwrap();
    let mut table = String::new();
    let mut columns = BTreeSet::new();
    let tables = source.lines().map(str::trim);
    for text in tables.filter(|text| !text.starts_with("diesel::joinable!")) {
        if let Some((name, _)) = text.split_once(" (").filter(|_| text.ends_with(") {")) {
            name.clone_into(&mut table);
        }
        if let Some((name, kind)) = text.split_once(" -> ") {
            let kind = kind.trim_end_matches(',');
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|inner| inner.strip_suffix('>'));
            columns.insert(line(
                &format!("{table}.{name}"),
                inner.unwrap_or(kind),
                inner.is_some(),
            ));
        }
    }
    columns
}

#[tokio::test]
async fn the_schema_in_the_source_is_the_one_in_the_database() {
    let app = App::start().await;
    let office = app.office.clone();
    let found = tokio::task::spawn_blocking(move || {
        office.db.read(|conn| {
            let query = match conn {
                Conn::Sqlite(_) => SQLITE,
                Conn::Postgres(_) => POSTGRES,
            };
            sql_query(query).load::<Column>(conn)
        })
    });
    let found = found.await.unwrap().unwrap();
    let found: BTreeSet<String> = found
        .iter()
        .map(|column| line(&column.place, &column.kind, column.nullable))
        .collect();
    assert!(found.len() > 100);
    let declared = declared();
    let missing: Vec<_> = declared.difference(&found).collect();
    let unknown: Vec<_> = found.difference(&declared).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "only in src/schema.rs: {missing:?}\nonly in the database: {unknown:?}"
    );
}
