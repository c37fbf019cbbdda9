//! Letters: to citizens whom neither a call nor an e-mail reaches. Makegood does not print; it says to whom,
//! and remembers who sent them.

use super::accounts::User;
use super::decide::{lock, look_again, visible};
use super::rulebook::Rulebook;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{CaseId, ImportId, LetterId, OutageId};
use crate::domain::promise::letter_due;
use crate::domain::role::Role;
use crate::domain::stage::Stage;
use crate::store::cases::Case;
use crate::store::letters;
use std::collections::HashMap;

pub use crate::store::letters::Letter;

/// A letter: to be sent, or sent.
#[derive(Clone, Debug)]
pub struct ToWrite {
    /// To whom.
    pub case: Case,
    /// The postal address of the latest failed payment that had one.
    pub address: Option<String>,
    /// When it was sent; none: it has still to be.
    pub sent: Option<Letter>,
}

impl Office {
    /// The letters of an outage after a case, up to `limit`: those to be sent and those that were.
    pub fn letters(&self, outage: OutageId, after: CaseId, limit: i64) -> Result<Vec<ToWrite>> {
        self.db.read(|conn| {
            let published = Rulebook::open(conn, outage)?.outage.published_import_id;
            let rows = letters::page(conn, (outage, published), after, limit)?;
            let cases: Vec<&Case> = rows.iter().map(|(case, _)| case).collect();
            let mut addresses = addresses(conn, (outage, published), &cases)?;
            let letter = |(case, sent): (Case, Option<Letter>)| ToWrite {
                address: addresses.remove(&case.identity_key),
                case,
                sent,
            };
            Ok(rows.into_iter().map(letter).collect())
        })
    }

    /// How many letters of an outage have still to be sent.
    pub fn letters_to_send(&self, outage: OutageId) -> Result<i64> {
        self.db.read(|conn| {
            let published = Rulebook::open(conn, outage)?.outage.published_import_id;
            Ok(letters::to_send(conn, outage, published)?)
        })
    }

    /// Notes that the letters to these cases went out; who needs none any more is passed over. Answers how many.
    ///
    /// # Errors
    /// Not a supervisor, or no such case.
    pub fn send_letters(&self, by: &User, cases: &[CaseId]) -> Result<usize> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        let mut sent = 0;
        for id in cases {
            sent += self.db.write(|conn| {
                let case = visible(conn, *id)?;
                lock(conn, &case)?;
                if case.stage != Stage::Letter.as_str() {
                    return Ok::<_, Error>(0);
                }
                let added = letters::add(conn, case.id, by.id, (now, case.due_at.map(letter_due)))?;
                look_again(conn, &case, now, false)?;
                Ok(added)
            })?;
        }
        self.once("send_letters", |_| Ok(sent))
    }

    /// A letter was not sent after all: the case waits for it again.
    ///
    /// # Errors
    /// Not a supervisor, no such letter, or it was taken back before.
    pub fn withdraw_letter(&self, by: &User, id: LetterId) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.once("withdraw_letter", |conn| {
            let letter = letters::find(conn, id)?.ok_or(Error::NotFound("letter"))?;
            let case = visible(conn, letter.case_id)?;
            lock(conn, &case)?;
            if letters::withdraw(conn, id, by.id, now)? == 0 {
                return Err(Error::Conflict("This letter was taken back before.".into()));
            }
            look_again(conn, &case, now, false)
        })
    }
}

fn addresses(conn: &mut Conn, key: (OutageId, ImportId), cases: &[&Case]) -> Result<HashMap<String, String>> {
    let identities: Vec<&str> = cases.iter().map(|case| case.identity_key.as_str()).collect();
    let found = letters::addresses(conn, key, &identities)?;
    Ok(found
        .into_iter()
        .filter_map(|(identity, address)| identity.zip(address))
        .collect())
}
