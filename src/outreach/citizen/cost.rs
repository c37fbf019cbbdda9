//! What a citizen says that the outage cost them, after the last digits of the account. It is noted beside the case and moves
//! nothing of it.

use super::Opened;
use super::details::Proof;
use crate::db::Conn;
use crate::domain::budget::Budget;
use crate::domain::card_number::refuses_note;
use crate::domain::cost::{CostKind, amount};
use crate::domain::ids::CaseId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::decide::lock;
use crate::outreach::purse::{Purse, Spent};
use crate::outreach::{Office, Result};
use crate::store::cases::Case;
use crate::store::costs::{self, NewCost};

/// Costs by one case: several at once, then one a day.
const COSTS: Budget = Budget::new(5, 24 * 3600);
/// Longest words, in characters.
pub const LONGEST: usize = 500;

/// What somebody sent.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it was.
    pub kind: Option<CostKind>,
    /// How much, as typed.
    pub amount: String,
    /// What happened, in their words.
    pub words: String,
    /// The last digits of the account, as typed.
    pub digits: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is noted, now or by the same form before.
    Noted,
    /// Nothing was chosen.
    NoKind,
    /// The amount is none.
    NoAmount,
    /// *Something else*, and no word of what.
    NoWords,
    /// The words are too long, or hold a number that must not be kept.
    BadWords,
    /// The digits do not fit; so many more tries.
    WrongDigits(i64),
    /// Too many wrong ones; call instead.
    Locked,
    /// Too many were noted; seconds until the next.
    TooOften(i64),
}

impl Office {
    /// Notes what the outage cost somebody with the link who knows the account's last digits.
    pub fn cost_by_link(&self, link: &str, told: &Told) -> Result<Opened<Noted>> {
        let now = self.now();
        let case = match self.db.read(|conn| self.admit(conn, link, now))? {
            Opened::Welcome((case, _)) => case,
            shut => return Ok(shut.elsewhere()),
        };
        // Looked at first: a slip is told without a try at the digits.
        let (kind, cents) = match entered(told) {
            Ok(entered) => entered,
            Err(problem) => return Ok(Opened::Welcome(problem)),
        };
        match self.proof(&case, &told.digits, now)? {
            Proof::Fits => {}
            Proof::Wrong(left) => return Ok(Opened::Welcome(Noted::WrongDigits(left))),
            Proof::Locked => return Ok(Opened::Welcome(Noted::Locked)),
        }
        let words = told.words.trim();
        self.db.write(|conn| match self.admit(conn, link, now)? {
            Opened::Welcome((case, _)) => {
                let new = NewCost {
                    case_id: case.id,
                    kind: kind.as_str(),
                    amount_cents: cents,
                    words,
                    at: now,
                };
                note(conn, &case, &new, now).map(Opened::Welcome)
            }
            shut => Ok(shut.elsewhere()),
        })
    }
}

/// What it was and how many cents, or what is wrong with the form.
fn entered(told: &Told) -> std::result::Result<(CostKind, i64), Noted> {
    let kind = told.kind.ok_or(Noted::NoKind)?;
    let cents = amount(&told.amount).ok_or(Noted::NoAmount)?;
    let words = told.words.trim();
    if words.is_empty() && kind == CostKind::Other {
        return Err(Noted::NoWords);
    }
    if words.chars().count() > LONGEST || refuses_note(words).is_some() {
        return Err(Noted::BadWords);
    }
    Ok((kind, cents.0))
}

/// Notes it, unless the same stands there and nobody has decided it: a form sent twice is one cost.
fn note(conn: &mut Conn, case: &Case, new: &NewCost<'_>, now: Timestamp) -> Result<Noted> {
    lock(conn, case)?;
    if is_there(conn, case.id, new)? {
        return Ok(Noted::Noted);
    }
    let purse = Purse::new(COSTS, &format!("costs of case {}", case.id));
    if let Spent::Wait(wait) = purse.spend(conn, now)? {
        return Ok(Noted::TooOften(wait));
    }
    costs::add(conn, new)?;
    Ok(Noted::Noted)
}

fn is_there(conn: &mut Conn, case: CaseId, new: &NewCost<'_>) -> Result<bool> {
    let open = costs::of_case(conn, case)?;
    Ok(open.iter().any(|cost| {
        cost.decision.is_none()
            && (cost.kind.as_str(), cost.amount_cents, cost.words.as_str())
                == (new.kind, new.amount_cents, new.words)
    }))
}
