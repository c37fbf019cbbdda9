//! Invented citizens and the failed transactions of their evening, as a file that the importer reads.
//!
//! Numbers are of the block 555-0100 to 555-0199, kept for fiction in every area code; addresses are of
//! the domains kept for examples (RFC 2606). Never dial or write to them all the same.

use crate::domain::timestamp::Timestamp;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::fmt::Write;

const GIVEN: [&str; 40] = [
    "Dorothy",
    "Walter",
    "Ana",
    "Luis",
    "Mei-Ling",
    "José",
    "Zoë",
    "François",
    "María",
    "Siân",
    "James",
    "Priya",
    "Aisha",
    "Derek",
    "Hannah",
    "Joanna",
    "Tom",
    "Ruth",
    "Oscar",
    "Bev",
    "Yusuf",
    "Nora",
    "Rosa",
    "Chris",
    "Linda",
    "Marcus",
    "Eileen",
    "Robert",
    "Carla",
    "Anh",
    "Janelle",
    "Ivan",
    "Fatima",
    "George",
    "Helen",
    "Pedro",
    "Lucía",
    "Sam",
    "Grace",
    "Null",
];
const FAMILY: [&str; 40] = [
    "Hensley",
    "Okafor",
    "Ruiz",
    "Tran",
    "Mills",
    "Garrity",
    "Boyd",
    "Petrov",
    "Yoder",
    "Nair",
    "Coleman",
    "Olsen",
    "Kim",
    "Wu",
    "Ortega",
    "Delgado",
    "Becker",
    "Abernathy",
    "Lindholm",
    "Castellano",
    "Demir",
    "Feld",
    "Ibarra",
    "O’Brien",
    "Núñez",
    "Müller",
    "Smith-Jones",
    "Chen",
    "Khan",
    "Silva",
    "Novak",
    "Moreau",
    "Haddad",
    "Costa",
    "Reyes",
    "Larsen",
    "Murphy",
    "Sato",
    "Diaz",
    "Weber",
];
/// Area codes with a state and its zone: people who moved keep their number, most did not.
const PLACES: [(&str, &str, &str); 20] = [
    ("303", "CO", "America/Denver"),
    ("719", "CO", "America/Denver"),
    ("720", "CO", "America/Denver"),
    ("970", "CO", "America/Denver"),
    ("307", "WY", "America/Denver"),
    ("505", "NM", "America/Denver"),
    ("575", "NM", "America/Denver"),
    ("801", "UT", "America/Denver"),
    ("602", "AZ", "America/Phoenix"),
    ("480", "AZ", "America/Phoenix"),
    ("206", "WA", "America/Los_Angeles"),
    ("415", "CA", "America/Los_Angeles"),
    ("213", "CA", "America/Los_Angeles"),
    ("512", "TX", "America/Chicago"),
    ("214", "TX", "America/Chicago"),
    ("312", "IL", "America/Chicago"),
    ("816", "MO", "America/Chicago"),
    ("212", "NY", "America/New_York"),
    ("617", "MA", "America/New_York"),
    ("404", "GA", "America/New_York"),
];
const ERRORS: [(&str, &str); 5] = [
    ("DB_LOCK_TIMEOUT", "not_charged"),
    ("GATEWAY_504", "not_charged"),
    ("POOL_EXHAUSTED", "not_charged"),
    ("SESSION_EXPIRED", "unknown"),
    ("COMMIT_UNKNOWN", "charged"),
];
const HEADER: &str = "transaction_id,timestamp,account_id,given_name,family_name,email,phone,amount,tax_type,channel,\
                      error_code,charged,language,state,time_zone,filing_deadline,memo\n";

/// A file of failed transactions: `citizens` people who tried to pay between `start` and `start` plus
/// `minutes`, several of them more than once, some of them on one phone. The same seed makes the same file. Its times say their offset: beside
/// a column with zones anything else would be asked about, and nobody is there to answer.
pub(super) fn file(citizens: usize, start: Timestamp, minutes: i64, seed: u64) -> String {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut out = String::from(HEADER);
    let mut row = 0;
    let mut phone = String::new();
    for number in 0..citizens {
        let place = PLACES
            .get(number % PLACES.len())
            .copied()
            .unwrap_or(("303", "CO", "America/Denver"));
        let shares = number > 0 && rng.random_bool(0.25);
        if !shares {
            phone = format!("({}) 555-0{:03}", place.0, 100 + (number / PLACES.len()) % 100);
        }
        let citizen = Citizen::new(number, place, &phone, &mut rng);
        for _ in 0..tries(&mut rng) {
            row += 1;
            let second = rng.random_range(0..minutes * 60);
            let moment = start.plus_seconds(second);
            citizen.line(&mut out, row, &moment.rfc3339(), &mut rng);
        }
    }
    out
}

/// Geometric with p = 0.45, as people click again; at most six.
fn tries(rng: &mut StdRng) -> usize {
    (1..6).find(|_| rng.random_bool(0.45)).unwrap_or(6)
}

struct Citizen<'a> {
    account: String,
    given: &'a str,
    family: &'a str,
    email: String,
    phone: String,
    language: &'a str,
    place: (&'a str, &'a str, &'a str),
    amount: u64,
}

impl<'a> Citizen<'a> {
    fn new(number: usize, place: (&'a str, &'a str, &'a str), phone: &str, rng: &mut StdRng) -> Self {
        let given = GIVEN.choose(rng).copied().unwrap_or("Dorothy");
        let family = FAMILY.choose(rng).copied().unwrap_or("Hensley");
        let language = if rng.random_bool(0.12) { "es" } else { "en" };
        let email = if rng.random_bool(0.06) {
            String::new()
        } else {
            format!("citizen{number}@example.org")
        };
        let phone = if rng.random_bool(0.05) {
            String::new()
        } else {
            phone.to_owned()
        };
        let account = format!("T-{:07}", 1_000_000 + number);
        let amount = 2_000 + rng.random_range(0..200_000);
        Self {
            account,
            given,
            family,
            email,
            phone,
            language,
            place,
            amount,
        }
    }

    fn line(&self, out: &mut String, row: usize, moment: &str, rng: &mut StdRng) {
        let (error, charged) = ERRORS
            .choose(rng)
            .copied()
            .unwrap_or(("GATEWAY_504", "not_charged"));
        let moment = if rng.random_bool(0.004) {
            "yesterday evening"
        } else {
            moment
        };
        let channel = if rng.random_bool(0.7) { "web" } else { "mobile" };
        let Self {
            account,
            given,
            family,
            email,
            phone,
            language,
            place,
            amount,
        } = self;
        let (_, state, zone) = place;
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "PAY-{row:08},{moment},{account},{given},{family},{email},{phone},{}.{:02},Individual Income,{channel},\
             {error},{charged},{language},{state},{zone},,",
            amount / 100,
            amount % 100,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_file_with_all_citizens() {
        let start = Timestamp::from_micros(1_776_300_000_000_000);
        let first = file(200, start, 20, 7);
        assert_eq!(first, file(200, start, 20, 7));
        let accounts: std::collections::HashSet<&str> = first
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(2))
            .collect();
        assert_eq!(accounts.len(), 200);
    }
}
