//! Many rows at once. A seam: SQLite is fastest with one prepared statement that runs row after row,
//! PostgreSQL with one statement for all rows, because each statement is a journey.

use super::Result;
use super::cases::Standing;
use super::fixed::fixed;
use super::households::Entry;
use crate::db::Conn;
use crate::domain::ids::{CaseId, HouseholdId, TransactionId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, households, transactions};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text};

/// Says whose records that count will be when the staged import counts.
pub fn set_next_keys(conn: &mut Conn, keys: &[(TransactionId, String)]) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            for (id, key) in keys {
                diesel::update(transactions::table.find(*id))
                    .set(transactions::next_key.eq(key))
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) => {
            let (ids, keys): (Vec<i64>, Vec<&str>) = keys.iter().map(|(id, key)| (*id, key.as_str())).unzip();
            diesel::sql_query(
                "UPDATE transactions SET next_key = told.key \
                 FROM unnest($1, $2) AS told (id, key) WHERE transactions.id = told.id",
            )
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(keys)
            .execute(postgres)?;
        }
    }
    Ok(())
}

/// Stores where cases stand.
pub fn set_standings(conn: &mut Conn, all: &[(CaseId, Standing)]) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            for (id, standing) in all {
                diesel::update(cases::table.find(*id))
                    .set(standing.clone())
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) if !all.is_empty() => {
            let each = || all.iter().map(|(_, standing)| standing);
            fixed(
                "UPDATE cases SET household_id = told.household_id, stage = told.stage, due_at = told.due_at, \
                 resolution = told.resolution, resolved_at = told.resolved_at, tries = told.tries \
                 FROM unnest(?, ?, ?, ?, ?, ?, ?) \
                 AS told (id, household_id, stage, due_at, resolution, resolved_at, tries) WHERE cases.id = told.id",
            )
            .bind::<Array<BigInt>, _>(ids(all))
            .bind::<Array<Nullable<BigInt>>, _>(each().map(|one| one.household_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(each().map(|one| one.stage.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(each().map(|one| micros(one.due_at)).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(each().map(|one| one.resolution.as_deref()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(each().map(|one| micros(one.resolved_at)).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(each().map(|one| one.tries).collect::<Vec<_>>())
            .execute(postgres)?;
        }
        Conn::Postgres(_) => {}
    }
    Ok(())
}

/// Stores what households wait for.
pub fn set_entries(conn: &mut Conn, all: &[(HouseholdId, Entry)]) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            for (id, entry) in all {
                diesel::update(households::table.find(*id))
                    .set(entry.clone())
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) if !all.is_empty() => {
            let each = || all.iter().map(|(_, entry)| entry);
            fixed(
                "UPDATE households SET time_zone = told.time_zone, language = told.language, stage = told.stage, \
                 due_at = told.due_at, score = told.score, tries = told.tries, citizens = told.citizens, \
                 callback_owner_id = told.owner, waits_until = told.waits_until \
                 FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
                 AS told (id, time_zone, language, stage, due_at, score, tries, citizens, owner, waits_until) \
                 WHERE households.id = told.id",
            )
            .bind::<Array<BigInt>, _>(ids(all))
            .bind::<Array<Text>, _>(each().map(|one| one.time_zone.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(each().map(|one| one.language.as_deref()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(each().map(|one| one.stage.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(each().map(|one| micros(one.due_at)).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(each().map(|one| one.score).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(each().map(|one| one.tries).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(each().map(|one| one.citizens).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(each().map(|one| one.callback_owner_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(each().map(|one| micros(one.waits_until)).collect::<Vec<_>>())
            .execute(postgres)?;
        }
        Conn::Postgres(_) => {}
    }
    Ok(())
}

fn ids<T>(all: &[(i64, T)]) -> Vec<i64> {
    all.iter().map(|(id, _)| *id).collect()
}

fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::micros)
}
