//! The right address of a citizen whose e-mail did not arrive: somebody rang, or saw the slip of the pen.

use super::accounts::User;
use super::decide::{lock, look_again, visible};
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::contact::Email;
use crate::domain::ids::{MessageId, OutageId};
use crate::domain::message::MessageState;
use crate::domain::role::Role;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::cases;
use crate::store::corrected_addresses as corrections;
use crate::store::messages::{self, Message, NewMessage};
use crate::store::suppressions::{self, Kind};

impl Office {
    /// Writes to a citizen at another address from now on, whatever later imports say, and sends what did not arrive
    /// again, to that address; not to who is closed, and the same correction again sends nothing more.
    ///
    /// # Errors
    /// Not a supervisor; there is no such message in the outage, or it arrived; that is no address, the one that did not
    /// work, or one that must not be written to.
    pub fn correct_address(&self, by: &User, outage: OutageId, id: MessageId, typed: &str) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let wrong = |told: &str| Error::invalid("email", told);
        let email = Email::read(typed).map(Email::into_string);
        let email = email.ok_or_else(|| wrong("Enter one e-mail address, such as name@example.com."))?;
        let now = self.now();
        self.once("correct_address", |conn| {
            let message = messages::find(conn, id)?.filter(|message| message.outage_id == outage);
            let message = message.ok_or(Error::NotFound("message"))?;
            if !matches!(
                message.state.parse(),
                Ok(MessageState::Bounced | MessageState::Failed)
            ) {
                let told = format!("This message is {} now; nothing was changed.", message.state);
                return Err(Error::Conflict(told));
            }
            if message.to_address == email {
                return Err(wrong("That is the address that did not work."));
            }
            if suppressions::since(conn, Kind::Email, &[&email])?.is_some() {
                return Err(wrong(
                    "This address must not be written to: it is under Suppressions.",
                ));
            }
            let case = visible(conn, message.case_id)?;
            lock(conn, &case)?;
            if case.email.as_ref() != Some(&email) {
                corrections::add(conn, case.id, (&email, case.email.as_deref()), by.id, now)?;
                look_again(conn, &case, now, false)?;
            }
            send_again(conn, &message, &email, now)
        })
    }
}

fn send_again(conn: &mut Conn, message: &Message, email: &str, now: Timestamp) -> Result<()> {
    let case = cases::find(conn, message.case_id)?.ok_or(Error::NotFound("case"))?;
    let is_closed = case.stage == Stage::Closed.as_str();
    if is_closed || messages::was_written_at(conn, case.id, &message.template_key, email)? {
        return Ok(());
    }
    let again = NewMessage {
        outage: message.outage_id,
        case: case.id,
        template_key: &message.template_key,
        language: &message.language,
        to_address: email,
        attempt: None,
        campaign: None,
    };
    messages::add(conn, &again, now)?;
    Ok(())
}
