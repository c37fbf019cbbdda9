//! What citizens say that the outage cost them: noted from their page, decided by a supervisor. It bears on no case.

use super::accounts::User;
use super::decide::visible;
use super::editors::Editors;
use super::{Error, Office, Result, note};
use crate::domain::cost::CostDecision;
use crate::domain::ids::{CostId, OutageId};
use crate::domain::role::Role;
use crate::store::cases::Case;
use crate::store::costs::{self, Cost, Standing};
use crate::store::outages;

/// Longest reason, in characters.
const LONGEST: usize = 500;

/// Which costs are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// Those that nobody has decided.
    #[default]
    Open,
    /// Those decided so.
    Decided(CostDecision),
}

/// A page of the costs of an outage.
#[derive(Clone, Debug)]
pub struct Costs {
    /// Each with its case, the latest first.
    pub rows: Vec<(Cost, Case)>,
    /// How many there are.
    pub total: i64,
    /// Who decided, by name.
    pub names: Editors,
}

impl Office {
    /// A page of what the outage cost its citizens, for supervisors.
    ///
    /// # Errors
    /// Not a supervisor, or no such outage.
    pub fn costs(&self, by: &User, outage: OutageId, wanted: Wanted, page: (i64, i64)) -> Result<Costs> {
        by.must_be(Role::Supervisor)?;
        self.db.read(|conn| {
            let published = outages::published(conn, outage)?.ok_or(Error::NotFound("outage"))?;
            let standing = match &wanted {
                Wanted::All => Standing::All,
                Wanted::Open => Standing::Open,
                Wanted::Decided(decision) => Standing::Decided(decision.as_str()),
            };
            let (rows, total) = costs::page(conn, (outage, published), standing, page)?;
            let names = Editors::with_ids(conn, rows.iter().flat_map(|(cost, _)| people(cost)))?;
            Ok(Costs { rows, total, names })
        })
    }

    /// Says what becomes of a cost, with a word why.
    ///
    /// # Errors
    /// Not a supervisor, no such cost, decided already, or a reason that must not be kept or is missing for a refusal.
    pub fn decide_cost(&self, by: &User, id: CostId, decision: CostDecision, reason: &str) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let reason = note::allowed(reason)?;
        if reason.chars().count() > LONGEST {
            return Err(Error::invalid(
                "reason",
                format!("A reason has up to {LONGEST} characters."),
            ));
        }
        if decision == CostDecision::Refused && reason.is_empty() {
            return Err(Error::invalid("reason", "Say in a word why it is refused."));
        }
        let now = self.now();
        self.once("decide_cost", |conn| {
            let cost = costs::find(conn, id)?.ok_or(Error::NotFound("cost"))?;
            visible(conn, cost.case_id)?;
            if costs::decide(conn, id, (decision.as_str(), reason), (by.id, now))? == 0 {
                return Err(Error::Conflict("Somebody has decided this already.".into()));
            }
            Ok(())
        })
    }

    /// Takes such a decision back: the cost is open again.
    ///
    /// # Errors
    /// Not a supervisor, no such cost, or it is open.
    pub fn reopen_cost(&self, by: &User, id: CostId) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.once("reopen_cost", |conn| {
            let cost = costs::find(conn, id)?.ok_or(Error::NotFound("cost"))?;
            visible(conn, cost.case_id)?;
            if costs::reopen(conn, id, (by.id, now))? == 0 {
                return Err(Error::Conflict("This is open already.".into()));
            }
            Ok(())
        })
    }
}

fn people(cost: &Cost) -> impl Iterator<Item = crate::domain::ids::UserId> {
    cost.decided_by.into_iter().chain(cost.reopened_by)
}
