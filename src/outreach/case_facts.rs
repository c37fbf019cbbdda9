//! Everything known about cases, as the rules want it: of many at once, in as many queries as of one.

use super::Result;
use super::import::known_since;
use super::rulebook::Rulebook;
use crate::db::Conn;
use crate::domain::chance::Line;
use crate::domain::facts::{self, Attempt, Decision, Facts};
use crate::domain::ids::{CampaignId, CaseId, HouseholdId};
use crate::domain::message::MessageState;
use crate::domain::outcome::Scope;
use crate::domain::reply::Reply;
use crate::domain::stops::{self, Stop};
use crate::domain::timestamp::Timestamp;
use crate::store::answers::{self, Answer};
use crate::store::cases::Case;
use crate::store::messages::Message;
use crate::store::{attempts, campaigns, decisions, letters, messages, skips, suppressions};
use std::collections::{BTreeSet, HashMap};

/// After so many skips a supervisor sees the household.
const SKIPS_FOR_SUPERVISOR: i32 = 5;

/// The facts of each of these cases, which are of one outage.
pub(super) fn of(conn: &mut Conn, cases: &[Case]) -> Result<Vec<Facts>> {
    let Some(first) = cases.first() else {
        return Ok(Vec::new());
    };
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let answers = answers::standing_of(conn, &ids)?;
    let answers: HashMap<CaseId, Answer> = answers.into_iter().map(|one| (one.case_id, one)).collect();
    let phones = cases.iter().flat_map(|case| numbers(case, answers.get(&case.id)));
    let phones: Vec<String> = phones.collect();
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    let emails: Vec<&str> = cases.iter().filter_map(|case| case.email.as_deref()).collect();
    let keys: Vec<&str> = cases.iter().map(|case| case.identity_key.as_str()).collect();
    let homes: Vec<HouseholdId> = cases.iter().filter_map(|case| case.household_id).collect();
    let sent = messages::of_cases(conn, &ids)?;
    let mut known = Known {
        holds: holds(conn, &sent)?,
        stops: suppressions::stops(conn, &keys, &phones)?,
        no_email: suppressions::unmailed(conn, &emails)?,
        messages: gathered(sent.into_iter().map(|one| (one.case_id, one))),
        attempts: gathered(attempts::of_cases(conn, &ids)?),
        paid: earliest(known_since(conn, first.outage_id, &keys)?),
        skipped: skips::last_of_many(conn, &homes, SKIPS_FOR_SUPERVISOR)?
            .into_iter()
            .collect(),
        decisions: gathered(decisions::standing(conn, &ids)?),
        letters: earliest(letters::standing(conn, &ids)?),
        answers,
    };
    Ok(cases.iter().map(|case| known.of(case)).collect())
}

