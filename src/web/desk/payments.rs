//! The failed payments of whoever is on the line, and the codes of payment systems in plain words.

use jiff::civil::Date;

use super::call::Payment;
use super::there::There;
use crate::domain::charged::Charged;
use crate::outreach::desk::InHand;
use crate::store::cases::Case;
use crate::store::desk::FailedPayment;
use crate::web::show;

/// The failed payments of one person; several tries at the same on one day are one row, the day said once.
pub fn payments(call: &InHand, case: &Case, there: &There) -> Vec<Payment> {
    let mut rows: Vec<(Date, Payment)> = Vec::new();
    let theirs = call
        .payments
        .iter()
        .filter(|one| Some(&case.identity_key) == one.identity_key.as_ref());
    for one in theirs {
        let next = payment(case, one, there);
        let day = there.date(one.occurred_at);
        let same = |(date, row): &&mut (Date, Payment)| {
            *date == day
                && (&row.purpose, &row.amount, &row.charged, &row.problem)
                    == (&next.purpose, &next.amount, &next.charged, &next.problem)
        };
        match rows.iter_mut().find(same) {
            Some((_, row)) => {
                row.when = format!(
                    "{}, {}",
                    row.when,
                    show::time::clock(one.occurred_at, &there.zone)
                )
            }
            None => rows.push((day, next)),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn payment(case: &Case, one: &FailedPayment, there: &There) -> Payment {
    let paid = case.resolution.as_deref() == Some("paid");
    Payment {
        when: there.moment(one.occurred_at),
        purpose: one.tax_type.as_deref().map(plain).unwrap_or_default(),
        amount: one.amount_cents.map(show::count::dollars).unwrap_or_default(),
        charged: charged(&one.charged).to_owned(),
        problem: one.error_code.as_deref().map(plain).unwrap_or_default(),
        paid: if paid { "Yes" } else { "Not that we know" }.to_owned(),
    }
}

fn charged(word: &str) -> &'static str {
    match word.parse() {
        Ok(Charged::ChargedTwice) => "Charged twice",
        Ok(Charged::Charged) => "Charged",
        _ => "",
    }
}

/// A code of the file in plain words: `GATEWAY_TIMEOUT` is `Timed out`; an unknown one is said as it is written.
pub fn plain(code: &str) -> String {
    let upper = code.to_uppercase();
    if let Some((_, words)) = SIGNS.iter().find(|(sign, _)| upper.contains(sign)) {
        return (*words).to_owned();
    }
    let words = code.replace(['_', '-'], " ").to_lowercase();
    let mut letters = words.trim().chars();
    letters
        .next()
        .map(|first| first.to_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// What a caller can say for the codes that payment systems write; the first that fits.
const SIGNS: [(&str, &str); 9] = [
    ("TIMEOUT", "Timed out"),
    ("504", "Timed out"),
    ("503", "System was down"),
    ("POOL", "System was overloaded"),
    ("LOCK", "System was locked"),
    ("SESSION", "Session ended"),
    ("COMMIT", "Result unknown"),
    ("DECLINED", "Declined by the bank"),
    ("ROUTING", "Bank number not accepted"),
];
