//! Why a queue is empty, and when the next one comes.

use super::Result;
use super::rulebook::Rulebook;
use crate::db::Conn;
use crate::domain::queue::{QueueEntry, Reach, Waiting as Reason, waiting};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::outages::Outage;
use crate::store::queue::Asking;
use crate::store::waiting::{Alike, alike, without_phone};

/// Households that cannot be called by this caller now, by the reason (the contract's keys).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Waiting {
    /// The next try is later.
    pub retry_later: i64,
    /// It is too early or too late there.
    pub outside_hours: i64,
    /// A colleague has it.
    pub claimed_by_others: i64,
    /// A callback is promised for later, or to a colleague.
    pub callback_later: i64,
    /// They will pay; the check call is later.
    pub awaiting_payment: i64,
    /// It is on another list.
    pub other_list: i64,
    /// A supervisor has to decide.
    pub needs_supervisor: i64,
    /// There is no number to call.
    pub no_phone: i64,
    /// When the next one can be called, if time alone decides.
    pub next_at: Option<Timestamp>,
}

pub(super) fn count(conn: &mut Conn, outage: &Outage, asking: &Asking) -> Result<Waiting> {
    let mut counts = Waiting::default();
    for alike in alike(conn, asking.outage, asking.published, asking.caller, asking.now)? {
        add(&mut counts, outage, asking, &alike);
    }
    counts.no_phone += without_phone(conn, asking.outage, asking.published)?;
    Ok(counts)
}

fn add(counts: &mut Waiting, outage: &Outage, asking: &Asking, alike: &Alike) {
    let zones = Rulebook::zones(&alike.time_zone);
    let stage: Stage = alike.stage.parse().unwrap_or(Stage::NeedsSupervisor);
    let entry = QueueEntry {
        stage,
        due_at: alike.due_at,
        phone: None,
        owner: alike.callback_owner_id,
        language: None,
    };
    let mine = alike.list_id.is_none_or(|list| asking.lists.contains(&list));
    let open_pool = alike.list_id.is_some() || outage.pool_open;
    let on_other_list = match stage {
        Stage::NeedsHelp => !asking.specialist,
        Stage::Callback => false,
        _ => !mine || !open_pool,
    };
    let reach = Reach {
        claimed_by_other: alike.claimed,
        on_other_list,
        caller: asking.caller,
    };
    let reason = waiting(&entry, reach, asking.now, &zones, &asking.hours);
    let n = alike.households;
    match reason {
        Some(Reason::RetryLater) => counts.retry_later += n,
        Some(Reason::OutsideHours) => counts.outside_hours += n,
        Some(Reason::ClaimedByOthers) => counts.claimed_by_others += n,
        Some(Reason::CallbackLater) => counts.callback_later += n,
        Some(Reason::AwaitingPayment) => counts.awaiting_payment += n,
        Some(Reason::OtherList) => counts.other_list += n,
        Some(Reason::NeedsSupervisor) => counts.needs_supervisor += n,
        Some(Reason::NoPhone) => counts.no_phone += n,
        None => return,
    }
    let by_time = matches!(
        reason,
        Some(Reason::RetryLater | Reason::OutsideHours | Reason::CallbackLater | Reason::AwaitingPayment)
    );
    if by_time && !on_other_list {
        let due = alike.due_at.unwrap_or(asking.now).max(asking.now);
        let next = asking.hours.next_opening(due, &zones);
        counts.next_at = Some(counts.next_at.map_or(next, |earlier| earlier.min(next)));
    }
}
