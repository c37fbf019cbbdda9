//! Is this call real? Whoever was called, or written to, checks the code they were told, together with part of
//! their number. The answer is yes or no, and nothing else.

use crate::domain::budget::Budget;
use crate::domain::network::Network;
use crate::domain::trust_code::normalise;
use crate::outreach::purse::{Purse, Spent};
use crate::outreach::{Office, Result};
use crate::store::cases;

/// So many of the phone number's last digits are asked for.
pub const DIGITS: usize = 4;
/// Checks of one code, wherever they come from: nobody tries the digits of a number out. A code that we never gave is counted
/// like any other.
const CHECKS_OF_CODE: Budget = Budget::new(10, 360);
/// Checks from one network: a telephone company's gateway is one for many citizens.
const CHECKS: Budget = Budget::new(60, 60);

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// We have given this code to somebody with such a number.
    Ours,
    /// We have not: no such code, or to another number; which of both is not told.
    NotOurs,
    /// Too many checks of that code, or from there; seconds until the next.
    TooOften(i64),
}

impl Office {
    /// Checks a code and the last digits of a phone number, typed somewhere in a network.
    pub fn check_code(&self, code: &str, phone: &str, from: Network) -> Result<Checked> {
        let code = normalise(code);
        let purses = [
            Purse::new(CHECKS, &format!("code checks from {from}")),
            Purse::new(CHECKS_OF_CODE, &format!("checks of code {code}")),
        ];
        if let Spent::Wait(wait) = self.spend(&purses, self.now())? {
            return Ok(Checked::TooOften(wait));
        }
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let last = digits
            .len()
            .checked_sub(DIGITS)
            .and_then(|start| digits.get(start..));
        let Some(last) = last else {
            return Ok(Checked::NotOurs);
        };
        let ours = self.db.read(|conn| cases::has_code(conn, &code, last))?;
        Ok(if ours { Checked::Ours } else { Checked::NotOurs })
    }
}
