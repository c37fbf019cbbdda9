//! What truly happened: invented people, what they tried to pay, and when the system was down.

use super::dice::Dice;
use super::words::{word, words};
use makegood::domain::timestamp::Timestamp;
use makegood::domain::zone::Zone;
use makegood::outreach::import::ImportKind;

const ZONES: [&str; 8] = [
    "America/Denver",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
];
const AREAS: [&str; 6] = ["303", "719", "970", "212", "415", "602"];
/// 2026-01-05T00:00Z.
const FIRST_DAY: i64 = 1_767_571_200;
const DAY: i64 = 86_400;
const MINUTE: i64 = 60;

/// A citizen.
#[derive(Clone, Debug)]
pub struct Person {
    /// Seven digits.
    pub account: String,
    pub given: &'static str,
    pub family: &'static str,
    /// Empty without one.
    pub email: String,
    /// Ten digits; empty without one.
    pub phone: String,
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Failed,
    Paid,
    Refunded,
    /// Nothing yet.
    Open,
}

#[derive(Clone, Debug)]
pub struct Payment {
    pub person: usize,
    /// When it was tried, in seconds since 1970.
    pub at: i64,
    /// When the money came, if it did.
    pub settled: i64,
    pub end: End,
    pub cents: i64,
    /// Whether this row tells the address, and the number.
    pub tells: (bool, bool),
    /// Which of the person's orders it is for.
    pub order: usize,
}

#[derive(Clone, Debug)]
pub struct Scene {
    pub kind: ImportKind,
    pub zone: Zone,
    pub start: i64,
    pub end: i64,
    /// Whether the outage knows how account ids look.
    pub has_format: bool,
    /// Whether the file says what became of each payment.
    pub has_status: bool,
    pub people: Vec<Person>,
    pub payments: Vec<Payment>,
}

pub fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

impl Scene {
    pub fn any(dice: &mut Dice) -> Self {
        let start = FIRST_DAY + dice.between(0, 600) * DAY + dice.between(0, 287) * 5 * MINUTE;
        let mut scene = Self {
            kind: match dice.percent(15) {
                true => ImportKind::Successes,
                false => ImportKind::Failed,
            },
            zone: dice.one(&ZONES).parse().unwrap(),
            start,
            end: start + dice.between(15, 60) * MINUTE,
            has_format: dice.percent(75),
            has_status: dice.percent(60),
            people: people(dice),
            payments: Vec::new(),
        };
        match scene.kind {
            ImportKind::Failed => scene.fails(dice),
            ImportKind::Successes => scene.pays(dice, 8),
        }
        if scene.has_status {
            scene.goes_on(dice);
        }
        scene.varies(dice);
        scene
    }

    pub fn is_inside(&self, at: i64) -> bool {
        (self.start..self.end).contains(&at)
    }

    /// Payments in the outage and, fewer, around it.
    fn fails(&mut self, dice: &mut Dice) {
        let minutes = (self.end - self.start) / MINUTE;
        for person in 0..self.people.len() - 1 {
            let mut minute = dice.between(1, 4);
            for _ in 0..dice.between(1, 3) {
                if minute < minutes - 1 {
                    let at = self.start + minute * MINUTE + dice.between(0, 59);
                    self.add(dice, person, at, End::Failed);
                }
                minute += dice.between(2, 9);
            }
        }
        for _ in 0..dice.between(1, 3) {
            let at = self.around(dice);
            let person = dice.below(self.people.len());
            self.add(dice, person, at, End::Failed);
        }
        if dice.percent(30) {
            // On a clock of UTC it seems to lie in the outage.
            let within = self.start + dice.between(2, minutes - 2) * MINUTE;
            let east = self.zone.local(instant(within)).to_zoned(jiff::tz::TimeZone::UTC);
            let at = east.unwrap().timestamp().as_second();
            self.add(dice, self.people.len() - 1, at, End::Failed);
        }
    }

    /// Half an hour to three days off the outage.
    fn around(&self, dice: &mut Dice) -> i64 {
        let away = dice.between(30, 3 * 24 * 60) * MINUTE;
        match dice.percent(50) {
            true => self.start - away,
            false => self.end + away,
        }
    }

