//! Accounts of staff.

use super::password_links::end_ways_in;
use super::{Error, Office, Result, lists};
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::shift::Span;
use crate::domain::timestamp::Timestamp;
use crate::store::{self, shifts, users};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::store::users::User;

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Address to sign in with.
    pub email: String,
    /// Shown to colleagues and, the first name, to citizens.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Languages spoken besides English, as subtags (`es`).
    pub languages: Vec<String>,
    /// Whether the person takes the calls that need help.
    pub specialist: bool,
}

impl User {
    /// What this person may do. An unknown word in the database gives the least.
    pub fn role(&self) -> Role {
        self.role.parse().unwrap_or(Role::Caller)
    }

    /// Languages spoken besides English.
    pub fn spoken(&self) -> impl Iterator<Item = &str> {
        self.languages.split_whitespace()
    }

    /// The first name, as said to citizens.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }

    /// Refuses a role below `least`.
    pub fn must_be(&self, least: Role) -> Result<()> {
        if self.role() >= least {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }
}

impl Office {
    /// Adds an account. Without a password one is made up; it is answered once and kept nowhere.
    ///
    /// # Errors
    /// The address or the password cannot be used, or the address has an account.
    pub fn add_account(&self, account: &NewAccount, password: Option<&str>) -> Result<(UserId, String)> {
        let password = self.chosen(password, (&account.email, &account.name))?;
        let hash = self.hash(&password)?;
        let (id, ()) = self.open_account(account, &hash, |_, _, _| Ok(()))?;
        Ok((id, password))
    }

    /// Adds an account with a password's hash and does what else belongs to it.
    pub(super) fn open_account<T: Serialize + DeserializeOwned>(
        &self,
        account: &NewAccount,
        hash: &str,
        more: impl Fn(&mut Conn, UserId, Timestamp) -> store::Result<T>,
    ) -> Result<(UserId, T)> {
        let email = address(&account.email)?;
        let name = person_name(&account.name)?;
        let languages = languages(&account.languages)?;
        let now = self.now();
        let row = (email.as_str(), name, account.role.as_str(), languages.as_str());
        self.once("open_account", |conn| {
            let id = users::add(conn, row, account.specialist, hash, now).map_err(address_taken)?;
            Ok((id, more(conn, id, now)?))
        })
    }

    /// All accounts by name.
    pub fn accounts(&self) -> Result<Vec<User>> {
        Ok(self.db.read(users::all)?)
    }

    /// The account with an address.
    pub fn account(&self, email: &str) -> Result<User> {
        let email = email.trim().to_lowercase();
        self.db
            .read(|conn| users::with_email(conn, &email))?
            .ok_or(Error::NotFound("account"))
    }

    /// Changes name, role, languages and whether the person is a specialist; the address stays.
    pub fn change_account(&self, id: UserId, to: &NewAccount) -> Result<()> {
        let name = person_name(&to.name)?;
        let languages = languages(&to.languages)?;
        let row = (name, to.role.as_str(), languages.as_str());
        let changed = self
            .db
            .write(|conn| users::update(conn, id, row, to.specialist))?;
        if changed == 0 {
            Err(Error::NotFound("account"))
        } else {
            Ok(())
        }
    }

    /// Switches an account off and ends its sessions, tokens and links for good. The calls on its lists go back to nobody's list,
    /// and anybody keeps the callbacks it promised; answers how many calls.
    ///
    /// # Errors
    /// It is not as many calls as were `seen`.
    pub fn disable_account(&self, id: UserId, by: Option<UserId>, seen: Option<i64>) -> Result<usize> {
        let now = self.now();
        self.db.write(|conn| {
            let given_back = lists::give_back(conn, id, seen, now)?;
            users::set_disabled(conn, id, Some(now))?;
            end_ways_in(conn, id, by, now)?;
            Ok(given_back)
        })
    }

    /// Switches an account on again. What ended with it stays ended: its owner signs in anew.
    pub fn enable_account(&self, id: UserId) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            users::set_disabled(conn, id, None)?;
            shifts::withdraw(conn, id, Span::Shift, now) // it had ended with the account
        })?;
        Ok(())
    }

    /// Gives an account a new password and ends its sessions, tokens and links; answers the password.
    ///
    /// # Errors
    /// The password would be guessed, or there is no such account.
    pub fn reset_password(&self, id: UserId, password: Option<&str>) -> Result<String> {
        let user = self.db.read(|conn| users::find(conn, id))?;
        let user = user.ok_or(Error::NotFound("account"))?;
        let password = self.chosen(password, (&user.email, &user.name))?;
        let hash = self.hash(&password)?;
        let now = self.now();
        self.db.write(|conn| {
            end_ways_in(conn, id, None, now)?;
            users::set_password(conn, id, &hash, Some(now))
        })?;
        Ok(password)
    }

    /// Whether single keys act on a person's desk.
    pub fn set_shortcuts(&self, id: UserId, on: bool) -> Result<()> {
        self.db.write(|conn| users::set_shortcuts(conn, id, on))?;
        Ok(())
    }
}

/// The unique index decides who has an address.
fn address_taken(error: store::Error) -> Error {
    if store::is_taken(&error) {
        Error::invalid("email", "This address has an account already.")
    } else {
        error.into()
    }
}

fn person_name(text: &str) -> Result<&str> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::invalid(
            "name",
            "Enter the person's name, up to 100 characters.",
        ));
    }
    Ok(name)
}

fn address(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let whole = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if whole && email.len() <= 254 && !email.contains(char::is_whitespace) {
        Ok(email)
    } else {
        Err(Error::invalid(
            "email",
            "Enter an e-mail address, such as ana@agency.example.",
        ))
    }
}

fn languages(spoken: &[String]) -> Result<String> {
    let mut tags: Vec<String> = spoken.iter().map(|tag| tag.trim().to_lowercase()).collect();
    tags.retain(|tag| !tag.is_empty() && tag != "en");
    tags.sort();
    tags.dedup();
    if let Some(bad) = tags
        .iter()
        .find(|tag| !(2..=3).contains(&tag.len()) || !tag.chars().all(|c| c.is_ascii_alphabetic()))
    {
        return Err(Error::invalid(
            "languages",
            format!("{bad:?} is not a language code such as es or vi."),
        ));
    }
    Ok(tags.join(" "))
}
