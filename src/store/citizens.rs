//! Citizens as their accepted failed transactions tell them, staged ones too: where a later payment
//! looks for who made it.

use super::Result;
use super::transactions::{Found, Scope};
use crate::db::Conn;
use crate::domain::import::Bin;
use crate::domain::timestamp::Timestamp;
use crate::schema::transactions;
use diesel::prelude::*;

/// By what a record was found; whose it is, and will be when the staged import counts; its folded name.
type Row = (Option<String>, Option<String>, Option<String>, String);

fn found(rows: Vec<Row>) -> Vec<Found> {
    rows.into_iter()
        .filter_map(|(value, key, next, name)| Some((value?, next.or(key)?, name)))
        .collect()
}

/// Everybody with an accepted record with one of these e-mails.
pub fn with_emails(conn: &mut Conn, scope: Scope, emails: &[&str]) -> Result<Vec<Found>> {
    let rows = transactions::table
        .filter(
            transactions::outage_id
                .eq(scope.outage)
                .and(transactions::email.eq_any(emails))
                .and(transactions::import_id.ne(scope.without)),
        )
        .filter(transactions::bin.eq(Bin::Accepted.as_str()))
        .select((
            transactions::email,
            transactions::identity_key,
            transactions::next_key,
            transactions::folded_name,
        ))
        .distinct()
        .load(conn)?;
    Ok(found(rows))
}

/// Everybody with an accepted record with one of these phones.
pub fn with_phones(conn: &mut Conn, scope: Scope, phones: &[&str]) -> Result<Vec<Found>> {
    let rows = transactions::table
        .filter(
            transactions::outage_id
                .eq(scope.outage)
                .and(transactions::phone.eq_any(phones))
                .and(transactions::import_id.ne(scope.without)),
        )
        .filter(transactions::bin.eq(Bin::Accepted.as_str()))
        .select((
            transactions::phone,
            transactions::identity_key,
            transactions::next_key,
            transactions::folded_name,
        ))
        .distinct()
        .load(conn)?;
    Ok(found(rows))
}

/// When these citizens failed last, those that there are.
pub fn last_failed(conn: &mut Conn, scope: Scope, keys: &[&str]) -> Result<Vec<(String, Timestamp)>> {
    use diesel::dsl::max;
    let accepted = || {
        transactions::table
            .filter(transactions::outage_id.eq(scope.outage))
            .filter(transactions::import_id.ne(scope.without))
            .filter(transactions::bin.eq(Bin::Accepted.as_str()))
    };
    type Last = (Option<String>, Option<Timestamp>);
    let mut rows: Vec<Last> = accepted()
        .filter(
            transactions::identity_key
                .eq_any(keys)
                .and(transactions::next_key.is_null()),
        )
        .group_by(transactions::identity_key)
        .select((transactions::identity_key, max(transactions::occurred_at)))
        .load(conn)?;
    let moved: Vec<Last> = accepted()
        .filter(
            transactions::next_key
                .is_not_null()
                .and(transactions::next_key.eq_any(keys)),
        )
        .group_by(transactions::next_key)
        .select((transactions::next_key, max(transactions::occurred_at)))
        .load(conn)?;
    rows.extend(moved);
    Ok(rows
        .into_iter()
        .filter_map(|(key, at)| Some((key?, at?)))
        .collect())
}
