//! Payments that succeeded later: every record of a reconciliation that has a time and an identity,
//! and what became of it. One counts while its import is published.

use super::Result;
use super::fixed::fixed;
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId, PaymentId};
use crate::domain::import::ImportState;
use crate::domain::reconcile::{Fate, Match};
use crate::domain::timestamp::Timestamp;
use crate::schema::{imports, payments};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// A record on its way in. Whose it is, is found out when all are there.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewPayment<'a> {
    pub outage_id: OutageId,
    pub import_id: ImportId,
    pub line: i64,
    /// Equal for two records that are the same transaction.
    pub dedupe_key: &'a [u8],
    pub external_id: Option<&'a str>,
    pub confirmation_no: Option<&'a str>,
    pub occurred_at: Timestamp,
    /// Its file tells the day only, which begins then.
    pub day_only: bool,
    /// Money that went back.
    pub refund: bool,
    pub account_id: Option<&'a str>,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub folded_name: &'a str,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<&'a str>,
    pub channel: Option<&'a str>,
}

/// What a payment says about who made it, and what was found.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = payments)]
#[allow(missing_docs)]
pub struct Payer {
    pub id: PaymentId,
    pub account_id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub folded_name: String,
    pub occurred_at: Timestamp,
    pub day_only: bool,
    pub fate: String,
    pub matched_by: Option<String>,
    pub identity_key: Option<String>,
}

/// A payment as its case and its report show it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = payments)]
#[allow(missing_docs)]
pub struct Payment {
    pub id: PaymentId,
    pub import_id: ImportId,
    /// Where the record starts in its file.
    pub line: i64,
    pub external_id: Option<String>,
    pub confirmation_no: Option<String>,
    pub occurred_at: Timestamp,
    pub day_only: bool,
    pub account_id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub given_name: String,
    pub family_name: String,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    /// A word of [`Fate`].
    pub fate: String,
    /// A word of `domain::reconcile::MatchedBy`.
    pub matched_by: Option<String>,
}

/// Payments of an outage after one of them, in order.
pub fn payers(conn: &mut Conn, outage: OutageId, after: PaymentId, limit: i64) -> Result<Vec<Payer>> {
    payments::table
        .filter(payments::outage_id.eq(outage).and(payments::id.gt(after)))
        .order(payments::id)
        .limit(limit)
        .select(Payer::as_select())
        .load(conn)
}

/// Notes what will be found for a payment when the staged import counts.
pub fn set_next_match(conn: &mut Conn, id: PaymentId, found: &Match) -> Result<usize> {
    diesel::update(payments::table.find(id))
        .set((
            payments::next_fate.eq(found.fate().as_str()),
            payments::next_matched_by.eq(found.matched_by().map(|by| by.as_str())),
            payments::next_key.eq(found.citizen()),
        ))
        .execute(conn)
}

/// Makes what was noted count.
pub fn apply_next(conn: &mut Conn, outage: OutageId, now: Timestamp) -> Result<usize> {
    let noted = payments::table.filter(
        payments::outage_id
            .eq(outage)
            .and(payments::next_fate.is_not_null()),
    );
    diesel::update(noted)
        .set((
            payments::fate.eq(payments::next_fate.assume_not_null()),
            payments::matched_by.eq(payments::next_matched_by),
            payments::identity_key.eq(payments::next_key),
            payments::matched_at.eq(now),
            payments::next_fate.eq(None::<String>),
            payments::next_matched_by.eq(None::<String>),
            payments::next_key.eq(None::<String>),
        ))
        .execute(conn)
}

/// Forgets up to `limit` notes that will not come to count; answers how many.
pub fn forget_next(conn: &mut Conn, outage: OutageId, limit: i64) -> Result<usize> {
    let some: Vec<PaymentId> = payments::table
        .filter(
            payments::outage_id
                .eq(outage)
                .and(payments::next_fate.is_not_null()),
        )
        .limit(limit)
        .select(payments::id)
        .load(conn)?;
    diesel::update(payments::table.filter(payments::id.eq_any(&some)))
        .set((
            payments::next_fate.eq(None::<String>),
            payments::next_matched_by.eq(None::<String>),
            payments::next_key.eq(None::<String>),
        ))
        .execute(conn)
}

/// Money that came from a citizen or went back to them, as far as it decides whether they have paid.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Whose.
    pub key: String,
    /// Its import.
    pub import_id: ImportId,
    /// When; of a day alone its first instant.
    pub occurred_at: Timestamp,
    /// The file tells the day only.
    pub day_only: bool,
    /// How much.
    pub amount_cents: Option<i64>,
    /// A word of [`Fate`].
    pub fate: String,
    /// Since when it has counted.
    pub known_at: Option<Timestamp>,
}

