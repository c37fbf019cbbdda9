//! What a person should look at in a citizen's payments.

use super::count::dollars;
use crate::domain::refund::Oddity;

/// A sentence for each thing that is odd.
pub fn told(oddity: Oddity) -> Vec<String> {
    let twice = oddity.twice.map(|amount| {
        let amount = dollars(amount.0);
        format!("Paid twice: two payments of {amount} stand. A supervisor decides what goes back.")
    });
    let in_part = oddity.in_part.map(|left| {
        let left = dollars(left.0);
        format!("Refunded in part: {left} of a payment remain, and the case stays closed as paid.")
    });
    twice.into_iter().chain(in_part).collect()
}
