//! What can happen in a call, and what follows, as an administrator has set it.

use super::{Error, Result};
use crate::db::Conn;
use crate::domain::outcome::{Outcome, Outcomes};
use crate::domain::timestamp::Timestamp;
use crate::schema::outcomes;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = outcomes)]
struct Row {
    key: String,
    group_key: String,
    label: String,
    hint: String,
    hotkey: Option<String>,
    position: i32,
    rule: String,
    template_key: Option<String>,
    retired_at: Option<Timestamp>,
}

/// All outcomes, the retired ones too: histories name them.
pub fn all(conn: &mut Conn) -> Result<Outcomes> {
    let rows: Vec<Row> = outcomes::table
        .order(outcomes::position)
        .select(Row::as_select())
        .load(conn)?;
    let read: Result<Vec<Outcome>> = rows.into_iter().map(outcome).collect();
    Ok(Outcomes::new(read?))
}

fn outcome(row: Row) -> Result<Outcome> {
    Ok(Outcome {
        group: row.group_key.parse().map_err(unreadable)?,
        rule: serde_json::from_str(&row.rule).map_err(unreadable)?,
        hotkey: row.hotkey.and_then(|key| key.chars().next()),
        retired: row.retired_at.is_some(),
        key: row.key,
        label: row.label,
        hint: row.hint,
        position: row.position,
        template_key: row.template_key,
    })
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::DeserializationError(Box::new(error))
}

/// Adds an outcome.
pub fn add(conn: &mut Conn, outcome: &Outcome) -> Result<usize> {
    let rule =
        serde_json::to_string(&outcome.rule).map_err(|error| Error::SerializationError(Box::new(error)))?;
    diesel::insert_into(outcomes::table)
        .values((
            outcomes::key.eq(&outcome.key),
            outcomes::group_key.eq(outcome.group.as_str()),
            outcomes::label.eq(&outcome.label),
            outcomes::hint.eq(&outcome.hint),
            outcomes::hotkey.eq(outcome.hotkey.map(String::from)),
            outcomes::position.eq(outcome.position),
            outcomes::rule.eq(rule),
            outcomes::template_key.eq(&outcome.template_key),
        ))
        .execute(conn)
}
