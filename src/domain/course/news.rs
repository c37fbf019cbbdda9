//! What everything but a call does to the course of a case: payments, answers by link, decisions, mail.

use super::Course;
use crate::domain::facts::{Answer, Choice, Decision};
use crate::domain::outcome::Scope;
use crate::domain::progress::{Promise, Why};
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;
use crate::domain::verdict::Verdict;

impl Course<'_> {
    /// What the citizen chose by link.
    pub(in crate::domain) fn answer(&mut self, answer: &Answer) {
        match answer.choice {
            Choice::HavePaid => self.close(Resolution::ResolvedByCitizen, answer.at),
            Choice::CallMe(due_at) => {
                let promise = Promise {
                    due_at,
                    owner: None,
                    made_at: answer.at,
                };
                self.promise(promise, Why::CitizenAsked);
                self.language = answer.language.clone().or(self.language.take());
            }
            Choice::NeedHelp => self.hand_to_specialist(answer.at, None),
            Choice::DontContact => self.do_not_contact(answer.at, Scope::All),
            Choice::WrongPerson => {
                self.email_is_wrong = true;
                if self.stage == Stage::Email || self.is_closed_as(Resolution::Unreachable) {
                    self.open(Stage::Letter, answer.at, Why::ToBeWritten);
                }
            }
        }
    }

    /// What a supervisor decided.
    pub(in crate::domain) fn decision(&mut self, decision: &Decision) {
        match decision.verdict {
            Verdict::Close(Resolution::DoNotContact) => self.do_not_contact(decision.at, Scope::All),
            Verdict::Close(resolution) => self.close(resolution, decision.at),
            Verdict::CallAgain => {
                let due_at = self.calendar.open_from(decision.at);
                self.open(Stage::Tried, due_at, Why::NotReachedYet);
            }
            Verdict::Write => self.write_instead(decision.at, Why::ToBeWritten),
            Verdict::NotTheirNumber => self.not_theirs(decision.phone.as_ref()),
        }
    }

    /// A number is somebody else's: whoever was to be called at it is called at their next one. Nobody was called for that, so
    /// nothing else changes.
    fn not_theirs(&mut self, phone: Option<&String>) {
        let Some(phone) = phone.filter(|phone| !self.bad_phones.contains(phone)) else {
            return;
        };
        let was_next = self.next_phone() == Some(phone);
        self.bad_phones.push(phone.clone());
        if was_next && matches!(self.stage, Stage::New | Stage::Tried) {
            self.why = Why::NextNumber;
        }
    }

    /// Callers passed the household over too often: a supervisor has to look. What was promised stays promised.
    pub(in crate::domain) fn passed_on(&mut self, at: Timestamp) {
        if self.stage.is_call() {
            self.stage = Stage::NeedsSupervisor;
            self.due_at = at;
            self.why = Why::SkippedOften;
        }
    }

    /// A later payment was found: nothing is left to do.
    pub(in crate::domain) fn paid(&mut self, at: Timestamp) {
        self.close(Resolution::Paid, at);
    }

    /// The case has no failed transaction left.
    pub(in crate::domain) fn not_affected(&mut self, at: Timestamp) {
        if self.stage.is_open() {
            self.close(Resolution::NotAffected, at);
        }
    }

    /// A suppression from elsewhere. A promise that was asked for later still stands.
    pub(in crate::domain) fn suppressed(&mut self, at: Timestamp, scope: Scope) {
        self.suppress = self.suppress.max(Some(scope));
        if scope == Scope::All && self.stage.is_open() && self.stage != Stage::NeedsSupervisor {
            self.close(Resolution::DoNotContact, at);
        } else if self.stage == Stage::NeedsHelp {
            self.hand_to_supervisor(at, Why::CallsSuppressed); // help was promised: an e-mail that we called is none
        } else if self.stage.is_call() {
            self.write_instead(at, Why::CallsSuppressed); // earlier promises too
        }
    }

    /// The mail server took an e-mail: who could only be written to has been.
    pub(in crate::domain) fn email_sent(&mut self, at: Timestamp) {
        if self.stage.is_written() {
            self.close(Resolution::Unreachable, at);
        }
    }

    /// A letter went out.
    pub(in crate::domain) fn letter_sent(&mut self, at: Timestamp) {
        if self.stage.is_written() {
            self.close(Resolution::LetterSent, at);
        }
    }
}
