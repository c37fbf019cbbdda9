//! What to say on a call, filled in for the household: first make sure who is speaking, then that person's facts and no
//! other's. A housemate and a machine learn nothing. What may be said about the money depends on what is known of it, and the
//! first words on what brings the call about. A line whose fact is not known cannot be built.

use super::callback::PERSONAL_MINUTES;
use super::charged::Charged;
use super::locale::{Money, Phrase, Phrases, Reply};
use super::timestamp::Timestamp;
use super::words::Language;
use super::zone::calendar;
pub use back::{Agreed, say_back};
use jiff::civil::Date;
pub use parts::{Advice, Branch, Occasion, Person, Piece, Purpose, Script, Step};

mod back;
mod parts;
#[cfg(test)]
mod tests;

/// With so many people on one number it is an office or a preparer.
pub const OFFICE_FROM: usize = 5;

/// Who calls, when nobody has said it yet: a greeting has no gap in it.
pub fn unnamed_agency(language: Language) -> &'static str {
    language.script().unnamed_agency.text()
}

/// The script of a live call. `speaking` is the place among `people` of who is on the line; while nobody is chosen of several,
/// there is nothing but a greeting.
pub fn live(
    language: Language,
    occasion: &Occasion<'_>,
    people: &[Person<'_>],
    speaking: Option<usize>,
) -> Script {
    let words = language.script();
    let person = match people {
        [alone] => Some(alone),
        several => speaking.and_then(|place| several.get(place)),
    };
    let teller = Teller {
        language,
        words,
        occasion,
        people,
        person,
    };
    let mut steps = Vec::new();
    // Whoever has said who they are was greeted.
    if people.len() < 2 || person.is_none() {
        steps.push(teller.hello());
    }
    if let Some(person) = person {
        steps.extend([teller.sure(person), teller.why(person), teller.ask(person)]);
    }
    let also = words.also.iter().map(|situation| Advice {
        title: situation.title.to_string(),
        text: situation.text.to_string(),
    });
    let doubt = teller.fill(words.doubt);
    Script {
        steps,
        doubt: match occasion.purpose {
            Purpose::TheyRang => Vec::new(),
            _ => doubt
                .or_else(|| teller.fill(words.doubt_without_code))
                .unwrap_or_default(),
        },
        also: also.collect(),
    }
}

/// The message for a machine: who called, for one person or for nobody by name, and nothing about what.
pub fn voicemail(language: Language, occasion: &Occasion<'_>, people: &[Person<'_>]) -> Script {
    let words = language.script();
    let teller = Teller {
        language,
        words,
        occasion,
        people,
        person: None,
    };
    let named = matches!(people, [alone] if !alone.full_name.is_empty());
    let (text, reply) = match (occasion.may_leave_message, named) {
        (true, true) => (words.message, &words.message_reply),
        (true, false) => (words.message_to_nobody, &words.message_reply),
        (false, _) => (words.no_message, &words.no_message_reply),
    };
    Script {
        steps: vec![teller.step(words.message_label, &[text], reply)],
        ..Script::default()
    }
}

struct Teller<'a> {
    language: Language,
    words: &'static Phrases,
    occasion: &'a Occasion<'a>,
    people: &'a [Person<'a>],
    /// Who is on the line, as far as known.
    person: Option<&'a Person<'a>>,
}

