//! The people of one outage, and what happens when one of their numbers is called.

use super::luck::Luck;
use crate::domain::calling_hours::{CallingHours, Window};
use crate::domain::chance::{ALPHA, BETA, LANDLINES_PERCENT, Line};
use crate::domain::charged::Charged;
use crate::domain::score::{Pressing, Weights, score};
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::{Zone, Zones};

/// Persons at one number: 80 % of numbers belong to one person, and so on (an assumption).
const SIZES: [f64; 4] = [0.80, 0.155, 0.035, 0.01];
/// Tax types by share, as a state's revenue office has them (an assumption).
const TAXES: [(&str, f64); 6] = [
    ("Individual Income", 0.58),
    ("Estimated Income", 0.17),
    ("Sales", 0.12),
    ("Withholding", 0.08),
    ("Corporate Income", 0.03),
    ("Extension Payment", 0.02),
];
/// A business tax is paid from a business number that often, another tax so rarely (an assumption).
const BUSINESS_NUMBER: [f64; 2] = [0.85, 0.05];
/// Where the citizens are.
const ZONES: [(&str, f64); 4] = [
    ("America/Denver", 0.90),
    ("America/Chicago", 0.05),
    ("America/Los_Angeles", 0.03),
    ("America/New_York", 0.02),
];
/// Numbers that somebody else has, and numbers out of service: the middle of the published 5 to 28 %.
const WRONG: f64 = 0.09;
const DISCONNECTED: f64 = 0.06;

/// What is behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Theirs,
    Wrong,
    Disconnected,
}

/// A household: the persons of one number.
pub(super) struct Home {
    /// How many they are.
    pub(super) people: usize,
    /// What is behind the number.
    pub(super) number: Number,
    /// What kind of number it is; nobody but the oracle knows.
    pub(super) line: Line,
    /// What the tax they pay lets one think it is.
    pub(super) guess: Line,
    /// A place in [`World::zones`].
    pub(super) zone: usize,
    /// Their chance to answer at a mean hour.
    pub(super) theta: f64,
    /// How pressing their matter is, as the product scores it before the first call.
    pub(super) pressing: Pressing,
}

/// Everybody, and the agency's rules.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) homes: Vec<Home>,
    pub(super) zones: Vec<Zones>,
    /// The agency's own zone: the team works its calling hours.
    pub(super) agency: Zones,
    pub(super) hours: CallingHours,
    pub(super) weights: Weights,
    /// When calling begins: 8:00 in the agency's zone, the morning after the outage.
    pub(super) start: Timestamp,
}

impl World {
    /// That many citizens; none if the zones are not known to this machine.
    pub(super) fn new(seed: u64, citizens: usize) -> Option<Self> {
        let zones: Option<Vec<Zone>> = ZONES.iter().map(|(name, _)| name.parse().ok()).collect();
        let zones = zones?;
        let agency = zones.first()?.clone();
        let start = agency.at(jiff::civil::date(2026, 4, 16).at(8, 0, 0, 0)).instant();
        let mut world = Self {
            seed,
            homes: Vec::new(),
            zones: zones.into_iter().map(Zones::from).collect(),
            agency: agency.clone().into(),
            hours: CallingHours::new(Window::DEFAULT, agency),
            weights: Weights::default(),
            start,
        };
        let mut left = citizens;
        while left > 0 {
            let home = home(&mut Luck::of(seed, world.homes.len(), 0), left, start);
            left -= home.people;
            world.homes.push(home);
        }
        Some(world)
    }

    /// Where a household is.
    pub(super) fn zones_of(&self, home: usize) -> &Zones {
        static UNKNOWN: Zones = Zones::unknown();
        let zone = self.homes.get(home).map_or(0, |home| home.zone);
        self.zones.get(zone).unwrap_or(&UNKNOWN)
    }

    /// Points of the product's score before the first call.
    pub(super) fn score(&self, pressing: &Pressing) -> i64 {
        score(pressing, &self.weights, self.start)
    }
}

fn home(luck: &mut Luck, most: usize, start: Timestamp) -> Home {
    let (tax, _) = TAXES
        .get(luck.pick(&TAXES.map(|(_, share)| share)))
        .copied()
        .unwrap_or_default();
    let guess = Line::of_tax(Some(tax));
    let [office, home] = BUSINESS_NUMBER;
    let line = if luck.hits(if guess == Line::Business { office } else { home }) {
        Line::Business
    } else if luck.hits(f64::from(LANDLINES_PERCENT) / 100.0) {
        Line::Landline
    } else {
        Line::Mobile
    };
    let number = match luck.uniform() {
        x if x < WRONG => Number::Wrong,
        x if x < WRONG + DISCONNECTED => Number::Disconnected,
        _ => Number::Theirs,
    };
    Home {
        people: (1 + luck.pick(&SIZES)).min(most),
        number,
        line,
        guess,
        zone: luck.pick(&ZONES.map(|(_, share)| share)),
        theta: luck.beta(ALPHA, BETA),
        pressing: pressing(luck, guess, start),
    }
}

/// Deadlines, amounts and charge states as they lie after an outage on tax day (an assumption).
fn pressing(luck: &mut Luck, line: Line, start: Timestamp) -> Pressing {
    let charged = [
        Charged::NotCharged,
        Charged::Unknown,
        Charged::Charged,
        Charged::ChargedTwice,
    ];
    let cents = luck.log_normal(60_000.0, 1.0);
    Pressing {
        days_to_deadline: Some(if line == Line::Business { 4 } else { 0 }),
        amount_cents: Some(cents as i64),
        charged: charged
            .get(luck.pick(&[0.70, 0.22, 0.06, 0.02]))
            .copied()
            .unwrap_or(Charged::Unknown),
        failed_attempts: 1 + luck.pick(&[0.62, 0.28, 0.10]) as u32,
        failed_at: start.plus_hours(-14),
        half_tries: 0,
        has_email: true,
    }
}
