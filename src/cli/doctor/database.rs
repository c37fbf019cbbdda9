//! The database: whether it answers, is whole, can be written, keeps every letter, and is used with this node's key.

use super::finding::Finding;
use crate::config::{Config, DatabaseUrl};
use crate::db::checkup::{Whole, shares_sessions};
use crate::db::{Db, OpenError};
use crate::domain::words::Language;
use crate::outreach::checkup::ClockFault;
use crate::outreach::known_key::{ForeignKey, KnownKey};
use crate::outreach::{Error, Office, PrepareError};
use std::time::Duration;

/// How long SQLite's file is looked at.
const LOOK: Duration = Duration::from_secs(20);
const RESTORE: &str = "put a backup in its place with `makegood restore FILE`";

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    match opened(config) {
        Ok(office) => of_office(&office),
        Err(told) => vec![Finding::problem("database", told), without_database(config)],
    }
}

fn without_database(config: &Config) -> Finding {
    match config.secret_keys.is_missing() {
        true => Finding::ok("secret key", "it would be made at the first start"),
        false => Finding::ok("secret key", "it can be used"),
    }
}

/// The office, if there is one to work in; nothing is made.
fn opened(config: &Config) -> Result<Office, String> {
    if shares_sessions(&config.database).is_ok_and(|shares| shares) {
        return Err(
            "something between here and PostgreSQL gives each transaction to another session, as PgBouncer does in transaction \
             mode, which Makegood cannot work with; set pool_mode = session, or connect to PostgreSQL itself"
                .to_owned(),
        );
    }
    Office::open_to_read(config.clone()).map_err(|error| match (error, config.database.file()) {
        (PrepareError::NoDatabase(_), _) => {
            "there is no database yet; `makegood migrate` or `makegood serve` makes it".to_owned()
        }
        (error @ PrepareError::Database(OpenError::Migrate(_)), _) => error.to_string(),
        (error, Some(_)) => format!("{error}; if the file is damaged, {RESTORE}"),
        (error, None) => error.to_string(),
    })
}

fn of_office(office: &Office) -> Vec<Finding> {
    let mut found = vec![Finding::of("database", counts(office))];
    found.extend(held(office));
    found.extend(turned_away(office));
    found.extend(names(office));
    found.extend(whole(&office.db));
    found.push(Finding::of("writing", writing(office)));
    found.extend([letters(&office.db), key(office), clock(office)].map(said));
    found.extend(encryption(&office.db));
    found.extend(nodes(&office.config));
    found
}

/// What holds as soon as a second node works on the same database.
fn nodes(config: &Config) -> Option<Finding> {
    let told = "several nodes may work here with the same secret key; a file uploaded in the browser stays with the node that took \
                it until its columns are matched, so the balancer must be sticky; PgBouncer only with pool_mode = session";
    config
        .database
        .file()
        .is_none()
        .then(|| Finding::ok("nodes", told))
}

/// What a database says that cannot even be asked.
fn said(found: Result<Finding, Error>) -> Finding {
    found.unwrap_or_else(|error| Finding::problem("database", reason(&error)))
}

/// Why, in the database's own words where the sentence for people would hide them.
fn reason(error: &Error) -> String {
    match error {
        Error::Internal(words) => words.clone(),
        told => told.to_string(),
    }
}

fn counts(office: &Office) -> Result<String, String> {
    let accounts = office.accounts().map_err(|error| reason(&error))?;
    let on = accounts.iter().filter(|user| user.disabled_at.is_none()).count();
    let hint = if on == 0 {
        "; add one with `makegood user add`"
    } else {
        ""
    };
    Ok(format!("migrated; {on} accounts that can sign in{hint}"))
}

/// Whether citizens are told in their language who writes and what happened.
fn names(office: &Office) -> Option<Finding> {
    let outages = match office.outages() {
        Ok(outages) => outages,
        Err(error) => return Some(Finding::problem("names", reason(&error))),
    };
    let nameless = |language: Language| {
        let lacking = outages.iter().filter(|outage| {
            let names = outage.public_names().of(language);
            names.agency.is_empty() || names.outage.is_empty()
        });
        let slugs: Vec<&str> = lacking.map(|outage| outage.slug.as_str()).collect();
        (!slugs.is_empty()).then(|| format!("{} in {}", language.in_english(), slugs.join(", ")))
    };
    let found: Vec<String> = Language::others().filter_map(nameless).collect();
    if found.is_empty() {
        return None;
    }
    let told = format!(
        "letters and pages in another language call the agency or the outage as in English: {}; enter the names under the \
         outage's settings",
        found.join("; ")
    );
    Some(Finding::warning("names", told))
}

