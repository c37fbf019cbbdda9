//! Where the verbs are done.

use super::hashing::Hashing;
use super::once::Act;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Patience};
use crate::domain::timestamp::Timestamp;
use std::sync::Arc;

/// The database, the clock and the settings: what every verb needs. Cheap to clone; nothing in it
/// is known to this node alone.
#[derive(Clone)]
pub struct Office {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The settings.
    pub config: Arc<Config>,
    /// Where passwords are hashed.
    pub(super) hashing: Arc<Hashing>,
    /// What is being done for somebody who may ask for it again.
    pub(super) act: Option<Arc<Act>>,
}

impl Office {
    /// An office over an open database.
    pub fn new(db: Db, clock: Clock, config: Config) -> Self {
        Self {
            db,
            clock,
            config: Arc::new(config),
            hashing: Arc::new(Hashing::new()),
            act: None,
        }
    }

    /// The same office for work that nobody watches: it waits longer for the database.
    #[must_use]
    pub fn unhurried(&self) -> Self {
        Self {
            db: self.db.with(Patience::Unhurried),
            ..self.clone()
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The agency's name where an outage names none: as in `From`.
    pub fn sender_name(&self) -> &str {
        let from = self.config.mail_from.as_str();
        from.split('<').next().unwrap_or(from).trim().trim_matches('"')
    }

    /// The address in links and e-mails, without a slash at its end.
    pub fn base_url(&self) -> String {
        self.config
            .base_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.config.listen))
    }
}