/// What came from these citizens and went back to them, by imports that count and by one that is `staged`.
pub fn flows(
    conn: &mut Conn,
    outage: OutageId,
    keys: &[&str],
    staged: Option<ImportId>,
) -> Result<Vec<Flow>> {
    type Row = (
        Option<String>,
        ImportId,
        Timestamp,
        bool,
        Option<i64>,
        String,
        Option<Timestamp>,
        Option<Timestamp>,
    );
    let found: Vec<Row> = payments::table
        .inner_join(imports::table)
        .filter(
            payments::outage_id
                .eq(outage)
                .and(payments::identity_key.eq_any(keys))
                .and(payments::fate.eq_any([Fate::Paid, Fate::TooEarly, Fate::Refund].map(Fate::as_str))),
        )
        .filter(
            imports::state
                .eq(ImportState::Published.as_str())
                .or(imports::id.eq(staged.unwrap_or(0))),
        )
        .select((
            payments::identity_key,
            payments::import_id,
            payments::occurred_at,
            payments::day_only,
            payments::amount_cents,
            payments::fate,
            payments::matched_at,
            imports::published_at,
        ))
        .load(conn)?;
    let flow = |(key, import_id, occurred_at, day_only, amount_cents, fate, matched, published): Row| {
        Some(Flow {
            key: key?,
            import_id,
            occurred_at,
            day_only,
            amount_cents,
            fate,
            known_at: matched.or(published),
        })
    };
    Ok(found.into_iter().filter_map(flow).collect())
}

/// Citizens with a payment or a refund of this import and another one, of it or of an import that counts, by their key, those
/// after one of them.
pub fn of_several(
    conn: &mut Conn,
    (outage, import): (OutageId, ImportId),
    after: &str,
    limit: i64,
) -> Result<Vec<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        key: String,
    }
    let rows: Vec<Row> = fixed(
        "SELECT identity_key AS key FROM payments WHERE outage_id = ? AND identity_key > ? \
         AND fate IN ('paid', 'too_early', 'refund') \
         AND (import_id = ? OR import_id IN (SELECT id FROM imports WHERE state = 'published')) \
         GROUP BY identity_key HAVING COUNT(*) > 1 AND MAX(CASE WHEN import_id = ? THEN 1 ELSE 0 END) = 1 \
         ORDER BY identity_key LIMIT ?",
    )
    .bind::<BigInt, _>(outage)
    .bind::<Text, _>(after.to_owned())
    .bind::<BigInt, _>(import)
    .bind::<BigInt, _>(import)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// Citizens to whom money went back, by imports that count and by one that is `staged`.
pub fn refunded(conn: &mut Conn, outage: OutageId, staged: Option<ImportId>) -> Result<Vec<String>> {
    let keys: Vec<Option<String>> = payments::table
        .inner_join(imports::table)
        .filter(
            payments::outage_id
                .eq(outage)
                .and(payments::fate.eq(Fate::Refund.as_str())),
        )
        .filter(
            imports::state
                .eq(ImportState::Published.as_str())
                .or(imports::id.eq(staged.unwrap_or(0))),
        )
        .select(payments::identity_key)
        .distinct()
        .load(conn)?;
    Ok(keys.into_iter().flatten().collect())
}

/// The citizens whom an import found to have paid.
pub fn keys_paid(conn: &mut Conn, import: ImportId, among: &[&str]) -> Result<Vec<String>> {
    let keys: Vec<Option<String>> = payments::table
        .filter(
            payments::import_id
                .eq(import)
                .and(payments::fate.eq(Fate::Paid.as_str()))
                .and(payments::identity_key.eq_any(among)),
        )
        .select(payments::identity_key)
        .distinct()
        .load(conn)?;
    Ok(keys.into_iter().flatten().collect())
}

/// A payment as evidence on its citizen's case.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The payment.
    pub payment: Payment,
    /// The file it came in.
    pub file_name: String,
    /// Since when it has been known to be this citizen's.
    pub known_at: Timestamp,
}

/// The payments that count and were found to be this citizen's, also those made too early; oldest first.
pub fn of_citizen(conn: &mut Conn, outage: OutageId, identity_key: &str) -> Result<Vec<Evidence>> {
    type Row = (Payment, String, Option<Timestamp>, Option<Timestamp>);
    let rows: Vec<Row> = payments::table
        .inner_join(imports::table)
        .filter(
            payments::outage_id
                .eq(outage)
                .and(payments::identity_key.eq(identity_key)),
        )
        .filter(imports::state.eq(ImportState::Published.as_str()))
        .order((payments::occurred_at, payments::id))
        .select((
            Payment::as_select(),
            imports::file_name,
            payments::matched_at,
            imports::published_at,
        ))
        .load(conn)?;
    let evidence = |(payment, file_name, matched, published): Row| Evidence {
        known_at: matched.or(published).unwrap_or(payment.occurred_at),
        payment,
        file_name,
    };
    Ok(rows.into_iter().map(evidence).collect())
}

