//! What a caller entered in the outcome form, and what it means.

use jiff::civil::{Date, Time};

use super::form::Problem;
use crate::domain::callback::QuickPick;
use crate::domain::outcome::{Ask, Scope};
use crate::domain::skip_reason::SkipReason;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::outreach::record::{CallbackFor, Happened};
use crate::outreach::rulebook::Rulebook;
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
    /// The call is to be skipped.
    pub skip: bool,
    /// Why; none while the question is open.
    pub skip_reason: Option<SkipReason>,
    /// Guards against recording twice.
    pub key: String,
    /// Free text.
    pub note: String,
    /// The people ticked.
    pub cases: Vec<i64>,
    /// Value of the quick pick; `at` for the date and time below.
    pub quick: String,
    /// `2027-04-15`
    pub date: String,
    /// `17:30`
    pub time: String,
    /// Whether anyone may keep the callback.
    pub anyone: bool,
    /// `es`
    pub language: String,
    /// `calls` or `all`
    pub scope: String,
    /// They rang us.
    pub inbound: bool,
}

impl Entered {
    /// Reads the form.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        Self {
            pressed: text("outcome"),
            chosen: text("chosen"),
            skip: fields.get("go") == SKIP
                || (fields.get("outcome").is_empty() && fields.get("chosen") == SKIP),
            skip_reason: fields.get("skip_reason").parse().ok(),
            key: text("key"),
            note: text("note"),
            cases: fields.all("case").filter_map(|id| id.parse().ok()).collect(),
            quick: text("callback_quick"),
            date: text("callback_date"),
            time: text("callback_time"),
            anyone: fields.get("callback_for") == "anyone",
            language: text("language"),
            scope: text("scope"),
            inbound: fields.get("inbound") == "yes",
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

    /// The question that the pressed outcome asks before anything is recorded.
    pub fn asks(&self, book: &Rulebook) -> bool {
        let outcome = book.outcomes.get(&self.pressed);
        outcome.is_some_and(|outcome| outcome.rule.asks() != Ask::Nothing)
    }

    /// What happened, as it is recorded. `several`: the household has more than one open person.
    ///
    /// # Errors
    /// Nothing is chosen, or the time cannot be read.
    pub fn happened(
        &self,
        book: &Rulebook,
        zones: &Zones,
        now: Timestamp,
        several: bool,
    ) -> Result<Happened, Problem> {
        if self.outcome().is_empty() {
            return Err(Problem::new("outcome", "First press what happened. Then save."));
        }
        let ask = book
            .outcomes
            .get(self.outcome())
            .map(|outcome| outcome.rule.asks());
        let callback_at = match ask {
            Some(Ask::When) => Some(self.callback_at(book, zones, now)?),
            Some(Ask::BestTime) if !self.quick.is_empty() => Some(self.callback_at(book, zones, now)?),
            _ => None,
        };
        if several && self.cases.is_empty() {
            return Err(Problem::new("cases", "Tick at least one person."));
        }
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
            cases: several.then(|| self.cases.clone()),
            inbound: self.inbound,
        })
    }

    fn callback_at(&self, book: &Rulebook, zones: &Zones, now: Timestamp) -> Result<Timestamp, Problem> {
        if let Ok(pick) = self.quick.parse::<QuickPick>() {
            return Ok(pick.at(now, zones, &book.hours));
        }
        let missing = || Problem::new("callback", "Choose one of the times, or enter a date and a time.");
        let date: Date = self.date.parse().map_err(|_| missing())?;
        let time: Time = self.time.parse().map_err(|_| missing())?;
        Ok(book.hours.home(zones).at(date.to_datetime(time)).instant())
    }
}