    /// Payments that came through: of those who failed and of others.
    fn pays(&mut self, dice: &mut Dice, most: i64) {
        for _ in 0..dice.between(2, most) {
            let person = dice.below(self.people.len());
            let at = match dice.percent(75) {
                true => self.end + dice.between(5, 2 * 24 * 60) * MINUTE,
                false => self.start - dice.between(30, 24 * 60) * MINUTE,
            };
            self.add(dice, person, at, End::Paid);
        }
    }

    /// What stands in a file that says what became of each payment.
    fn goes_on(&mut self, dice: &mut Dice) {
        if self.kind == ImportKind::Successes {
            for _ in 0..dice.between(0, 3) {
                let (person, at) = (dice.below(self.people.len()), self.around(dice));
                self.add(dice, person, at, End::Failed);
            }
        } else if dice.percent(85) {
            self.pays(dice, 6);
            if dice.percent(50) {
                let at = self.start + dice.between(1, 14) * MINUTE;
                let person = dice.below(self.people.len());
                self.add(dice, person, at, End::Paid);
            }
        }
        for (end, often) in [(End::Refunded, 25), (End::Open, 12)] {
            if dice.percent(often) {
                let (person, at) = (dice.below(self.people.len()), self.around(dice));
                self.add(dice, person, at, end);
            }
        }
    }

    fn add(&mut self, dice: &mut Dice, person: usize, at: i64, end: End) {
        self.payments.push(Payment {
            person,
            at,
            settled: at + dice.between(26, 90) * 60 * MINUTE,
            end,
            cents: dice.between(1_001, 900_000),
            tells: (true, true),
            order: dice.below(2),
        });
    }

    /// In some files an attempt on one channel does not tell what another one tells; and rows stand in any order.
    fn varies(&mut self, dice: &mut Dice) {
        let varied = dice.percent(10);
        for payment in &mut self.payments {
            let person = &self.people[payment.person];
            if varied && !person.email.is_empty() && !person.phone.is_empty() && dice.percent(30) {
                payment.tells = *dice.one(&[(true, false), (false, true)]);
            }
        }
        match dice.percent(60) {
            true => self.payments.sort_by_key(|payment| payment.at),
            false => dice.shuffle(&mut self.payments),
        }
        // No two rows of a person in one minute, of which a form without seconds would make one.
        let mut seen = std::collections::BTreeSet::new();
        self.payments
            .retain(|payment| seen.insert((payment.person, payment.at / MINUTE)));
    }
}

fn people(dice: &mut Dice) -> Vec<Person> {
    let (given, family) = (words("given.words"), words("family.words"));
    let mut people: Vec<Person> = Vec::new();
    for number in 0..dice.between(6, 12) as usize {
        let (first, last) = (*dice.one(&given), *dice.one(&family));
        people.push(Person {
            account: format!("{:07}", dice.between(1_000, 999_999) * 10 + number as i64 % 10),
            given: first,
            family: last,
            email: match dice.percent(90) {
                true => address(dice, first, last, number),
                false => String::new(),
            },
            phone: match dice.percent(85) {
                true => format!(
                    "{}55501{:02}",
                    dice.one(&AREAS),
                    dice.between(0, 7) * 12 + number as i64
                ),
                false => String::new(),
            },
        });
    }
    if dice.percent(25) {
        family_of(dice, &mut people);
    }
    people
}

fn address(dice: &mut Dice, given: &str, family: &str, number: usize) -> String {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphabetic);
        letters.flat_map(char::to_lowercase).collect()
    };
    format!(
        "{}.{}{number}@{}",
        plain(given),
        plain(family),
        word(dice, "mail_hosts.words")
    )
}

/// Two to four of them live in one household, and share an address, a number, or both.
fn family_of(dice: &mut Dice, people: &mut [Person]) {
    let shared = dice.below(3);
    let first = people[0].clone();
    let given = words("given.words");
    for (at, person) in people.iter_mut().enumerate().skip(1).take(1 + dice.below(3)) {
        person.family = first.family;
        person.given =
            given[(given.iter().position(|name| *name == first.given).unwrap() + at) % given.len()];
        if shared != 1 {
            person.email.clone_from(&first.email);
        }
        if shared != 0 {
            person.phone.clone_from(&first.phone);
        }
    }
}
