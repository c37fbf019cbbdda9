//! What the agency owes a citizen for the outage, ticked on the case.

use super::accounts::User;
use super::decide::visible;
use super::{Office, Result};
use crate::domain::ids::CaseId;
use crate::domain::promise::remedy_due;
use crate::domain::remedy::Remedy;
use crate::domain::role::Role;
use crate::store::remedies;

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
                    remedies::add(conn, case.id, remedy.as_str(), by.id, (now, remedy_due(now)))?;
                } else {
                    remedies::withdraw(conn, case.id, remedy.as_str(), by.id, now)?;
                }
            }
            Ok(())
        })
    }
}
