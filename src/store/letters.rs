//! Letters to citizens whom nothing else reaches.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, ImportId, LetterId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, letters, transactions, users};
use crate::store::cases::Case;
use diesel::prelude::*;

/// One letter that was sent.
#[derive(Clone, Debug, Queryable, Selectable)]
#[allow(missing_docs)]
pub struct Letter {
    pub id: LetterId,
    pub case_id: CaseId,
    pub user_id: UserId,
    pub sent_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// Who took it back.
    pub withdrawn_by: Option<UserId>,
}

/// Notes that a letter to a case went out, and until when it was promised.
pub fn add(
    conn: &mut Conn,
    case: CaseId,
    by: UserId,
    (now, due_at): (Timestamp, Option<Timestamp>),
) -> Result<usize> {
    diesel::insert_into(letters::table)
        .values((
            letters::case_id.eq(case),
            letters::user_id.eq(by),
            letters::sent_at.eq(now),
            letters::due_at.eq(due_at),
        ))
        .execute(conn)
}

/// The letter with an id.
pub fn find(conn: &mut Conn, id: LetterId) -> Result<Option<Letter>> {
    letters::table
        .find(id)
        .select(Letter::as_select())
        .first(conn)
        .optional()
}

/// The letters to a case with who sent them, oldest first, those taken back too.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<(Letter, String)>> {
    letters::table
        .inner_join(users::table)
        .filter(letters::case_id.eq(case))
        .order(letters::id)
        .select((Letter::as_select(), users::name))
        .load(conn)
}

/// When letters to these cases went out, those that stand.
pub fn standing(conn: &mut Conn, cases: &[CaseId]) -> Result<Vec<(CaseId, Timestamp)>> {
    letters::table
        .filter(letters::case_id.eq_any(cases))
        .filter(letters::withdrawn_at.is_null())
        .select((letters::case_id, letters::sent_at))
        .load(conn)
}

/// It was not sent after all; 0 if that was known.
pub fn withdraw(conn: &mut Conn, id: LetterId, by: UserId, now: Timestamp) -> Result<usize> {
    let standing = letters::table.filter(letters::id.eq(id).and(letters::withdrawn_at.is_null()));
    diesel::update(standing)
        .set((letters::withdrawn_at.eq(now), letters::withdrawn_by.eq(by)))
        .execute(conn)
}

/// The visible cases after an id that a letter is for: those it has still to be sent to, and those it was.
pub fn page(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    after: CaseId,
    limit: i64,
) -> Result<Vec<(Case, Option<Letter>)>> {
    let sent = letters::case_id
        .eq(cases::id)
        .and(letters::withdrawn_at.is_null());
    cases::table
        .left_join(letters::table.on(sent))
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .filter(cases::transactions.gt(0).and(cases::id.gt(after)))
        .filter(cases::stage.eq("letter").or(letters::id.is_not_null()))
        .order(cases::id)
        .limit(limit)
        .select((Case::as_select(), Option::<Letter>::as_select()))
        .load(conn)
}

/// How many letters have still to be sent.
pub fn to_send(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<i64> {
    cases::table
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .filter(cases::transactions.gt(0).and(cases::stage.eq("letter")))
        .count()
        .get_result(conn)
}

/// The postal addresses that the files gave for these identities of an outage, the latest failed payment last.
pub fn addresses(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    identities: &[&str],
) -> Result<Vec<(Option<String>, Option<String>)>> {
    transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::import_id.le(published)),
        )
        .filter(transactions::identity_key.eq_any(identities))
        .filter(
            transactions::bin
                .eq("accepted")
                .and(transactions::address.is_not_null()),
        )
        .order((transactions::occurred_at, transactions::id))
        .select((transactions::identity_key, transactions::address))
        .load(conn)
}
