//! Many rows at once. A seam: SQLite is fastest with one prepared statement that runs row after row,
//! PostgreSQL with one statement for all rows, because each statement is a journey.

use super::Result;
use super::payments::NewPayment;
use crate::db::Conn;
use crate::domain::ids::{PaymentId, TransactionId};
use crate::domain::reconcile::Match;
use crate::schema::{payments, transactions};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

/// PostgreSQL takes 65,535 values a statement.
const ROWS_A_STATEMENT: usize = 1_500;

/// Adds payments, but for those that are there already; answers how many were added.
pub fn add_payments(conn: &mut Conn, rows: &[NewPayment<'_>]) -> Result<usize> {
    let mut added = 0;
    match conn {
        Conn::Sqlite(sqlite) => {
            for row in rows {
                added += diesel::insert_into(payments::table)
                    .values(row)
                    .on_conflict_do_nothing()
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) => {
            for some in rows.chunks(ROWS_A_STATEMENT) {
                added += diesel::insert_into(payments::table)
                    .values(some)
                    .on_conflict_do_nothing()
                    .execute(postgres)?;
            }
        }
    }
    Ok(added)
}

/// Keeps what was found for payments that do not count yet.
pub fn set_matches(conn: &mut Conn, found: &[(PaymentId, Match)]) -> Result<()> {
    let by = |found: &Match| found.matched_by().map(|by| by.as_str());
    match conn {
        Conn::Sqlite(sqlite) => {
            for (id, found) in found {
                diesel::update(payments::table.find(*id))
                    .set((
                        payments::fate.eq(found.fate().as_str()),
                        payments::matched_by.eq(by(found)),
                        payments::identity_key.eq(found.citizen()),
                    ))
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) => {
            let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
            let fates: Vec<&str> = found.iter().map(|(_, found)| found.fate().as_str()).collect();
            let by: Vec<Option<&str>> = found.iter().map(|(_, found)| by(found)).collect();
            let keys: Vec<Option<&str>> = found.iter().map(|(_, found)| found.citizen()).collect();
            diesel::sql_query(
                "UPDATE payments SET fate = told.fate, matched_by = told.matched_by, identity_key = told.key \
                 FROM unnest($1, $2, $3, $4) AS told (id, fate, matched_by, key) WHERE payments.id = told.id",
            )
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(fates)
            .bind::<Array<Nullable<Text>>, _>(by)
            .bind::<Array<Nullable<Text>>, _>(keys)
            .execute(postgres)?;
        }
    }
    Ok(())
}

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
