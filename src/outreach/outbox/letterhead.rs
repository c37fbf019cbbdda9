//! Who writes, and how it is signed.

use crate::config::Config;
use crate::mail::build::Sender;
use crate::mail::dkim::Signer;
use crate::outreach::{Error, Result};

/// What stands on every e-mail, as the settings say.
pub struct Letterhead {
    /// Who writes.
    pub sender: Sender,
    /// What signs it.
    pub signer: Signer,
}

impl Letterhead {
    /// Reads the settings.
    ///
    /// # Errors
    /// `MAKEGOOD_MAIL_FROM`, `MAKEGOOD_MAIL_REPLY_TO` or `MAKEGOOD_DKIM` cannot be used; the message says what to write.
    pub fn of(config: &Config) -> Result<Self> {
        let sender = Sender::parse(&config.mail_from)
            .map_err(|error| Error::invalid("MAKEGOOD_MAIL_FROM", error.to_string()))?;
        if let Some(answers) = &config.mail_reply_to {
            Sender::parse(answers).map_err(|_| {
                let told = "MAKEGOOD_MAIL_REPLY_TO is no e-mail address; write it as `name@domain`";
                Error::invalid("MAKEGOOD_MAIL_REPLY_TO", told)
            })?;
        }
        let signer = Signer::load(&config.dkim, sender.domain())
            .map_err(|error| Error::invalid("MAKEGOOD_DKIM", format!("MAKEGOOD_DKIM: {error}")))?;
        Ok(Self { sender, signer })
    }
}
