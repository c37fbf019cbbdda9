//! The course of one case while its facts are folded in, one by one: see [`super::progress`].

use super::calling_hours::CallingHours;
use super::facts::Facts;
use super::outcome::Scope;
use super::progress::{Progress, Promise, Why};
use super::retry::{Calendar, Try, halves};
use super::seeded::COULD_NOT_REACH;
use super::stage::{Resolution, Stage};
use super::timestamp::Timestamp;

mod calls;
mod news;

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
            line: facts.line,
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
            due_at: open.then(|| self.due_after_hold()),
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

    /// Mail first, then call: a call that nobody asked for waits until the e-mail had its time.
    fn due_after_hold(&self) -> Timestamp {
        match (self.stage, self.facts.held_until) {
            (Stage::New | Stage::Tried, Some(until)) if until > self.due_at => self.calendar.open_from(until),
            _ => self.due_at,
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

    fn promise(&mut self, promise: Promise, why: Why) {
        self.open(Stage::Callback, promise.due_at, why);
        self.promise = Some(promise);
    }

    fn hand_to_specialist(&mut self, at: Timestamp, best_time: Option<Timestamp>) {
        let from = best_time.filter(|best| *best > at).unwrap_or(at);
        self.with_specialist = true;
        self.open(Stage::NeedsHelp, self.calendar.open_from(from), Why::NeedsHelp);
    }

    fn do_not_contact(&mut self, at: Timestamp, scope: Scope) {
        self.suppress = self.suppress.max(Some(scope));
        self.close(Resolution::DoNotContact, at);
    }

    /// Calling is over, the person was not reached: e-mail, else letter.
    fn write_instead(&mut self, at: Timestamp, why: Why) {
        if self.suppress == Some(Scope::All) {
            return self.close(Resolution::DoNotContact, at);
        }
        self.promise = None;
        if self.has_email() {
            self.open(Stage::Email, at, why);
            self.send = Some(COULD_NOT_REACH.to_owned());
        } else {
            self.open(Stage::Letter, at, why);
        }
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
