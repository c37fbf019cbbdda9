//! Finding people by whatever somebody on the phone tells: any piece of a name, a number, an account, an
//! address or a case number; and keeping the index that finds them in a moment.

use super::outages::Outage;
use super::{Error, Office, Result};
use crate::domain::ids::CaseId;
use crate::domain::search::sought;
use crate::store::case_search::{self, Within};
use crate::store::cases::Case;
use crate::store::outages;

/// So many cases go into the index at once: short enough for nobody to wait for it.
const BATCH: i64 = 500;

impl Office {
    /// Up to `limit` visible cases of an outage that a piece of text finds, open ones first.
    pub fn find_people(&self, slug: &str, text: &str, limit: usize) -> Result<(Outage, Vec<Case>)> {
        let sought = sought(text);
        self.db.read(|conn| {
            let outage = outages::with_slug(conn, slug)?.ok_or(Error::NotFound("outage"))?;
            let within = Within {
                outage: Some(outage.id),
                after: 0,
                limit: i64::try_from(limit).unwrap_or(i64::MAX),
            };
            let found = match &sought {
                Some(sought) => case_search::found(conn, within, sought)?,
                None => Vec::new(),
            };
            let mut found: Vec<Case> = found.into_iter().map(|(case, _)| case).collect();
            found.sort_by_key(|case| (case.stage == "closed", case.id));
            Ok((outage, found))
        })
    }

    /// Up to `limit` visible cases that a piece of text finds, each with the slug of its outage, in the
    /// order of their numbers beginning after `after`; of one outage or of all.
    ///
    /// # Errors
    /// The text is too short, or there is no such outage.
    pub fn search(
        &self,
        text: &str,
        slug: Option<&str>,
        after: CaseId,
        limit: i64,
    ) -> Result<Vec<(Case, String)>> {
        let sought = sought(text).ok_or_else(|| {
            let right = "Write at least two letters or digits of a name, phone number, account or e-mail address, or #number of a case.";
            Error::invalid("q", right)
        })?;
        self.db.read(|conn| {
            let outage = match slug {
                Some(slug) => {
                    let found = outages::with_slug(conn, slug)?;
                    Some(found.ok_or(Error::NotFound("outage"))?.id)
                }
                None => None,
            };
            let within = Within { outage, after, limit };
            Ok(case_search::found(conn, within, &sought)?)
        })
    }

    /// Puts the next cases into the index; whether there is more to do. Until it is done they are found all
    /// the same, only slower.
    pub fn index_cases(&self) -> Result<bool> {
        if self.db.read(case_search::is_complete)? {
            return Ok(false);
        }
        let now = self.now();
        Ok(self
            .db
            .write(|conn| case_search::index_some(conn, BATCH, now))?
            .is_some())
    }
}
