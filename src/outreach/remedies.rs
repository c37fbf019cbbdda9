//! What the agency owes a citizen for the outage, ticked on the case.

use super::accounts::User;
use super::decide::visible;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CaseId, UserId};
use crate::domain::outcome::{Outcome, Rule};
use crate::domain::promise::remedy_due;
use crate::domain::remedy::Remedy;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::cases::Case;
use crate::store::remedies;

/// What a specialist promises in a call.
///
/// # Errors
/// The caller is no specialist.
pub(super) fn promise(
    conn: &mut Conn,
    by: &User,
    (attempt, cases): (AttemptId, &[CaseId]),
    owed: &[Remedy],
    now: Timestamp,
) -> Result<()> {
    if !owed.is_empty() && !by.specialist {
        return Err(Error::invalid(
            "remedies",
            "Only specialists promise what is owed.",
        ));
    }
    for (case, remedy) in cases
        .iter()
        .flat_map(|case| owed.iter().map(move |remedy| (case, remedy)))
    {
        let times = (now, remedy_due(now));
        remedies::add(conn, *case, remedy.as_str(), (by.id, Some(attempt)), times)?;
    }
    Ok(())
}

/// A call after which nobody calls again does not bring money back that was taken: it goes on being owed, until the billing team
/// has returned or booked it.
pub(super) fn owe_money_back(
    conn: &mut Conn,
    by: UserId,
    (attempt, outcome): (AttemptId, &Outcome),
    about: &[Case],
    now: Timestamp,
) -> Result<()> {
    if !matches!(outcome.rule, Rule::Close { .. } | Rule::Suppress { .. }) {
        return Ok(());
    }
    for case in about.iter().filter(|case| case.charged().was_taken()) {
        let owed = Remedy::FeeRefunded.as_str();
        remedies::add(conn, case.id, owed, (by, Some(attempt)), (now, remedy_due(now)))?;
    }
    Ok(())
}

impl Office {
    /// These remedies are owed to a case, and no others.
    ///
    /// # Errors
    /// Not a supervisor, or no such case.
    pub fn set_remedies(&self, by: &User, id: CaseId, owed: &[Remedy]) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.db.write(|conn| {
            let case = visible(conn, id)?;
            for remedy in Remedy::ALL {
                if owed.contains(remedy) {
                    remedies::add(
                        conn,
                        case.id,
                        remedy.as_str(),
                        (by.id, None),
                        (now, remedy_due(now)),
                    )?;
                } else {
                    remedies::withdraw(conn, case.id, remedy.as_str(), by.id, now)?;
                }
            }
            Ok(())
        })
    }
}
