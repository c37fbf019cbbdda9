//! What a caller entered in the outcome form, and what it means.

use super::callback;
use super::form::Problem;
use super::people::{OnLine, People};
use super::{clients, money, words};
use crate::domain::about::About;
use crate::domain::ids::CaseId;
use crate::domain::outcome::{Ask, Outcome, Rule, Scope};
use crate::domain::remedy::Remedy;
use crate::domain::skip_reason::SkipReason;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::outreach::record::{CallbackFor, Happened};
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::web::fields::Fields;

/// What stands for a skip among the outcomes' keys.
pub const SKIP: &str = "skip";

/// The form as it was sent; the default is an empty one.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// Key of the outcome whose button was pressed; empty for the other buttons.
    pub pressed: String,
    /// Key of the outcome whose question was open.
    pub chosen: String,
    /// Nothing is to be recorded yet: another outcome is looked for, or somebody else is on the line.
    pub looks_around: bool,
    /// A call that is held no longer is to be taken again.
    pub again: bool,
    /// The call is to be skipped.
    pub skip: bool,
    /// Why; none while the question is open.
    pub skip_reason: Option<SkipReason>,
    /// Guards against recording twice.
    pub key: String,
    /// Free text.
    pub note: String,
    /// Who is on the line, as far as it was said.
    pub speaking: Option<CaseId>,
    /// They say that so many at one number are a home.
    pub home: bool,
    /// The clients who are ticked, at a switchboard.
    pub ticked: Vec<CaseId>,
    /// `all` or `none` of them are to be ticked, by a button.
    pub tick: String,
    /// For whom the outcome is; empty while that is open.
    pub whom: Vec<CaseId>,
    /// The question for whom was on the page.
    pub asked_whom: bool,
    /// The moment of the time chosen with one press, in microseconds; `at` for the date and time below.
    pub quick: String,
    /// `2027-04-15`
    pub date: String,
    /// `17:30`
    pub time: String,
    /// Whether anyone may keep the callback.
    pub anyone: bool,
    /// What the sentence on the page said would be promised; empty where it said nothing.
    pub said: String,
    /// `es`
    pub language: String,
    /// `calls` or `all`
    pub scope: String,
    /// Whether *do not call* is the others' wish too: `theirs`, or a word of `domain::outcome::OthersWish`.
    pub others: String,
    /// Who is to get their last e-mail once more; nothing else is to happen then.
    pub resend: Option<CaseId>,
    /// What a specialist promises that the agency makes good.
    pub remedies: Vec<Remedy>,
    /// They rang us.
    pub inbound: bool,
}

/// *Do not call* is the wish of all who wait.
pub const THEIRS: &str = "theirs";

/// For whom an outcome is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody at the number.
    All,
    /// These people.
    These(Vec<CaseId>),
    /// That has to be asked.
    Asked,
    /// It cannot be asked before something else is done.
    Wait(Problem),
}

