//! Signing in and out, and who a browser belongs to.

use super::accounts::User;
use super::{Office, Result, token};
use crate::db::Conn;
use crate::domain::timestamp::Timestamp;
use crate::store::{self, sessions, sign_in_failures as failures, users};

/// A browser that was not used for so long must sign in again.
const IDLE_MINUTES: i64 = 15;
/// So must one that signed in so long ago.
const LONGEST_HOURS: i64 = 12;
/// Failures older than this no longer count.
const MEMORY_MINUTES: i64 = 60;
/// Wrong passwords of one account before it must wait, and from one address.
const FREE_TRIES: i64 = 4;
const FREE_TRIES_OF_SOURCE: i64 = 30;
/// The longest wait. Nobody is locked out for good: strangers must not be able to do that to a caller.
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;
/// A session's last use is noted no oftener than this, so that reading a page seldom writes.
const TOUCH_SECONDS: i64 = 60;

/// What came of trying to sign in.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in; the key goes into the cookie and is kept nowhere else.
    Welcome {
        /// Who.
        user: User,
        /// The session's key.
        key: String,
    },
    /// Address or password is wrong (or the account is off: a stranger is not told which).
    Wrong,
    /// Too many wrong ones; try again in so many seconds.
    Wait(i64),
}

impl Office {
    /// Tries an address and a password that came from a network address.
    pub fn sign_in(&self, email: &str, password: &str, source: &str) -> Result<SignIn> {
        let email = email.trim().to_lowercase();
        let (account, source) = (token::hash(&email), token::hash(source));
        let now = self.now();
        let wait = self.db.read(|conn| wait_seconds(conn, &account, &source, now))?;
        if wait > 0 {
            return Ok(SignIn::Wait(wait));
        }
        let found = self.db.read(|conn| -> store::Result<_> {
            let user = users::with_email(conn, &email)?.filter(|user| user.disabled_at.is_none());
            let hash = user
                .as_ref()
                .map(|user| users::password_hash(conn, user.id))
                .transpose()?;
            Ok(user.zip(hash))
        })?;
        let fits = self.fits(password, found.as_ref().map(|(_, hash)| hash.as_str()));
        match found {
            Some((user, _)) if fits => self.welcome(user, &account),
            _ => {
                self.db
                    .write(|conn| failures::add(conn, &account, &source, now))?;
                Ok(SignIn::Wrong)
            }
        }
    }

    fn welcome(&self, user: User, account_hash: &str) -> Result<SignIn> {
        let key = token::fresh();
        let hash = token::hash(&key);
        let now = self.now();
        self.db.write(|conn| {
            failures::forget(conn, account_hash)?;
            failures::forget_before(conn, now.plus_minutes(-MEMORY_MINUTES))?;
            sessions::add(conn, &hash, user.id, now)
        })?;
        Ok(SignIn::Welcome { user, key })
    }

    /// Who a session's key belongs to, if the session lives.
    pub fn session_user(&self, key: &str) -> Result<Option<User>> {
        let hash = token::hash(key);
        let now = self.now();
        let found = self.db.read(|conn| -> store::Result<_> {
            let Some(session) = sessions::find(conn, &hash)? else {
                return Ok(None);
            };
            let user = users::find(conn, session.user_id)?;
            Ok(user
                .filter(|user| user.disabled_at.is_none())
                .map(|user| (session, user)))
        })?;
        let Some((session, user)) = found else {
            return Ok(None);
        };
        let idle = now.seconds_since(session.last_seen_at);
        if idle > IDLE_MINUTES * 60 || now.seconds_since(session.created_at) > LONGEST_HOURS * 3600 {
            return Ok(None);
        }
        if idle >= TOUCH_SECONDS {
            self.db.write(|conn| sessions::touch(conn, session.id, now))?;
        }
        Ok(Some(user))
    }

    /// Ends a session.
    pub fn sign_out(&self, key: &str) -> Result<()> {
        let hash = token::hash(key);
        let now = self.now();
        self.db.write(|conn| sessions::end(conn, &hash, now))?;
        Ok(())
    }

    /// The token that a session's forms carry (and only its own: HMAC over the session's key).
    pub fn form_token(&self, session_key: &str) -> String {
        let tag = self.config.secret_keys.sign("form", session_key.as_bytes());
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, tag)
    }

    /// Whether a form's token belongs to the session.
    pub fn is_form_token(&self, session_key: &str, token: &str) -> bool {
        let tag = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, token);
        tag.is_ok_and(|tag| {
            self.config
                .secret_keys
                .verify("form", session_key.as_bytes(), &tag)
        })
    }
}

/// Seconds that this account or this source must still wait: they double with each failure beyond the free ones.
fn wait_seconds(conn: &mut Conn, account: &str, source: &str, now: Timestamp) -> store::Result<i64> {
    let since = now.plus_minutes(-MEMORY_MINUTES);
    let of_account = left(failures::of_account(conn, account, since)?, FREE_TRIES, now);
    let of_source = left(
        failures::from_source(conn, source, since)?,
        FREE_TRIES_OF_SOURCE,
        now,
    );
    Ok(of_account.max(of_source))
}

fn left((failures, last): (i64, Option<Timestamp>), free: i64, now: Timestamp) -> i64 {
    let Some(last) = last.filter(|_| failures > free) else {
        return 0;
    };
    let doublings = u32::try_from(failures - free - 1).unwrap_or(u32::MAX).min(10);
    let wait = (5_i64 << doublings).min(LONGEST_WAIT_SECONDS);
    (wait - now.seconds_since(last)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let last = Timestamp::from_micros(0);
        let waits: Vec<i64> = (4..9)
            .map(|failures| left((failures, Some(last)), FREE_TRIES, last))
            .collect();
        assert_eq!(waits, [0, 5, 10, 20, 40]);
        assert_eq!(left((1000, Some(last)), FREE_TRIES, last), LONGEST_WAIT_SECONDS);
        assert_eq!(left((6, Some(last)), FREE_TRIES, last.plus_seconds(11)), 0);
    }
}
