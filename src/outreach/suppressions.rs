//! Whom nobody may contact: seen, added and lifted by supervisors. What is lifted stays, with who did it and why.

use super::accounts::User;
use super::diagnoses::revive;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, note, standing};
use crate::db::Conn;
use crate::domain::contact::{Email, Phone};
use crate::domain::ids::{CaseId, DiagnosisId, SuppressionId, UserId};
use crate::domain::role::Role;
use crate::domain::search::sought;
use crate::domain::timestamp::Timestamp;
use crate::store::case_search::{self, Within};
use crate::store::diagnoses;
use crate::store::suppressions::{self, Kind, Suppression};
use crate::store::{cases, users};
use std::collections::{BTreeMap, BTreeSet};

/// So many are found at once.
const FOUND: i64 = 50;
/// Most citizens who share a number or an address.
const SHARED: i64 = 10_000;

/// Why an address is suppressed that is held to be dead.
pub(super) const BOUNCED: &str = "bounced";

/// Suppressions with the names of the staff who made or lifted them.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The latest first.
    pub suppressions: Vec<Suppression>,
    /// All that there are.
    pub total: i64,
    /// Names of staff.
    pub staff: BTreeMap<UserId, String>,
    /// What mail servers said of addresses that are held to be dead, and of how many they did.
    pub causes: BTreeMap<DiagnosisId, (String, i64)>,
}

/// Whom a supervisor names.
#[derive(Clone)]
enum Named {
    Contact(Kind, String),
    Case(CaseId),
}

impl Office {
    /// One page of all suppressions, lifted ones too.
    pub fn suppressions(&self, offset: i64, limit: i64) -> Result<Listed> {
        Ok(self.db.read(|conn| -> crate::store::Result<_> {
            let suppressions = suppressions::page(conn, (offset.max(0), limit))?;
            Ok(Listed {
                total: suppressions::count(conn)?,
                staff: names(conn)?,
                causes: causes(conn, &suppressions)?,
                suppressions,
            })
        })?)
    }

    /// Those whose address or number holds this text.
    pub fn find_suppressions(&self, sought: &str) -> Result<Listed> {
        let text = sought.trim().to_lowercase();
        let is_number = !text.contains(|letter: char| letter.is_alphabetic() || letter == '@');
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let part = if is_number && !digits.is_empty() {
            digits
        } else {
            text
        };
        let found = self.db.read(|conn| -> crate::store::Result<_> {
            let suppressions = suppressions::find(conn, &part, FOUND)?;
            let causes = causes(conn, &suppressions)?;
            Ok((suppressions, names(conn)?, causes))
        })?;
        let (suppressions, staff, causes) = found;
        let total = i64::try_from(suppressions.len()).unwrap_or(i64::MAX);
        Ok(Listed {
            suppressions,
            total,
            staff,
            causes,
        })
    }

    /// Suppresses an address, a number, or all that is known of a person (by case number).
    ///
    /// # Errors
    /// Not a supervisor; nothing of these is named; no reason, or one that must not be kept.
    pub fn suppress(&self, by: &User, whom: &str, why: &str) -> Result<usize> {
        by.must_be(Role::Supervisor)?;
        let (named, why, now) = (named(whom)?, reason(why)?, self.now());
        let contacts = self.db.read(|conn| contacts(conn, named.clone()))?;
        let touched = self.db.read(|conn| with_any(conn, &contacts))?;
        self.once("suppress", |conn| {
            let mut added = 0;
            for (kind, value) in &contacts {
                if suppressions::since(conn, *kind, &[value])?.is_none() {
                    added += suppressions::add(conn, (*kind, value), why, (None, Some(by.id)), now)?;
                }
            }
            fold_all(conn, &touched, now)?;
            Ok(added)
        })
    }

    /// Lifts a suppression: who it held back can be contacted again, and what came back from an address can go out again.
    ///
    /// # Errors
    /// Not a supervisor; it was lifted before; no reason, or one that must not be kept.
    pub fn lift_suppression(&self, by: &User, id: SuppressionId, why: &str) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let (why, now) = (reason(why)?, self.now());
        let found = self.db.read(|conn| suppressions::with_id(conn, id))?;
        let row = found.ok_or(Error::NotFound("suppression"))?;
        let kind = row.kind.parse().map_err(Error::internal)?;
        let contact = [(kind, row.value.clone())];
        let touched = self.db.read(|conn| with_any(conn, &contact))?;
        self.once("lift_suppression", |conn| {
            if suppressions::lift(conn, id, (by.id, why), now)? == 0 {
                return Err(Error::Conflict("It was lifted before.".into()));
            }
            if row.reason == BOUNCED && row.created_by.is_none() {
                revive(conn, &row.value, &touched)?;
            }
            fold_all(conn, &touched, now)
        })
    }
}

