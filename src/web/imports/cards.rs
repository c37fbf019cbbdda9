//! Questions and their answers in words for a person, each with what it would do.

use jiff::tz::TimeZone;

use super::asked::{AnswerRow, Asking, Card, OtherWords, WordRow};
use super::lane::{Scale, span};
use super::understood::why_this_clock;
use crate::domain::meaning::Meaning;
use crate::domain::window::Window;
use crate::outreach::import::{About, Choice, Outcome, Question, Weighed, Weight, Word, Words};
use crate::web::show::count::{count, counted};
use crate::web::show::time::{clock, weekday};

/// The fields of words are `answer_{index}` from here on, and that of all others.
const FIRST_WORD: usize = 100;
const OTHERS: usize = 99;
/// Zones that are offered beside those that the file names.
const ZONES: [(&str, &str); 8] = [
    ("America/New_York", "New York"),
    ("America/Chicago", "Chicago"),
    ("America/Denver", "Denver"),
    ("America/Phoenix", "Phoenix"),
    ("America/Los_Angeles", "Los Angeles"),
    ("Europe/London", "London"),
    ("Europe/Berlin", "Berlin"),
    ("Asia/Kolkata", "India"),
];

/// What is needed to put it in words.
pub(super) struct Telling<'a> {
    pub weighed: &'a Weighed,
    pub zone: &'a TimeZone,
    pub window: Window,
    /// The form was sent: what has no answer is missing.
    pub sent: bool,
}

