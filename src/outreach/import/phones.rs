//! The phones of an import that a person should look at before it counts: of many people, or of names that do not fit.

use super::{Import, ImportState};
use crate::domain::ids::{HouseholdId, ImportId};
use crate::outreach::outages::Outage;
use crate::outreach::{Error, Office, Result};
use crate::store::shared_phones;

pub use crate::store::shared_phones::{AtPhone, SharedPhone};

impl Office {
    /// Phones of five or more people, or of people with different family names, that an import brings people to, those with
    /// the most people first.
    pub fn phones_to_check(&self, outage: &Outage, import: &Import, limit: i64) -> Result<Vec<SharedPhone>> {
        let until = seen_from(outage, import);
        Ok(self
            .db
            .read(|conn| shared_phones::to_check(conn, (outage.id, until), import.id, limit))?)
    }

    /// One phone of an outage as an import shows it.
    ///
    /// # Errors
    /// Nobody of the outage is at it.
    pub fn shared_phone(&self, outage: &Outage, import: &Import, id: HouseholdId) -> Result<SharedPhone> {
        let until = seen_from(outage, import);
        self.db
            .read(|conn| shared_phones::find(conn, (outage.id, until), id))?
            .ok_or(Error::NotFound("household"))
    }

    /// The people at it by name, so many after so many.
    pub fn people_at(
        &self,
        outage: &Outage,
        import: &Import,
        id: HouseholdId,
        part: (i64, i64),
    ) -> Result<Vec<AtPhone>> {
        let until = seen_from(outage, import);
        Ok(self
            .db
            .read(|conn| shared_phones::at(conn, (outage.id, until), id, part))?)
    }
}

/// Up to which import people are counted: one that waits for its yes shows those that count and its own.
fn seen_from(outage: &Outage, import: &Import) -> ImportId {
    match import.state() {
        ImportState::Checked => import.id,
        _ => outage.published_import_id,
    }
}
