//! The sentence under a callback: what will be saved, in words that can be read out, and its facts as they are sent along.

use std::fmt;
use std::str::FromStr;

use super::callback::Asked;
use super::form::Told;
use crate::domain::callback::PERSONAL_MINUTES;
use crate::domain::script::{Agreed, say_back};
use crate::domain::slot::nearest;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::domain::zone::{Zone, calendar};
use crate::web::fields::Fields;

/// So many digits tell a number from others without giving it away.
const DIGITS: usize = 4;

/// What it takes to say a callback back to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aloud {
    /// The language spoken, as its code.
    pub lang: String,
    /// The last digits of the number that is called; empty where nothing is said back.
    pub digits: String,
    /// The code they have in an e-mail; empty for none.
    pub code: String,
}

impl Aloud {
    /// To somebody who has that number.
    pub fn of(lang: &str, phone: &str, code: Option<&str>) -> Self {
        let from = phone.len().saturating_sub(DIGITS);
        Self {
            lang: lang.to_owned(),
            digits: phone.get(from..).unwrap_or_default().to_owned(),
            code: code.unwrap_or_default().to_owned(),
        }
    }

    /// As the page sent it along.
    pub fn read(fields: &Fields) -> Self {
        Self {
            lang: fields.get("callback_lang").to_owned(),
            digits: fields.get("callback_digits").to_owned(),
            code: fields.get("callback_code").to_owned(),
        }
    }

    fn say(&self, at: Timestamp, now: Timestamp, zone: &Zone) -> String {
        let agreed = Agreed {
            at,
            now,
            zone,
            digits: &self.digits,
            code: Some(self.code.as_str()).filter(|code| !code.is_empty()),
        };
        match self.digits.is_empty() {
            true => String::new(),
            false => say_back(Language::of(&self.lang), &agreed),
        }
    }
}

/// What a page said would be promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    at: Timestamp,
    zone: String,
    anyone: bool,
}

impl Said {
    /// A promise by their clock.
    pub fn of(at: Timestamp, zone: &Zone, anyone: bool) -> Self {
        Self {
            at,
            zone: zone.name().to_owned(),
            anyone,
        }
    }

    /// Why this is not saved: the page said something else, or nothing.
    pub fn instead_of(&self, said: Option<&Self>, now: Timestamp) -> String {
        let Some(said) = said else {
            return "Nothing is saved yet. Read the sentence below to them; if it is right, save.".to_owned();
        };
        let by_clock = said.at != self.at || said.zone != self.zone;
        let (before, after) = match by_clock {
            true => (said.by_the_clock(now), self.by_the_clock(now)),
            false => (said.keeper().to_owned(), self.keeper().to_owned()),
        };
        format!(
            "Nothing is saved yet. The page said {before}, what you sent means {after}. Read the sentence below to them; if it \
             is right, save."
        )
    }

    fn by_the_clock(&self, now: Timestamp) -> String {
        let zone: Zone = self.zone.parse().unwrap_or_else(|_| Zone::utc());
        let words = spoken(self.at, now, &zone);
        format!(
            "{} ({})",
            words.trim_start_matches("on "),
            super::words::zone_name(&self.zone, now)
        )
    }

    const fn keeper(&self) -> &'static str {
        match self.anyone {
            true => "that anyone keeps it",
            false => "that you keep it",
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keeper = if self.anyone { "anyone" } else { "me" };
        write!(f, "{} {} {keeper}", self.at.micros(), self.zone)
    }
}

impl FromStr for Said {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(' ');
        let mut next = || parts.next().ok_or(());
        Ok(Self {
            at: Timestamp::from_micros(next()?.parse().map_err(drop)?),
            zone: next()?.to_owned(),
            anyone: next()? == "anyone",
        })
    }
}

