//! Signing in and out, and who a browser belongs to.

use super::accounts::User;
use super::hashing::Lane;
use super::password::PasswordHash;
use super::purse::{Purse, Spent, longest_wait};
use super::{Office, Result, device, password, token};
use crate::broken::{self, Variant};
use crate::db::Conn;
use crate::domain::budget::Budget;
use crate::domain::network::Network;
use crate::domain::timestamp::Timestamp;
use crate::store::{self, sessions, users};

pub use super::device::DAYS as DEVICE_DAYS;

/// A browser that was not used for so long must sign in again.
const IDLE_MINUTES: i64 = 15;
/// So must one that signed in so long ago.
const LONGEST_HOURS: i64 = 12;
/// Guesses at one account from browsers that never signed in to it.
const OF_ACCOUNT: Budget = Budget::new(20, 30);
/// Guesses from one network at whatever accounts by such browsers: an office behind one address makes many mistakes.
const OF_NETWORK: Budget = Budget::new(100, 10);
/// Guesses at one account from one browser that signed in to it before.
const OF_DEVICE: Budget = Budget::new(10, 30);
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
        /// What the browser is known by from now on, for [`DEVICE_DAYS`].
        devices: String,
    },
    /// Address or password is wrong (or the account is off: a stranger is not told which).
    Wrong,
    /// Too many wrong ones; try again in so many seconds.
    Wait(i64),
    /// Too many people sign in at this moment; nothing was counted.
    Crowd,
}

/// Where somebody signs in.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The network it is in.
    pub network: Network,
    /// What it is known by, from earlier sign-ins; may be empty or anything else.
    pub devices: String,
}

/// Whether a session's use is a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Somebody did something.
    Person,
    /// The page asks by itself.
    Poll,
}

/// An account with its password's hash.
type Account = (User, PasswordHash);

impl Office {
    /// Tries an address and a password. It is counted first and compared then, so that of many guesses in the same moment no
    /// more than the allowed number is compared; an address without an account is told and takes as long as a wrong password.
    pub fn sign_in(&self, email: &str, password: &str, from: &Browser) -> Result<SignIn> {
        let email = email.trim().to_lowercase();
        let now = self.now();
        let account = self.db.read(|conn| account(conn, &email))?;
        let (lane, purses) = match self.purses(&email, account.as_ref(), from, now)? {
            Ok(open) => open,
            Err(wait) => return Ok(SignIn::Wait(wait)),
        };
        let Some(place) = self.hashing.place(lane) else {
            return Ok(SignIn::Crowd);
        };
        let hash = account.as_ref().map(|(_, hash)| hash);
        let fits = if broken::leaves_out(Variant::HashBeforeCount) {
            let fits = password::fits(place, password, hash)?;
            self.spend(&purses, now)?;
            fits
        } else if let Spent::Wait(wait) = self.spend(&purses, now)? {
            return Ok(SignIn::Wait(wait));
        } else {
            password::fits(place, password, hash)?
        };
        match account {
            Some((user, _)) if fits => self.welcome(user, &purses, from),
            _ => Ok(SignIn::Wrong),
        }
    }

    /// What a guess is counted under: the browser's own for this account while there is something in it, else what all
    /// strangers share. Or seconds to wait.
    fn purses(
        &self,
        email: &str,
        account: Option<&Account>,
        from: &Browser,
        now: Timestamp,
    ) -> Result<std::result::Result<(Lane, Vec<Purse>), i64>> {
        let keys = &self.config.secret_keys;
        let device = account.and_then(|(user, _)| device::of(&from.devices, user.id, keys, now));
        let own: Vec<Purse> = device
            .iter()
            .map(|device| Purse::new(OF_DEVICE, &device.subject()))
            .collect();
        let shared = vec![
            Purse::new(OF_ACCOUNT, &format!("sign-ins of {email}")),
            Purse::new(OF_NETWORK, &format!("sign-ins from {}", from.network)),
        ];
        let (of_own, of_shared) = self.db.read(|conn| -> store::Result<_> {
            Ok((longest_wait(conn, &own, now)?, longest_wait(conn, &shared, now)?))
        })?;
        Ok(match (own.is_empty(), of_own, of_shared) {
            (false, 0, _) => Ok((Lane::Known, own)),
            (_, _, 0) => Ok((Lane::Strangers, shared)),
            (_, _, wait) => Err(wait),
        })
    }

    fn welcome(&self, user: User, purses: &[Purse], from: &Browser) -> Result<SignIn> {
        let key = token::fresh();
        let hash = token::hash(&key);
        let now = self.now();
        self.db.write(|conn| -> store::Result<()> {
            for purse in purses {
                purse.give_back(conn)?;
            }
            sessions::add(conn, &hash, user.id, now).map(drop)
        })?;
        let devices = device::after_sign_in(&from.devices, user.id, &self.config.secret_keys, now);
        Ok(SignIn::Welcome { user, key, devices })
    }

    /// Forgets the sessions that open nothing any more.
    pub(super) fn forget_dead_sessions(conn: &mut Conn, now: Timestamp) -> store::Result<()> {
        let begun = now.plus_hours(-LONGEST_HOURS);
        sessions::forget_dead(conn, begun, now.plus_minutes(-IDLE_MINUTES)).map(drop)
    }

    /// Who a session's key belongs to, if the session lives. Only a person's use lets it live on.
    pub fn session_user(&self, key: &str, used: Use) -> Result<Option<User>> {
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
        if used == Use::Person && idle >= TOUCH_SECONDS {
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

/// The account with an address, if it may sign in.
fn account(conn: &mut Conn, email: &str) -> store::Result<Option<Account>> {
    let Some(user) = users::with_email(conn, email)?.filter(|user| user.disabled_at.is_none()) else {
        return Ok(None);
    };
    let hash = users::password_hash(conn, user.id)?;
    Ok(PasswordHash::new(&hash).ok().map(|hash| (user, hash)))
}