/// The payments of an import with one fate, after a line.
pub fn with_fate(
    conn: &mut Conn,
    import: ImportId,
    fate: Fate,
    after_line: i64,
    limit: i64,
) -> Result<Vec<Payment>> {
    payments::table
        .filter(
            payments::import_id
                .eq(import)
                .and(payments::fate.eq(fate.as_str()))
                .and(payments::line.gt(after_line)),
        )
        .order(payments::line)
        .limit(limit)
        .select(Payment::as_select())
        .load(conn)
}

/// How many payments of an import had each fate and were matched by what.
pub fn fates(conn: &mut Conn, import: ImportId) -> Result<Vec<(String, Option<String>, i64)>> {
    payments::table
        .filter(payments::import_id.eq(import))
        .group_by((payments::fate, payments::matched_by))
        .select((payments::fate, payments::matched_by, diesel::dsl::count_star()))
        .load(conn)
}

/// How many citizens an import found to have paid.
pub fn citizens_paid(conn: &mut Conn, import: ImportId) -> Result<i64> {
    payments::table
        .filter(
            payments::import_id
                .eq(import)
                .and(payments::fate.eq(Fate::Paid.as_str())),
        )
        .select(diesel::dsl::count(payments::identity_key).aggregate_distinct())
        .first(conn)
}

/// Citizens who have not paid, and how they can be reached.
#[derive(Clone, Copy, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Unpaid {
    #[diesel(sql_type = BigInt)]
    pub citizens: i64,
    #[diesel(sql_type = BigInt)]
    pub households: i64,
    #[diesel(sql_type = BigInt)]
    pub with_phone: i64,
    #[diesel(sql_type = BigInt)]
    pub email_only: i64,
}

/// How many citizens have not paid by the reconciliations that count, and by `staged` if it is named; `reopened` are those
/// whose payments all went back.
pub fn unpaid(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    (staged, reopened): (Option<ImportId>, &[String]),
) -> Result<Unpaid> {
    let staged = staged.unwrap_or(0);
    let listed = match conn {
        Conn::Sqlite(_) => "(SELECT value FROM json_each(?))",
        Conn::Postgres(_) => "(SELECT json_array_elements_text($1::json))",
    };
    let reopened = serde_json::to_string(reopened).unwrap_or_else(|_| "[]".to_owned());
    diesel::sql_query(format!(
        "SELECT COUNT(*) AS citizens, COUNT(DISTINCT phone) AS households, COUNT(phone) AS with_phone, \
         COUNT(CASE WHEN phone IS NULL THEN email END) AS email_only FROM cases c \
         WHERE c.outage_id = {outage} AND c.import_id <= {published} AND c.transactions > 0 \
         AND (c.identity_key IN {listed} OR NOT EXISTS (SELECT 1 FROM payments p JOIN imports i ON i.id = p.import_id \
         WHERE p.outage_id = c.outage_id AND p.identity_key = c.identity_key AND p.fate = 'paid' \
         AND (i.state = 'published' OR i.id = {staged})))"
    ))
    .bind::<Text, _>(reopened)
    .get_result(conn)
}

/// Whether records of an import are there.
pub fn has_rows(conn: &mut Conn, import: ImportId) -> Result<bool> {
    let records = payments::table.filter(payments::import_id.eq(import));
    diesel::select(diesel::dsl::exists(records)).get_result(conn)
}

/// Some payments of an import, as (id, whose they were).
pub fn some_of_import(
    conn: &mut Conn,
    import: ImportId,
    limit: i64,
) -> Result<Vec<(PaymentId, Option<String>)>> {
    payments::table
        .filter(payments::import_id.eq(import))
        .limit(limit)
        .select((payments::id, payments::identity_key))
        .load(conn)
}

/// Deletes up to `limit` payments of an import; answers how many.
pub fn delete_some(conn: &mut Conn, import: ImportId, limit: i64) -> Result<usize> {
    let some = some_of_import(conn, import, limit)?;
    let ids: Vec<PaymentId> = some.into_iter().map(|(id, _)| id).collect();
    delete(conn, &ids)
}

/// Deletes payments.
pub fn delete(conn: &mut Conn, ids: &[PaymentId]) -> Result<usize> {
    diesel::delete(payments::table.filter(payments::id.eq_any(ids))).execute(conn)
}
