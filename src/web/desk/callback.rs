//! When to call back: one time, whether it was chosen with one press, among the free times, or in the fields; what it
//! means; and that nothing else is saved than what the page said.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::civil::{Date, Time};

use super::answers::Entered;
use super::form::{CallbackQuestion, FreeDay, Problem, QuickTime, Told};
use super::told::{Aloud, Said, told};
use super::{compose, free, questions, words};
use crate::domain::callback::{self, QuickPick, quick_picks};
use crate::domain::outcome::Ask;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::{Zone, Zones};
use crate::outreach::Office;
use crate::outreach::free_times::FreeTimes;
use crate::outreach::rulebook::Rulebook;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page;
use crate::web::session::Staff;

/// A callback may be promised so many days ahead.
const FURTHEST_DAYS: i64 = 30;
/// What stands for the date and the time in the fields.
pub const FIELDS: &str = "at";
/// What is missing where no time can be read.
const MISSING: &str = "Choose one of the times, or enter a date and a time.";

/// Who is to be called back, and by which rules.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The rules.
    pub book: &'a Rulebook,
    /// Where they may be.
    pub zones: &'a Zones,
    /// When the page is made.
    pub now: Timestamp,
    /// Their name.
    pub whom: String,
    /// The free times of the day that is chosen.
    pub times: Option<&'a FreeTimes>,
    /// How it is said back to them.
    pub aloud: Aloud,
}

impl Asked<'_> {
    /// The clock of theirs that counts.
    pub fn home(&self) -> &Zone {
        self.book.hours.home(self.zones)
    }

    /// The quick picks that may be promised now, on whole minutes: the fields can say no less.
    fn picks(&self) -> Vec<(QuickPick, Timestamp)> {
        let picks = quick_picks(self.now, self.zones, &self.book.hours);
        picks
            .into_iter()
            .map(|(pick, at)| (pick, on_the_minute(at)))
            .collect()
    }

    /// Whether a time must be promised; else it is asked for, and may be left open.
    fn must(&self, entered: &Entered) -> bool {
        asks(self.book, entered) != Some(Ask::BestTime)
    }

    /// What was entered; where nothing was, the first time that can be promised with one press.
    fn or_first(&self, entered: &Entered) -> Entered {
        let quick = match (entered.quick.as_str(), self.picks().first()) {
            ("", Some((_, at))) if self.must(entered) => at.micros().to_string(),
            ("", None) if self.must(entered) => FIELDS.to_owned(),
            (chosen, _) => chosen.to_owned(),
        };
        Entered {
            quick,
            ..entered.clone()
        }
    }

    /// The time that is meant; none where it is left open. Or, in words, why it cannot be promised.
    fn meant(&self, entered: &Entered) -> Result<Option<Timestamp>, String> {
        let (zones, hours) = (self.zones, &self.book.hours);
        match entered.quick.as_str() {
            "" => Ok(None),
            FIELDS => {
                let date: Date = entered.date.parse().map_err(|_| MISSING)?;
                let time: Time = entered.time.parse().map_err(|_| MISSING)?;
                callback::at_local(date.to_datetime(time), self.now, zones, hours).map(Some)
            }
            pressed => {
                let at = Timestamp::from_micros(pressed.parse().map_err(|_| MISSING)?);
                callback::check(at, self.now, zones, hours).map(|()| Some(at))
            }
        }
        .map_err(|problem| words::sentence(&problem.to_string()))
    }

    /// The day that the panel shows.
    fn day(&self, entered: &Entered) -> Date {
        let entered = self.or_first(entered);
        let typed = || entered.date.parse().ok().filter(|_| entered.quick == FIELDS);
        let meant = self.meant(&entered).ok().flatten();
        let of = |at: Timestamp| self.home().local(at).date();
        meant.map(of).or_else(typed).unwrap_or_else(|| of(self.now))
    }

    /// What is said of the time as it was entered.
    fn told(&self, entered: &Entered) -> Told {
        told(self, self.meant(entered), self.must(entered), entered.anyone)
    }
}

const fn on_the_minute(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros() - at.micros().rem_euclid(60_000_000))
}

fn asks(book: &Rulebook, entered: &Entered) -> Option<Ask> {
    let outcome = book.outcomes.get(entered.outcome())?;
    Some(outcome.rule.asks())
}

/// The time to promise, if the page said that very time, in that zone, kept by whoever keeps it.
///
/// # Errors
/// It cannot be promised, or the page said something else.
pub fn promised(
    entered: &Entered,
    book: &Rulebook,
    zones: &Zones,
    now: Timestamp,
) -> Result<Timestamp, Problem> {
    let asked = Asked {
        book,
        zones,
        now,
        whom: String::new(),
        times: None,
        aloud: Aloud::default(),
    };
    let problem = |text: String| Problem::new("callback", text);
    let at = asked.meant(entered).map_err(problem)?;
    let at = at.ok_or_else(|| problem(MISSING.to_owned()))?;
    let meant = Said::of(at, asked.home(), entered.anyone);
    match entered.said.parse::<Said>() {
        Ok(said) if said == meant => Ok(at),
        said => Err(problem(meant.instead_of(said.ok().as_ref(), now))),
    }
}

