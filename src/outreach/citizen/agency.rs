//! The agency, as citizens know it: who calls and writes to them, and where they can ask.

use crate::domain::words::Language;
use crate::mail::clean::capital;
use crate::outreach::{Office, Result};
use crate::store::outages::{self, Outage};

/// What stands on a page for citizens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agency {
    /// Its name.
    pub name: String,
    /// The number that they may ring, as it is written; may be empty.
    pub help_phone: String,
}

impl Office {
    /// The agency of an outage, in a language.
    pub fn agency_of(&self, outage: &Outage, language: Language) -> Agency {
        let name = match outage.agency_name_in(language).as_str() {
            "" => self.sender_name().to_owned(),
            named => capital(named), // it stands in sentences elsewhere: `the Department of …`
        };
        Agency {
            name,
            help_phone: outage.help_phone.clone(),
        }
    }

    /// The agency where no outage is in sight: that of the latest outage that names it, else whoever sends e-mails.
    pub fn agency(&self, language: Language) -> Result<Agency> {
        let outages = self.db.read(outages::all)?;
        let named = outages.iter().find(|outage| !outage.agency_name.is_empty());
        let reached = outages.iter().find(|outage| !outage.help_phone.is_empty());
        let known = named.or(reached).map(|outage| self.agency_of(outage, language));
        Ok(known.unwrap_or_else(|| Agency {
            name: self.sender_name().to_owned(),
            help_phone: String::new(),
        }))
    }
}
