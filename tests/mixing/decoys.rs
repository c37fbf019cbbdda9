//! Columns that are not what they look like: the agency's own, numbers that count, references that begin with a day, other
//! people's, other times, and checks of something else.

use super::file::Writer;
use super::scene::End;
use super::words::{word, words};
use makegood::domain::field::Field;

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

/// Up to six of them.
pub fn add(writer: &mut Writer<'_>) {
    for _ in 0..writer.dice.below(7) {
        match writer.dice.below(10) {
            0 | 1 => own(writer),
            2 => numbers(writer),
            3 | 4 => others(writer),
            5 | 6 => times(writer),
            7 => checks(writer),
            _ => harmless(writer),
        }
    }
}

/// The agency's own address, number, name and account, or those of its clerks.
fn own(writer: &mut Writer<'_>) {
    let clerks = writer.dice.between(2, 6);
    match writer.dice.below(5) {
        0 => {
            let cells = writer.each(|_| "taxes@agency.example".to_owned());
            writer.add("decoys.own_email", None, cells);
        }
        1 => {
            let cells = writer.each(|payment| format!("clerk{}@agency.example", payment.cents % clerks));
            writer.add("decoys.clerk_email", None, cells);
        }
        2 => {
            let cells = writer.each(|_| "+1 202-555-0100".to_owned());
            writer.add("decoys.own_phone", None, cells);
        }
        3 => {
            let cells = writer.each(|_| "City Revenue Office".to_owned());
            writer.add("decoys.own_name", None, cells);
        }
        _ => {
            let few = writer.dice.between(1, 3);
            let cells = writer.each(|payment| format!("T-990000{}", payment.cents % few));
            writer.add("decoys.own_account", None, cells);
        }
    }
}

/// Numbers that count from row to row, and references that begin with a day.
fn numbers(writer: &mut Writer<'_>) {
    let first = *writer.dice.one(&[1_i64, 1_001, 48_213, 4_100_001]);
    let short = writer.dice.percent(50);
    let mut count = 0;
    let mut next = move || {
        count += 1;
        count
    };
    match writer.dice.below(4) {
        0 => {
            let cells = writer.each(|_| format!("{}", first + next()));
            writer.add("decoys.counted_account", None, cells);
        }
        1 => {
            let cells = writer.each(|_| format!("{}", 3_035_550_110_i64 + next()));
            writer.add("decoys.counted_phone", None, cells);
        }
        2 => {
            let day = writer.scene.zone.local(super::scene::instant(writer.scene.start));
            let day = day.strftime("%Y%m%d").to_string();
            let cells = writer.each(|_| match short {
                true => format!("{day}{:02}", next()),
                false => format!("{day}-{:06}", next() * 37 % 999_983),
            });
            writer.add("decoys.dated_reference", None, cells);
        }
        _ => {
            let few = writer.dice.between(1, 3);
            let cells = writer.each(|payment| format!("STL-2026-11{}", payment.cents % few));
            writer.add("decoys.batch", None, cells);
        }
    }
}

/// Spouses, preparers and guarantors: other people of the same citizen.
fn others(writer: &mut Writer<'_>) {
    match writer.dice.below(3) {
        0 => {
            let cells = writer.each_person(|person| format!("kin{}@post.example", &person.account[3..]));
            writer.add("decoys.kin_email", None, cells);
        }
        1 => {
            let cells = writer.each(|payment| format!("(505) 555-01{:02}", 10 + payment.person * 7 % 80));
            writer.add("decoys.kin_phone", None, cells);
        }
        _ => {
            let cells = writer.each(|payment| format!("T-55{:05}", 10 + payment.person / 2 * 31));
            writer.add("decoys.kin_account", None, cells);
        }
    }
}

/// Times of something else.
fn times(writer: &mut Writer<'_>) {
    let clock = writer.clock.clone();
    let end = writer.scene.end;
    let later = writer.dice.between(5, 3_000) * MINUTE;
    match writer.dice.below(4) {
        0 => {
            let cells = writer.each(|payment| clock.cell(payment.at + later + payment.cents % 300));
            writer.add("decoys.later", None, cells);
        }
        1 => {
            let cells = writer.each(|_| clock.cell(end + 2 * DAY));
            writer.add("decoys.export", None, cells);
        }
        2 => {
            let cells = writer.each(|payment| clock.cell(payment.at - (400 + payment.cents % 900) * DAY));
            writer.add("decoys.earlier", None, cells);
        }
        _ => {
            let soon = *writer.dice.one(&[20 * MINUTE, 30 * DAY]);
            let cells = writer.each(|payment| clock.cell(payment.at + soon));
            writer.add("decoys.coming", None, cells);
        }
    }
}

/// Whether something else came through: a check of an address, a notification.
fn checks(writer: &mut Writer<'_>) {
    let pair = word(writer.dice, "decoys.check_words");
    let (good, bad) = pair.split_once('/').unwrap();
    let chance = writer.dice.between(2, 5);
    let cells = writer.each(|payment| match payment.cents % chance {
        0 => bad.to_owned(),
        _ => good.to_owned(),
    });
    writer.add("decoys.check", None, cells);
}

/// What any export holds besides.
fn harmless(writer: &mut Writer<'_>) {
    match writer.dice.below(5) {
        0 => {
            let all = words("decoys.code_words");
            let cells = writer.each(|payment| match payment.end {
                End::Failed => all[payment.cents as usize % all.len()].to_owned(),
                _ => String::new(),
            });
            writer.add("decoys.code", None, cells);
        }
        1 => {
            let all = words("decoys.note_words");
            let cells = writer.each(|payment| match payment.cents % 3 {
                0 => all[payment.cents as usize % all.len()].to_owned(),
                _ => String::new(),
            });
            writer.add("decoys.note", None, cells);
        }
        2 => {
            let cells = writer.each(|payment| format!("{}.{:02}", payment.cents % 40, payment.cents % 100));
            writer.add("decoys.money", None, cells);
        }
        3 => {
            let homes = ["America/Denver", "America/Chicago", "America/New_York"];
            let cells = writer.each(|payment| homes[payment.person % homes.len()].to_owned());
            writer.add("decoys.home_zone", Some(Field::TimeZone), cells);
        }
        _ => plain(writer),
    }
}

fn plain(writer: &mut Writer<'_>) {
    let header = word(writer.dice, "decoys.other");
    let cells = writer.each(|payment| match header {
        "Currency" => "USD".to_owned(),
        "Card Brand" => ["visa", "mastercard"][payment.person % 2].to_owned(),
        "Card Last4" => format!("{:04}", payment.cents % 9_999),
        "IP" => format!("192.0.2.{}", payment.cents % 254),
        "Country" => "US".to_owned(),
        "Metadata" => format!("{{\"form\": \"1040\", \"n\": {}}}", payment.cents % 90),
        _ => ["web", "phone", "app"][payment.person % 3].to_owned(),
    });
    writer.plainly(header, cells);
}
