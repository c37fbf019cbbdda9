//! API tokens: made by their owner or on the command line, shown once, and always with an end.

use super::accounts::User;
use super::shown_once::ShownOnce;
use super::{Error, Office, Result, token};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::api_tokens::{self, NewApiToken};

pub use crate::store::api_tokens::ApiToken;

/// A token ends after so many days if nobody says otherwise.
pub const USUAL_DAYS: i64 = 90;
/// And after so many at the latest.
pub const MOST_DAYS: i64 = 366;
/// Longest label, in characters.
const LONGEST_LABEL: usize = 60;
/// A token's last use is noted no oftener than this: a program must not write with each request.
const TOUCH_SECONDS: i64 = 60;
/// Letters at a token's end by which its owner knows it.
const ENDING: usize = 4;

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct FreshToken {
    /// Its id.
    pub id: i64,
    /// The token itself; it is kept nowhere.
    pub token: String,
    /// What it is for, tidied.
    pub label: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Whose a token is, or why it opens nothing.
#[derive(Clone, Debug)]
pub enum TokenOwner {
    /// It is good.
    Known(User),
    /// There is none like it.
    Unknown,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// Its account is switched off.
    SwitchedOff,
}

impl ApiToken {
    /// When it ends by itself. One that was made before tokens had ends has as long as others.
    pub fn ends_at(&self) -> Timestamp {
        let usual = self.created_at.plus_hours(USUAL_DAYS * 24);
        self.expires_at.unwrap_or(usual)
    }

    /// Whether it still opens anything.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.ends_at()
    }
}

impl Office {
    /// Makes an API token for an account, good for so many days; it is made once for an act, and answered once.
    ///
    /// # Errors
    /// There is no such account, it is switched off, or the label or the days cannot be used.
    pub fn add_token(&self, email: &str, label: &str, days: Option<i64>) -> Result<ShownOnce<FreshToken>> {
        let owner = self.account(email)?;
        if owner.disabled_at.is_some() {
            return Err(Error::invalid("email", "This account is switched off."));
        }
        let label = named(label)?;
        let days = days.unwrap_or(USUAL_DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            let right = format!("Choose an end in 1 to {MOST_DAYS} days.");
            return Err(Error::invalid("expires_days", right));
        }
        let token = format!("mg_{}", token::fresh());
        let (now, hash) = (self.now(), token::hash(&token));
        let expires_at = now.plus_hours(days * 24);
        let ending = token.get(token.len() - ENDING..).unwrap_or_default();
        let new = NewApiToken {
            user_id: owner.id,
            label: &label,
            hash: &hash,
            ending,
            created_at: now,
            expires_at,
        };
        self.once("add_token", |conn| {
            Ok(ShownOnce::new(FreshToken {
                id: api_tokens::add(conn, &new)?,
                token: token.clone(),
                label: label.clone(),
                expires_at,
            }))
        })
    }

    /// All tokens, of one person or of everybody, the newest first; also those that have ended.
    pub fn tokens(&self, of: Option<UserId>) -> Result<Vec<(ApiToken, User)>> {
        Ok(self.db.read(|conn| api_tokens::all(conn, of))?)
    }

    /// Ends a token for good: one's own, or anybody's for an administrator and the command line. One that has ended
    /// stays as it is.
    ///
    /// # Errors
    /// There is no such token, or it is somebody else's.
    pub fn revoke_token(&self, id: i64, by: Option<&User>) -> Result<(ApiToken, User)> {
        let now = self.now();
        self.db.write(|conn| {
            let found = api_tokens::find(conn, id)?;
            let may = |owner: &User| by.is_none_or(|by| by.id == owner.id || by.role() >= Role::Admin);
            let (token, owner) = found
                .filter(|(_, owner)| may(owner))
                .ok_or(Error::NotFound("token"))?;
            api_tokens::revoke(conn, id, by.map(|by| by.id), now)?;
            Ok((token, owner))
        })
    }

    /// Whose token this is. That it was used is noted, once a minute.
    pub fn token_owner(&self, token: &str) -> Result<TokenOwner> {
        let (now, hash) = (self.now(), token::hash(token));
        let Some((token, owner)) = self.db.read(|conn| api_tokens::with_hash(conn, &hash))? else {
            return Ok(TokenOwner::Unknown);
        };
        if token.revoked_at.is_some() {
            return Ok(TokenOwner::Revoked);
        }
        if owner.disabled_at.is_some() {
            return Ok(TokenOwner::SwitchedOff);
        }
        if !token.is_good(now) {
            return Ok(TokenOwner::Expired);
        }
        let noted = now.plus_seconds(-TOUCH_SECONDS);
        if token.last_used_at.is_none_or(|last| last <= noted) {
            self.db
                .write(|conn| api_tokens::touch(conn, token.id, noted, now))?;
        }
        Ok(TokenOwner::Known(owner))
    }
}

fn named(label: &str) -> Result<String> {
    let label = label.trim();
    let plain = !label.chars().any(char::is_control);
    if plain && (1..=LONGEST_LABEL).contains(&label.chars().count()) {
        return Ok(label.to_owned());
    }
    let right = format!("Say what the token is for, in up to {LONGEST_LABEL} characters.");
    Err(Error::invalid("name", right))
}
