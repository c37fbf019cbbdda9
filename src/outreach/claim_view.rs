//! A claim as a program sees it: the number to call and the people behind it, with what failed for each.

use super::accounts::User;
use super::lease::own;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{CaseId, ClaimId, HouseholdId, ImportId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::case_files::{self, Payment};
use crate::store::cases::{self, Case};
use crate::store::claims::Claim;
use crate::store::{attempts, households, outages};

/// A case has a handful of failed payments; a file gone wrong may give it thousands.
const PAYMENTS: i64 = 200;

/// A household in a caller's hands.
#[derive(Clone, Debug)]
pub struct ClaimView {
    /// The claim.
    pub id: ClaimId,
    /// Whom it is about.
    pub household: HouseholdId,
    /// When it lapses, unless it is extended.
    pub expires_at: Timestamp,
    /// The number to call, E.164.
    pub phone: String,
    /// Those who still wait for an outcome, each with their failed payments, oldest first. If nobody
    /// does (somebody rang in whose case is closed), everyone.
    pub cases: Vec<(Case, Vec<Payment>)>,
}

impl Office {
    /// One of a caller's own claims.
    ///
    /// # Errors
    /// It is another's, lapsed, or was given back.
    pub fn claim_view(&self, caller: &User, id: ClaimId) -> Result<ClaimView> {
        let now = self.now();
        self.db.read(|conn| {
            let claim = own(conn, id, caller)?;
            if !claim.is_live(now) {
                return Err(Error::NotFound("claim"));
            }
            view(conn, &claim)
        })
    }

    /// A claim that its caller was given this moment.
    pub fn view_of(&self, claim: &Claim) -> Result<ClaimView> {
        self.db.read(|conn| view(conn, claim))
    }
}

fn view(conn: &mut Conn, claim: &Claim) -> Result<ClaimView> {
    let published = outages::published(conn, claim.outage_id)?.ok_or(Error::NotFound("outage"))?;
    let household = households::find(conn, claim.household_id)?.ok_or(Error::NotFound("household"))?;
    let members = cases::of_household(conn, household.id, published)?;
    let done = attempts::cases_done_by_claim(conn, claim)?;
    Ok(ClaimView {
        id: claim.id,
        household: household.id,
        expires_at: claim.expires_at,
        phone: household.phone,
        cases: with_payments(conn, published, waiting(members, &done))?,
    })
}

fn waiting(members: Vec<Case>, done: &[CaseId]) -> Vec<Case> {
    let open = |case: &&Case| case.stage != Stage::Closed.as_str() && !done.contains(&case.id);
    let waiting: Vec<Case> = members.iter().filter(open).cloned().collect();
    if waiting.is_empty() { members } else { waiting }
}

fn with_payments(
    conn: &mut Conn,
    published: ImportId,
    cases: Vec<Case>,
) -> Result<Vec<(Case, Vec<Payment>)>> {
    let mut with = Vec::with_capacity(cases.len());
    for case in cases {
        let payments = case_files::payments(conn, &case, published, PAYMENTS)?;
        with.push((case, payments));
    }
    Ok(with)
}
