//! The course of one case while its facts are folded in, one by one: see [`super::progress`].

use super::callback;
use super::calling_hours::CallingHours;
use super::facts::{Answer, Attempt, Choice, Decision, Facts, Verdict};
use super::outcome::{Lane, Outcome, Retry, Rule, Scope};
use super::progress::{Progress, Promise, Why};
use super::retry::{Calendar, Try, halves, is_enough, next_try};
use super::seeded::COULD_NOT_REACH;
use super::stage::{Resolution, Stage};
use super::timestamp::Timestamp;

/// Where the case stands between two facts.
pub(super) struct Course<'a> {
    facts: &'a Facts,
    calendar: Calendar<'a>,
    stage: Stage,
    resolution: Option<(Resolution, Timestamp)>,
    due_at: Timestamp,
    promise: Option<Promise>,
    /// A specialist owns the case until it is closed.
    with_specialist: bool,
    checks_made: u8,
    tries: Vec<Try>,
    bad_phones: Vec<String>,
    email_is_wrong: bool,
    mail_held: bool,
    language: Option<String>,
    suppress: Option<Scope>,
    message_until: Option<Timestamp>,
    /// The template that the present fact asks for.
    pub(super) send: Option<String>,
    why: Why,
}

impl<'a> Course<'a> {
    /// Before the first fact.
    pub(super) fn start(facts: &'a Facts, hours: &'a CallingHours) -> Self {
        let calendar = Calendar {
            hours,
            zones: &facts.zones,
        };
        let mut course = Self {
            facts,
            calendar,
            stage: Stage::New,
            resolution: None,
            due_at: calendar.open_from(facts.opened_at),
            promise: None,
            with_specialist: false,
            checks_made: 0,
            tries: Vec::new(),
            bad_phones: Vec::new(),
            email_is_wrong: false,
            mail_held: false,
            language: None,
            suppress: None,
            message_until: None,
            send: None,
            why: Why::FirstCall,
        };
        if facts.phones.is_empty() {
            course.write_instead(facts.opened_at, Why::NoPhone);
            course.send = None; // the campaign writes to them; nothing has happened yet
        }
        course
    }

