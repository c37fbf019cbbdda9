//! What a call does to the course of a case, by the rule of its outcome.

use super::Course;
use crate::domain::callback;
use crate::domain::facts::Attempt;
use crate::domain::outcome::{Lane, Outcome, Retry, Rule};
use crate::domain::progress::{Promise, Why};
use crate::domain::queue::PHONE_GAP_MINUTES;
use crate::domain::retry::{Try, is_enough, next_try};
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;

impl Course<'_> {
    /// One call and what its outcome's rule says; an unknown outcome goes to a supervisor.
    pub(in crate::domain) fn attempt(&mut self, attempt: &Attempt, outcome: Option<&Outcome>) {
        let Some(outcome) = outcome else {
            if self.stage.is_open() {
                self.hand_to_supervisor(attempt.at, Why::UnknownOutcome);
            }
            return;
        };
        let (rule, template) = outcome.at(attempt.at);
        if !matches!(rule, Rule::Requeue) {
            self.keep_promise(attempt.at);
        }
        match rule {
            Rule::Close { resolution } => self.close(*resolution, attempt.at),
            Rule::Retry(retry) => self.not_reached(retry, attempt, template),
            Rule::Wait { hours, checks } => self.wait(attempt.at, *hours, *checks),
            Rule::Callback => self.call_back(attempt),
            Rule::Escalate {
                to: Lane::Specialists,
                ..
            } => {
                let again = self.stage == Stage::NeedsHelp && !attempt.inbound;
                let from = attempt.callback_at.or_else(|| {
                    // A specialist who leaves it to another one does not get it back as her next call.
                    again.then(|| attempt.at.plus_minutes(PHONE_GAP_MINUTES))
                });
                self.hand_to_specialist(attempt.at, from);
            }
            Rule::Escalate {
                to: Lane::Supervisor,
                hold_mail,
            } => {
                self.mail_held |= hold_mail;
                self.hand_to_supervisor(attempt.at, Why::NeedsSupervisor);
            }
            Rule::Move => self.move_to_language(attempt),
            Rule::BadNumber => self.bad_number(attempt),
            Rule::Suppress { scope } => self.do_not_contact(attempt.at, attempt.scope.unwrap_or(*scope)),
            Rule::Requeue => {}
        }
        if !matches!(rule, Rule::Retry(_)) && self.send.is_none() {
            self.send = template.map(str::to_owned);
        }
    }

    /// A call made at (or shortly before) the promised time keeps the promise; what follows is then
    /// decided by the outcome.
    fn keep_promise(&mut self, at: Timestamp) {
        let Some(promise) = self.promise else { return };
        if callback::keeps(promise.due_at, at) {
            self.promise = None;
            self.due_at = self.calendar.open_from(at);
            (self.stage, self.why) = match self.with_specialist {
                true => (Stage::NeedsHelp, Why::NeedsHelp),
                false => (Stage::Tried, Why::NotReachedYet),
            };
        }
    }

    fn not_reached(&mut self, rule: &Retry, attempt: &Attempt, template: Option<&str>) {
        if !attempt.inbound {
            self.tries.push(Try {
                at: attempt.at,
                halves: rule.halves,
            });
        }
        if let Some(hours) = rule.message_gap_hours {
            self.leave_message(attempt.at, hours, template);
        } else {
            self.send = template.map(str::to_owned);
        }
        match self.stage {
            Stage::New | Stage::Tried | Stage::NeedsHelp => self.retry(rule, attempt),
            Stage::AwaitingPayment if attempt.at >= self.due_at => self.check_failed(rule, attempt),
            // Nothing new: closed, with others, or promised for later.
            _ => {}
        }
    }

    fn retry(&mut self, rule: &Retry, attempt: &Attempt) {
        if rule
            .give_up
            .is_some_and(|limit| is_enough(limit, &self.tries, self.calendar))
        {
            return self.write_instead(attempt.at, Why::TriedEnough);
        }
        self.due_at = match attempt.callback_at.filter(|best| *best > attempt.at) {
            Some(best) => self.calendar.open_from(best),
            None => next_try(rule, attempt.at, &self.tries, self.calendar),
        };
        if self.stage != Stage::NeedsHelp {
            self.stage = Stage::Tried;
            self.why = Why::NotReachedYet;
        }
    }

    /// A check call that reached nobody. Who said they would pay knows how: no hunt follows, but they were not reached, so they
    /// are written to.
    fn check_failed(&mut self, rule: &Retry, attempt: &Attempt) {
        if rule.halves < 2 {
            self.due_at = next_try(rule, attempt.at, &self.tries, self.calendar);
        } else {
            self.write_instead(attempt.at, Why::TriedEnough);
        }
    }

    fn leave_message(&mut self, at: Timestamp, gap_hours: u16, template: Option<&str>) {
        if self.message_until.is_none_or(|until| until <= at) {
            self.message_until = Some(at.plus_hours(i64::from(gap_hours)));
            self.send = template.map(str::to_owned);
        }
    }

    fn wait(&mut self, at: Timestamp, hours: u16, checks: u8) {
        if self.is_closed_as(Resolution::Paid) {
            return;
        }
        if self.stage == Stage::AwaitingPayment && at >= self.due_at {
            self.checks_made = self.checks_made.saturating_add(1);
        }
        if self.checks_made >= checks {
            return self.close(Resolution::ResolvedByCall, at);
        }
        let due_at = self.calendar.open_from(at.plus_hours(i64::from(hours)));
        self.open(Stage::AwaitingPayment, due_at, Why::CheckPayment);
    }

    fn call_back(&mut self, attempt: &Attempt) {
        let due_at = attempt.callback_at.unwrap_or(attempt.at);
        let promise = Promise {
            due_at,
            owner: attempt.callback_for,
            made_at: attempt.at,
        };
        self.promise(promise, Why::Promised);
    }

    pub(super) fn hand_to_supervisor(&mut self, at: Timestamp, why: Why) {
        self.open(Stage::NeedsSupervisor, at, why);
    }

    fn move_to_language(&mut self, attempt: &Attempt) {
        if attempt.language.is_some() {
            self.language.clone_from(&attempt.language);
        }
        match self.stage {
            Stage::New | Stage::Tried => {
                self.open(
                    Stage::Tried,
                    self.calendar.open_from(attempt.at),
                    Why::OtherLanguage,
                );
            }
            // Where no other specialist speaks it, it does not come straight back.
            Stage::NeedsHelp if !attempt.inbound => {
                let later = attempt.at.plus_minutes(PHONE_GAP_MINUTES);
                self.due_at = self.due_at.max(self.calendar.open_from(later));
            }
            _ => {}
        }
    }

    fn bad_number(&mut self, attempt: &Attempt) {
        let called = attempt.phone.as_ref().or_else(|| self.next_phone()).cloned();
        if let Some(number) = called.filter(|number| !attempt.inbound && !self.bad_phones.contains(number)) {
            self.bad_phones.push(number);
        }
        let due_at = self.calendar.open_from(attempt.at);
        match self.stage {
            Stage::New | Stage::Tried => self.open(Stage::Tried, due_at, Why::NextNumber),
            Stage::AwaitingPayment | Stage::NeedsHelp => self.due_at = self.due_at.max(due_at),
            _ => {}
        }
    }
}
