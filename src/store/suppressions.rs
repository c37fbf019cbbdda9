//! Numbers and addresses that must not be contacted, across outages; lifted, never deleted.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{AnswerId, AttemptId, DiagnosisId, SuppressionId, UserId};
use crate::domain::stops::Stop;
use crate::domain::text_enum::text_enum;
use crate::domain::timestamp::Timestamp;
use crate::schema::suppressions;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

text_enum! {
    /// What must not be contacted.
    pub enum Kind {
        /// A number in E.164.
        Phone = "phone",
        /// An e-mail address.
        Email = "email",
    }
}

/// One suppression.
#[derive(Clone, Debug, Queryable, Selectable)]
#[allow(missing_docs)]
pub struct Suppression {
    pub id: SuppressionId,
    /// A word of [`Kind`].
    pub kind: String,
    pub value: String,
    /// An outcome's key, a word of `domain::reply::Reply`, `bounced`, `complained`, `unsubscribed`, or what a supervisor wrote.
    pub reason: String,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub lifted_at: Option<Timestamp>,
    pub lifted_by: Option<UserId>,
    pub lifted_because: Option<String>,
    /// Of an address that is held to be dead: what mail servers say of it.
    pub diagnosis_id: Option<DiagnosisId>,
}

/// One page of all suppressions, lifted ones too, the latest first.
pub fn page(conn: &mut Conn, (offset, limit): (i64, i64)) -> Result<Vec<Suppression>> {
    suppressions::table
        .order(suppressions::id.desc())
        .offset(offset)
        .limit(limit)
        .select(Suppression::as_select())
        .load(conn)
}

/// How many there are.
pub fn count(conn: &mut Conn) -> Result<i64> {
    suppressions::table.count().get_result(conn)
}

/// Those whose value holds a text, the latest first.
pub fn find(conn: &mut Conn, part: &str, limit: i64) -> Result<Vec<Suppression>> {
    let plain: String = part.chars().filter(|letter| !"%_\\".contains(*letter)).collect();
    suppressions::table
        .filter(suppressions::value.like(format!("%{plain}%")))
        .order(suppressions::id.desc())
        .limit(limit)
        .select(Suppression::as_select())
        .load(conn)
}

/// The suppression with an id.
pub fn with_id(conn: &mut Conn, id: SuppressionId) -> Result<Option<Suppression>> {
    suppressions::table
        .find(id)
        .select(Suppression::as_select())
        .first(conn)
        .optional()
}

/// Lifts one, by somebody and for a reason; 0 if it was before.
pub fn lift(
    conn: &mut Conn,
    id: SuppressionId,
    (by, because): (UserId, &str),
    now: Timestamp,
) -> Result<usize> {
    let standing = suppressions::table.filter(suppressions::id.eq(id).and(suppressions::lifted_at.is_null()));
    diesel::update(standing)
        .set((
            suppressions::lifted_at.eq(now),
            suppressions::lifted_by.eq(by),
            suppressions::lifted_because.eq(because),
        ))
        .execute(conn)
}

/// Whose wish it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// The identity key of the person; none: nobody's in particular.
    pub person: Option<&'a str>,
    /// The identity keys of those who share the number and have not wished it.
    pub spares: &'a [&'a str],
}

/// A row to add: what is suppressed and why; each cause fills in what it knows.
#[derive(Default, Insertable)]
#[diesel(table_name = suppressions)]
struct New<'a> {
    kind: &'a str,
    value: &'a str,
    reason: &'a str,
    created_at: Timestamp,
    attempt_id: Option<AttemptId>,
    answer_id: Option<AnswerId>,
    created_by: Option<UserId>,
    person: Option<&'a str>,
    spares: Option<String>,
    diagnosis_id: Option<DiagnosisId>,
}

fn insert(conn: &mut Conn, new: &New<'_>) -> Result<usize> {
    diesel::insert_into(suppressions::table).values(new).execute(conn)
}