    /// One call and what its outcome's rule says; an unknown outcome goes to a supervisor.
    pub(super) fn attempt(&mut self, attempt: &Attempt, outcome: Option<&Outcome>) {
        let Some(outcome) = outcome else {
            if self.stage.is_open() {
                self.hand_to_supervisor(attempt.at, Why::UnknownOutcome);
            }
            return;
        };
        if !matches!(outcome.rule, Rule::Requeue) {
            self.keep_promise(attempt.at);
        }
        match &outcome.rule {
            Rule::Close { resolution } => self.close(*resolution, attempt.at),
            Rule::Retry(retry) => self.not_reached(retry, attempt, outcome.template_key.as_deref()),
            Rule::Wait { hours, checks } => self.wait(attempt.at, *hours, *checks),
            Rule::Callback => self.call_back(attempt),
            Rule::Escalate {
                to: Lane::Specialists,
                ..
            } => {
                self.hand_to_specialist(attempt.at, attempt.callback_at);
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
        if !matches!(outcome.rule, Rule::Retry(_)) && self.send.is_none() {
            self.send.clone_from(&outcome.template_key);
        }
    }

    /// What the citizen chose by link.
    pub(super) fn answer(&mut self, answer: &Answer) {
        match answer.choice {
            Choice::HavePaid => self.close(Resolution::ResolvedByCitizen, answer.at),
            Choice::CallMe(due_at) => {
                let promise = Promise {
                    due_at,
                    owner: None,
                    made_at: answer.at,
                };
                self.promise(promise, Why::CitizenAsked);
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
    pub(super) fn decision(&mut self, decision: &Decision) {
        match decision.verdict {
            Verdict::Close(resolution) => self.close(resolution, decision.at),
            Verdict::CallAgain => {
                let due_at = self.calendar.open_from(decision.at);
                self.open(Stage::Tried, due_at, Why::NotReachedYet);
            }
            Verdict::Write => self.write_instead(decision.at, Why::ToBeWritten),
        }
    }

    /// A later payment was found: nothing is left to do.
    pub(super) fn paid(&mut self, at: Timestamp) {
        self.close(Resolution::Paid, at);
    }

    /// The case has no failed transaction left.
    pub(super) fn not_affected(&mut self, at: Timestamp) {
        if self.stage.is_open() {
            self.close(Resolution::NotAffected, at);
        }
    }

    /// A suppression from elsewhere. A promise that was asked for later still stands.
    pub(super) fn suppressed(&mut self, at: Timestamp, scope: Scope) {
        self.suppress = self.suppress.max(Some(scope));
        if scope == Scope::All && self.stage.is_open() && self.stage != Stage::NeedsSupervisor {
            self.close(Resolution::DoNotContact, at);
        } else if self.stage.is_call() {
            self.write_instead(at, Why::CallsSuppressed); // earlier promises too
        }
    }

    /// The mail server took an e-mail: who could only be written to has been.
    pub(super) fn email_sent(&mut self, at: Timestamp) {
        if matches!(self.stage, Stage::Email | Stage::Letter) {
            self.close(Resolution::Unreachable, at);
        }
    }

    /// A letter went out.
    pub(super) fn letter_sent(&mut self, at: Timestamp) {
        if matches!(self.stage, Stage::Letter | Stage::Email) {
            self.close(Resolution::LetterSent, at);
        }
    }

    /// After each fact: no call may wait that cannot be made.
    pub(super) fn settle(&mut self, at: Timestamp) {
        let promised = matches!(self.stage, Stage::Callback | Stage::NeedsHelp);
        if self.stage.is_call() && !promised && self.suppress.is_some() {
            self.write_instead(at, Why::CallsSuppressed);
        } else if self.stage == Stage::Callback && self.next_phone().is_none() {
            self.stage = Stage::NeedsSupervisor; // the promise stands: somebody has to find a number
            self.why = Why::NoPhone;
        } else if self.stage.is_call() && !promised && self.next_phone().is_none() {
            let numbers_bad = !self.bad_phones.is_empty();
            self.write_instead(
                at,
                if numbers_bad {
                    Why::NumbersBad
                } else {
                    Why::NoPhone
                },
            );
        }
    }

    /// After the last fact.
    pub(super) fn finish(self) -> Progress {
        let open = self.stage.is_open();
        let phone = self.stage.is_call().then(|| self.next_phone().cloned()).flatten();
        Progress {
            stage: self.stage,
            resolution: self.resolution.map(|(resolution, _)| resolution),
            resolved_at: self.resolution.map(|(_, at)| at),
            due_at: open.then_some(self.due_at),
            phone,
            half_tries: halves(&self.tries),
            callback: self.promise,
            language: self.language,
            send: self
                .send
                .filter(|_| !self.mail_held && self.suppress != Some(Scope::All)),
            suppress: self.suppress,
            bad_phones: self.bad_phones,
            may_email: !self.mail_held && self.suppress != Some(Scope::All),
            no_voicemail_until: self.message_until,
            why: self.why,
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

    /// A check call that reached nobody. Who said they would pay knows how: no hunt follows.
    fn check_failed(&mut self, rule: &Retry, attempt: &Attempt) {
        if rule.halves < 2 {
            self.due_at = next_try(rule, attempt.at, &self.tries, self.calendar);
        } else {
            self.close(Resolution::ResolvedByCall, attempt.at);
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

    fn promise(&mut self, promise: Promise, why: Why) {
        self.open(Stage::Callback, promise.due_at, why);
        self.promise = Some(promise);
    }

    fn hand_to_specialist(&mut self, at: Timestamp, best_time: Option<Timestamp>) {
        let from = best_time.filter(|best| *best > at).unwrap_or(at);
        self.with_specialist = true;
        self.open(Stage::NeedsHelp, self.calendar.open_from(from), Why::NeedsHelp);
    }

    fn hand_to_supervisor(&mut self, at: Timestamp, why: Why) {
        self.open(Stage::NeedsSupervisor, at, why);
    }

    fn move_to_language(&mut self, attempt: &Attempt) {
        if attempt.language.is_some() {
            self.language.clone_from(&attempt.language);
        }
        if matches!(self.stage, Stage::New | Stage::Tried) {
            self.open(
                Stage::Tried,
                self.calendar.open_from(attempt.at),
                Why::OtherLanguage,
            );
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

    fn do_not_contact(&mut self, at: Timestamp, scope: Scope) {
        self.suppress = self.suppress.max(Some(scope));
        self.close(Resolution::DoNotContact, at);
    }

    /// Calling is over, the person was not reached: e-mail, else letter.
    fn write_instead(&mut self, at: Timestamp, why: Why) {
        self.promise = None;
        if self.has_email() {
            self.open(Stage::Email, at, why);
            self.send = Some(COULD_NOT_REACH.to_owned());
        } else {
            self.open(Stage::Letter, at, why);
        }
    }

    /// A call made at (or shortly before) the promised time keeps the promise; what follows is then
    /// decided by the outcome.
    fn keep_promise(&mut self, at: Timestamp) {
        let Some(promise) = self.promise else { return };
        if callback::keeps(promise.due_at, at) {
            self.promise = None;
            (self.stage, self.why) = match self.with_specialist {
                true => (Stage::NeedsHelp, Why::NeedsHelp),
                false => (Stage::Tried, Why::NotReachedYet),
            };
        }
    }

    fn open(&mut self, stage: Stage, due_at: Timestamp, why: Why) {
        self.stage = stage;
        self.resolution = None;
        self.due_at = due_at;
        self.why = why;
        if stage != Stage::Callback {
            self.promise = None;
        }
    }

    /// Closes. A closed case keeps the time it was first closed, and a settled one its resolution.
    fn close(&mut self, resolution: Resolution, at: Timestamp) {
        self.resolution = match self.resolution {
            Some(settled @ (earlier, _)) if earlier.is_settled() => Some(settled),
            Some((_, since)) => Some((resolution, since)),
            None => Some((resolution, at)),
        };
        self.stage = Stage::Closed;
        self.promise = None;
        self.why = Why::Done;
    }

    fn is_closed_as(&self, resolution: Resolution) -> bool {
        self.resolution
            .is_some_and(|(closed_as, _)| closed_as == resolution)
    }

    fn has_email(&self) -> bool {
        self.facts.has_email && !self.email_is_wrong && !self.mail_held && self.suppress != Some(Scope::All)
    }

    fn next_phone(&self) -> Option<&'a String> {
        self.facts
            .phones
            .iter()
            .find(|phone| !self.bad_phones.contains(phone))
    }
}
