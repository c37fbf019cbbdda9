//! What happened to a case, in one line each, the latest first.

use jiff::tz::TimeZone;

use super::compose::{found_by, outcome};
use super::page::HistoryRow;
use crate::domain::callback::{Kept, standing};
use crate::domain::ids::UserId;
use crate::domain::reconcile::Fate;
use crate::domain::reply::Reply;
use crate::domain::skip_reason::SkipReason;
use crate::domain::timestamp::Timestamp;
use crate::domain::verdict::Verdict;
use crate::outreach::accounts::User;
use crate::outreach::case_file::{Answer, CaseFile, CorrectedAddress, Decision, Evidence, Letter, Skip};
use crate::store::attempts::Attempt;
use crate::store::callbacks::Callback;
use crate::store::messages::Message;
use crate::web::messages::words::{fate, template};
use crate::web::show::person::masked;
use crate::web::show::time::moment;

/// Calls, promises, e-mails, letters, decisions and skips of a case.
pub(super) fn history(file: &CaseFile, staff: &[User], zone: &TimeZone) -> Vec<HistoryRow> {
    let when = |at: Timestamp| moment(at, file.now, zone);
    let calls = file.attempts.iter().map(|(attempt, who)| {
        let at = attempt.changed_at.unwrap_or(attempt.at); // a change stands at its own time
        (
            at,
            call(file, attempt, whose(file, attempt, who, &when), when(at)),
        )
    });
    let promises = file.promises.iter().map(|promise| {
        let due = when(promise.due_at);
        (
            promise.created_at,
            promised(promise, staff, file.now, (when(promise.created_at), due)),
        )
    });
    let written_to = file.messages.iter().map(|message| {
        let at = message.sent_at.unwrap_or(message.queued_at);
        (at, written(message, when(at)))
    });
    let corrected = file
        .corrections
        .iter()
        .map(|one| (one.at, put_right(one, when(one.at))));
    let answers = file.answers.iter().map(|answer| {
        let call = answer.call_at.map(when);
        (answer.at, answered(answer, call, when(answer.at)))
    });
    let decided = file.decisions.iter().map(|(decision, who)| {
        let who = until(who, staff, decision.withdrawn_by);
        (decision.at, ruled(decision, who, when(decision.at)))
    });
    let posted = file.letters.iter().map(|(letter, who)| {
        let who = until(who, staff, letter.withdrawn_by);
        (letter.sent_at, sent(letter, who, when(letter.sent_at)))
    });
    let skipped = file
        .skips
        .iter()
        .map(|skip| (skip.at, passed_over(skip, when(skip.at))));
    let payments = file.paid.iter().map(|evidence| {
        let at = when(evidence.known_at);
        (
            evidence.known_at,
            paid(evidence, at, when(evidence.payment.occurred_at)),
        )
    });
    let told = calls.chain(promises).chain(written_to).chain(answers);
    let mut events: Vec<(Timestamp, HistoryRow)> = told
        .chain(payments)
        .chain(corrected)
        .chain(decided)
        .chain(posted)
        .chain(skipped)
        .collect();
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let rows = events.into_iter().map(|(_, row)| row);
    rows.chain([arrived(file, when(file.case.opened_at))]).collect()
}

/// Whose word an outcome is: of who called, of who put it in the place of that, and of who took it back.
fn whose(file: &CaseFile, attempt: &Attempt, caller: &str, when: &impl Fn(Timestamp) -> String) -> String {
    let mut words = match file.editors.name(attempt.changed_by) {
        Some(editor) => format!(
            "{editor}, in place of what {caller} recorded at {}",
            when(attempt.at)
        ),
        None => caller.to_owned(),
    };
    if let Some(editor) = file.editors.name(attempt.taken_back_by) {
        let did = if attempt.superseded_by.is_some() {
            "changed"
        } else {
            "taken back"
        };
        let at = attempt.superseded_at.map(when).unwrap_or_default();
        words.push_str(&format!(" · {did} by {editor}, {at}"));
    }
    words
}

fn call(file: &CaseFile, attempt: &Attempt, who: String, at: String) -> HistoryRow {
    let way = if attempt.inbound { "They rang: " } else { "" };
    HistoryRow {
        at,
        dot: dot(&attempt.outcome),
        what: format!("{way}{}", outcome(file, &attempt.outcome)),
        who,
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

fn answered(answer: &Answer, call: Option<String>, at: String) -> HistoryRow {
    let reply: Option<Reply> = answer.choice.parse().ok();
    let words = reply.map_or(answer.choice.as_str(), |reply| reply.words());
    HistoryRow {
        at,
        dot: "self",
        what: format!(
            "Answered by link: “{words}”{}",
            call.map(|call| format!(", {call}")).unwrap_or_default()
        ),
        who: "The citizen".to_owned(),
        note: String::new(),
        superseded: answer.superseded_at.is_some(),
        late: false,
    }
}

fn put_right(corrected: &CorrectedAddress, at: String) -> HistoryRow {
    HistoryRow {
        at,
        dot: "supervisor",
        what: format!("E-mail address put right: {}", masked(&corrected.email)),
        who: corrected.by.clone(),
        note: String::new(),
        superseded: false,
        late: false,
    }
}

/// Who did something, and who took it back.
fn until(who: &str, staff: &[User], withdrawn_by: Option<UserId>) -> String {
    match staff.iter().find(|user| Some(user.id) == withdrawn_by) {
        Some(user) => format!("{who} · taken back by {}", user.name),
        None => who.to_owned(),
    }
}

fn ruled(decision: &Decision, who: String, at: String) -> HistoryRow {
    let verdict: Option<Verdict> = decision.verdict.parse().ok();
    let words = verdict.map_or_else(
        || decision.verdict.clone(),
        |verdict| verdict.words().to_lowercase(),
    );
    HistoryRow {
        at,
        dot: "supervisor",
        what: format!("Decided: {words}"),
        who,
        note: decision.note.clone(),
        superseded: decision.withdrawn_at.is_some(),
        late: false,
    }
}

fn sent(letter: &Letter, who: String, at: String) -> HistoryRow {
    HistoryRow {
        at,
        dot: "letter",
        what: "Letter sent".to_owned(),
        who,
        note: String::new(),
        superseded: letter.withdrawn_at.is_some(),
        late: false,
    }
}

fn passed_over(skip: &Skip, at: String) -> HistoryRow {
    let reason: Option<SkipReason> = skip.reason.parse().ok();
    HistoryRow {
        at,
        dot: "none",
        what: "Skipped".to_owned(),
        who: skip.caller.clone(),
        note: reason.map_or_else(|| skip.reason.clone(), |reason| reason.words().to_owned()),
        superseded: false,
        late: false,
    }
}

fn paid(evidence: &Evidence, at: String, made: String) -> HistoryRow {
    HistoryRow {
        at,
        dot: "self",
        what: match evidence.payment.fate == Fate::Refund.as_str() {
            true => format!("Found that money went back, {made}"),
            false => format!("Payment of {made} found. {}", found_by(evidence)),
        },
        who: evidence.file_name.clone(),
        note: String::new(),
        superseded: false,
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