impl Telling<'_> {
    /// All cards, the clock first, then the words.
    pub(super) fn cards(&self) -> Vec<Card> {
        let weights = self.weighed.questions.iter().enumerate();
        let (clock, others): (Vec<_>, Vec<_>) =
            weights.partition(|(_, weight)| weight.question.about == About::Clock);
        let words = self.weighed.words.as_ref().filter(|_| self.weighed.asks_words);
        let mut cards: Vec<Card> = clock
            .into_iter()
            .map(|(at, weight)| self.card(at, weight))
            .collect();
        cards.extend(words.map(|words| self.words(words)));
        cards.extend(others.into_iter().map(|(at, weight)| self.card(at, weight)));
        for (at, card) in cards.iter_mut().enumerate() {
            card.number = at + 1;
        }
        cards
    }

    fn card(&self, index: usize, weight: &Weight) -> Card {
        let question = &weight.question;
        let times = matches!(question.about, About::Clock | About::OrderOfDay);
        let scale = times
            .then(|| Scale::of(weight.outcomes.iter().flatten(), self.window))
            .flatten();
        let row = |(at, choice): (usize, &Choice)| {
            let outcome = weight.outcomes.get(at).and_then(Option::as_ref);
            let (rows, people) = self.means(question.about, choice, outcome);
            AnswerRow {
                flag: choice.flag.clone(),
                words: choice.answer.clone(),
                chosen: weight.chosen == Some(at),
                span: outcome
                    .map(|outcome| span(outcome, self.zone))
                    .unwrap_or_default(),
                lane: outcome.and_then(|outcome| Some(scale.as_ref()?.lane(outcome))),
                rows,
                people,
            }
        };
        let mut answers: Vec<AnswerRow> = question.choices.iter().enumerate().map(row).collect();
        let zones = self.zones(weight);
        if !zones.is_empty() {
            answers.push(self.other_zone(weight, scale.as_ref()));
        }
        Card {
            index,
            title: title(question),
            why: question.why.clone(),
            badge: Some(("badge--info", format!("Proposed: {}", question.proposed))),
            answers,
            times,
            zones,
            off: match question.about {
                About::Identity => self.off(),
                _ => Vec::new(),
            },
            ..Card::default()
        }
    }

    /// What an answer would mean, in rows and in people.
    fn means(&self, about: About, choice: &Choice, outcome: Option<&Outcome>) -> (String, String) {
        let Some(outcome) = outcome else {
            return ("The file cannot be read so".to_owned(), String::new());
        };
        let failed = number(outcome.failed_at.len());
        match about {
            About::Decimal | About::Unit => (choice.consequence.clone(), String::new()),
            _ if failed == 0 => (
                counted(number(outcome.paid_at.len()), "payment", "payments"),
                String::new(),
            ),
            About::Identity => (
                format!(
                    "{} failed in the outage",
                    counted(whole(outcome.people), "person", "people")
                ),
                on_the_list(outcome),
            ),
            _ => (
                format!(
                    "{} of {} in the outage",
                    count(whole(outcome.inside)),
                    counted(failed, "failed row", "failed rows")
                ),
                on_the_list(outcome),
            ),
        }
    }

    /// Zones beside those of the choices, where the question is one of zones.
    fn zones(&self, weight: &Weight) -> Vec<(&'static str, &'static str, bool)> {
        let choices = &weight.question.choices;
        if !choices.iter().all(|choice| choice.flag.starts_with("--times-in")) {
            return Vec::new();
        }
        let said = self.weighed.now.said.times_in.as_deref();
        let others = ZONES
            .iter()
            .filter(|(zone, _)| !choices.iter().any(|choice| choice.flag.ends_with(zone)));
        others
            .map(|(zone, name)| (*zone, *name, said == Some(zone)))
            .collect()
    }

    fn other_zone(&self, weight: &Weight, scale: Option<&Scale>) -> AnswerRow {
        let chosen = weight.chosen.is_none() && self.weighed.now.said.times_in.is_some();
        let outcome = Some(&self.weighed.outcome).filter(|_| chosen);
        let (rows, people) = match (outcome, weight.question.choices.first()) {
            (Some(outcome), Some(choice)) => self.means(About::Clock, choice, Some(outcome)),
            _ => ("Choose it and count again".to_owned(), String::new()),
        };
        AnswerRow {
            flag: "other".to_owned(),
            words: "Other".to_owned(),
            chosen,
            span: outcome
                .map(|outcome| span(outcome, self.zone))
                .unwrap_or_default(),
            lane: outcome.and_then(|outcome| Some(scale?.lane(outcome))),
            rows,
            people,
        }
    }

    /// Columns that are nobody's, with the reason.
    fn off(&self) -> Vec<(String, String)> {
        let settled = self.weighed.layout.settled.iter();
        let nobodys = settled.filter(|one| one.about == About::Identity && one.why.contains("nobody's"));
        nobodys.map(|one| (one.column.clone(), one.why.clone())).collect()
    }

    fn words(&self, words: &Words) -> Card {
        let row = |(at, word): (usize, &Word)| self.word(FIRST_WORD + at, word);
        let unknown: Vec<&str> = words
            .words
            .iter()
            .filter(|word| word.asked || word.meaning.is_none())
            .map(|word| word.value.as_str())
            .collect();
        let badge = match unknown.as_slice() {
            [] => None,
            [""] => Some(("badge--warn", "Look at the rows without one".to_owned())),
            [one] => Some(("badge--warn", format!("Look at {one}: nobody knows it"))),
            several => Some((
                "badge--warn",
                format!("{} words that nobody knows", several.len()),
            )),
        };
        Card {
            title: format!("What does each word in {} mean?", words.header),
            why: "Who paid must not be called, and who only failed must be. A word that nobody knows has nothing chosen."
                .to_owned(),
            badge,
            words: words.words.iter().enumerate().map(row).collect(),
            others: words.others_left_out.map(|chosen| OtherWords {
                index: OTHERS,
                words: counted(whole(words.others.0), "word", "words"),
                rows: count(whole(words.others.1)),
                chosen,
                missing: self.sent && !chosen,
            }),
            ..Card::default()
        }
    }

    fn word(&self, index: usize, word: &Word) -> WordRow {
        let example = word.example.as_ref().map(|row| {
            let who = crate::web::show::person::name(&row.given_name, &row.family_name);
            let amount = row.amount.map(|amount| amount.to_string());
            let at = format!(
                "{} {}",
                weekday(row.occurred_at, self.zone),
                clock(row.occurred_at, self.zone)
            );
            let said = [Some(who).filter(|who| !who.is_empty()), amount, Some(at)];
            said.into_iter().flatten().collect::<Vec<_>>().join(", ")
        });
        let meanings = [
            ("Failed", Meaning::Failed),
            ("Paid", Meaning::Paid),
            ("Refunded", Meaning::Refunded),
            ("Leave out", Meaning::LeftOut),
        ];
        WordRow {
            index,
            value: word.value.clone(),
            rows: count(whole(word.rows)),
            example: example.unwrap_or_default(),
            meanings: meanings
                .map(|(name, meaning)| (name, word.flag(meaning), word.meaning == Some(meaning)))
                .to_vec(),
            missing: self.sent && word.meaning.is_none(),
            means: self.means_of(word),
        }
    }

    /// What a word does: of the only word that means paid it is known whom it closes.
    fn means_of(&self, word: &Word) -> String {
        let words = self.weighed.words.iter().flat_map(|words| &words.words);
        let paid = words.filter(|word| word.meaning == Some(Meaning::Paid)).count();
        match (word.meaning, paid) {
            (Some(Meaning::Paid), 1) if self.weighed.outcome.people > 0 => {
                let people = counted(whole(self.weighed.outcome.paid_since), "person", "people");
                format!("Closes {people} who failed")
            }
            _ => means(word),
        }
    }

    /// The first thing that was sent without an answer.
    pub(super) fn missing(&self, asking: &Asking) -> Option<(usize, String)> {
        asking.cards.iter().find_map(|card| {
            let word = card.words.iter().find(|word| word.missing);
            let word = word.map(|word| match word.value.as_str() {
                "" => "Rows without a word still need a meaning.".to_owned(),
                value => format!(
                    "\u{201c}{value}\u{201d} is a word that nobody knows, so nothing is proposed for it."
                ),
            });
            let others = card.others.as_ref().filter(|others| others.missing);
            let others = others.map(|_| "All other words still need an answer.".to_owned());
            let open = card.words.is_empty() && !card.answers.iter().any(|answer| answer.chosen);
            let open = open.then(|| "Nothing is chosen.".to_owned());
            Some((card.number, word.or(others).or(open)?))
        })
    }
}

