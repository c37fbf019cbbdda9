//! Is this call real? Whoever was called, or written to, checks the code they were told, together with part of
//! their number. The answer is yes or no, and nothing else.

use crate::domain::trust_code::normalise;
use crate::outreach::{Office, Result, token};
use crate::store::cases;

/// So many of the phone number's last digits are asked for.
pub const DIGITS: usize = 4;
/// Checks from one network address within an hour.
const TRIES: i64 = 10;

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// We have given this code to somebody with such a number.
    Ours,
    /// We have not: no such code, or to another number; which of both is not told.
    NotOurs,
    /// Too many checks from there.
    TooOften,
}

impl Office {
    /// Checks a code and the last digits of a phone number, typed at a network address.
    pub fn check_code(&self, code: &str, phone: &str, source: &str) -> Result<Checked> {
        let now = self.now();
        let subject = token::hash(&format!("code checks from {source}"));
        if self.count_guess(&subject, now.plus_hours(-1), now)? > TRIES {
            return Ok(Checked::TooOften);
        }
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let last = digits
            .len()
            .checked_sub(DIGITS)
            .and_then(|start| digits.get(start..));
        let Some(last) = last else {
            return Ok(Checked::NotOurs);
        };
        let ours = self
            .db
            .read(|conn| cases::has_code(conn, &normalise(code), last))?;
        Ok(if ours { Checked::Ours } else { Checked::NotOurs })
    }
}