fn names(conn: &mut Conn) -> crate::store::Result<BTreeMap<UserId, String>> {
    let staff = users::all(conn)?.into_iter();
    Ok(staff.map(|user| (user.id, user.name)).collect())
}

/// What mail servers said of the dead addresses among these.
fn causes(
    conn: &mut Conn,
    listed: &[Suppression],
) -> crate::store::Result<BTreeMap<DiagnosisId, (String, i64)>> {
    let ids: BTreeSet<DiagnosisId> = listed.iter().filter_map(|one| one.diagnosis_id).collect();
    let ids: Vec<DiagnosisId> = ids.into_iter().collect();
    let mut causes = BTreeMap::new();
    for diagnosis in diagnoses::with_ids(conn, &ids)? {
        let alike = suppressions::count_of_diagnosis(conn, diagnosis.id)?;
        causes.insert(diagnosis.id, (diagnosis.cause, alike));
    }
    Ok(causes)
}

pub(super) fn reason(why: &str) -> Result<&str> {
    match note::allowed(why)? {
        "" => Err(Error::invalid(
            "why",
            "Say why, so that others understand it later.",
        )),
        why => Ok(why),
    }
}

fn named(whom: &str) -> Result<Named> {
    if let Some(email) = Email::read(whom) {
        return Ok(Named::Contact(Kind::Email, email.into_string()));
    }
    if let Some(phone) = Phone::read(whom) {
        return Ok(Named::Contact(Kind::Phone, phone.into_string()));
    }
    let number = whom.trim().to_lowercase();
    let number = number.strip_prefix("case").unwrap_or(&number).trim();
    let right = "Enter an e-mail address, a phone number, or a case number.";
    let case = number.parse().map_err(|_| Error::invalid("whom", right))?;
    Ok(Named::Case(case))
}

fn contacts(conn: &mut Conn, named: Named) -> Result<Vec<(Kind, String)>> {
    let id = match named {
        Named::Contact(kind, value) => return Ok(vec![(kind, value)]),
        Named::Case(id) => id,
    };
    let case = super::decide::visible(conn, id)?;
    let phones = [case.phone, case.phone_2].into_iter().flatten();
    let all = phones.map(|phone| (Kind::Phone, phone));
    Ok(all.chain(case.email.map(|email| (Kind::Email, email))).collect())
}

/// The cases that have one of these, in all outages, by the index that people are searched with.
pub(super) fn with_any(conn: &mut Conn, contacts: &[(Kind, String)]) -> Result<BTreeSet<CaseId>> {
    let everywhere = Within {
        outage: None,
        after: 0,
        limit: SHARED,
    };
    let mut touched = BTreeSet::new();
    for (kind, value) in contacts {
        let Some(sought) = sought(value) else { continue };
        let alike = case_search::found(conn, everywhere, &sought)?;
        let with_it = alike.iter().filter(|(case, _)| match kind {
            Kind::Email => case.email.as_ref() == Some(value),
            Kind::Phone => case.phone.as_ref() == Some(value) || case.phone_2.as_ref() == Some(value),
        });
        touched.extend(with_it.map(|(case, _)| case.id));
    }
    Ok(touched)
}

/// Folds these cases again, of whatever outage.
pub(super) fn fold_all(conn: &mut Conn, ids: &BTreeSet<CaseId>, now: Timestamp) -> Result<()> {
    for id in ids {
        if let Some(case) = cases::find(conn, *id)? {
            super::decide::lock(conn, &case)?;
            let book = Rulebook::open(conn, case.outage_id)?;
            let mut touched: BTreeSet<_> = case.household_id.into_iter().collect();
            standing::refold(conn, &book, case.id, &mut touched)?;
            standing::refresh(conn, &book, &touched, now)?;
        }
    }
    Ok(())
}
