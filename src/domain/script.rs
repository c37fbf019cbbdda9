//! What to say on a call, filled in for the household: first make sure who is speaking, then one person's
//! facts at a time. A housemate and a machine learn nothing. What may be said about the money depends on
//! what is known of it.

use super::charged::Charged;
use super::words::Language;
use super::zone::calendar;
pub use parts::{Advice, Branch, Occasion, Person, Piece, Say, Script, Step};
use phrases::{Money, Phrases, Reply};

mod english;
mod parts;
mod phrases;
mod spanish;
#[cfg(test)]
mod tests;

/// With so many people on one number it is an office or a preparer.
pub const OFFICE_FROM: usize = 5;

/// The script of a live call.
pub fn live(language: Language, occasion: &Occasion<'_>, people: &[Person<'_>]) -> Script {
    let words = Phrases::of(language);
    let teller = Teller {
        language,
        words,
        occasion,
        people,
    };
    let mut steps = if people.len() >= OFFICE_FROM {
        vec![teller.office()]
    } else {
        vec![teller.hello()]
    };
    steps.extend([teller.sure(), teller.why()]);
    steps.extend(teller.asks());
    let also = words.also.iter().map(|(title, text)| Advice {
        title: (*title).into(),
        text: (*text).into(),
    });
    let doubt = if occasion.code.is_some() {
        words.doubt
    } else {
        words.doubt_without_code
    };
    Script {
        steps,
        doubt: teller.fill(doubt),
        also: also.collect(),
    }
}

/// The message for a machine: who called, and nothing about what.
pub fn voicemail(language: Language, occasion: &Occasion<'_>, people: &[Person<'_>]) -> Script {
    let words = Phrases::of(language);
    let teller = Teller {
        language,
        words,
        occasion,
        people,
    };
    let (text, reply) = match occasion.may_leave_message {
        true => (words.message, words.message_reply),
        false => (words.no_message, words.no_message_reply),
    };
    let step = teller.step(words.message_label, vec![teller.to_all(text)], &[reply]);
    Script {
        steps: vec![step],
        ..Script::default()
    }
}

struct Teller<'a> {
    language: Language,
    words: &'static Phrases,
    occasion: &'a Occasion<'a>,
    people: &'a [Person<'a>],
}

