//! What happened to a case, in one line each, the latest first.

use jiff::tz::TimeZone;

use super::compose::outcome;
use super::page::HistoryRow;
use crate::domain::callback::{Kept, standing};
use crate::domain::timestamp::Timestamp;
use crate::outreach::accounts::User;
use crate::outreach::case_file::CaseFile;
use crate::store::attempts::Attempt;
use crate::store::callbacks::Callback;
use crate::store::messages::Message;
use crate::web::messages::words::{fate, template};
use crate::web::show::person::masked;
use crate::web::show::time::moment;

/// Calls, promises and e-mails of a case.
pub(super) fn history(file: &CaseFile, staff: &[User], zone: &TimeZone) -> Vec<HistoryRow> {
    let when = |at: Timestamp| moment(at, file.now, zone);
    let calls = file
        .attempts
        .iter()
        .map(|(attempt, who)| (attempt.at, call(file, attempt, who, when(attempt.at))));
    let promises = file.promises.iter().map(|promise| {
        let due = when(promise.due_at);
        (
            promise.created_at,
            promised(promise, staff, file.now, (when(promise.created_at), due)),
        )
    });
    let letters = file.messages.iter().map(|message| {
        let at = message.sent_at.unwrap_or(message.queued_at);
        (at, written(message, when(at)))
    });
    let mut events: Vec<(Timestamp, HistoryRow)> = calls.chain(promises).chain(letters).collect();
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let rows = events.into_iter().map(|(_, row)| row);
    rows.chain([arrived(file, when(file.case.opened_at))]).collect()
}

fn call(file: &CaseFile, attempt: &Attempt, who: &str, at: String) -> HistoryRow {
    let way = if attempt.inbound { "They rang: " } else { "" };
    HistoryRow {
        at,
        dot: dot(&attempt.outcome),
        what: format!("{way}{}", outcome(file, &attempt.outcome)),
        who: who.to_owned(),
        note: attempt.note.clone(),
        superseded: attempt.superseded_at.is_some(),
        late: attempt.late,
    }
}

fn dot(outcome: &str) -> &'static str {
    match outcome {
        "all_set" => "reached",
        "will_pay" => "waiting",
        "needs_help" => "help",
        "call_back" | "someone_else" => "callback",
        "do_not_call" | "refused" => "dnc",
        "wrong_number" | "disconnected" => "unreach",
        "deceased" => "supervisor",
        "technical" => "none",
        _ => "tried",
    }
}

fn promised(promise: &Callback, staff: &[User], now: Timestamp, (at, due): (String, String)) -> HistoryRow {
    let owner = staff.iter().find(|user| Some(user.id) == promise.owner_id);
    let kept = match standing(promise.due_at, promise.kept_at, now) {
        _ if promise.withdrawn_at.is_some() => "withdrawn",
        Kept::OnTime => "kept",
        Kept::Late => "kept late",
        Kept::Open => "not due yet",
        Kept::Broken => "late",
    };
    HistoryRow {
        at,
        dot: "callback",
        what: format!("Callback promised for {due}: {kept}"),
        who: owner.map_or("Anyone", |user| user.name.as_str()).to_owned(),
        note: String::new(),
        superseded: promise.withdrawn_at.is_some(),
        late: false,
    }
}

fn written(message: &Message, at: String) -> HistoryRow {
    let (dot, state) = fate(&message.state);
    HistoryRow {
        at,
        dot,
        what: format!(
            "E-mail “{}”: {}",
            template(&message.template_key),
            state.to_lowercase()
        ),
        who: masked(&message.to_address),
        note: String::new(),
        superseded: message.state == "withdrawn",
        late: false,
    }
}

fn arrived(file: &CaseFile, at: String) -> HistoryRow {
    let source = file.payments.first().map(|payment| payment.file_name.clone());
    HistoryRow {
        at,
        dot: "new",
        what: "Case opened".to_owned(),
        who: source.unwrap_or_default(),
        note: String::new(),
        superseded: false,
        late: false,
    }
}
