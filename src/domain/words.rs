//! Times in words, as people say them, in the languages that the product's texts have.

use chrono::{Datelike, NaiveDate};
use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::domain::timestamp::Timestamp;

/// A language with words of its own here. Any other is written in English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

const DAYS: [[&str; 2]; 7] = [
    ["Monday", "lunes"],
    ["Tuesday", "martes"],
    ["Wednesday", "miércoles"],
    ["Thursday", "jueves"],
    ["Friday", "viernes"],
    ["Saturday", "sábado"],
    ["Sunday", "domingo"],
];

const MONTHS: [[&str; 2]; 12] = [
    ["January", "enero"],
    ["February", "febrero"],
    ["March", "marzo"],
    ["April", "abril"],
    ["May", "mayo"],
    ["June", "junio"],
    ["July", "julio"],
    ["August", "agosto"],
    ["September", "septiembre"],
    ["October", "octubre"],
    ["November", "noviembre"],
    ["December", "diciembre"],
];

impl Language {
    /// By its code, such as `es` or `es-MX`; English for any other.
    pub fn of(code: &str) -> Self {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        match primary.eq_ignore_ascii_case("es") {
            true => Self::Spanish,
            false => Self::English,
        }
    }

    /// The code for `lang` attributes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    fn pick(self, words: Option<&[&'static str; 2]>) -> &'static str {
        let [english, spanish] = words.copied().unwrap_or_default();
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }

    /// `April 14`, `14 de abril`.
    pub fn day(self, date: NaiveDate) -> String {
        let month = self.pick(MONTHS.get(date.month0() as usize));
        match self {
            Self::English => format!("{month}\u{a0}{}", date.day()),
            Self::Spanish => format!("{} de {month}", date.day()),
        }
    }

    /// `Today`, `Hoy`.
    pub const fn today(self) -> &'static str {
        match self {
            Self::English => "Today",
            Self::Spanish => "Hoy",
        }
    }

    /// `Tuesday, April 14`, `martes 14 de abril`.
    pub fn weekday(self, date: NaiveDate) -> String {
        let day = self.pick(DAYS.get(date.weekday().num_days_from_monday() as usize));
        match self {
            Self::English => format!("{day}, {}", self.day(date)),
            Self::Spanish => format!("{day} {}", self.day(date)),
        }
    }

    /// `1:09 p.m.`, `la 1:09 p. m.`, `las 2:30 p. m.`: in Spanish with its article.
    pub fn clock(self, hour: i8, minute: i8) -> String {
        let time = self.time(hour, minute);
        match (self, hour % 12) {
            (Self::English, _) => time,
            (Self::Spanish, 1) => format!("la {time}"),
            (Self::Spanish, _) => format!("las {time}"),
        }
    }

    /// `1:09 p.m.`, `1:09 p. m.`: as it stands by itself.
    pub fn time(self, hour: i8, minute: i8) -> String {
        let twelve = match hour % 12 {
            0 => 12,
            other => other,
        };
        let half = match (self, hour < 12) {
            (Self::English, true) => "a.m.",
            (Self::English, false) => "p.m.",
            (Self::Spanish, true) => "a.\u{a0}m.",
            (Self::Spanish, false) => "p.\u{a0}m.",
        };
        format!("{twelve}:{minute:02}\u{a0}{half}")
    }

    /// `Ana, Ben or Olga`, `Ana, Ben u Olga`.
    pub fn any_of(self, names: &[&str]) -> String {
        self.list(names, ["or", "o"], ("u", &['o', 'ó']))
    }

    /// `Ana, Ben and Ines`, `Ana, Ben e Ines`.
    pub fn all_of(self, names: &[&str]) -> String {
        self.list(names, ["and", "y"], ("e", &['i', 'í']))
    }

    /// Spanish has another word before a name that sounds like the word.
    fn list(self, names: &[&str], words: [&'static str; 2], (other, sounds): (&str, &[char])) -> String {
        let Some((last, before)) = names.split_last() else {
            return String::new();
        };
        if before.is_empty() {
            return (*last).to_owned();
        }
        let first = last
            .chars()
            .flat_map(char::to_lowercase)
            .find(|letter| *letter != 'h');
        let clashes = self == Self::Spanish && first.is_some_and(|letter| sounds.contains(&letter));
        let word = if clashes { other } else { self.pick(Some(&words)) };
        format!("{} {word} {last}", before.join(", "))
    }

    /// `Tuesday, April 14, at 1:09 p.m.`, `martes 14 de abril a la 1:09 p. m.` in that zone.
    pub fn moment(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = local(at, zone);
        let (day, clock) = (
            self.weekday(date_of(&local)),
            self.clock(local.hour(), local.minute()),
        );
        match self {
            Self::English => format!("{day}, at {clock}"),
            Self::Spanish => format!("{day} a {clock}"),
        }
    }

    /// As [`Self::moment`], with the zone's short name: for a promise, where an hour matters.
    pub fn moment_with_zone(self, at: Timestamp, zone: &TimeZone) -> String {
        format!("{} ({})", self.moment(at, zone), self.zone_name(at, zone))
    }

    /// The zone's short name at an instant: `EDT`, the same in each language.
    pub fn zone_name(self, at: Timestamp, zone: &TimeZone) -> String {
        local(at, zone).strftime("%Z").to_string()
    }
}

