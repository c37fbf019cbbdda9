//! In what order calls are made, as a supervisor says it: what comes first, and what then.

use super::Weights;
use crate::domain::text_enum::text_enum;

text_enum! {
    /// What can be put first.
    pub enum Reason {
        /// A due date that is near.
        Deadline = "deadline",
        /// A large amount.
        Amount = "amount",
        /// Money that was taken, or may have been.
        Charged = "charged",
        /// Many failed attempts to pay.
        Failed = "failed",
        /// A long wait.
        Waiting = "waiting",
        /// No address to write to: nothing but a call reaches them.
        NoEmail = "no_email",
    }
}

/// So many times as much as usual weighs what comes first, and what comes then.
const FIRST: i64 = 16;
const THEN: i64 = 4;
/// What the lack of an address weighs where it counts at all.
const NO_EMAIL: i64 = 100;

/// What comes first, and what then; nothing chosen is the usual mixture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Weighs most.
    pub first: Option<Reason>,
    /// Weighs next.
    pub then: Option<Reason>,
}

impl Order {
    /// The weights that make this order.
    pub fn weights(self) -> Weights {
        let mut weights = Weights::default();
        for (reason, times) in [
            (self.first, FIRST),
            (self.then.filter(|_| self.then != self.first), THEN),
        ] {
            match reason {
                Some(Reason::Deadline) => weights.deadline *= times,
                Some(Reason::Amount) => weights.amount_doubling *= times,
                Some(Reason::Charged) => {
                    weights.charged_twice *= times;
                    weights.charged *= times;
                    weights.charge_unknown *= times;
                }
                Some(Reason::Failed) => weights.failed_attempt *= times,
                Some(Reason::Waiting) => weights.waiting_hour *= times,
                Some(Reason::NoEmail) => weights.no_email = NO_EMAIL * times,
                None => {}
            }
        }
        weights
    }

    /// The order that these weights make; none: they were set one by one.
    pub fn of(weights: &Weights) -> Option<Self> {
        let reasons = || std::iter::once(None).chain(Reason::ALL.iter().copied().map(Some));
        let orders = reasons().flat_map(|first| reasons().map(move |then| Self { first, then }));
        orders.into_iter().find(|order| order.weights() == *weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::charged::Charged;
    use crate::domain::score::tests::{NOW, plain};
    use crate::domain::score::{Pressing, score};

    /// Somebody with as much of a reason as is usual.
    fn with(reason: Reason) -> Pressing {
        let mut pressing = plain();
        match reason {
            Reason::Deadline => pressing.days_to_deadline = Some(1),
            Reason::Amount => pressing.amount_cents = Some(200_000),
            Reason::Charged => pressing.charged = Charged::Charged,
            Reason::Failed => pressing.failed_attempts = 5,
            Reason::Waiting => pressing.failed_at = NOW.plus_hours(-48),
            Reason::NoEmail => pressing.has_email = false,
        }
        pressing
    }

    #[test]
    fn what_is_first_comes_first_and_what_is_then_comes_next() {
        for first in Reason::ALL.iter().copied() {
            for then in Reason::ALL.iter().copied().filter(|then| *then != first) {
                let order = Order {
                    first: Some(first),
                    then: Some(then),
                };
                let points = |reason| score(&with(reason), &order.weights(), NOW);
                let rest = Reason::ALL.iter().filter(|rest| ![first, then].contains(rest));
                assert!(points(first) > points(then), "{first} then {then}");
                for other in rest {
                    assert!(points(then) > points(*other), "{first} then {then}: {other}");
                }
            }
        }
    }

    #[test]
    fn weights_say_which_order_they_make() {
        let order = Order {
            first: Some(Reason::NoEmail),
            then: Some(Reason::Deadline),
        };
        assert_eq!(Order::of(&order.weights()), Some(order));
        assert_eq!(Order::of(&Weights::default()), Some(Order::default()));
        let own = Weights {
            amount_doubling: 11,
            ..Weights::default()
        };
        assert_eq!(Order::of(&own), None);
    }
}