/// Until when the campaigns of these messages hold the calls of those they wrote to.
fn holds(conn: &mut Conn, sent: &[Message]) -> Result<HashMap<CampaignId, Timestamp>> {
    let ids: BTreeSet<CampaignId> = sent.iter().filter_map(|message| message.campaign_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<CampaignId> = ids.into_iter().collect();
    Ok(campaigns::holds(conn, &ids)?.into_iter().collect())
}

/// What was found about some cases.
struct Known {
    stops: Vec<Stop>,
    no_email: suppressions::Since,
    messages: HashMap<CaseId, Vec<Message>>,
    holds: HashMap<CampaignId, Timestamp>,
    attempts: HashMap<CaseId, Vec<attempts::Attempt>>,
    /// By identity key.
    paid: HashMap<String, Timestamp>,
    skipped: HashMap<HouseholdId, Timestamp>,
    decisions: HashMap<CaseId, Vec<decisions::Standing>>,
    letters: HashMap<CaseId, Timestamp>,
    answers: HashMap<CaseId, Answer>,
}

impl Known {
    fn of(&mut self, case: &Case) -> Facts {
        let answer = self.answers.remove(&case.id);
        let numbers = numbers(case, answer.as_ref());
        let callable = stops::callable(&self.stops, &case.identity_key, numbers);
        let sent = self.messages.remove(&case.id).unwrap_or_default();
        let email = case.email.as_deref();
        let bounced = sent.iter().any(|message| {
            message.state == MessageState::Bounced.as_str() && Some(message.to_address.as_str()) == email
        });
        let attempts = self.attempts.remove(&case.id).unwrap_or_default();
        // Every record moved to another case with a later import: whatever happened here, nobody is left to call.
        let last = attempts.last().map_or(case.opened_at, |attempt| attempt.at);
        let standing = attempts
            .into_iter()
            .filter(|attempt| attempt.superseded_at.is_none());
        let paid = self.paid.get(&case.identity_key);
        let home = case.household_id;
        Facts {
            not_affected_at: (case.transactions == 0).then(|| last.max(case.opened_at)),
            paid_at: paid.map(|at| (*at).max(case.opened_at)),
            suppressed: callable.stopped_at.map(|at| (at, Scope::Calls)),
            phones: callable.phones,
            has_email: email.is_some_and(|email| !self.no_email.contains_key(email)) && !bounced,
            zones: Rulebook::zones(&case.time_zone),
            line: Line::of_tax(case.tax_type.as_deref()),
            opened_at: case.opened_at,
            held_until: self.held_until(&sent),
            attempts: standing.map(fact).collect(),
            passed_on_at: home.and_then(|home| self.skipped.get(&home).copied()),
            decisions: decided(self.decisions.remove(&case.id).unwrap_or_default()),
            letter_sent_at: self.letters.get(&case.id).copied(),
            emails_sent: sent.iter().filter_map(|message| message.sent_at).collect(),
            answer: answer.and_then(answered),
        }
    }
}

impl Known {
    /// Until when calls wait for the campaigns that wrote to a case. An e-mail that came back or was never sent
    /// holds nobody.
    fn held_until(&self, sent: &[Message]) -> Option<Timestamp> {
        let lost = [
            MessageState::Bounced,
            MessageState::Failed,
            MessageState::Withdrawn,
            MessageState::Suppressed,
        ];
        let lost = lost.map(MessageState::as_str);
        let written = sent
            .iter()
            .filter(|message| !lost.contains(&message.state.as_str()));
        let holds = written.filter_map(|message| self.holds.get(&message.campaign_id?));
        holds.max().copied()
    }
}

/// The numbers of a case, the one to call first first: the one that they asked for by link, if so.
fn numbers(case: &Case, answer: Option<&Answer>) -> Vec<String> {
    let asked = answer.and_then(|answer| answer.phone.as_ref());
    let known = [asked, case.phone.as_ref(), case.phone_2.as_ref()];
    let mut phones: Vec<String> = known.into_iter().flatten().cloned().collect();
    phones.dedup();
    phones
}

/// A word that this version does not know answers nothing.
fn answered(answer: Answer) -> Option<facts::Answer> {
    let reply: Reply = answer.choice.parse().ok()?;
    Some(facts::Answer {
        at: answer.at,
        choice: reply.choice(answer.call_at)?,
        language: Some(answer.language),
    })
}

/// By whom they belong to, in their order.
fn gathered<T>(found: impl IntoIterator<Item = (CaseId, T)>) -> HashMap<CaseId, Vec<T>> {
    let mut all: HashMap<CaseId, Vec<T>> = HashMap::new();
    for (case, one) in found {
        all.entry(case).or_default().push(one);
    }
    all
}

fn earliest<K: std::hash::Hash + Eq>(found: Vec<(K, Timestamp)>) -> HashMap<K, Timestamp> {
    let mut all: HashMap<K, Timestamp> = HashMap::new();
    for (whose, at) in found {
        let known = all.entry(whose).or_insert(at);
        *known = at.min(*known);
    }
    all
}

/// A word that this version does not know decides nothing.
fn decided(found: Vec<decisions::Standing>) -> Vec<Decision> {
    let known = found.into_iter().filter_map(|(verdict, at, phone)| {
        let verdict = verdict.parse().ok()?;
        Some(Decision { at, verdict, phone })
    });
    known.collect()
}

fn fact(attempt: attempts::Attempt) -> Attempt {
    Attempt {
        at: attempt.at,
        outcome: attempt.outcome,
        phone: (!attempt.inbound).then_some(attempt.phone),
        inbound: attempt.inbound,
        callback_at: attempt.callback_at,
        callback_for: attempt.callback_owner_id,
        language: attempt.language,
        scope: attempt.scope.and_then(|scope| scope.parse().ok()),
    }
}
