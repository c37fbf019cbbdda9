//! Amounts and kinds of tax, for somebody who knows the last digits of the account too: a link can be
//! forwarded, or read by whoever reads the mail.

use super::Opened;
use crate::domain::budget::Budget;
use crate::domain::timestamp::Timestamp;
use crate::outreach::purse::{Purse, Spent};
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Office, Result};
use crate::store::cases::Case;
use crate::store::desk::{self, FailedPayment};
use subtle::ConstantTimeEq;

/// So many of the account's digits are asked for.
pub const DIGITS: usize = 4;
/// Wrong tries at one case: five at once, then five a day: 75 in the 14 days of a link, of 10,000 possible ones.
const TRIES: Budget = Budget::new(5, 24 * 3600 / 5);

/// What came of typing the digits.
#[derive(Clone, Debug)]
pub enum Details {
    /// They fit.
    Shown {
        /// The outage and its rules.
        book: Box<Rulebook>,
        /// The case.
        case: Box<Case>,
        /// What failed, oldest first.
        payments: Vec<FailedPayment>,
    },
    /// They do not; so many more tries.
    Wrong(i64),
    /// Too many wrong ones; call instead.
    Locked,
}

/// Whether the digits prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// They fit.
    Fits,
    /// They do not; so many more tries.
    Wrong(i64),
    /// Too many wrong ones; call instead.
    Locked,
}

/// The digits that are asked for, if the case's account has enough of them.
pub fn digits(case: &Case) -> Option<String> {
    let all: String = case
        .account_id
        .as_ref()?
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    all.get(all.len().checked_sub(DIGITS)?..).map(str::to_owned)
}

impl Office {
    /// Shows what failed to somebody with the link who knows the account's last digits.
    pub fn details_by_link(&self, link: &str, typed: &str) -> Result<Opened<Details>> {
        let now = self.now();
        let case = match self.db.read(|conn| self.admit(conn, link, now))? {
            Opened::Welcome((case, _)) => case,
            shut => return Ok(shut.elsewhere()),
        };
        match self.proof(&case, typed, now)? {
            Proof::Fits => {}
            Proof::Wrong(left) => return Ok(Opened::Welcome(Details::Wrong(left))),
            Proof::Locked => return Ok(Opened::Welcome(Details::Locked)),
        }
        self.db.read(|conn| {
            let book = Rulebook::open(conn, case.outage_id)?;
            let published = book.outage.published_import_id;
            let payments = desk::failed_payments(conn, book.outage.id, published, &[&case.identity_key])?;
            Ok(Opened::Welcome(Details::Shown {
                book: Box::new(book),
                case: Box::new(case.clone()),
                payments,
            }))
        })
    }

    /// Whether somebody knows the last digits of a case's account. Each wrong try counts.
    pub(super) fn proof(&self, case: &Case, typed: &str, now: Timestamp) -> Result<Proof> {
        // Counted before anything is compared.
        let purse = [Purse::new(TRIES, &format!("details of case {}", case.id))];
        let Spent::Left(left) = self.spend(&purse, now)? else {
            return Ok(Proof::Locked);
        };
        let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
        let fits = digits(case).is_some_and(|digits| bool::from(digits.as_bytes().ct_eq(typed.as_bytes())));
        if !fits {
            return Ok(match left {
                0 => Proof::Locked,
                left => Proof::Wrong(left),
            });
        }
        self.db
            .write(|conn| purse.iter().try_for_each(|purse| purse.fill(conn)))?;
        Ok(Proof::Fits)
    }
}
