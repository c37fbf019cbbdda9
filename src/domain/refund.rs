//! Money that went back: which payments of a citizen remain.

use super::money::Cents;
use super::timestamp::Timestamp;

/// A payment of one citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// When it was made.
    pub at: Timestamp,
    /// How much, if that is known.
    pub amount: Option<Cents>,
    /// Whether it closes the case: it was made after the last failure.
    pub closes: bool,
}

/// Money that went back to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Back {
    /// When at the latest.
    pub at: Timestamp,
    /// How much, in whatever sign, if that is known.
    pub amount: Option<Cents>,
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// No money of it went back.
    Whole,
    /// So much of it did not go back.
    Part(Cents),
    /// All of it went back.
    Gone,
}

/// What a person should look at in the payments of one citizen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddity {
    /// Two payments of this amount remain, a few days apart at most.
    pub twice: Option<Cents>,
    /// Of a payment that closes the case this much remains, the rest went back.
    pub in_part: Option<Cents>,
}

/// Payments of one amount that are farther apart than this are two.
const TWICE_WITHIN_SECONDS: i64 = 7 * 86_400;

/// What is odd in these payments.
pub fn oddity(payments: &[Payment], refunds: &[Back]) -> Oddity {
    let rests = rests(payments, refunds);
    let mut odd = Oddity::default();
    let mut whole: Vec<&Payment> = Vec::new();
    for (paid, rest) in payments.iter().zip(rests) {
        match rest {
            Rest::Whole => whole.push(paid),
            Rest::Part(left) if paid.closes => odd.in_part = Some(left),
            Rest::Part(_) | Rest::Gone => {}
        }
    }
    let again = |paid: &&Payment, other: &&Payment| {
        let apart = other.at.seconds_since(paid.at).abs();
        paid.amount.is_some()
            && paid.amount == other.amount
            && (paid.closes || other.closes)
            && apart <= TWICE_WITHIN_SECONDS
    };
    for (at, paid) in whole.iter().enumerate() {
        let others = whole.iter().skip(at + 1);
        if others.into_iter().any(|other| again(paid, other)) {
            odd.twice = odd.twice.or(paid.amount);
        }
    }
    odd
}

impl Oddity {
    /// Whether there is anything to look at.
    pub const fn is_any(&self) -> bool {
        self.twice.is_some() || self.in_part.is_some()
    }
}

/// Which of the payments remain, in whole or in part, in their order.
pub fn remaining(payments: &[Payment], refunds: &[Back]) -> Vec<bool> {
    let rests = rests(payments, refunds).into_iter();
    rests.map(|rest| rest != Rest::Gone).collect()
}

/// What remains of the payments, in their order. Each refund takes from one payment before it: from the latest of just that
/// amount, else from the latest that was larger, which remains in part, else from the latest. One of unknown amount takes all.
fn rests(payments: &[Payment], refunds: &[Back]) -> Vec<Rest> {
    let mut left: Vec<Option<i64>> = payments
        .iter()
        .map(|paid| paid.amount.map(|amount| amount.0.abs()))
        .collect();
    let mut remains = vec![true; payments.len()];
    let mut refunds = refunds.to_vec();
    refunds.sort_by_key(|back| back.at);
    for back in refunds {
        let amount = back.amount.map(|amount| amount.0.abs());
        let Some(index) = taken_from(payments, (&left, &remains), back.at, amount) else {
            continue;
        };
        let rest = match (left.get(index).copied().flatten(), amount) {
            (Some(had), Some(amount)) if had > amount => Some(had - amount),
            _ => None,
        };
        if let (Some(left), Some(remains)) = (left.get_mut(index), remains.get_mut(index)) {
            *remains = rest.is_some();
            *left = rest;
        }
    }
    let each = payments.iter().zip(left).zip(remains);
    each.map(|((paid, left), remains)| match (left, remains) {
        (_, false) => Rest::Gone,
        (Some(left), true) if paid.amount.is_some_and(|amount| amount.0.abs() != left) => {
            Rest::Part(Cents(left))
        }
        (_, true) => Rest::Whole,
    })
    .collect()
}

