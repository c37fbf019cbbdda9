//! The check that every password a person chooses goes through, whichever way it comes in.

use super::{Error, Office, Result, password};
use crate::db::Conn;
use crate::domain::password_rule;
use crate::store::{self, outages};

/// The product, which whoever guesses knows too.
const PRODUCT: &str = "Makegood";

impl Office {
    /// The password that was chosen, or one that is made up.
    pub(super) fn chosen(&self, password: Option<&str>, of: (&str, &str)) -> Result<String> {
        match password {
            Some(password) => self.accept_password(password, of).map(|()| password.to_owned()),
            None => Ok(password::made_up()),
        }
    }

    /// Refuses a password that would be guessed of the account with this address and name.
    pub(super) fn accept_password(&self, password: &str, (email, name): (&str, &str)) -> Result<()> {
        let said = self.db.read(names_of_outages)?;
        let around = [PRODUCT, self.sender_name(), email, name];
        let around = around.into_iter().chain(said.iter().map(String::as_str));
        password_rule::check(password, around).map_err(|weak| Error::invalid("password", weak.to_string()))
    }
}

/// Names of the agency and of its outages, as citizens hear them.
fn names_of_outages(conn: &mut Conn) -> store::Result<Vec<String>> {
    let outages = outages::all(conn)?.into_iter();
    Ok(outages
        .flat_map(|outage| [outage.name, outage.agency_name, outage.slug])
        .collect())
}
