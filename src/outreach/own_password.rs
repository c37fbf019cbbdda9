//! Changing one's own password. Whoever sits at a desk that was left open does not know the old one.

use super::accounts::User;
use super::{Error, Office, Result, token};
use crate::store::{self, api_tokens, guesses, password_links, sessions, users};

/// Wrong ones within an hour before the rest of it must be waited for.
const TRIES: i64 = 10;

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
    /// Too many wrong ones; an hour after the first of them there are tries again.
    Wait,
}

impl Office {
    /// Changes a person's own password and ends all sessions, this browser's going on under a fresh key; their tokens
    /// too, if they say so.
    ///
    /// # Errors
    /// The new one would be guessed.
    pub fn change_own_password(
        &self,
        user: &User,
        (now_is, shall_be): (&str, &str),
        with_tokens: bool,
    ) -> Result<OwnPassword> {
        let subject = token::hash(&format!("own password {}", user.id));
        let now = self.now();
        self.db.write(|conn| guesses::add(conn, &subject, now))?;
        let tries = self
            .db
            .read(|conn| guesses::since(conn, &subject, now.plus_hours(-1)))?;
        if tries > TRIES {
            return Ok(OwnPassword::Wait);
        }
        let known = self.db.read(|conn| users::password_hash(conn, user.id))?;
        if !self.fits(now_is, Some(&known)) {
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
            guesses::forget(conn, &subject)?;
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