/// A payment by its place, and what is left of it.
type Open<'a> = (usize, &'a Payment, Option<i64>);

/// The payment that a refund takes from.
fn taken_from(
    payments: &[Payment],
    (left, remains): (&[Option<i64>], &[bool]),
    before: Timestamp,
    amount: Option<i64>,
) -> Option<usize> {
    let all = payments.iter().zip(left).zip(remains).enumerate();
    let open: Vec<Open<'_>> = all
        .filter(|(_, ((paid, _), remains))| **remains && paid.at <= before)
        .map(|(index, ((paid, left), _))| (index, paid, *left))
        .collect();
    let latest = |is: &dyn Fn(&Open<'_>) -> bool| {
        let fits = open.iter().filter(|one| is(one));
        fits.max_by_key(|(_, paid, _)| (paid.closes, paid.at))
            .map(|(index, _, _)| *index)
    };
    let just = amount.and_then(|amount| latest(&|(_, _, left)| *left == Some(amount)));
    let larger = || amount.and_then(|amount| latest(&|(_, _, left)| left.is_some_and(|left| left > amount)));
    just.or_else(larger).or_else(|| latest(&|_| true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(at: i64, cents: i64) -> Payment {
        Payment {
            at: Timestamp::from_micros(at),
            amount: Some(Cents(cents)),
            closes: true,
        }
    }

    fn back(at: i64, cents: i64) -> Back {
        Back {
            at: Timestamp::from_micros(at),
            amount: Some(Cents(cents)),
        }
    }

    #[test]
    fn a_refund_takes_one_payment() {
        assert_eq!(remaining(&[paid(1, 500)], &[back(2, -500)]), [false]);
        assert_eq!(
            remaining(&[paid(1, 500), paid(2, 500)], &[back(3, 500)]),
            [true, false]
        );
        assert_eq!(
            remaining(&[paid(1, 500), paid(2, 700)], &[back(3, 500)]),
            [false, true]
        );
        assert_eq!(remaining(&[paid(5, 500)], &[back(3, 500)]), [true]);
    }

    #[test]
    fn a_part_of_it_leaves_the_payment_until_all_is_back() {
        assert_eq!(remaining(&[paid(1, 500)], &[back(2, 100)]), [true]);
        assert_eq!(remaining(&[paid(1, 500)], &[back(2, 100), back(3, 400)]), [false]);
    }

    /// What breaks it: two taxes of different amounts, told as one paid twice; a payment whose double is on its way back.
    #[test]
    fn two_payments_of_one_amount_are_one_made_twice_and_a_part_that_went_back_is_told() {
        let twice =
            |payments: &[Payment], refunds: &[Back]| oddity(payments, refunds).twice.map(|amount| amount.0);
        assert_eq!(twice(&[paid(1, 500), paid(2, 500)], &[]), Some(500));
        assert_eq!(twice(&[paid(1, 500), paid(2, 700)], &[]), None);
        assert_eq!(twice(&[paid(1, 500), paid(2, 500)], &[back(3, 500)]), None);
        let month = 30 * 86_400 * 1_000_000;
        assert_eq!(twice(&[paid(1, 500), paid(month, 500)], &[]), None);
        let in_part = |refunds: &[Back]| oddity(&[paid(1, 500)], refunds).in_part.map(|left| left.0);
        assert_eq!(in_part(&[back(2, 100)]), Some(400));
        assert_eq!(in_part(&[back(2, 100), back(3, 400)]), None);
        assert_eq!(in_part(&[]), None);
    }

    #[test]
    fn one_of_unknown_amount_takes_all() {
        let unknown = Back {
            amount: None,
            ..back(2, 0)
        };
        assert_eq!(remaining(&[paid(1, 500)], &[unknown]), [false]);
    }
}