/// What a word does by its meaning.
fn means(word: &Word) -> String {
    let (inside, people) = (
        format!("{} in the outage", count(whole(word.inside))),
        match word.names.as_slice() {
            [] => counted(whole(word.people), "person", "people"),
            names => names.join(", "),
        },
    );
    match word.meaning {
        _ if word.inside == 0 && word.meaning != Some(Meaning::Paid) => {
            "No row of it is in the outage".to_owned()
        }
        Some(Meaning::Failed) => format!("{inside}: {people}"),
        Some(Meaning::Paid) => "Closes whom it pays".to_owned(),
        Some(Meaning::Refunded) => "Closes nobody, counted apart".to_owned(),
        Some(Meaning::LeftOut) | None => format!("If it means failed: {inside}, {people}"),
    }
}

/// Who would be on the list.
fn on_the_list(outcome: &Outcome) -> String {
    match (outcome.people - outcome.paid_since, outcome.names.as_slice()) {
        (0, _) => "Nobody would be on the list".to_owned(),
        (_, [one]) => format!("Only {one} would be on the list"),
        (_, []) => format!(
            "{} would be on the list",
            counted(whole(outcome.people - outcome.paid_since), "person", "people")
        ),
        (_, names) => format!("On the list: {}", names.join(", ")),
    }
}

fn title(question: &Question) -> String {
    let column = &question.column;
    let zones = question
        .choices
        .iter()
        .all(|choice| choice.flag.starts_with("--times-in"));
    match question.about {
        About::Clock if zones => format!("Which clock are the times in {column} on?"),
        About::Clock => "Which times are those of the payments?".to_owned(),
        About::Status => "Which column says what became of each payment?".to_owned(),
        About::Identity => "Which column tells people apart?".to_owned(),
        About::OrderOfDay => format!("Does the day or the month stand first in {column}?"),
        About::Decimal => format!("What stands before the cents in {column}?"),
        About::Unit => format!("Are the amounts in {column} dollars or cents?"),
        About::Column => format!("What does {column} hold?"),
    }
}

/// A question that was answered, in one line; the clock may be known though nobody said it.
pub(super) fn answered(weighed: &Weighed, weight: &Weight) -> (String, String) {
    let chosen = weight.chosen.and_then(|at| weight.question.choices.get(at));
    let answer = chosen.map_or_else(|| why_this_clock(weighed), |choice| choice.answer.clone());
    (title(&weight.question), answer)
}

pub(super) fn whole(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

pub(super) fn number(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