/// The calendar day of an instant in that zone.
pub fn local_day(at: Timestamp, zone: &TimeZone) -> NaiveDate {
    date_of(&local(at, zone))
}

fn local(at: Timestamp, zone: &TimeZone) -> Zoned {
    jiff::Timestamp::from_microsecond(at.micros())
        .unwrap_or_default()
        .to_zoned(zone.clone())
}

fn date_of(local: &Zoned) -> NaiveDate {
    let (month, day) = (local.month().unsigned_abs(), local.day().unsigned_abs());
    NaiveDate::from_ymd_opt(i32::from(local.year()), u32::from(month), u32::from(day)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        text.replace('\u{a0}', " ")
    }

    #[test]
    fn an_evening_reads_as_people_say_it() {
        let at = Timestamp::from_micros(1_776_186_540_000_000); // 2026-04-14T17:09Z
        let zone = TimeZone::get("America/New_York").unwrap();
        assert_eq!(
            plain(&Language::English.moment(at, &zone)),
            "Tuesday, April 14, at 1:09 p.m."
        );
        assert_eq!(
            plain(&Language::Spanish.moment(at, &zone)),
            "martes 14 de abril a la 1:09 p. m."
        );
        assert_eq!(
            plain(&Language::English.moment_with_zone(at, &zone)),
            "Tuesday, April 14, at 1:09 p.m. (EDT)"
        );
        let later = at.plus_hours(11);
        assert_eq!(
            plain(&Language::English.moment(later, &zone)),
            "Wednesday, April 15, at 12:09 a.m."
        );
        assert_eq!(
            plain(&Language::Spanish.moment(later, &zone)),
            "miércoles 15 de abril a las 12:09 a. m."
        );
    }

    #[test]
    fn names_are_listed_as_people_say_them() {
        assert_eq!(
            Language::English.any_of(&["Ana", "Ben", "Olga"]),
            "Ana, Ben or Olga"
        );
        assert_eq!(Language::Spanish.any_of(&["Ana", "Olga"]), "Ana u Olga");
        assert_eq!(Language::Spanish.all_of(&["Ana", "Hilda"]), "Ana e Hilda");
        assert_eq!(Language::Spanish.all_of(&["Ana"]), "Ana");
    }

    #[test]
    fn a_language_is_known_by_its_code() {
        assert_eq!(Language::of("es"), Language::Spanish);
        assert_eq!(Language::of("ES-mx"), Language::Spanish);
        assert_eq!(Language::of("vi"), Language::English);
        assert_eq!(Language::of(""), Language::English);
    }
}
