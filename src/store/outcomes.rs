//! What can happen in a call, and what follows, as an administrator has set it.

use super::{Error, Result};
use crate::db::Conn;
use crate::domain::ids::{CaseId, OutageId};
use crate::domain::outcome::{Outcome, Outcomes};
use crate::domain::timestamp::Timestamp;
use crate::schema::outcomes;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

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
    earlier: Option<String>,
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
        earlier: match row.earlier {
            Some(json) => serde_json::from_str(&json).map_err(unreadable)?,
            None => Vec::new(),
        },
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

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::SerializationError(Box::new(error)))
}

/// Adds an outcome.
pub fn add(conn: &mut Conn, outcome: &Outcome) -> Result<usize> {
    diesel::insert_into(outcomes::table)
        .values((
            outcomes::key.eq(&outcome.key),
            outcomes::group_key.eq(outcome.group.as_str()),
            outcomes::label.eq(&outcome.label),
            outcomes::hint.eq(&outcome.hint),
            outcomes::hotkey.eq(outcome.hotkey.map(String::from)),
            outcomes::position.eq(outcome.position),
            outcomes::rule.eq(json(&outcome.rule)?),
            outcomes::template_key.eq(&outcome.template_key),
        ))
        .execute(conn)
}

/// Stores everything about an outcome but its key. `retired_at` stays where it is retired already.
pub fn update(conn: &mut Conn, outcome: &Outcome, now: Timestamp) -> Result<usize> {
    let earlier = (!outcome.earlier.is_empty()).then(|| json(&outcome.earlier));
    diesel::update(outcomes::table.find(&outcome.key))
        .set((
            outcomes::group_key.eq(outcome.group.as_str()),
            outcomes::label.eq(&outcome.label),
            outcomes::hint.eq(&outcome.hint),
            outcomes::hotkey.eq(outcome.hotkey.map(String::from)),
            outcomes::position.eq(outcome.position),
            outcomes::rule.eq(json(&outcome.rule)?),
            outcomes::template_key.eq(&outcome.template_key),
            outcomes::retired_at.eq(outcome.retired.then_some(now)),
            outcomes::earlier.eq(earlier.transpose()?),
        ))
        .execute(conn)
}

/// The visible cases whose last call that counts ended so, the latest call first. The key is one of an outcome.
pub fn cases_ended_by(conn: &mut Conn, outcome: &Outcome, limit: i64) -> Result<Vec<(OutageId, CaseId)>> {
    #[derive(QueryableByName)]
    struct Ended {
        #[diesel(sql_type = BigInt)]
        outage_id: OutageId,
        #[diesel(sql_type = BigInt)]
        case_id: CaseId,
    }
    let key = &outcome.key; // small letters, digits and _ only: `domain::outcome_words::check`
    let query = format!(
        "SELECT c.outage_id AS outage_id, c.id AS case_id FROM attempts a \
         JOIN attempt_cases ac ON ac.attempt_id = a.id JOIN cases c ON c.id = ac.case_id \
         JOIN outages o ON o.id = c.outage_id \
         WHERE a.outcome = '{key}' AND a.superseded_at IS NULL AND c.import_id <= o.published_import_id \
         AND NOT EXISTS (SELECT 1 FROM attempt_cases later JOIN attempts l ON l.id = later.attempt_id \
                         WHERE later.case_id = c.id AND l.superseded_at IS NULL AND l.id > a.id) \
         ORDER BY a.id DESC LIMIT {limit}"
    );
    let ended: Vec<Ended> = diesel::sql_query(query).load(conn)?;
    Ok(ended
        .into_iter()
        .map(|one| (one.outage_id, one.case_id))
        .collect())
}
