//! Somebody on the phone has lost our e-mail: the last one goes out once more.

use super::accounts::User;
use super::lease::own;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, standing};
use crate::db::Conn;
use crate::domain::callback;
use crate::domain::ids::{CaseId, ClaimId};
use crate::domain::message::MessageState;
use crate::store::cases::{self, Case};
use crate::store::messages::{self, Message, NewMessage};
use crate::store::queue;
use crate::store::suppressions::{self, Kind};

/// An e-mail to a person that could be sent once more: the last that their server accepted at the address they have now. A
/// reminder of a time belongs to its time.
pub fn lost<'a>(case: &Case, messages: &'a [Message]) -> Option<&'a Message> {
    let sent = |message: &&Message| {
        message.case_id == case.id
            && message.state == MessageState::Sent.as_str()
            && case.email.as_deref() == Some(message.to_address.as_str())
            && message.template_key != callback::REMINDER
    };
    messages.iter().filter(sent).max_by_key(|message| message.id)
}

/// Whether that one is on its way already.
pub fn is_on_its_way(last: &Message, messages: &[Message]) -> bool {
    let waits = [MessageState::Queued, MessageState::Sending].map(MessageState::as_str);
    messages.iter().any(|message| {
        message.case_id == last.case_id
            && message.template_key == last.template_key
            && waits.contains(&message.state.as_str())
    })
}

impl Office {
    /// Sends a person of the call in hand their last e-mail once more. While it is on its way, this changes nothing.
    ///
    /// # Errors
    /// The call is another's or over; the person is not in it; nothing was sent to them, or they must not be written to.
    pub fn resend(&self, caller: &User, claim: ClaimId, case: CaseId) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            let household = queue::lock_claimed(conn, claim)?.ok_or(Error::NotFound("claim"))?;
            let claim = own(conn, claim, caller)?;
            if claim.released_at.is_some() {
                return Err(Error::NotFound("claim"));
            }
            let book = Rulebook::open(conn, claim.outage_id)?;
            let members = cases::of_household(conn, household.id, book.outage.published_import_id)?;
            let case = members.into_iter().find(|member| member.id == case);
            let case = case.ok_or(Error::NotFound("case"))?;
            let messages = messages::of_case(conn, case.id)?;
            let last = lost(&case, &messages).ok_or_else(|| Error::invalid("resend", NOTHING_SENT))?;
            if is_on_its_way(last, &messages) {
                return Ok(());
            }
            if !may_be_written_to(conn, &book, &case)? {
                return Err(Error::invalid("resend", "This person must not be written to."));
            }
            let again = NewMessage {
                outage: last.outage_id,
                case: last.case_id,
                template_key: &last.template_key,
                language: &last.language,
                to_address: &last.to_address,
                attempt: None,
                campaign: None,
            };
            messages::add(conn, &again, now)?;
            Ok(())
        })
    }
}

const NOTHING_SENT: &str = "No e-mail has reached this person at the address we have.";

fn may_be_written_to(conn: &mut Conn, book: &Rulebook, case: &Case) -> Result<bool> {
    let allowed = standing::folded(conn, book, std::slice::from_ref(case))?;
    let email = case.email.as_deref().unwrap_or_default();
    let suppressed = suppressions::since(conn, Kind::Email, &[email])?.is_some();
    Ok(!suppressed && allowed.iter().all(|progress| progress.may_email))
}