/// Suppresses a number, as a person of that number wished in a call.
pub fn add_wished(
    conn: &mut Conn,
    phone: &str,
    (reason, wish): (&str, Wish<'_>),
    attempt: AttemptId,
    now: Timestamp,
) -> Result<usize> {
    let new = New {
        kind: Kind::Phone.as_str(),
        value: phone,
        reason,
        created_at: now,
        attempt_id: Some(attempt),
        person: wish.person,
        spares: (!wish.spares.is_empty()).then(|| serde_json::json!(wish.spares).to_string()),
        ..New::default()
    };
    insert(conn, &new)
}

/// Suppresses a value, because of an attempt or by a person's decision.
pub fn add(
    conn: &mut Conn,
    (kind, value): (Kind, &str),
    reason: &str,
    (attempt, user): (Option<AttemptId>, Option<UserId>),
    now: Timestamp,
) -> Result<usize> {
    let new = New {
        kind: kind.as_str(),
        value,
        reason,
        created_at: now,
        attempt_id: attempt,
        created_by: user,
        ..New::default()
    };
    insert(conn, &new)
}

/// Suppresses an address that is held to be dead.
pub fn add_bounced(
    conn: &mut Conn,
    address: &str,
    (reason, diagnosis): (&str, DiagnosisId),
    now: Timestamp,
) -> Result<usize> {
    let new = New {
        kind: Kind::Email.as_str(),
        value: address,
        reason,
        created_at: now,
        diagnosis_id: Some(diagnosis),
        ..New::default()
    };
    insert(conn, &new)
}

/// Whether a value is suppressed for this reason.
pub fn stands(conn: &mut Conn, (kind, value): (Kind, &str), reason: &str) -> Result<bool> {
    let standing = suppressions::table
        .filter(
            suppressions::kind
                .eq(kind.as_str())
                .and(suppressions::value.eq(value)),
        )
        .filter(
            suppressions::reason
                .eq(reason)
                .and(suppressions::lifted_at.is_null()),
        );
    diesel::select(diesel::dsl::exists(standing)).get_result(conn)
}

/// How many are suppressed for what mail servers say of their addresses.
pub fn count_of_diagnosis(conn: &mut Conn, diagnosis: DiagnosisId) -> Result<i64> {
    suppressions::table
        .filter(
            suppressions::diagnosis_id
                .eq(diagnosis)
                .and(suppressions::lifted_at.is_null()),
        )
        .count()
        .get_result(conn)
}

/// Lifts what an address is suppressed for by a diagnosis, by somebody and for a reason.
pub fn lift_of_diagnosis(
    conn: &mut Conn,
    (diagnosis, address): (DiagnosisId, &str),
    (by, because): (UserId, &str),
    now: Timestamp,
) -> Result<usize> {
    let standing = suppressions::table
        .filter(
            suppressions::diagnosis_id
                .eq(diagnosis)
                .and(suppressions::value.eq(address)),
        )
        .filter(suppressions::lifted_at.is_null());
    diesel::update(standing)
        .set((
            suppressions::lifted_at.eq(now),
            suppressions::lifted_by.eq(by),
            suppressions::lifted_because.eq(because),
        ))
        .execute(conn)
}

/// Suppresses a value because its person said so by link.
pub fn add_answered(
    conn: &mut Conn,
    (kind, value): (Kind, &str),
    (reason, person): (&str, &str),
    answer: AnswerId,
    now: Timestamp,
) -> Result<usize> {
    let new = New {
        kind: kind.as_str(),
        value,
        reason,
        created_at: now,
        answer_id: Some(answer),
        person: Some(person),
        ..New::default()
    };
    insert(conn, &new)
}

/// Lifts what an answer caused, when another takes its place.
pub fn lift_of_answer(conn: &mut Conn, answer: AnswerId, now: Timestamp) -> Result<usize> {
    let standing = suppressions::table.filter(
        suppressions::answer_id
            .eq(answer)
            .and(suppressions::lifted_at.is_null()),
    );
    diesel::update(standing)
        .set(suppressions::lifted_at.eq(now))
        .execute(conn)
}

/// Since when one of these values must not be contacted by anybody, if so.
pub fn since(conn: &mut Conn, kind: Kind, values: &[&str]) -> Result<Option<Timestamp>> {
    if values.is_empty() {
        return Ok(None);
    }
    suppressions::table
        .filter(
            suppressions::kind
                .eq(kind.as_str())
                .and(suppressions::value.eq_any(values)),
        )
        .filter(
            suppressions::lifted_at
                .is_null()
                .and(suppressions::spares.is_null()),
        )
        .select(diesel::dsl::min(suppressions::created_at))
        .first(conn)
}

/// What stands in the way of calling these people at these numbers.
pub fn stops(conn: &mut Conn, people: &[&str], phones: &[&str]) -> Result<Vec<Stop>> {
    if !are_there(conn)? {
        return Ok(Vec::new());
    }
    let columns = (
        suppressions::id,
        suppressions::value,
        suppressions::created_at,
        suppressions::person,
        suppressions::spares,
    );
    let standing = suppressions::table
        .filter(
            suppressions::kind
                .eq(Kind::Phone.as_str())
                .and(suppressions::lifted_at.is_null()),
        )
        .select(columns);
    let mut found: Vec<Stopped> = standing.filter(suppressions::value.eq_any(phones)).load(conn)?;
    found.extend(
        standing
            .filter(suppressions::person.eq_any(people))
            .load::<Stopped>(conn)?,
    );
    let mut seen = BTreeSet::new();
    found.retain(|(id, ..)| seen.insert(*id));
    Ok(found.into_iter().map(stop).collect())
}

type Stopped = (SuppressionId, String, Timestamp, Option<String>, Option<String>);

/// Spares that cannot be read spare nobody.
fn stop((_, phone, at, person, spares): Stopped) -> Stop {
    let spares = spares.and_then(|text| serde_json::from_str(&text).ok());
    Stop {
        phone,
        at,
        person,
        spares: spares.unwrap_or_default(),
    }
}

/// Since when each of these e-mails must not be written to, those of which that is so.
pub fn unmailed(conn: &mut Conn, emails: &[&str]) -> Result<Since> {
    match are_there(conn)? {
        true => of_kind(conn, Kind::Email, emails),
        false => Ok(Since::new()),
    }
}

/// What must not be contacted, and since when.
pub type Since = HashMap<String, Timestamp>;

fn of_kind(conn: &mut Conn, kind: Kind, values: &[&str]) -> Result<Since> {
    if values.is_empty() {
        return Ok(Since::new());
    }
    let found: Vec<(String, Option<Timestamp>)> = suppressions::table
        .filter(
            suppressions::kind
                .eq(kind.as_str())
                .and(suppressions::value.eq_any(values))
                .and(suppressions::lifted_at.is_null()),
        )
        .group_by(suppressions::value)
        .select((suppressions::value, diesel::dsl::min(suppressions::created_at)))
        .load(conn)?;
    Ok(found
        .into_iter()
        .filter_map(|(value, at)| Some((value, at?)))
        .collect())
}

/// Whether anything must not be contacted: most evenings begin without, and then nobody is looked up.
fn are_there(conn: &mut Conn) -> Result<bool> {
    let standing = suppressions::table.filter(suppressions::lifted_at.is_null());
    diesel::select(diesel::dsl::exists(standing)).get_result(conn)
}

/// Another attempt stands for this one with these people: what it suppressed for them is what it caused.
pub fn hand_over(conn: &mut Conn, (from, to): (AttemptId, AttemptId), people: &[&str]) -> Result<usize> {
    let theirs = suppressions::table.filter(
        suppressions::attempt_id
            .eq(from)
            .and(suppressions::person.eq_any(people)),
    );
    diesel::update(theirs)
        .set(suppressions::attempt_id.eq(to))
        .execute(conn)
}

/// Lifts what an attempt caused, when it no longer counts.
pub fn lift_of_attempt(conn: &mut Conn, attempt: AttemptId, by: UserId, now: Timestamp) -> Result<usize> {
    let standing = suppressions::table.filter(
        suppressions::attempt_id
            .eq(attempt)
            .and(suppressions::lifted_at.is_null()),
    );
    diesel::update(standing)
        .set((suppressions::lifted_at.eq(now), suppressions::lifted_by.eq(by)))
        .execute(conn)
}
