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

/// Which of the payments remain, in their order. Each refund takes from one payment before it: from the latest of just that
/// amount, else from the latest that was larger, which remains in part, else from the latest. One of unknown amount takes all.
pub fn remaining(payments: &[Payment], refunds: &[Back]) -> Vec<bool> {
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
    remains
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

    #[test]
    fn one_of_unknown_amount_takes_all() {
        let unknown = Back {
            amount: None,
            ..back(2, 0)
        };
        assert_eq!(remaining(&[paid(1, 500)], &[unknown]), [false]);
    }
}
