//! Many rows at once. A seam: SQLite is fastest with one prepared statement that runs row after row,
//! PostgreSQL with one statement for all rows, because each statement is a journey.

use super::Result;
use super::payments::NewPayment;
use super::staging::{NewCase, NewHousehold};
use super::transactions::{NewTransaction, Record};
use crate::db::Conn;
use crate::domain::ids::{HouseholdId, PaymentId, TransactionId};
use crate::domain::reconcile::Match;
use crate::schema::{cases, households, payments, transactions};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

/// PostgreSQL takes 65,535 values a statement.
const ROWS_A_STATEMENT: usize = 1_500;

/// Adds records, but for those whose transaction is there already; answers the lines that were added.
pub fn add_transactions(conn: &mut Conn, rows: &[NewTransaction<'_>]) -> Result<Vec<i64>> {
    let mut lines = Vec::with_capacity(rows.len());
    match conn {
        Conn::Sqlite(sqlite) => {
            for row in rows {
                // An `ON CONFLICT` of Diesel's is put together again for every row; this is kept prepared.
                let added = diesel::insert_or_ignore_into(transactions::table)
                    .values(row)
                    .execute(sqlite)?;
                if added == 1 {
                    lines.push(row.line);
                }
            }
        }
        Conn::Postgres(postgres) => {
            for some in rows.chunks(ROWS_A_STATEMENT) {
                let added: Vec<i64> = diesel::insert_into(transactions::table)
                    .values(some)
                    .on_conflict_do_nothing()
                    .returning(transactions::line)
                    .get_results(postgres)?;
                lines.extend(added);
            }
        }
    }
    Ok(lines)
}

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

/// Adds records that are known to be new.
pub fn add_records(conn: &mut Conn, rows: &[Record]) -> Result<()> {
    for some in rows.chunks(ROWS_A_STATEMENT) {
        match conn {
            Conn::Sqlite(sqlite) => {
                for row in some {
                    diesel::insert_into(transactions::table)
                        .values(row)
                        .execute(sqlite)?;
                }
            }
            Conn::Postgres(postgres) => {
                diesel::insert_into(transactions::table)
                    .values(some)
                    .execute(postgres)?;
            }
        }
    }
    Ok(())
}

/// Adds cases.
pub fn add_cases(conn: &mut Conn, rows: &[NewCase]) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            for row in rows {
                diesel::insert_into(cases::table).values(row).execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) => {
            for some in rows.chunks(ROWS_A_STATEMENT) {
                diesel::insert_into(cases::table).values(some).execute(postgres)?;
            }
        }
    }
    Ok(())
}

/// Adds households; answers their ids with their phones.
pub fn add_households(conn: &mut Conn, rows: &[NewHousehold]) -> Result<Vec<(HouseholdId, String)>> {
    let mut ids = Vec::with_capacity(rows.len());
    match conn {
        Conn::Sqlite(sqlite) => {
            for row in rows {
                let id = diesel::insert_into(households::table)
                    .values(row)
                    .returning(households::id)
                    .get_result(sqlite)?;
                ids.push((id, row.phone.clone()));
            }
        }
        Conn::Postgres(postgres) => {
            for some in rows.chunks(ROWS_A_STATEMENT) {
                let added: Vec<(HouseholdId, String)> = diesel::insert_into(households::table)
                    .values(some)
                    .returning((households::id, households::phone))
                    .get_results(postgres)?;
                ids.extend(added);
            }
        }
    }
    Ok(ids)
}

/// Says whose staged records are.
pub fn set_keys(conn: &mut Conn, keys: &[(TransactionId, String)]) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            for (id, key) in keys {
                diesel::update(transactions::table.find(*id))
                    .set(transactions::identity_key.eq(key))
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) => {
            let (ids, keys): (Vec<i64>, Vec<&str>) = keys.iter().map(|(id, key)| (*id, key.as_str())).unzip();
            diesel::sql_query(
                "UPDATE transactions SET identity_key = told.key \
                 FROM unnest($1, $2) AS told (id, key) WHERE transactions.id = told.id",
            )
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(keys)
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
