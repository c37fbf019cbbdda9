//! Why a message must not go out any more.

use crate::db::Conn;
use crate::domain::ids::MessageId;
use crate::domain::message::MessageState;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Result;
use crate::store::message_lease::{self as lease, Doubt};
use std::collections::HashMap;

/// What ends a message instead of sending it, and the words for it.
pub(super) type Reason = (MessageState, &'static str);

/// Those of these messages that must not go out, and why: the address is suppressed, what caused it was taken
/// back, the call that it reminds of is no longer to come, its campaign was held or stopped, or the case was closed
/// after it was queued.
pub(super) fn reasons_against(
    conn: &mut Conn,
    ids: &[MessageId],
    now: Timestamp,
) -> Result<HashMap<MessageId, Reason>> {
    let doubts = lease::doubts(conn, ids, now)?;
    let against = doubts.iter().filter_map(|doubt| Some((doubt.id, reason(doubt)?)));
    Ok(against.collect())
}

fn reason(doubt: &Doubt) -> Option<Reason> {
    if doubt.suppressed {
        return Some((MessageState::Suppressed, "This address must not be written to."));
    }
    if doubt.superseded_at.is_some() {
        return Some((
            MessageState::Withdrawn,
            "The outcome that asked for it was taken back.",
        ));
    }
    if !doubt.promised {
        return Some((
            MessageState::Withdrawn,
            "The call that it reminds of was made or called off.",
        ));
    }
    match doubt.campaign.as_deref() {
        Some("stopped") => return Some((MessageState::Withdrawn, "The mailing was stopped.")),
        Some("paused") => return Some((MessageState::Queued, "Not sent yet: the mailing is held.")),
        _ => {}
    }
    let closed_since = doubt.resolved_at.is_some_and(|at| at > doubt.queued_at);
    (doubt.stage == Stage::Closed.as_str() && closed_since)
        .then_some((MessageState::Withdrawn, "The case was closed meanwhile."))
}
