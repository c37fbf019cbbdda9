//! Links by which somebody sets a password that nobody else has seen. An administrator hands one over; it works once.

use super::accounts::{NewAccount, User};
use super::shown_once::ShownOnce;
use super::{Error, Office, Result, token};
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::store::{self, api_tokens, password_links, sessions, users};
use std::collections::BTreeMap;

/// A link is good for so long.
pub const GOOD_HOURS: i64 = 72;

/// A link that was just made; its key is kept nowhere.
#[derive(Clone, Debug)]
pub struct FreshLink {
    /// The whole address.
    pub url: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// What came of setting a password by a link.
#[derive(Debug)]
pub enum Joined {
    /// The password is set, and the person signed in: the session's key goes into the cookie and is kept nowhere else.
    Welcome {
        /// The session's key.
        key: String,
    },
    /// The link was used, has ended, or never was.
    Ended,
}

impl Office {
    /// Adds an account whose password its owner sets by the link that is answered, once for an act.
    ///
    /// # Errors
    /// The name or the address cannot be used, or the address has an account.
    pub fn invite(&self, account: &NewAccount, by: Option<UserId>) -> Result<(UserId, ShownOnce<FreshLink>)> {
        let nobodys = self.hash(&token::fresh())?;
        self.open_account(account, &nobodys, |conn, id, now| {
            self.make_link(conn, (id, by), now).map(ShownOnce::new)
        })
    }

    /// Ends an account's password, sessions, tokens and earlier links, and answers a link to set a new one by; once for an act.
    ///
    /// # Errors
    /// There is no such account, or it is switched off.
    pub fn reset_by_link(&self, id: UserId, by: Option<UserId>) -> Result<ShownOnce<FreshLink>> {
        let nobodys = self.hash(&token::fresh())?;
        let now = self.now();
        self.once("reset_by_link", |conn| {
            let user = users::find(conn, id)?.ok_or(Error::NotFound("account"))?;
            if user.disabled_at.is_some() {
                return Err(Error::Conflict(
                    "This account is switched off. Enable it first.".into(),
                ));
            }
            end_ways_in(conn, id, by, now)?;
            users::set_password(conn, id, &nobodys, None)?;
            Ok(ShownOnce::new(self.make_link(conn, (id, by), now)?))
        })
    }

    fn make_link(
        &self,
        conn: &mut Conn,
        whose_and_by: (UserId, Option<UserId>),
        now: Timestamp,
    ) -> store::Result<FreshLink> {
        let key = token::fresh();
        let expires_at = now.plus_hours(GOOD_HOURS);
        password_links::add(conn, whose_and_by, &token::hash(&key), (now, expires_at))?;
        Ok(FreshLink {
            url: format!("{}/password/{key}", self.base_url()),
            expires_at,
        })
    }

    /// Whose password a link sets, if it is good. Looking changes nothing.
    pub fn link_owner(&self, key: &str) -> Result<Option<User>> {
        let (hash, now) = (token::hash(key), self.now());
        let owner = self.db.read(|conn| -> store::Result<_> {
            match password_links::good(conn, &hash, now)? {
                Some(id) => users::find(conn, id),
                None => Ok(None),
            }
        })?;
        Ok(owner.filter(|user| user.disabled_at.is_none()))
    }

    /// Sets a password by a link and signs its owner in; the link works no more.
    ///
    /// # Errors
    /// The password would be guessed.
    pub fn join_by_link(&self, key: &str, password: &str) -> Result<Joined> {
        let Some(owner) = self.link_owner(key)? else {
            return Ok(Joined::Ended);
        };
        self.accept_password(password, (&owner.email, &owner.name))?;
        let (hash, link) = (self.hash(password)?, token::hash(key));
        let session = token::fresh();
        let now = self.now();
        self.db.write(|conn| {
            let owner = users::find(conn, owner.id)?.filter(|user| user.disabled_at.is_none());
            let Some(owner) = owner else {
                return Ok(Joined::Ended);
            };
            if password_links::use_up(conn, &link, now)? == 0 {
                return Ok(Joined::Ended);
            }
            password_links::end_all(conn, owner.id, now)?;
            sessions::end_all(conn, owner.id, now)?;
            users::set_password(conn, owner.id, &hash, Some(now))?;
            sessions::add(conn, &token::hash(&session), owner.id, now)?;
            Ok(Joined::Welcome { key: session.clone() })
        })
    }

    /// Who has a link that still works, and until when.
    pub fn invited(&self) -> Result<BTreeMap<UserId, Timestamp>> {
        let now = self.now();
        let links = self.db.read(|conn| password_links::invited(conn, now))?;
        Ok(links.into_iter().collect())
    }
}

/// Ends everything by which somebody comes in: sessions, tokens, links.
pub(super) fn end_ways_in(
    conn: &mut Conn,
    user: UserId,
    by: Option<UserId>,
    now: Timestamp,
) -> store::Result<()> {
    sessions::end_all(conn, user, now)?;
    api_tokens::revoke_all(conn, user, by, now)?;
    password_links::end_all(conn, user, now)?;
    Ok(())
}
