//! How an export writes its times, and who says in which zone they are.

use super::dice::Dice;
use super::scene::{Scene, instant};
use jiff::civil::DateTime;
use makegood::domain::clock_zone::ClockZone;
use makegood::domain::moment::Order;

/// Who says in which zone a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Each time itself.
    Cell,
    Header,
    /// A column beside it.
    Beside,
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Iso,
    IsoT,
    UsTwelve,
    UsTwentyFour,
    DayFirst,
    Dots,
    Words,
    UsWords,
    Epoch,
    EpochMillis,
}

/// The clock of a file.
#[derive(Clone, Debug)]
pub struct Clock {
    pub zone: ClockZone,
    pub says: Says,
    pub form: Form,
    /// Day and time of day stand in two columns.
    pub is_split: bool,
    /// The zone as the header or the column beside writes it.
    pub name: &'static str,
}

const FORMS: [Form; 8] = [
    Form::Iso,
    Form::Iso,
    Form::IsoT,
    Form::UsTwelve,
    Form::UsTwentyFour,
    Form::DayFirst,
    Form::Words,
    Form::UsWords,
];
/// Names of zones as exports write them.
const NAMES: [&str; 9] = [
    "UTC",
    "UTC",
    "GMT",
    "America/New_York",
    "PST",
    "CET",
    "UTC-05:00",
    "Asia/Manila",
    "EST",
];

impl Clock {
    pub fn any(dice: &mut Dice, scene: &Scene) -> Self {
        let own = ClockZone::from(scene.zone.clone());
        let form = match dice.percent(8) {
            true => Form::Dots,
            false => *dice.one(&FORMS),
        };
        let is_split = dice.percent(12);
        let of = |zone: ClockZone, says, name| Self {
            zone,
            says,
            form,
            is_split,
            name,
        };
        match dice.below(100) {
            0..28 => Self {
                form: *dice.one(&[Form::Iso, Form::IsoT]),
                is_split: false,
                ..of(dice.one(&[own, ClockZone::utc()]).clone(), Says::Cell, "")
            },
            28..34 => Self {
                form: *dice.one(&[Form::Epoch, Form::EpochMillis]),
                is_split: false,
                ..of(ClockZone::utc(), Says::Cell, "")
            },
            34..64 => of(own, Says::Nobody, ""),
            64..71 => of(ClockZone::utc(), Says::Nobody, ""),
            71..89 => {
                let name = *dice.one(&NAMES);
                of(name.parse().unwrap(), Says::Header, name)
            }
            _ => {
                let name = *dice.one(&NAMES);
                of(name.parse().unwrap(), Says::Beside, name)
            }
        }
    }

    /// Which of day and month stands first, where both are numbers.
    pub fn order(&self) -> Order {
        match self.form {
            Form::DayFirst | Form::Dots => Order::DayFirst,
            _ => Order::MonthFirst,
        }
    }

    /// An instant as one cell.
    pub fn cell(&self, at: i64) -> String {
        match self.form {
            Form::Epoch => at.to_string(),
            Form::EpochMillis => format!("{}", at * 1000),
            _ => {
                let between = if self.form == Form::IsoT { "T" } else { " " };
                let text = format!("{}{between}{}", self.day(at), self.time(at));
                match self.says {
                    Says::Cell => format!("{text}{}", self.offset(at)),
                    _ => text,
                }
            }
        }
    }

    fn local(&self, at: i64) -> DateTime {
        self.zone.local(instant(at))
    }

    pub fn day(&self, at: i64) -> String {
        let form = match self.form {
            Form::UsTwelve | Form::UsTwentyFour => "%-m/%-d/%Y",
            Form::DayFirst => "%d/%m/%Y",
            Form::Dots => "%d.%m.%Y",
            Form::Words => "%-d %b %Y",
            Form::UsWords => "%b %-d, %Y",
            _ => "%Y-%m-%d",
        };
        self.local(at).strftime(form).to_string()
    }

    pub fn time(&self, at: i64) -> String {
        let form = match self.form {
            Form::UsTwelve | Form::UsWords => "%-I:%M:%S %p",
            Form::DayFirst => "%H:%M",
            _ => "%H:%M:%S",
        };
        self.local(at).strftime(form).to_string()
    }

    fn offset(&self, at: i64) -> String {
        let here = self.local(at).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        match here.timestamp().as_second() - at {
            0 => "Z".to_owned(),
            east => {
                let sign = if east < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", east.abs() / 3600, east.abs() / 60 % 60)
            }
        }
    }
}
