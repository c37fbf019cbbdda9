//! Callers' leases on households. Two partial unique indexes decide every race: at most one live claim
//! a household, and one a caller and outage.

use super::Result;
use super::fixed::fixed;
use crate::db::Conn;
use crate::domain::ids::{ClaimId, HouseholdId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, claims};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// One claim. Its id is the fencing token: a later claim has a larger one.
#[derive(Clone, Debug, Queryable, Selectable, serde::Serialize, serde::Deserialize)]
#[diesel(table_name = claims)]
#[allow(missing_docs)]
pub struct Claim {
    pub id: ClaimId,
    pub outage_id: OutageId,
    pub household_id: HouseholdId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub released_at: Option<Timestamp>,
}

impl Claim {
    /// Whether the caller still holds the household.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.released_at.is_none() && self.expires_at > now
    }
}

/// Takes a household. A unique violation means that somebody was faster.
pub fn add(
    conn: &mut Conn,
    (outage, household, user): (OutageId, HouseholdId, UserId),
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Claim> {
    diesel::insert_into(claims::table)
        .values((
            claims::outage_id.eq(outage),
            claims::household_id.eq(household),
            claims::user_id.eq(user),
            claims::created_at.eq(now),
            claims::expires_at.eq(expires_at),
        ))
        .returning(claims::all_columns)
        .get_result(conn)
}

/// The claim with an id.
pub fn find(conn: &mut Conn, id: ClaimId) -> Result<Option<Claim>> {
    claims::table
        .find(id)
        .select(Claim::as_select())
        .first(conn)
        .optional()
}

/// The claim that a caller has not given back, live or lapsed.
pub fn of_caller(conn: &mut Conn, outage: OutageId, user: UserId) -> Result<Option<Claim>> {
    claims::table
        .filter(
            claims::outage_id
                .eq(outage)
                .and(claims::user_id.eq(user))
                .and(claims::released_at.is_null()),
        )
        .select(Claim::as_select())
        .first(conn)
        .optional()
}

/// The claim on a household that is not given back, live or lapsed.
pub fn on_household(conn: &mut Conn, household: HouseholdId) -> Result<Option<Claim>> {
    claims::table
        .filter(
            claims::household_id
                .eq(household)
                .and(claims::released_at.is_null()),
        )
        .select(Claim::as_select())
        .first(conn)
        .optional()
}

/// Whether somebody took the household after this claim.
pub fn was_taken_over(conn: &mut Conn, claim: &Claim) -> Result<bool> {
    let later = claims::table.filter(
        claims::household_id
            .eq(claim.household_id)
            .and(claims::id.gt(claim.id)),
    );
    diesel::select(diesel::dsl::exists(later)).get_result(conn)
}

/// Gives a claim back.
pub fn release(conn: &mut Conn, id: ClaimId, now: Timestamp) -> Result<usize> {
    fixed("UPDATE claims SET released_at = ? WHERE id = ? AND released_at IS NULL")
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(id)
        .execute(conn)
}

/// Whether somebody has or had a household in hand.
pub fn was_held_by(conn: &mut Conn, household: HouseholdId, user: UserId) -> Result<bool> {
    let theirs = claims::table.filter(claims::household_id.eq(household).and(claims::user_id.eq(user)));
    diesel::select(diesel::dsl::exists(theirs)).get_result(conn)
}

/// Gives back whatever a caller has in hand, in any outage.
pub fn release_all_of(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<usize> {
    let held = claims::table.filter(claims::user_id.eq(user).and(claims::released_at.is_null()));
    diesel::update(held)
        .set(claims::released_at.eq(now))
        .execute(conn)
}

/// Gives back the lapsed claim that stands on a household, if there is one.
pub fn release_lapsed(conn: &mut Conn, household: HouseholdId, now: Timestamp) -> Result<usize> {
    let lapsed = claims::table
        .filter(
            claims::household_id
                .eq(household)
                .and(claims::released_at.is_null()),
        )
        .filter(claims::expires_at.le(now));
    diesel::update(lapsed)
        .set(claims::released_at.eq(now))
        .execute(conn)
}

/// Lengthens a live claim; answers 0 if it has lapsed or was given back.
pub fn extend(conn: &mut Conn, id: ClaimId, now: Timestamp, until: Timestamp) -> Result<usize> {
    let live = claims::table.filter(
        claims::id
            .eq(id)
            .and(claims::released_at.is_null())
            .and(claims::expires_at.gt(now)),
    );
    diesel::update(live)
        .set(claims::expires_at.eq(until))
        .execute(conn)
}

/// Holds a claim on, lapsed or not; answers 0 if it was given back, as by whoever took its household.
pub fn renew(conn: &mut Conn, id: ClaimId, until: Timestamp) -> Result<usize> {
    let kept = claims::table.filter(claims::id.eq(id).and(claims::released_at.is_null()));
    diesel::update(kept)
        .set(claims::expires_at.eq(until))
        .execute(conn)
}

/// The claims of an outage that are not given back, live or lapsed: at most one a caller.
pub fn not_given_back(conn: &mut Conn, outage: OutageId) -> Result<Vec<Claim>> {
    claims::table
        .filter(claims::outage_id.eq(outage).and(claims::released_at.is_null()))
        .select(Claim::as_select())
        .load(conn)
}

/// The live claims of an outage: who is on a call now.
pub fn live(conn: &mut Conn, outage: OutageId, now: Timestamp) -> Result<Vec<Claim>> {
    claims::table
        .filter(
            claims::outage_id
                .eq(outage)
                .and(claims::released_at.is_null())
                .and(claims::expires_at.gt(now)),
        )
        .order(claims::user_id)
        .select(Claim::as_select())
        .load(conn)
}

/// The cases of the households that callers have in hand, live or lapsed, to ask for within another query.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn cases_in_hand(outage: OutageId) -> _ {
    let held = claims::table
        .filter(claims::outage_id.eq(outage).and(claims::released_at.is_null()))
        .select(claims::household_id.nullable());
    cases::table
        .filter(cases::household_id.eq_any(held))
        .select(cases::id)
}
