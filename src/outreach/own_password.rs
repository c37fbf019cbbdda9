//! Changing one's own password. Whoever sits at a desk that was left open does not know the old one.

use super::accounts::User;
use super::hashing::Lane;
use super::password::{PasswordHash, fits};
use super::purse::{Purse, Spent};
use super::{Error, Office, Result, token};
use crate::domain::budget::Budget;
use crate::store::{self, api_tokens, password_links, sessions, users};

/// Tries at one's own password.
const TRIES: Budget = Budget::new(10, 360);

/// What came of it.
#[derive(Debug)]
pub enum OwnPassword {
    /// It is another one now. All sessions have ended; this browser's new key goes into its cookie.
    Changed {
        /// The session's key.
        key: String,
    },
    /// The password now is another one.
    Wrong,
    /// Too many wrong ones; there is another try every few minutes.
    Wait,
}

impl Office {
    /// Changes a person's own password and ends all sessions, this browser's going on under a fresh key; their tokens
    /// too, if they say so.
    ///
    /// # Errors
    /// The one of now was left out, or the new one would be guessed.
    pub fn change_own_password(
        &self,
        user: &User,
        (now_is, shall_be): (&str, &str),
        with_tokens: bool,
    ) -> Result<OwnPassword> {
        if now_is.is_empty() {
            return Err(Error::invalid(
                "password",
                "Enter the password that you have now.",
            ));
        }
        let now = self.now();
        let purse = [Purse::new(TRIES, &format!("own password {}", user.id))];
        let place = self.hashing.place(Lane::Known).ok_or(Error::Overrun)?;
        if let Spent::Wait(_) = self.spend(&purse, now)? {
            return Ok(OwnPassword::Wait);
        }
        let known = self.db.read(|conn| users::password_hash(conn, user.id))?;
        if !fits(place, now_is, PasswordHash::new(&known).ok().as_ref())? {
            return Ok(OwnPassword::Wrong);
        }
        self.accept_password(shall_be, (&user.email, &user.name))
            .map_err(|error| match error {
                Error::Invalid { message, .. } => Error::invalid("new_password", message),
                error => error,
            })?;
        let hash = self.hash(shall_be)?;
        let key = token::fresh();
        self.db.write(|conn| -> store::Result<()> {
            purse.iter().try_for_each(|purse| purse.fill(conn))?;
            sessions::end_all(conn, user.id, now)?;
            password_links::end_all(conn, user.id, now)?;
            if with_tokens {
                api_tokens::revoke_all(conn, user.id, Some(user.id), now)?;
            }
            users::set_password(conn, user.id, &hash, Some(now))?;
            sessions::add(conn, &token::hash(&key), user.id, now).map(drop)
        })?;
        Ok(OwnPassword::Changed { key })
    }
}
