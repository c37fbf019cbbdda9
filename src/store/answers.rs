//! What citizens answered by link; one answer counts, those before it stay for the history.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{AnswerId, CaseId};
use crate::domain::reply::Reply;
use crate::domain::timestamp::Timestamp;
use crate::schema::answers;
use diesel::prelude::*;

/// One answer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[allow(missing_docs)]
pub struct Answer {
    pub id: AnswerId,
    pub case_id: CaseId,
    /// A word of `domain::reply::Reply`.
    pub choice: String,
    /// When they are to be called.
    pub call_at: Option<Timestamp>,
    /// The number to call then, in E.164; none: the one we have.
    pub phone: Option<String>,
    /// In which language, as `es`.
    pub language: String,
    pub at: Timestamp,
    pub superseded_at: Option<Timestamp>,
}

/// What an answer is made of; the fields are those of [`Answer`].
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = answers)]
#[allow(missing_docs)]
pub struct NewAnswer<'a> {
    pub case_id: CaseId,
    pub choice: &'a str,
    pub call_at: Option<Timestamp>,
    pub phone: Option<&'a str>,
    pub language: &'a str,
    pub at: Timestamp,
}

/// Writes an answer down; a unique violation means that another was given in the same moment.
pub fn add(conn: &mut Conn, answer: &NewAnswer<'_>) -> Result<AnswerId> {
    diesel::insert_into(answers::table)
        .values(answer.clone())
        .returning(answers::id)
        .get_result(conn)
}

/// The answer of a case that counts.
pub fn standing(conn: &mut Conn, case: CaseId) -> Result<Option<Answer>> {
    answers::table
        .filter(answers::case_id.eq(case).and(answers::superseded_at.is_null()))
        .select(Answer::as_select())
        .first(conn)
        .optional()
}

/// The answers of these cases that count.
pub fn standing_of(conn: &mut Conn, cases: &[CaseId]) -> Result<Vec<Answer>> {
    answers::table
        .filter(
            answers::case_id
                .eq_any(cases)
                .and(answers::superseded_at.is_null()),
        )
        .order(answers::id)
        .select(Answer::as_select())
        .load(conn)
}

/// Whether the reader of an e-mail of that time, or of an earlier one, has said that the case is not theirs; whatever was
/// answered since by somebody with a later one.
pub fn disowned_since(conn: &mut Conn, case: CaseId, sent_at: Timestamp) -> Result<bool> {
    let disowned = answers::table
        .filter(answers::case_id.eq(case).and(answers::at.ge(sent_at)))
        .filter(answers::choice.eq(Reply::WrongPerson.as_str()));
    diesel::select(diesel::dsl::exists(disowned)).get_result(conn)
}

/// All answers of a case, the first first.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<Answer>> {
    answers::table
        .filter(answers::case_id.eq(case))
        .order(answers::id)
        .select(Answer::as_select())
        .load(conn)
}

/// Another answer takes this one's place.
pub fn supersede(conn: &mut Conn, id: AnswerId, now: Timestamp) -> Result<usize> {
    diesel::update(answers::table.find(id))
        .set(answers::superseded_at.eq(now))
        .execute(conn)
}