fn held(office: &Office) -> Option<Finding> {
    match office.mail_hold() {
        Ok(None) => None,
        Ok(Some(held)) => {
            let told = "all e-mail is held; `makegood mail release` says what waits";
            Some(Finding::problem(
                "e-mail",
                format!("{told}. {}", held.hold.because),
            ))
        }
        Err(error) => Some(Finding::problem("e-mail", reason(&error))),
    }
}

/// Whether the mail server let e-mails in the last time that one was brought.
fn turned_away(office: &Office) -> Option<Finding> {
    match office.mail_trouble() {
        Ok(None) => None,
        Ok(Some(server)) => {
            let told = format!("no e-mail went out the last time: {}", server.trouble);
            Some(Finding::problem("mail server", told))
        }
        Err(error) => Some(Finding::problem("mail server", reason(&error))),
    }
}

fn whole(db: &Db) -> Option<Finding> {
    let file = db.file()?.display();
    Some(match db.is_whole(LOOK) {
        Whole::Yes => Finding::ok("file", format!("{file} is whole")),
        Whole::No(damage) => Finding::problem(
            "file",
            format!("{file} is damaged ({damage}); stop the server and {RESTORE}"),
        ),
        Whole::Unfinished => {
            let told = format!("{file} is too large to be looked through in {} s", LOOK.as_secs());
            Finding::warning(
                "file",
                format!("{told}; look through a backup of it: `makegood restore` does"),
            )
        }
    })
}

/// Whether a write would succeed.
fn writing(office: &Office) -> Result<String, String> {
    let tried = office.tries_to_write();
    tried
        .map(|()| "a change was tried and taken back".to_owned())
        .map_err(|error| {
            let place = match &office.config.database {
                DatabaseUrl::Sqlite(path) => {
                    format!("the rights and the disk of {} and its folder", path.display())
                }
                DatabaseUrl::Postgres(_) => "whether it is a standby, and the rights of its user".to_owned(),
            };
            format!("nothing can be changed: {}; look at {place}", reason(&error))
        })
}

fn letters(db: &Db) -> Result<Finding, Error> {
    let encoding = db.encoding()?;
    Ok(match encoding.as_str() {
        "UTF8" => Finding::ok("letters", "UTF-8"),
        "SQL_ASCII" => {
            let told = "SQL_ASCII: PostgreSQL does not look whether text is UTF-8; make the database anew with ENCODING 'UTF8'";
            Finding::warning("letters", told)
        }
        other => {
            let told = format!(
                "{other}: names such as Nguyễn cannot be kept; make the database anew with ENCODING 'UTF8' TEMPLATE template0"
            );
            Finding::problem("letters", told)
        }
    })
}

fn key(office: &Office) -> Result<Finding, Error> {
    let missing = office.config.secret_keys.is_missing();
    Ok(match office.known_key()? {
        KnownKey::First if missing => Finding::ok("secret key", "it would be made at the first start"),
        KnownKey::First => Finding::ok("secret key", "the database will know it from the first start on"),
        KnownKey::Same => Finding::ok("secret key", "the one that this database is used with"),
        KnownKey::Rotated => Finding::ok(
            "secret key",
            "the database knows an older one of these; `serve` notes the newest",
        ),
        KnownKey::Other => Finding::problem("secret key", ForeignKey::of(&office.config).to_string()),
    })
}

fn clock(office: &Office) -> Result<Finding, Error> {
    let set = "let this machine's clock be set by NTP";
    let told = match office.clock_fault()? {
        None => {
            return Ok(Finding::ok(
                "clock",
                "as the database's, and no call lies ahead of it",
            ));
        }
        Some(ClockFault::Ahead(seconds)) if seconds > 0 => {
            format!("{seconds} s ahead of the database's, which Makegood goes by; {set}")
        }
        Some(ClockFault::Ahead(seconds)) => {
            format!(
                "{} s behind the database's, which Makegood goes by; {set}",
                -seconds
            )
        }
        Some(ClockFault::Recorded(seconds)) => format!(
            "a call was recorded {seconds} s ahead of now: the clock was wrong then, or is now; {set}"
        ),
    };
    Ok(Finding::warning("clock", told))
}

fn encryption(db: &Db) -> Option<Finding> {
    Some(match db.is_encrypted() {
        Ok(None) => return None,
        Ok(Some(true)) => Finding::ok("encryption", "the connection to the database is encrypted"),
        Ok(Some(false)) => {
            let told = "what citizens entrusted to you crosses a network in the clear; write sslmode=verify-full into \
                        MAKEGOOD_DATABASE_URL, and sslrootcert=FILE where the authority is your own";
            Finding::warning("encryption", told)
        }
        Err(error) => Finding::warning("encryption", error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_is_told_with_its_cause_here() {
        assert_eq!(reason(&Error::internal("no such table: x")), "no such table: x");
        assert!(reason(&Error::NotFound("call")).contains("no such call"));
    }
}