/// The free times that the panel needs; none where no time is asked for.
pub async fn times(
    office: &Office,
    (book, zones, now): (&Rulebook, Zones, Timestamp),
    entered: &Entered,
) -> Result<Option<FreeTimes>, Error> {
    if !matches!(asks(book, entered), Some(Ask::When | Ask::BestTime)) {
        return Ok(None);
    }
    let (book, entered) = (book.clone(), entered.clone());
    ask(office, move |office| {
        let asked = Asked {
            book: &book,
            zones: &zones,
            now,
            whom: String::new(),
            times: None,
            aloud: Aloud::default(),
        };
        office.free_times(&book, &zones, asked.day(&entered)).map(Some)
    })
    .await
}

/// The question, with what was answered so far.
pub fn question(entered: &Entered, asked: &Asked<'_>) -> CallbackQuestion {
    let (home, must) = (asked.home(), asked.must(entered));
    let entered = &asked.or_first(entered);
    let quick = quick(asked, entered, must);
    let fields = fields(asked, entered);
    let chip = quick
        .iter()
        .any(|one| one.choice.checked && one.choice.value != FIELDS);
    CallbackQuestion {
        legend: match must {
            true => "Call back when?",
            false => "A good time for the specialist?",
        },
        date: fields.0,
        min_date: home.local(asked.now).date().to_string(),
        max_date: home
            .local(asked.now.plus_hours(24 * FURTHEST_DAYS))
            .date()
            .to_string(),
        time: fields.1,
        quick,
        zone: words::zone_name(home.name(), asked.now),
        zones: asked.zones.to_string(),
        whom: asked.whom.clone(),
        aloud: asked.aloud.clone(),
        look: format!("{}/callback", compose::href(asked.book)),
        asks_who: must,
        anyone: entered.anyone,
        free: free_day(asked, entered, chip),
        told: asked.told(entered),
    }
}

/// What can be chosen with one press: the times themselves, or to say another one in the fields.
fn quick(asked: &Asked<'_>, entered: &Entered, must: bool) -> Vec<QuickTime> {
    let local = |at: Timestamp| asked.home().local(at);
    let picks = asked.picks();
    let value = |at: Timestamp| at.micros().to_string();
    let pressed = |at: Timestamp| value(at) == entered.quick;
    let in_list = asked
        .times
        .is_some_and(|times| times.free.iter().any(|at| pressed(*at)));
    let other = !entered.quick.is_empty() && !in_list && !picks.iter().any(|(_, at)| pressed(*at));
    let mut quick: Vec<QuickTime> = picks
        .iter()
        .map(|(pick, at)| QuickTime {
            choice: questions::choice(
                &value(*at),
                words::quick_pick(*pick, &asked.home().clock(*at)),
                pressed(*at),
            ),
            date: local(*at).date().to_string(),
            time: local(*at).strftime("%H:%M").to_string(),
        })
        .collect();
    let plain = |value: &str, label: &str, checked| QuickTime {
        choice: questions::choice(value, label.to_owned(), checked),
        ..QuickTime::default()
    };
    quick.push(plain(FIELDS, "Other", other));
    if !must {
        quick.insert(0, plain("", "Any time", entered.quick.is_empty()));
    }
    quick
}

/// The fields say what is chosen: there is one time on the page.
fn fields(asked: &Asked<'_>, entered: &Entered) -> (String, String) {
    let local = |at: Timestamp| asked.home().local(at);
    if let Ok(Some(at)) = asked.meant(entered) {
        return (
            local(at).date().to_string(),
            local(at).strftime("%H:%M").to_string(),
        );
    }
    let or = |entered: &str, default: String| match entered {
        "" => default,
        entered => entered.to_owned(),
    };
    let tomorrow = local(asked.now.plus_hours(24)).date().to_string();
    (or(&entered.date, tomorrow), or(&entered.time, "17:30".to_owned()))
}

fn free_day(asked: &Asked<'_>, entered: &Entered, chip: bool) -> FreeDay {
    let Some(times) = asked.times else {
        return FreeDay::default();
    };
    free::day(times, asked.home(), entered.quick.as_str(), chip)
}

/// What a time means, for the page's script, each time that it changes.
#[derive(Template)]
#[template(path = "desk/callback_part.html")]
struct CallbackPart {
    told: Told,
    /// The free times, where the page shows those of another day.
    free: Option<FreeDay>,
}

/// Says what would be saved, and saves nothing.
pub async fn look(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let _ = staff;
    let entered = Entered::read(&fields);
    let zones = Rulebook::zones(fields.get("callback_zones"));
    let slug = slug.into_inner();
    let read = move |office: &Office| Ok((office.rules(&slug)?, office.now()));
    let (book, now) = ask(&office, read).await?;
    let times = times(&office, (&book, zones.clone(), now), &entered).await?;
    let asked = Asked {
        book: &book,
        zones: &zones,
        now,
        whom: fields.get("callback_whom").to_owned(),
        times: times.as_ref(),
        aloud: Aloud::read(&fields),
    };
    let asked = question(&entered, &asked);
    let part = CallbackPart {
        told: asked.told,
        free: Some(asked.free).filter(|free| free.date != fields.get("callback_day")),
    };
    Ok(page::page(StatusCode::OK, &part))
}
