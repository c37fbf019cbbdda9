//! Opening an office: the database is brought up to date and filled with what every installation starts with.

use super::known_key::{Accepted, ForeignKey, KnownKey};
use super::{Error, Office, Result, crowded};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, private_dir};
use crate::db::{Conn, Db, OpenError};
use crate::domain::outcome::Outcome;
use crate::domain::seeded::seeded;
use crate::domain::timestamp::Timestamp;
use crate::mail::texts;
use crate::store::{instances, outcomes, templates};

/// An office could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The secret key cannot be made.
    #[error(transparent)]
    Key(#[from] ConfigError),
    /// The database is used with another secret key.
    #[error("{0}")]
    ForeignKey(ForeignKey),
    /// There is nothing to read yet.
    #[error("there is no database {0} yet; `makegood migrate` or `makegood serve` makes it")]
    NoDatabase(String),
    /// The data directory.
    #[error("the data directory {0}: {1}")]
    DataDir(String, std::io::Error),
    /// What an installation starts with could not be written.
    #[error("the database could not be filled: {0}")]
    Seed(#[from] Error),
}

impl Office {
    /// Opens the database of the settings, migrates it, seeds it, and agrees on the time.
    ///
    /// # Errors
    /// The database or the data directory cannot be used, or the database is used with another secret key.
    pub fn open(config: Config) -> std::result::Result<Self, PrepareError> {
        Self::opened(config, |db| db.migrate().map(drop))?.with_known_key()
    }

    /// The same, where somebody else brings the schema up to date.
    ///
    /// # Errors
    /// As [`Office::open`], and where the schema is none that this program can work with.
    pub fn open_as_it_is(config: Config) -> std::result::Result<Self, PrepareError> {
        Self::opened(config, Db::check_schema)?.with_known_key()
    }

    fn with_known_key(self) -> std::result::Result<Self, PrepareError> {
        match self.know_the_key()? {
            KnownKey::Other => Err(PrepareError::ForeignKey(ForeignKey::of(&self.config))),
            KnownKey::First | KnownKey::Same | KnownKey::Rotated => Ok(self),
        }
    }

    /// The same; from here on the database is used with the key of these settings, which is made if there is none.
    ///
    /// # Errors
    /// The database or the data directory cannot be used.
    pub fn open_with_new_key(mut config: Config) -> std::result::Result<Accepted, PrepareError> {
        config.make_secret_key()?;
        Ok(Self::opened(config, |db| db.migrate().map(drop))?.accept_key()?)
    }

    /// Opens what is there, to read from it: makes no folder, no database and no key, and leaves the schema as it is.
    ///
    /// # Errors
    /// There is no database, or its schema is not this program's.
    pub fn open_to_read(config: Config) -> std::result::Result<Self, PrepareError> {
        if config.database.file().is_some_and(|file| !file.exists()) {
            return Err(PrepareError::NoDatabase(config.database.to_string()));
        }
        let db = Db::open(&config.database)?;
        db.check_schema()?;
        let office = Self::new(db, Clock::default(), config);
        office.agree_on_time()?;
        Ok(office)
    }

    fn opened(
        mut config: Config,
        schema: impl FnOnce(&Db) -> std::result::Result<(), OpenError>,
    ) -> std::result::Result<Self, PrepareError> {
        let dir = config.data_dir.clone();
        private_dir(&dir).map_err(|error| PrepareError::DataDir(dir.display().to_string(), error))?;
        if let Err(error) = config.close_to_others() {
            tracing::warn!(%error, "other accounts of this machine may read what is kept; see makegood doctor");
        }
        let db = Db::open(&config.database)?;
        schema(&db)?;
        let known = db.read(instances::find).map_err(Error::from)?;
        if known.is_none_or(|known| known.key_fingerprint.is_none()) {
            config.make_secret_key()?;
        }
        let office = Self::new(db, Clock::default(), config);
        office.agree_on_time()?;
        office.seed()?;
        office.know_the_database()?;
        Ok(office)
    }

    /// Follows the database's clock, so that nodes agree on leases and due times.
    pub fn agree_on_time(&self) -> Result<()> {
        let told = self.db.read(crate::db::time)?;
        self.clock.agree_with(told);
        Ok(())
    }

    /// Adds the outcomes that are not there yet, and brings the texts up to date; what an administrator has changed stays.
    fn seed(&self) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| -> Result<()> {
            let known = outcomes::all(conn)?;
            let missing = seeded()
                .into_iter()
                .filter(|outcome: &Outcome| known.get(&outcome.key).is_none());
            for outcome in missing {
                outcomes::add(conn, &outcome)?;
            }
            seed_texts(conn, now)
        })?;
        Ok(())
    }
}

/// Each text as this program has it, unless somebody has written it anew: then theirs is used, and stays.
fn seed_texts(conn: &mut Conn, now: Timestamp) -> Result<()> {
    for text in texts::all() {
        let language = text.language.code();
        let latest = templates::latest(conn, text.key, language)?;
        let stays = latest.as_ref().is_some_and(|latest| {
            latest.created_by.is_some() || (latest.subject == text.subject && latest.body == text.body)
        });
        if stays {
            continue;
        }
        let name = (text.key, language, latest.map_or(1, |latest| latest.version + 1));
        templates::add(conn, name, (text.subject, text.body, None), None, now).map_err(crowded)?;
    }
    Ok(())
}
