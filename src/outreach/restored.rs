//! Noticing that the database was restored or copied: then no e-mail leaves until somebody releases it, since what is
//! queued here may have been sent by the instance that the copy was taken from.
//!
//! A database knows its own word, how far it has come (its generation, which grows while e-mails are sent), and where
//! it lies. The data folder of each node knows the word and the generation it last saw. A database in another place is
//! a copy; one that has not come as far as this folder remembers is an older state.

use super::{Office, Result, token};
use crate::db::Conn;
use crate::store::instances::{self, Instance};
use crate::store::mail_holds;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const COPIED: &str =
    "This database is a copy or was restored from one. What is queued here may have been sent already.";
const OLDER: &str =
    "This database is in an earlier state than before. What is queued here may have been sent already.";

/// What a data folder remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Remembered {
    word: String,
    generation: i64,
}

impl Office {
    /// Looks whether the database is the one this folder knows, where it was and as far as it was, and holds all e-mail
    /// if not.
    pub(super) fn know_the_database(&self) -> Result<()> {
        let path = self.config.instance_path();
        let remembered = recall(&path); // before the database is asked, which is never behind what was written down
        let home = self.db.home()?;
        let found = self.db.read(instances::find)?;
        if let Some(found) = &found
            && found.home == home
            && remembered
                == Some(Remembered {
                    word: found.word.clone(),
                    generation: found.generation,
                })
        {
            return Ok(());
        }
        let now = self.now();
        let known = self.db.write(|conn| {
            let found = instances::find(conn)?;
            let generation = found.as_ref().map_or(0, |found| found.generation);
            let generation = generation.max(generation_of(&remembered, found.as_ref()));
            if let Some(why) = trouble(found.as_ref(), remembered.as_ref(), &home) {
                hold(conn, why, now)?;
            }
            match found {
                Some(found) if found.home == home && found.generation == generation => {}
                Some(_) => {
                    instances::moved(conn, generation, &home)?;
                }
                None => {
                    instances::add(conn, &token::fresh(), generation, &home).map_err(super::crowded)?;
                }
            }
            Ok::<_, super::Error>(instances::find(conn)?)
        })?;
        if let Some(known) = known {
            write_down(&path, &known.word, known.generation)?;
        }
        Ok(())
    }

    /// The database has come further: an older copy of it is told from it.
    pub(super) fn advance(&self) -> Result<()> {
        if let Some((word, generation)) = self.db.write(instances::advance)? {
            write_down(&self.config.instance_path(), &word, generation)?;
        }
        Ok(())
    }
}

/// How far the folder saw this very database come.
fn generation_of(remembered: &Option<Remembered>, found: Option<&Instance>) -> i64 {
    let same = remembered
        .as_ref()
        .filter(|known| found.is_none_or(|found| found.word == known.word));
    same.map_or(0, |known| known.generation)
}

fn trouble(found: Option<&Instance>, remembered: Option<&Remembered>, home: &str) -> Option<&'static str> {
    match (found, remembered) {
        (Some(found), _) if found.home != home => Some(COPIED),
        (Some(found), Some(known)) if known.word == found.word && known.generation > found.generation => {
            Some(OLDER)
        }
        (None, Some(_)) => Some(OLDER), // from before databases knew themselves
        _ => None,
    }
}

/// Holds all e-mail, if it is not held already.
pub(super) fn hold(conn: &mut Conn, why: &str, now: crate::domain::timestamp::Timestamp) -> Result<()> {
    if mail_holds::standing(conn)?.is_none() {
        mail_holds::add(conn, why, None, now).map_err(super::crowded)?;
        tracing::warn!("e-mail is held: {why} Release it with `makegood mail release` or on the page E-mail");
    }
    Ok(())
}

fn recall(path: &Path) -> Option<Remembered> {
    let text = std::fs::read_to_string(path).ok()?;
    let (word, generation) = text.trim().split_once(' ')?;
    Some(Remembered {
        word: word.to_owned(),
        generation: generation.parse().ok()?,
    })
}

fn write_down(path: &Path, word: &str, generation: i64) -> std::io::Result<()> {
    let part = path.with_extension(format!("{}.part", token::fresh()));
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(&part)?;
    writeln!(file, "{word} {generation}")?;
    std::fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(generation: i64, home: &str) -> Instance {
        Instance {
            id: 1,
            word: "w".to_owned(),
            generation,
            home: home.to_owned(),
            key_fingerprint: None,
        }
    }

    fn known(word: &str, generation: i64) -> Remembered {
        Remembered {
            word: word.to_owned(),
            generation,
        }
    }

    #[test]
    fn a_copy_and_an_earlier_state_are_told_from_a_restart() {
        let here = found(7, "disk/1");
        assert_eq!(trouble(Some(&here), Some(&known("w", 7)), "disk/1"), None);
        assert_eq!(
            trouble(Some(&here), Some(&known("w", 3)), "disk/1"),
            None,
            "another node went on"
        );
        assert_eq!(trouble(Some(&here), None, "disk/1"), None, "a new node");
        assert_eq!(
            trouble(Some(&here), Some(&known("other", 99)), "disk/1"),
            None,
            "another database"
        );
        assert_eq!(trouble(None, None, "disk/1"), None, "a new database");
        assert_eq!(trouble(Some(&here), Some(&known("w", 8)), "disk/1"), Some(OLDER));
        assert_eq!(trouble(Some(&here), Some(&known("w", 7)), "disk/2"), Some(COPIED));
        assert_eq!(trouble(Some(&here), None, "disk/2"), Some(COPIED));
        assert_eq!(trouble(None, Some(&known("w", 1)), "disk/1"), Some(OLDER));
    }
}