impl Teller<'_> {
    fn hello(&self) -> Step {
        self.step(
            self.words.hello_label,
            vec![self.to_all(self.words.hello)],
            self.words.hello_replies,
        )
    }

    fn office(&self) -> Step {
        self.step(
            self.words.hello_label,
            vec![self.to_all(self.words.office)],
            self.words.office_replies,
        )
    }

    fn sure(&self) -> Step {
        let mut pieces = self.fill(if self.people.len() > 1 {
            self.words.sure_several
        } else {
            self.words.sure
        });
        if self.occasion.code.is_some() {
            pieces.extend(self.fill(self.words.sure_code));
        }
        pieces.extend(self.fill(self.words.sure_never));
        let say = Say {
            only_to: String::new(),
            pieces,
        };
        self.step(self.words.sure_label, vec![say], self.words.sure_replies)
    }

    /// Why we call, for each person alone.
    fn why(&self) -> Step {
        let says = self.people.iter().map(|person| Say {
            only_to: self.only_to(&[person]),
            pieces: self.reason(person),
        });
        self.step(self.words.why_label, says.collect(), &[])
    }

    fn reason(&self, person: &Person<'_>) -> Vec<Piece> {
        let words = self.words;
        let failed = match (person.amount, person.tries) {
            (Some(_), ..=1) => words.failed_amount,
            (Some(_), _) => words.failed_amount_often,
            (None, ..=1) => words.failed,
            (None, _) => words.failed_often,
        };
        let money = words.money(person.charged);
        let texts = [words.down, failed, words.sorry, money.said];
        texts
            .iter()
            .flat_map(|text| self.fill_for(Some(person), text))
            .collect()
    }

    /// What to ask: once for all whose money fared alike.
    fn asks(&self) -> Vec<Step> {
        let mut states: Vec<Charged> = self.people.iter().map(|person| person.charged).collect();
        states.sort_unstable();
        states.dedup();
        states
            .iter()
            .rev()
            .map(|state| self.ask(*state, states.len() > 1))
            .collect()
    }

    fn ask(&self, state: Charged, one_of_several: bool) -> Step {
        let alike: Vec<&Person<'_>> = self
            .people
            .iter()
            .filter(|person| person.charged == state)
            .collect();
        let Money { ask, replies, .. } = self.words.money(state);
        let only_to = if one_of_several {
            self.only_to(&alike)
        } else {
            String::new()
        };
        let say = Say {
            only_to,
            pieces: self.fill(ask),
        };
        let mut step = self.step(self.words.ask_label, vec![say], replies);
        step.branches
            .extend(self.words.ask_replies.iter().map(|branch| self.branch(branch)));
        let deadline = alike.iter().find_map(|person| person.deadline);
        let pays = step
            .branches
            .iter_mut()
            .find(|branch| branch.outcome == Some("will_pay"));
        if let (Some(deadline), Some(pays)) = (deadline, pays) {
            let date = self.language.weekday(calendar(deadline));
            pays.pieces
                .extend(fill(self.words.deadline, |_| Some(date.clone())));
        }
        step
    }

    fn only_to(&self, people: &[&Person<'_>]) -> String {
        if self.people.len() < 2 {
            return String::new();
        }
        let names: Vec<&str> = people.iter().map(|person| self.name(person.given_name)).collect();
        format!("{} {}", self.words.only_to, self.language.all_of(&names))
    }

    fn step(&self, label: &str, says: Vec<Say>, replies: &[Reply]) -> Step {
        let branches = replies.iter().map(|branch| self.branch(branch)).collect();
        Step {
            label: label.to_owned(),
            says,
            branches,
        }
    }

    fn branch(&self, (answer, text, outcome): &Reply) -> Branch {
        Branch {
            answer: (*answer).to_owned(),
            pieces: self.fill(text),
            outcome: *outcome,
        }
    }

    fn to_all(&self, text: &str) -> Say {
        Say {
            only_to: String::new(),
            pieces: self.fill(text),
        }
    }

    fn fill(&self, text: &str) -> Vec<Piece> {
        self.fill_for(None, text)
    }

    fn fill_for(&self, person: Option<&Person<'_>>, text: &str) -> Vec<Piece> {
        fill(text, |name| self.value(person, name))
    }

    fn value(&self, person: Option<&Person<'_>>, name: &str) -> Option<String> {
        let Occasion { agency, caller, .. } = self.occasion;
        Some(match name {
            "agency" => (*agency).to_owned(),
            "caller" => (*caller).to_owned(),
            "names" => self.names(),
            "count" => self.people.len().to_string(),
            "phone" => self
                .occasion
                .help_phone
                .unwrap_or(self.words.our_number)
                .to_owned(),
            "site" => self.occasion.pay_url.unwrap_or(self.words.our_site).to_owned(),
            "code" => self.occasion.code?.to_owned(),
            "window" => self.window(),
            "amount" => person?.amount?.to_string(),
            "times" => person?.tries.to_string(),
            _ => return None,
        })
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self
            .people
            .iter()
            .map(|person| person.full_name)
            .filter(|name| !name.is_empty())
            .collect();
        match names.as_slice() {
            [] => self.words.somebody.to_owned(),
            names => self.language.any_of(names),
        }
    }

    fn name<'n>(&self, given: &'n str) -> &'n str {
        if given.is_empty() {
            self.words.the_person
        } else {
            given
        }
    }

    fn window(&self) -> String {
        let zone = self.occasion.zone;
        let [start, end] = [self.occasion.window.0, self.occasion.window.1].map(|at| zone.local(at));
        let is_today = zone.local(self.occasion.now).date() == start.date();
        let (phrase, day) = match is_today {
            true => (self.words.window_today, self.words.today(start.hour()).to_owned()),
            false => (
                self.words.window_that_day,
                self.language.weekday(calendar(start.date())),
            ),
        };
        let [from, until] = [start, end].map(|time| self.language.clock(time.hour(), time.minute()));
        phrase
            .replace("{day}", &day)
            .replace("{from}", &from)
            .replace("{until}", &until)
    }
}

/// Cuts a phrase at its `{names}` and fills them in; a name without a value leaves nothing.
fn fill(phrase: &str, value: impl Fn(&str) -> Option<String>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = phrase;
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(b, a)| Some((b, a.split_once('}')?)))
    {
        pieces.push(Piece {
            text: before.to_owned(),
            fill: false,
        });
        pieces.push(Piece {
            text: value(name).unwrap_or_default(),
            fill: true,
        });
        rest = after;
    }
    pieces.push(Piece {
        text: rest.to_owned(),
        fill: false,
    });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}
