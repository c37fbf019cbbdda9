//! For tests: one citizen's case in Denver, told as what happened when.

use jiff::civil::{DateTime, date};

use super::calling_hours::{CallingHours, Window};
use super::facts::{Answer, Attempt, Choice, Facts};
use super::outcome::{Outcomes, Scope};
use super::progress::{Progress, fold};
use super::stage::{Resolution, Stage};
use super::timestamp::Timestamp;
use super::zone::Zone;

/// A case and its calls; day 1 is Wednesday, 15 April 2026, the evening of the outage.
pub struct Story {
    pub facts: Facts,
    pub hours: CallingHours,
    pub outcomes: Outcomes,
}

pub const PHONE: &str = "+13035550142";
pub const OTHER_PHONE: &str = "+13035550177";

pub fn denver() -> Zone {
    "America/Denver".parse().unwrap()
}

fn local(day: i8, clock: &str) -> DateTime {
    let (hour, minute) = clock.split_once(':').unwrap();
    date(2026, 4, 14 + day).at(hour.parse().unwrap(), minute.parse().unwrap(), 0, 0)
}

/// The instant of a clock time on that day in Denver.
pub fn on(day: i8, clock: &str) -> Timestamp {
    denver().at(local(day, clock)).instant()
}

/// Closed for that reason.
pub fn closed(resolution: Resolution) -> (Stage, Option<Resolution>) {
    (Stage::Closed, Some(resolution))
}

/// Stage and resolution of a story.
pub fn end(story: &Story) -> (Stage, Option<Resolution>) {
    let now = story.now();
    (now.stage, now.resolution)
}

impl Story {
    /// Imported at 16:00 on day 1, with one number and an e-mail address.
    pub fn new() -> Self {
        let facts = Facts {
            phones: vec![PHONE.to_owned()],
            has_email: true,
            zones: denver().into(),
            opened_at: on(1, "16:00"),
            ..Facts::default()
        };
        let hours = CallingHours::new(Window::DEFAULT, denver());
        Self {
            facts,
            hours,
            outcomes: Outcomes::default(),
        }
    }

    pub fn phones(mut self, phones: &[&str]) -> Self {
        self.facts.phones = phones.iter().map(|phone| (*phone).to_owned()).collect();
        self
    }

    pub fn without_email(mut self) -> Self {
        self.facts.has_email = false;
        self
    }

    pub fn calling(mut self, window: &str) -> Self {
        self.hours = CallingHours::new(window.parse().unwrap(), denver());
        self
    }

    /// A call on the number that was next, with its outcome.
    pub fn call(self, day: i8, clock: &str, outcome: &str) -> Self {
        self.call_with(day, clock, outcome, |_| {})
    }

    pub fn call_with(mut self, day: i8, clock: &str, outcome: &str, more: impl FnOnce(&mut Attempt)) -> Self {
        let phone = self.now().phone;
        let mut attempt = Attempt {
            at: on(day, clock),
            outcome: outcome.to_owned(),
            phone,
            ..Attempt::default()
        };
        more(&mut attempt);
        self.facts.attempts.push(attempt);
        self
    }

    /// A call whenever it is due, `times` times, all with that outcome.
    pub fn calls_when_due(mut self, times: usize, outcome: &str) -> Self {
        for _ in 0..times {
            let now = self.now();
            let Some(at) = now.due_at.filter(|_| now.stage.is_call()) else {
                return self;
            };
            let phone = now.phone;
            self.facts.attempts.push(Attempt {
                at,
                outcome: outcome.to_owned(),
                phone,
                ..Attempt::default()
            });
        }
        self
    }

    pub fn promise(self, day: i8, clock: &str, due: (i8, &str), owner: Option<i64>) -> Self {
        self.call_with(day, clock, "call_back", |attempt| {
            attempt.callback_at = Some(on(due.0, due.1));
            attempt.callback_for = owner;
        })
    }

    pub fn answers(mut self, day: i8, clock: &str, choice: Choice) -> Self {
        self.facts.answer = Some(Answer {
            at: on(day, clock),
            choice,
            language: None,
        });
        self
    }

    pub fn suppressed(mut self, day: i8, clock: &str, scope: Scope) -> Self {
        self.facts.suppressed = Some((on(day, clock), scope));
        self
    }

    pub fn paid(mut self, day: i8, clock: &str) -> Self {
        self.facts.paid_at = Some(on(day, clock));
        self
    }

    pub fn emailed(mut self, day: i8, clock: &str) -> Self {
        self.facts.emails_sent.push(on(day, clock));
        self
    }

    pub fn now(&self) -> Progress {
        fold(&self.facts, &self.outcomes, &self.hours)
    }

    /// When the next step is due, as day and clock in Denver: `2, 8:00`.
    pub fn due(&self) -> String {
        let local = denver().local(self.now().due_at.unwrap());
        format!("{}, {}:{:02}", local.day() - 14, local.hour(), local.minute())
    }
}
