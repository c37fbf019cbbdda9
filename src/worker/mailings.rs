//! Choosing on whom a mailing writes to, where that broke off.

use crate::domain::ids::CampaignId;
use crate::outreach::{Office, Result};
use std::time::{Duration, Instant};

/// Between two looks for a mailing that broke off.
const LOOK: Duration = Duration::from_secs(10);

/// The mailing that goes on here.
#[derive(Default)]
pub(super) struct Mailings {
    going_on: Option<CampaignId>,
    looked: Option<Instant>,
}

impl Mailings {
    /// Chooses the next few; says whether there are more.
    pub(super) fn step(&mut self, office: &Office) -> Result<bool> {
        if self.going_on.is_none() {
            if self.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
                return Ok(false);
            }
            self.looked = Some(Instant::now());
            self.going_on = office.broken_off_mailing()?;
        }
        let Some(id) = self.going_on else {
            return Ok(false);
        };
        let more = office.choose_some(id)?;
        if !more {
            tracing::info!(
                campaign = id,
                "whom a mailing writes to is chosen now; it had broken off"
            );
            (self.going_on, self.looked) = (None, None);
        }
        Ok(more)
    }
}