impl Entered {
    /// Reads the form.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        let chosen = text("chosen");
        let speaks = fields.get("speak");
        let speaking = match speaks {
            "" => fields.get("speaking"),
            chosen => chosen,
        };
        Self {
            pressed: text("outcome"),
            looks_around: !speaks.is_empty()
                || fields.has("tick")
                || !fields.get("resend").is_empty()
                || fields.get("go") == "back",
            resend: fields.get("resend").parse().ok(),
            again: fields.get("go") == "again",
            skip: fields.get("go") == SKIP || (fields.get("outcome").is_empty() && chosen == SKIP),
            skip_reason: fields.get("skip_reason").parse().ok(),
            key: text("key"),
            note: text("note"),
            speaking: speaking.parse().ok(),
            home: speaks == "home" || fields.get("home") == "yes",
            ticked: cases(fields, "ticked"),
            tick: text("tick"),
            whom: cases(fields, "whom"),
            asked_whom: fields.get("asked_whom") == "yes",
            quick: text("callback_quick"),
            date: text("callback_date"),
            time: text("callback_time"),
            anyone: fields.get("callback_for") == "anyone",
            said: text("callback_said"),
            language: text("language"),
            scope: text("scope"),
            others: text("others"),
            remedies: fields
                .all("remedy")
                .filter_map(|word| word.parse().ok())
                .collect(),
            inbound: fields.get("inbound") == "yes",
            chosen,
        }
        .without_what_was_left()
    }

    /// Whoever looks around has left the outcome and its question.
    fn without_what_was_left(self) -> Self {
        match self.looks_around {
            true => Self {
                key: self.key,
                note: self.note,
                speaking: self.speaking,
                home: self.home,
                ticked: self.ticked,
                tick: self.tick,
                inbound: self.inbound,
                remedies: self.remedies,
                resend: self.resend,
                looks_around: true,
                ..Self::default()
            },
            false => self,
        }
    }

    /// Who is on the line, as the caller says.
    pub const fn on_line(&self) -> OnLine {
        OnLine {
            case: self.speaking,
            home: self.home,
        }
    }

    /// The outcome meant: the button pressed, else the one whose question was answered.
    pub fn outcome(&self) -> &str {
        if self.pressed.is_empty() {
            &self.chosen
        } else {
            &self.pressed
        }
    }

    /// Whose question is open, if it asks one.
    pub fn chosen(&self) -> &str {
        if self.skip { SKIP } else { self.outcome() }
    }

    /// Whether the outcome has a question of its own that was not on the page yet.
    pub fn asks(&self, book: &Rulebook) -> bool {
        let outcome = book.outcomes.get(self.outcome());
        let asks = outcome.is_some_and(|outcome| outcome.rule.asks() != Ask::Nothing);
        asks && (!self.pressed.is_empty() || self.asked_whom)
    }

    /// For whom the outcome is meant among these people: what is said of the number is for all, what is said of a person for
    /// those who are named.
    pub fn for_whom(&self, book: &Rulebook, people: &People<'_>) -> Whom {
        let outcome = book.outcomes.get(self.outcome());
        let of_person = |outcome: &&Outcome| matches!(outcome.rule.about(), About::Person { .. });
        if let Some(problem) = outcome.filter(of_person).and_then(|_| self.is_of_nobody(people)) {
            return Whom::Wait(problem);
        }
        if !self.whom.is_empty()
            && !people.are_several()
            && outcome.is_some_and(|outcome| of_person(&outcome))
        {
            return Whom::These(self.whom.clone()); // the others were closed meanwhile
        }
        let Some(outcome) = outcome.filter(of_person).filter(|_| people.are_several()) else {
            return Whom::All;
        };
        if people.are_a_switchboard() {
            return self.for_ticked(outcome, people);
        }
        if !self.whom.is_empty() && self.others == THEIRS {
            return Whom::These(people.waiting.iter().map(|case| case.id).collect());
        }
        if !self.whom.is_empty() {
            return Whom::These(self.whom.clone());
        }
        match people.speaking {
            None => Whom::Wait(Problem::new(
                "cases",
                format!("First choose who is speaking: {}.", people.keys()),
            )),
            Some(speaking) if people.waiting.len() < 2 || self.asked_whom => Whom::These(vec![speaking.id]),
            Some(_) => Whom::Asked,
        }
    }

    /// Whoever was named, or is on the line, has paid or was closed otherwise meanwhile: what was said of them is not said of
    /// whoever is left.
    fn is_of_nobody(&self, people: &People<'_>) -> Option<Problem> {
        let named = match self.whom.as_slice() {
            [] => self.speaking.as_slice(),
            whom => whom,
        };
        let is_here =
            |id: &CaseId| people.waiting.iter().any(|case| case.id == *id) || people.done.contains(id);
        let gone: Vec<&Case> = people
            .all
            .iter()
            .filter(|case| named.contains(&case.id))
            .collect();
        if gone.is_empty() || !self.ticked.is_empty() || named.iter().any(is_here) {
            return None;
        }
        let told = format!(
            "Nothing was recorded: {} closed meanwhile. What you record now is about whoever is left.",
            words::together(&gone)
        );
        Some(Problem::new("cases", told))
    }

    /// At a switchboard it is for those who are ticked, else for whoever speaks for themselves.
    fn for_ticked(&self, outcome: &Outcome, people: &People<'_>) -> Whom {
        let ticked = match (clients::ticked(self, people), people.speaking) {
            (ticked, Some(speaking)) if ticked.is_empty() => vec![speaking.id],
            (ticked, _) => ticked,
        };
        let is_meant = |case: &&&Case| ticked.contains(&case.id);
        let taken = people
            .waiting
            .iter()
            .filter(is_meant)
            .find(|case| money::was_taken(case));
        // Whoever is recorded is left to the key, which knows the same outcome sent again.
        let is_gone =
            |id: &CaseId| !people.done.contains(id) && !people.waiting.iter().any(|case| case.id == *id);
        match (ticked.as_slice(), taken) {
            (ticked, _) if ticked.iter().all(is_gone) => {
                Whom::Wait(Problem::new("cases", clients::none_ticked(self, people)))
            }
            (_, Some(case)) if matches!(outcome.rule, Rule::Wait { .. }) => Whom::Wait(Problem::new(
                "cases",
                format!(
                    "{} must not pay: money was taken. Untick them, or choose another outcome.",
                    words::together(&[case])
                ),
            )),
            _ if self.others == THEIRS => Whom::These(people.waiting.iter().map(|case| case.id).collect()),
            _ => Whom::These(ticked),
        }
    }

    /// What happened, as it is recorded for these cases; none: for everybody.
    ///
    /// # Errors
    /// Nothing is chosen, or the time cannot be read.
    pub fn happened(
        &self,
        book: &Rulebook,
        zones: &Zones,
        now: Timestamp,
        cases: Option<Vec<CaseId>>,
    ) -> Result<Happened, Problem> {
        if self.outcome().is_empty() {
            return Err(Problem::new("outcome", "First press what happened. Then save."));
        }
        let ask = book
            .outcomes
            .get(self.outcome())
            .map(|outcome| outcome.rule.asks());
        let callback_at = match ask {
            Some(Ask::When) => Some(callback::promised(self, book, zones, now)?),
            Some(Ask::BestTime) if !self.quick.is_empty() => {
                Some(callback::promised(self, book, zones, now)?)
            }
            _ => None,
        };
        Ok(Happened {
            outcome: self.outcome().to_owned(),
            note: self.note.clone(),
            callback_at,
            callback_for: if self.anyone {
                CallbackFor::Anyone
            } else {
                CallbackFor::Me
            },
            language: (ask == Some(Ask::Language)).then(|| self.language.clone()),
            scope: self
                .scope
                .parse::<Scope>()
                .ok()
                .filter(|_| ask == Some(Ask::Scope)),
            others: self.others.parse().ok().filter(|_| ask == Some(Ask::Scope)),
            cases,
            inbound: self.inbound,
            remedies: self.remedies.clone(),
        })
    }
}

fn cases(fields: &Fields, name: &str) -> Vec<CaseId> {
    let ids = fields.all(name).flat_map(|ids| ids.split(' '));
    ids.filter_map(|id| id.parse().ok()).collect()
}
