//! What confirming an import does, in people and then in calls.

use super::check::number;
use super::page::{Seen as Shown, Sum};
use crate::outreach::import::{OutageCount, Report, Seen, UnpaidCount};
use crate::web::fields::Fields;
use crate::web::show::count::{count, counted};

/// People, and how they are reached; calls come last.
pub(super) fn sums(report: &Report, before: OutageCount) -> Vec<Sum> {
    let all = report.outage;
    let reached = report
        .payments
        .map_or_else(|| nobody_paid(all), |paid| paid.outage);
    let paid = all.citizens - reached.citizens_unpaid;
    let mut sums = vec![sum(
        "People whose payment failed",
        with_more(all.citizens, before.citizens),
        true,
    )];
    if paid > 0 {
        sums.push(sum(
            "Paid since, not to be reached",
            format!("\u{2212} {}", count(paid)),
            false,
        ));
        sums.push(sum("People to reach", count(reached.citizens_unpaid), true));
    }
    let ways = [
        ("By phone", reached.citizens_to_call),
        ("By e-mail only, no phone", reached.citizens_email_only),
        ("By letter, neither works", reached.citizens_unreachable),
    ];
    let ways = ways.into_iter().filter(|(_, people)| *people > 0);
    sums.extend(ways.map(|(label, people)| sum(label, count(people), false)));
    sums.push(sum("Calls, one for each phone", count(report.calls()), true));
    sums
}

/// How many there will be, and how many of them come with a later file.
fn with_more(now: i64, before: i64) -> String {
    match now - before {
        more @ 1.. if before > 0 => format!("{} ({} more)", count(now), count(more)),
        _ => count(now),
    }
}

fn sum(label: &'static str, value: String, strong: bool) -> Sum {
    Sum { label, value, strong }
}

fn nobody_paid(all: OutageCount) -> UnpaidCount {
    UnpaidCount {
        citizens_unpaid: all.citizens,
        citizens_to_call: all.citizens_with_phone,
        households_to_call: all.households,
        citizens_email_only: all.citizens_email_only,
        citizens_unreachable: all.citizens_unreachable,
    }
}

/// The button. Where the outage holds calls already, it says what is taken: how many of its calls are new is not known.
pub(super) fn button(report: &Report, before: OutageCount) -> String {
    match (report.calls(), before.citizens) {
        (1.., 0) => format!("Import and make {}", counted(report.calls(), "call", "calls")),
        _ => format!(
            "Import {}",
            counted(number(report.accepted), "failed payment", "failed payments")
        ),
    }
}

/// What became of the rows that say they were paid.
pub(super) fn payments(report: &Report) -> Vec<(&'static str, String)> {
    let Some(paid) = report.payments else {
        return Vec::new();
    };
    let rows = [
        (
            "Pay for someone who failed and close the case",
            paid.matched_by.sum(),
        ),
        ("Paid before the last failure, so still called", paid.too_early),
        ("Could be several people\u{2019}s, close nobody", paid.ambiguous),
        ("Nobody\u{2019}s who failed in the outage", paid.unmatched),
    ];
    let rows = rows.into_iter().filter(|(_, rows)| *rows > 0);
    rows.map(|(label, rows)| (label, count(number(rows)))).collect()
}

/// The numbers that the form carries.
pub(super) fn shown(report: &Report) -> Vec<Shown> {
    let seen = Seen::of(report);
    let fields = [
        ("seen_rows", seen.rows),
        ("seen_people", seen.people),
        ("seen_calls", seen.calls),
        ("seen_paid", seen.paid),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    fields.map(|(name, value)| Shown { name, value }).collect()
}

/// The numbers that a form carried.
pub(super) fn seen(fields: &Fields) -> Seen {
    let number = |name: &str| fields.get(name).parse().ok();
    Seen {
        rows: number("seen_rows"),
        people: number("seen_people"),
        calls: number("seen_calls"),
        paid: number("seen_paid"),
    }
}