impl Teller<'_> {
    fn hello(&self) -> Step {
        let words = self.words;
        let (says, replies) = match (self.occasion.purpose, self.people.len()) {
            (Purpose::TheyRang, _) => (words.hello_rang, &words.rang_replies),
            (_, OFFICE_FROM..) => (words.office, &words.office_replies),
            (_, 2..) => (words.hello_several, &words.hello_replies),
            (Purpose::Promised(at), _) if self.is_late(at) => (words.hello_late, &words.hello_replies),
            (Purpose::Promised(_), _) => (words.hello_promised, &words.hello_replies),
            (Purpose::Specialist, _) => (words.hello_specialist, &words.hello_replies),
            _ => (words.hello, &words.hello_replies),
        };
        match (self.occasion.purpose, self.people.len()) {
            (Purpose::TheyRang, _) | (_, ..OFFICE_FROM) => {
                self.with_seldom(self.step(words.hello_label, &[says], &[]), replies)
            }
            _ => self.step(words.hello_label, &[says], replies),
        }
    }

    /// The code comes before the question, as our e-mails promise.
    fn sure(&self, person: &Person<'_>) -> Step {
        let words = self.words;
        if self.occasion.purpose == Purpose::TheyRang {
            return self.step(words.sure_label, &[words.sure_rang, words.sure_rang_code], &[]);
        }
        let proof = match person.code {
            Some(_) => [words.sure_code, words.sure_never],
            None => [words.sure_never, words.sure_check],
        };
        let asks = match person.given_name {
            "" => words.sure_is_unnamed,
            _ => words.sure_is,
        };
        let (thanks, asks) = match self.people.len() {
            0..=1 => (Phrase::default(), asks),
            _ => (words.sure_known, Phrase::default()), // they have said who they are
        };
        let says = [words.opens, thanks, proof[0], proof[1], asks, words.sure_end];
        self.with_seldom(self.step(words.sure_label, &says, &[]), &words.sure_replies)
    }

    fn why(&self, person: &Person<'_>) -> Step {
        let words = self.words;
        if self.checks(person) {
            return self.step(words.why_label, &[words.check.said], &[]);
        }
        // Only of money that was not taken is it known that the payment did not go through.
        let failed = match (person.charged, person.amount, person.tries) {
            (Charged::NotCharged, Some(_), ..=1) => words.failed_amount,
            (Charged::NotCharged, Some(_), _) => words.failed_amount_often,
            (Charged::NotCharged, None, ..=1) => words.failed,
            (Charged::NotCharged, None, _) => words.failed_often,
            (_, Some(_), _) => words.affected_amount,
            (_, None, _) => words.affected,
        };
        let opens = match self.purpose(person) {
            Purpose::Promised(at) if !self.is_late(at) => words.why_promised,
            Purpose::Specialist => words.why_specialist,
            Purpose::TheyRang => words.why_rang,
            _ => words.opens,
        };
        let said = words.money(person.charged).said;
        self.step(
            words.why_label,
            &[opens, words.down, failed, words.sorry, said],
            &[],
        )
    }

    fn ask(&self, person: &Person<'_>) -> Step {
        let words = self.words;
        let Money {
            ask, replies, seldom, ..
        } = match self.checks(person) {
            true => &words.check,
            false => words.money(person.charged),
        };
        let mut step = match self.purpose(person) {
            Purpose::Specialist => self.step(
                words.ask_label,
                &[words.ask_specialist],
                &words.specialist_replies,
            ),
            Purpose::TheyRang => self.step(words.ask_label, &[words.ask_rang, *ask], replies),
            _ => self.step(words.ask_label, &[*ask], replies),
        };
        let further: Vec<Reply> = match self.purpose(person) {
            Purpose::Specialist => words.ask_replies.to_vec(),
            _ => seldom.iter().chain(&words.ask_replies).copied().collect(),
        };
        step = self.with_seldom(step, &further);
        let pays = |branch: &&mut Branch| branch.outcome == Some("will_pay");
        // Of money that may have been taken the letter says that its due date waits.
        let deadline = person.deadline.filter(|_| person.charged == Charged::NotCharged);
        if let (Some(deadline), Some(pays)) = (deadline, step.branches.iter_mut().find(pays)) {
            pays.pieces.extend(self.deadline(deadline));
        }
        step
    }

    fn deadline(&self, deadline: Date) -> Vec<Piece> {
        let has_passed = deadline < self.occasion.zone.local(self.occasion.now).date();
        let text = match has_passed {
            true => self.words.deadline_passed,
            false => self.words.deadline,
        };
        let date = self.language.weekday(calendar(deadline));
        fill(text, self.language, |_| Some(date.clone())).unwrap_or_default()
    }

    /// What brings the call with this person about. An incoming call stays one, whoever takes it up.
    fn purpose(&self, person: &Person<'_>) -> Purpose {
        match self.occasion.purpose {
            Purpose::TheyRang => Purpose::TheyRang,
            _ => person.purpose,
        }
    }

    /// Whether a promised time is over, so that nobody can say that we call at it.
    fn is_late(&self, promised: Timestamp) -> bool {
        promised.plus_minutes(PERSONAL_MINUTES) < self.occasion.now
    }

    /// Whether only one thing is asked: if the payment worked. Not where it is known by now that money was taken.
    fn checks(&self, person: &Person<'_>) -> bool {
        matches!(self.purpose(person), Purpose::Check(_))
            && matches!(person.charged, Charged::NotCharged | Charged::Unknown)
    }

    /// A step of those texts whose facts are known.
    fn step(&self, label: Phrase, texts: &[Phrase], replies: &[Reply]) -> Step {
        Step {
            label: label.to_string(),
            says: texts
                .iter()
                .filter_map(|text| self.fill(*text))
                .flatten()
                .collect(),
            branches: replies.iter().filter_map(|reply| self.branch(reply)).collect(),
            seldom: Vec::new(),
        }
    }

    fn with_seldom(&self, step: Step, replies: &[Reply]) -> Step {
        Step {
            seldom: replies.iter().filter_map(|reply| self.branch(reply)).collect(),
            ..step
        }
    }

    fn branch(&self, reply: &Reply) -> Option<Branch> {
        Some(Branch {
            answer: reply.answer.to_string(),
            pieces: self.fill(reply.text)?,
            outcome: reply.outcome.map(Phrase::text),
        })
    }

    fn fill(&self, text: Phrase) -> Option<Vec<Piece>> {
        fill(text, self.language, |name| self.value(name))
    }

    fn value(&self, name: &str) -> Option<String> {
        let Occasion { agency, caller, .. } = self.occasion;
        Some(match name {
            "agency" => (*agency).to_owned(),
            "caller" => (*caller).to_owned(),
            "names" => self.names(),
            "phone" => self
                .occasion
                .help_phone
                .unwrap_or(&self.words.our_number)
                .to_owned(),
            "site" => self.occasion.pay_url.unwrap_or(&self.words.our_site).to_owned(),
            "window" => self.window(),
            "name" => Some(self.person?.given_name)
                .filter(|name| !name.is_empty())?
                .to_owned(),
            "code" => self.person?.code?.to_owned(),
            "amount" => self.person?.amount?.to_string(),
            "times" => self.times(self.person?.tries),
            "tried" => self.tried(self.person?),
            "promised" => match self.person?.purpose {
                Purpose::Promised(at) => self.clock(at),
                _ => return None,
            },
            "told" => match self.person?.purpose {
                Purpose::Check(at) => self.day(at),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self
            .people
            .iter()
            .filter(|person| person.is_asked_for)
            .map(|person| person.full_name)
            .filter(|name| !name.is_empty())
            .collect();
        match names.as_slice() {
            [] => self.words.somebody.to_string(),
            names => self.language.any_of(names),
        }
    }

    fn times(&self, times: u32) -> String {
        match times {
            2 => self.words.twice.to_string(),
            _ => self.words.often.with("count", times),
        }
    }

    fn clock(&self, at: Timestamp) -> String {
        let time = self.occasion.zone.local(at);
        self.language.clock(time.hour(), time.minute())
    }

    fn day(&self, at: Timestamp) -> String {
        let date = self.occasion.zone.local(at).date();
        self.language.weekday(calendar(date))
    }

    fn tried(&self, person: &Person<'_>) -> String {
        let (day, time) = (self.day(person.tried_at), self.clock(person.tried_at));
        self.words.tried.with_both(("day", &day), ("time", &time))
    }

    fn window(&self) -> String {
        let zone = self.occasion.zone;
        let [start, end] = [self.occasion.window.0, self.occasion.window.1].map(|at| zone.local(at));
        let is_today = zone.local(self.occasion.now).date() == start.date();
        let (phrase, day) = match is_today {
            true => (
                self.words.window_today,
                self.words.today(start.hour()).to_string(),
            ),
            false => (
                self.words.window_that_day,
                self.language.weekday(calendar(start.date())),
            ),
        };
        let [mut from, mut until] = [start, end].map(|time| self.language.clock(time.hour(), time.minute()));
        // Which half of the day it is, is said once.
        if (start.hour() < 12) == (end.hour() < 12) {
            from = without_half(from);
            until = if is_today { without_half(until) } else { until };
        }
        phrase
            .replace("{day}", &day)
            .replace("{from}", &from)
            .replace("{until}", &until)
    }
}

/// `1:04 p.m.` as `1:04`.
fn without_half(clock: String) -> String {
    match clock.split_once('\u{a0}') {
        Some((time, _)) => time.to_owned(),
        None => clock,
    }
}

fn without_dot(text: &str) -> &str {
    text.strip_prefix('.').unwrap_or(text)
}

/// Cuts a phrase at its `{names}` and fills them in; none where a name has no value.
fn fill(phrase: Phrase, language: Language, value: impl Fn(&str) -> Option<String>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = phrase.text();
    let plain = |text: &str| Piece {
        text: text.to_owned(),
        fill: false,
    };
    // `5:45 p.m.` ends a sentence without a second dot.
    let ends = |pieces: &[Piece]| {
        pieces
            .last()
            .is_some_and(|last: &Piece| last.fill && last.text.ends_with('.'))
    };
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(b, a)| Some((b, a.split_once('}')?)))
    {
        let before = if ends(&pieces) {
            without_dot(before)
        } else {
            before
        };
        let (before, text) = language.melted(before, value(name)?);
        pieces.push(plain(&before));
        pieces.push(Piece { text, fill: true });
        rest = after;
    }
    let rest = if ends(&pieces) { without_dot(rest) } else { rest };
    pieces.push(plain(rest));
    pieces.retain(|piece| !piece.text.is_empty());
    Some(pieces)
}