/// What is said of a time: what will be saved with it, or why nothing can be.
pub fn told(asked: &Asked<'_>, meant: Result<Option<Timestamp>, String>, must: bool, anyone: bool) -> Told {
    let at = match meant {
        Ok(Some(at)) => at,
        Ok(None) => return without("No time is noted: the specialist calls when they can.".to_owned()),
        Err(why) => return without(format!("Nothing can be saved with this time. {why}")),
    };
    let home = asked.home();
    let here = asked.book.outage.zone();
    let differs = home.local(at) != here.local(at);
    let ends = |when: &str| match differs {
        true => format!("{when} there"),
        false => super::words::sentence(when),
    };
    let spoken = spoken(at, asked.now, home);
    Told {
        said: Said::of(at, home, anyone).to_string(),
        whom: match must {
            true => format!("We will call {}", asked.whom),
            false => format!("A good time to call {} is", asked.whom),
        },
        when: match must {
            true => ends(&spoken),
            false => ends(spoken.trim_start_matches("on ")),
        },
        here: match differs {
            true => format!("({} here)", on_our_clock(at, home, &here)),
            false => String::new(),
        },
        follows: match must {
            true => format!("{}{}", keeper(at, home, anyone), crowded(asked, at)),
            false => "The specialist sees it.".to_owned(),
        },
        aloud: match must {
            true => asked.aloud.say(at, asked.now, home),
            false => String::new(), // a wish is noted, and nothing promised
        },
        lang: asked.aloud.lang.clone(),
    }
}

fn without(follows: String) -> Told {
    Told {
        follows,
        ..Told::default()
    }
}

/// `on Tuesday, December 1 at 9:15 a.m.`
fn spoken(at: Timestamp, now: Timestamp, zone: &Zone) -> String {
    let day = zone.local(at).date();
    let name = Language::english().weekday(calendar(day));
    let clock = zone.clock(at);
    match day == zone.local(now).date() {
        true => format!("today, {name}, at {clock}"),
        false => format!("on {name} at {clock}"),
    }
}

fn on_our_clock(at: Timestamp, home: &Zone, here: &Zone) -> String {
    let day = here.local(at).date();
    match day == home.local(at).date() {
        true => here.clock(at),
        false => format!(
            "{}, {}",
            Language::english().weekday(calendar(day)),
            here.clock(at)
        ),
    }
}

fn keeper(at: Timestamp, home: &Zone, anyone: bool) -> String {
    match anyone {
        true => "Anyone on the team keeps it.".to_owned(),
        false => format!(
            "You keep it. If you are late, anyone on the team gets it at {}",
            super::words::sentence(&home.clock(at.plus_minutes(PERSONAL_MINUTES)))
        ),
    }
}

/// That the callers have as many promises for this quarter of an hour as they can keep, and when they have fewer.
fn crowded(asked: &Asked<'_>, at: Timestamp) -> String {
    let Some(times) = asked.times else {
        return String::new();
    };
    let Some(place) = times.full(at) else {
        return String::new();
    };
    let near = nearest(&times.coming, place);
    let near: Vec<String> = near.iter().map(|at| asked.home().clock(*at)).collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    let words = match near.is_empty() {
        true => String::new(),
        false => super::words::sentence(&format!(" Nearest free: {}", Language::english().all_of(&near))),
    };
    format!(" Others are promised to at that time, and somebody may wait.{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn what_was_said_is_read_as_it_was_written() {
        let denver: Zone = "America/Denver".parse().unwrap();
        let said = Said::of(at("2026-12-01T16:15:00Z"), &denver, true);
        assert_eq!(said.to_string().parse(), Ok(said));
        assert_eq!("".parse::<Said>(), Err(()));
    }

    #[test]
    fn another_time_another_zone_and_another_keeper_are_each_told() {
        let now = at("2026-11-30T18:00:00Z");
        let zone = |name: &str| name.parse::<Zone>().unwrap();
        let said = Said::of(at("2026-12-01T16:15:00Z"), &zone("America/Denver"), true);
        let told = |meant: Said| meant.instead_of(Some(&said), now).replace('\u{a0}', " ");
        let later = told(Said::of(
            at("2026-12-01T17:15:00Z"),
            &zone("America/Denver"),
            true,
        ));
        assert!(
            later.contains("said Tuesday, December 1 at 9:15 a.m. (Mountain), what you sent means Tuesday, December 1 at 10:15 a.m."),
            "{later}"
        );
        let moved = told(Said::of(
            at("2026-12-01T16:15:00Z"),
            &zone("America/New_York"),
            true,
        ));
        assert!(moved.contains("11:15 a.m. (Eastern)"), "{moved}");
        let mine = told(Said::of(
            at("2026-12-01T16:15:00Z"),
            &zone("America/Denver"),
            false,
        ));
        assert!(
            mine.contains("said that anyone keeps it, what you sent means that you keep it"),
            "{mine}"
        );
    }
}
