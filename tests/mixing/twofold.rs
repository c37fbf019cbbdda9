//! Amounts that read two ways: three digits behind a sign are thousands in one file and decimals in another.

use super::dice::Dice;
use super::scene::Scene;
use makegood::domain::money::Decimal;

/// So many files of a hundred have such a column.
const OFTEN: u64 = 4;
/// A thousand dollars: below it three digits behind a sign could be either.
const THOUSAND: i64 = 100_000;

/// What a column of such amounts is like.
#[derive(Clone, Copy, Debug)]
pub enum Twofold {
    /// Three decimals everywhere: `12.340`, and `1284.500`, which can be nothing else.
    ThreeDecimals,
    /// Whole dollars with their thousands apart: `1.284`.
    Whole,
    /// Whole thousands among amounts of two programs, of which one writes a point before the cents and the other a comma.
    OfTwoPrograms,
}

impl Twofold {
    /// In a few files; the amounts of the scene are made to fit.
    pub fn any(dice: &mut Dice, scene: &mut Scene) -> Option<Self> {
        let enough = scene.payments.len() >= 3;
        if !dice.percent(OFTEN) || !enough {
            return None;
        }
        let all = [
            Self::ThreeDecimals,
            Self::ThreeDecimals,
            Self::ThreeDecimals,
            Self::Whole,
            Self::Whole,
            Self::OfTwoPrograms,
        ];
        let twofold = *dice.one(&all);
        for (number, payment) in scene.payments.iter_mut().enumerate() {
            payment.cents = twofold.fitting(number, payment.cents);
        }
        Some(twofold)
    }

    /// Cents of which every third row decides and another leaves it open.
    fn fitting(self, number: usize, cents: i64) -> i64 {
        let large = THOUSAND + cents;
        match (self, number % 3) {
            (Self::ThreeDecimals, 0) => large,
            (Self::ThreeDecimals, 1) => 1_001 + cents % (THOUSAND - 1_001),
            (Self::Whole, 0) | (Self::OfTwoPrograms, 0) => large - large % 100,
            (Self::Whole, _) => cents - cents % 100,
            _ => cents,
        }
    }

    /// The cells, where this sign stands before the cents.
    pub fn cells(self, scene: &Scene, decimal: Decimal) -> Vec<String> {
        let numbered = scene.payments.iter().enumerate();
        numbered
            .map(|(number, payment)| self.cell(number, payment.cents, decimal))
            .collect()
    }

    fn cell(self, number: usize, cents: i64, decimal: Decimal) -> String {
        let (point, group) = match decimal {
            Decimal::Point => ('.', ','),
            Decimal::Comma => (',', '.'),
        };
        let (whole, cents) = (cents / 100, cents % 100);
        let grouped = || match whole / 1_000 {
            0 => whole.to_string(),
            thousands => format!("{thousands}{group}{:03}", whole % 1_000),
        };
        match (self, number % 3) {
            (Self::ThreeDecimals, _) => format!("{whole}{point}{cents:02}0"),
            (Self::Whole, _) | (Self::OfTwoPrograms, 0) => grouped(),
            (Self::OfTwoPrograms, 1) => format!("{whole}{point}{cents:02}"),
            (Self::OfTwoPrograms, _) => format!("{whole}{group}{cents:02}"),
        }
    }
}
