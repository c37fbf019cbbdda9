//! The languages of the product's texts, and times in words of theirs, as people say them.

use chrono::{Datelike, NaiveDate};
use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::domain::locale::{self, Citizen, Dates, Letters, Locale, Phrase, Phrases};
use crate::domain::timestamp::Timestamp;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

/// A language that the product's texts are written in: one file of `locales/`. What is said to somebody whose language is
/// none of these is said in English.
#[derive(Clone, Copy)]
pub struct Language(&'static Locale);

impl Language {
    /// English, the source of the others.
    pub fn english() -> Self {
        static NOTHING: LazyLock<Locale> = LazyLock::new(Locale::default);
        Self(locale::built_in().first().unwrap_or(&NOTHING))
    }

    /// Every language, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        locale::built_in().iter().chain(locale::further()).map(Self)
    }

    /// Every language but English.
    pub fn others() -> impl Iterator<Item = Self> {
        Self::all().skip(1)
    }

    /// By its code, such as `es` or `es-MX`; English for any other.
    pub fn of(code: &str) -> Self {
        Self::known(code).unwrap_or_else(Self::english)
    }

    /// By its code, if there are texts in it.
    pub fn known(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::all().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The code for `lang` attributes.
    pub fn code(self) -> &'static str {
        &self.0.code
    }

    /// As its speakers call it: `Español`.
    pub fn name(self) -> &'static str {
        self.0.language.name.text()
    }

    /// As staff call it: `Spanish`.
    pub fn in_english(self) -> &'static str {
        self.0.language.in_english.text()
    }

    /// The texts of the citizen's pages.
    pub(crate) fn citizen(self) -> &'static Citizen {
        &self.0.citizen
    }

    /// The letters that come with the program.
    pub(crate) fn letters(self) -> &'static Letters {
        &self.0.letters
    }

    /// What callers say.
    pub(super) fn script(self) -> &'static Phrases {
        &self.0.script
    }

    /// The words for a kind of tax, by what files call it without case.
    pub(super) fn tax(self, bare: &str) -> Option<&'static str> {
        self.0.taxes.get(bare).map(|words| words.text())
    }

    fn dates(self) -> &'static Dates {
        &self.0.dates
    }

    /// `April 14`, `14 de abril`.
    pub fn day(self, date: NaiveDate) -> String {
        let month = self.dates().months.get(date.month0() as usize);
        let number = date.day().to_string();
        let month = month.copied().unwrap_or_default();
        self.dates().day.with_both(("month", &month), ("day", &number))
    }

    /// `April 14, 2026`, `14 de abril de 2026`.
    pub fn full(self, date: NaiveDate) -> String {
        let year = date.year().to_string();
        self.dates()
            .full
            .with_both(("day", &self.day(date)), ("year", &year))
    }

    /// `Today, April 14`, `Hoy, 14 de abril`.
    pub fn today(self, date: NaiveDate) -> String {
        self.dates().today.with("day", self.day(date))
    }

    /// `Tuesday, April 14`, `martes 14 de abril`.
    pub fn weekday(self, date: NaiveDate) -> String {
        let weekday = self
            .dates()
            .days
            .get(date.weekday().num_days_from_monday() as usize);
        let weekday = weekday.copied().unwrap_or_default();
        self.dates()
            .weekday
            .with_both(("weekday", &weekday), ("day", &self.day(date)))
    }

    /// `1:09 p.m.`, `la 1:09 p. m.`, `las 2:30 p. m.`: as it stands in a sentence.
    pub fn clock(self, hour: i8, minute: i8) -> String {
        let words = match self.shown(hour) {
            1 => self.dates().clock_at_one,
            _ => self.dates().clock,
        };
        words.with("time", self.time(hour, minute))
    }

    /// The number that a clock shows for an hour.
    fn shown(self, hour: i8) -> i8 {
        match (self.dates().hours, hour % 12) {
            (24, _) => hour,
            (_, 0) => 12,
            (_, other) => other,
        }
    }

    /// `1:09 p.m.`, `1:09 p. m.`: as it stands by itself.
    pub fn time(self, hour: i8, minute: i8) -> String {
        let half = match hour < 12 {
            true => self.dates().before_noon,
            false => self.dates().after_noon,
        };
        let time = self.dates().time.replace("{half}", &half); // a clock of 24 hours has none
        time.replace("{hour}", &self.shown(hour).to_string())
            .replace("{minute}", &format!("{minute:02}"))
    }

    /// `Tuesday, April 14, 1:09 p.m.`, of texts that are ready.
    pub fn day_and_time(self, day: &str, time: &str) -> String {
        self.dates().day_and_time.with_both(("day", day), ("time", time))
    }

    /// `Ana, Ben or Olga`, `Ana, Ben u Olga`.
    pub fn any_of(self, names: &[&str]) -> String {
        let lists = &self.0.lists;
        self.list(names, lists.or, (lists.or_changed, lists.or_sounds))
    }

    /// `Ana, Ben and Ines`, `Ana, Ben e Ines`.
    pub fn all_of(self, names: &[&str]) -> String {
        let lists = &self.0.lists;
        self.list(names, lists.and, (lists.and_changed, lists.and_sounds))
    }

    /// Spanish has another word before a name that sounds like the word.
    fn list(self, names: &[&str], word: Phrase, (changed, sounds): (Phrase, Phrase)) -> String {
        let Some((last, before)) = names.split_last() else {
            return String::new();
        };
        if before.is_empty() {
            return (*last).to_owned();
        }
        let mut letters = last.chars().flat_map(char::to_lowercase);
        let first = letters.find(|letter| !self.0.lists.unheard.contains(*letter));
        let clashes = first.is_some_and(|letter| sounds.contains(letter));
        let word = if clashes { changed } else { word };
        format!("{} {word} {last}", before.join(", "))
    }

    /// What stands before a name and the name, where a word melts into the name's article: *del Departamento de Hacienda*.
    pub(super) fn melted(self, before: &str, name: String) -> (String, String) {
        for melting in &self.0.lists.melting {
            let kept = before.strip_suffix(&format!(" {} ", melting.word.text()));
            let bare = name.strip_prefix(&format!("{} ", melting.article.text()));
            if let Some((kept, bare)) = kept.zip(bare) {
                return (format!("{kept} {} ", melting.becomes), bare.to_owned());
            }
        }
        (before.to_owned(), name)
    }

    /// `Tuesday, April 14, at 1:09 p.m.`, `martes 14 de abril a la 1:09 p. m.` in that zone.
    pub fn moment(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = local(at, zone);
        let (day, clock) = (
            self.weekday(date_of(&local)),
            self.clock(local.hour(), local.minute()),
        );
        self.dates().moment.with_both(("day", &day), ("clock", &clock))
    }

    /// `1:09 p.m.`, `la 1:09 p. m.` in that zone.
    pub fn clock_at(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = local(at, zone);
        self.clock(local.hour(), local.minute())
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

impl Default for Language {
    fn default() -> Self {
        Self::english()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Language {}

impl Hash for Language {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code().hash(state);
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
            plain(&Language::english().moment(at, &zone)),
            "Tuesday, April 14, at 1:09 p.m."
        );
        assert_eq!(
            plain(&Language::of("es").moment(at, &zone)),
            "martes 14 de abril a la 1:09 p. m."
        );
        assert_eq!(
            plain(&Language::english().moment_with_zone(at, &zone)),
            "Tuesday, April 14, at 1:09 p.m. (EDT)"
        );
        let later = at.plus_hours(11);
        assert_eq!(
            plain(&Language::english().moment(later, &zone)),
            "Wednesday, April 15, at 12:09 a.m."
        );
        assert_eq!(
            plain(&Language::of("es").moment(later, &zone)),
            "miércoles 15 de abril a las 12:09 a. m."
        );
    }

    #[test]
    fn names_are_listed_as_people_say_them() {
        assert_eq!(
            Language::english().any_of(&["Ana", "Ben", "Olga"]),
            "Ana, Ben or Olga"
        );
        assert_eq!(Language::of("es").any_of(&["Ana", "Olga"]), "Ana u Olga");
        assert_eq!(Language::of("es").all_of(&["Ana", "Hilda"]), "Ana e Hilda");
        assert_eq!(Language::of("es").all_of(&["Ana"]), "Ana");
    }

    #[test]
    fn a_language_is_known_by_its_code() {
        assert_eq!(Language::of("es"), Language::of("es"));
        assert_eq!(Language::of("ES-mx"), Language::of("es"));
        assert_eq!(Language::of("vi"), Language::english());
        assert_eq!(Language::of(""), Language::english());
    }
}
