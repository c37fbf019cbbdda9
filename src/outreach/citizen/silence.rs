//! Whom nobody contacts any more because of an answer.

use super::link::Link;
use crate::db::Conn;
use crate::domain::ids::AnswerId;
use crate::domain::reply::Reply;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Result;
use crate::store::cases::Case;
use crate::store::messages;
use crate::store::suppressions::{self, Kind};

/// *Don't contact me* holds for every number and address, *wrong person* for the addresses that the link was mailed to;
/// across outages.
pub(super) fn suppress(
    conn: &mut Conn,
    (case, link): (&Case, Link),
    reply: Reply,
    answer: AnswerId,
    now: Timestamp,
) -> Result<()> {
    let (phones, emails) = match reply {
        Reply::DontContact => (
            [case.phone.as_ref(), case.phone_2.as_ref()],
            case.email.iter().cloned().collect(),
        ),
        Reply::WrongPerson => ([None, None], mailed(conn, case, link)?),
        _ => return Ok(()),
    };
    let reason = reply.as_str();
    for phone in phones.into_iter().flatten() {
        suppressions::add_answered(
            conn,
            (Kind::Phone, phone),
            (reason, &case.identity_key),
            answer,
            now,
        )?;
    }
    for email in &emails {
        suppressions::add_answered(
            conn,
            (Kind::Email, email),
            (reason, &case.identity_key),
            answer,
            now,
        )?;
    }
    Ok(())
}

/// Where the e-mail with this link went. An import may have brought another address since; of a link from elsewhere, the
/// case's address is meant.
fn mailed(conn: &mut Conn, case: &Case, link: Link) -> Result<Vec<String>> {
    let sent = link.sent_at();
    let written = messages::addresses(conn, case.id, (sent, sent.plus_minutes(1)))?;
    Ok(match written.is_empty() {
        true => case.email.iter().cloned().collect(),
        false => written,
    })
}
