//! Accounts of staff and their API tokens.

use super::{Error, Office, Result, password, token};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::store::{self, api_tokens, sessions, users};

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
        let email = address(&account.email)?;
        let name = person_name(&account.name)?;
        let languages = languages(&account.languages)?;
        let password = chosen(password)?;
        let hash = self.hash(&password)?;
        let now = self.now();
        let row = (email.as_str(), name, account.role.as_str(), languages.as_str());
        let added = self
            .db
            .write(|conn| users::add(conn, row, account.specialist, &hash, now));
        match added {
            Err(error) if store::is_taken(&error) => {
                Err(Error::invalid("email", "This address has an account already."))
            }
            added => Ok((added?, password)),
        }
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

    /// Switches an account off and ends its sessions. Its lists and callbacks stay until they are moved.
    pub fn disable_account(&self, id: UserId) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            users::set_disabled(conn, id, Some(now))?;
            sessions::end_all(conn, id, now).map(drop)
        })?;
        Ok(())
    }

    /// Switches an account on again.
    pub fn enable_account(&self, id: UserId) -> Result<()> {
        self.db.write(|conn| users::set_disabled(conn, id, None))?;
        Ok(())
    }

    /// Gives an account a new password and ends its sessions; answers the password.
    pub fn reset_password(&self, id: UserId, password: Option<&str>) -> Result<String> {
        let password = chosen(password)?;
        let hash = self.hash(&password)?;
        let now = self.now();
        let changed = self.db.write(|conn| {
            sessions::end_all(conn, id, now)?;
            users::set_password(conn, id, &hash)
        })?;
        if changed == 0 {
            Err(Error::NotFound("account"))
        } else {
            Ok(password)
        }
    }

    /// Whether single keys act on a person's desk.
    pub fn set_shortcuts(&self, id: UserId, on: bool) -> Result<()> {
        self.db.write(|conn| users::set_shortcuts(conn, id, on))?;
        Ok(())
    }

    /// Makes an API token for an account; it is answered once.
    pub fn add_token(&self, email: &str, label: &str) -> Result<String> {
        let owner = self.account(email)?;
        let token = format!("mg_{}", token::fresh());
        let hash = token::hash(&token);
        let now = self.now();
        self.db
            .write(|conn| api_tokens::add(conn, owner.id, label, &hash, now))?;
        Ok(token)
    }

    /// Whose token this is.
    pub fn token_owner(&self, token: &str) -> Result<Option<User>> {
        let hash = token::hash(token);
        Ok(self.db.read(|conn| api_tokens::owner(conn, &hash))?)
    }
}

fn chosen(password: Option<&str>) -> Result<String> {
    match password {
        Some(password) => password::accept(password).map(|()| password.to_owned()),
        None => Ok(password::made_up()),
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
