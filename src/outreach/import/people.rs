//! The people of an import, put together out of sight of everybody: where new citizens' cases stand, what becomes of
//! cases that count already, and everybody's household.

use super::citizen::Citizen;
use super::gather::Findings;
use super::work::{Terms, Work};
use super::{homes, rows};
use crate::db::Scratch;
use crate::domain::facts::Facts;
use crate::domain::ids::{CaseId, HouseholdId};
use crate::domain::outcome::Scope as StopScope;
use crate::domain::progress::{Progress, fold};
use crate::domain::stops::{self, Stop};
use crate::outreach::Result;
use crate::store::staging::{Change, Known};
use crate::store::suppressions;
use crate::store::{arriving, households, loads, scratch_rows};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// All of them so far.
pub(super) struct People {
    pub(super) terms: Arc<Terms>,
    pub(super) scratch: Scratch,
    /// The zones that new households are in.
    pub(super) zones: BTreeSet<String>,
}

/// What stands in the way of calls and e-mails.
struct Stops {
    calls: Vec<Stop>,
    emails: suppressions::Since,
}

impl People {
    /// Nobody yet.
    pub(super) fn new(work: &Work<'_>) -> Result<Self> {
        let path = work.office.scratch_path(work.id(), "people");
        Ok(Self {
            scratch: arriving::create(&path, !work.is_first)?,
            terms: work.terms(),
            zones: BTreeSet::new(),
        })
    }

    /// Takes some citizens in.
    pub(super) fn take(&mut self, findings: Findings) -> Result<()> {
        let stops = self.stops(&findings.new)?;
        let new: Vec<_> = findings
            .new
            .into_iter()
            .map(|citizen| {
                let progress = self.standing(&citizen, &stops);
                rows::case(&self.terms, citizen, &progress)
            })
            .collect();
        scratch_rows::add(self.scratch.conn(), &new)?;
        let (known, emptied) = (&findings.changed, &findings.emptied);
        let homes = known.iter().map(|(known, _)| known).chain(emptied);
        let homes: Vec<HouseholdId> = homes.filter_map(|known| known.household_id).collect();
        self.note(&homes)?;
        let import = self.terms.id();
        let moving = known.iter().filter(|(known, citizen)| moves(known, citizen));
        let pressing = moving.map(|(known, _)| known.id);
        let pressing: Vec<CaseId> = pressing.chain(emptied.iter().map(|known| known.id)).collect();
        arriving::note_pressing(self.scratch.conn(), import, &pressing)?;
        let mut changes: Vec<Change> = findings
            .changed
            .into_iter()
            .map(|(known, citizen)| rows::change(import, &known, citizen))
            .collect();
        let ids: Vec<CaseId> = findings.emptied.iter().map(|known| known.id).collect();
        let db = &self.terms.office.db;
        let emptied = db.read(|conn| crate::store::cases::with_ids(conn, &ids))?;
        changes.extend(
            emptied
                .into_iter()
                .map(|case| rows::without_records(case, import)),
        );
        scratch_rows::add(self.scratch.conn(), &changes)?;
        Ok(())
    }

    /// Households to look at again when the import counts.
    pub(super) fn note(&mut self, homes: &[HouseholdId]) -> Result<()> {
        let import = self.terms.id();
        Ok(arriving::note(self.scratch.conn(), import, homes)?)
    }

    /// Those of these citizens who are here already.
    pub(super) fn here(&mut self, keys: &[&str]) -> Result<HashSet<String>> {
        Ok(arriving::keys(self.scratch.conn(), keys)?.into_iter().collect())
    }

    /// Those of these cases that are here already.
    pub(super) fn changed(&mut self, ids: &[CaseId]) -> Result<HashSet<CaseId>> {
        Ok(arriving::changed(self.scratch.conn(), ids)?.into_iter().collect())
    }

    /// Everybody is here: gives them households.
    pub(super) fn house(mut self) -> Result<Self> {
        homes::house(&mut self)?;
        arriving::finish(self.scratch.conn())?;
        Ok(self)
    }

    /// Carries them over: households first, for cases name theirs.
    pub(super) fn move_in(self, work: &mut Work<'_>) -> Result<()> {
        let (outage, zones) = (self.terms.import.outage_id, &self.zones);
        work.write(|conn| {
            for zone in zones {
                households::add_zones(conn, outage, zone)?;
            }
            Ok(())
        })?;
        for load in [
            &loads::HOUSEHOLDS,
            &loads::CASES,
            &loads::CHANGES,
            &loads::NOTES,
            &loads::FOLDS,
        ] {
            work.carry(self.scratch.path(), load)?;
        }
        Ok(())
    }

    fn stops(&self, new: &[Citizen]) -> Result<Stops> {
        let phones = new.iter().flat_map(|citizen| [&citizen.phone, &citizen.phone_2]);
        let phones: Vec<&str> = phones.filter_map(|phone| phone.as_deref()).collect();
        let people: Vec<&str> = new.iter().map(|citizen| citizen.key.as_str()).collect();
        let emails = new.iter().filter_map(|citizen| citizen.email.as_deref());
        let emails: Vec<&str> = emails.collect();
        self.terms.office.db.read(|conn| {
            Ok(Stops {
                calls: suppressions::stops(conn, &people, &phones)?,
                emails: suppressions::unmailed(conn, &emails)?,
            })
        })
    }

    /// Where a new citizen's case will stand.
    fn standing(&self, citizen: &Citizen, stops: &Stops) -> Progress {
        let phones = [&citizen.phone, &citizen.phone_2].into_iter().flatten();
        let phones: Vec<String> = phones.cloned().collect();
        let callable = stops::callable(&stops.calls, &citizen.key, phones);
        let email = citizen.email.as_ref();
        let facts = Facts {
            suppressed: callable.stopped_at.map(|at| (at, StopScope::Calls)),
            has_email: email.is_some_and(|email| !stops.emails.contains_key(email)),
            zones: citizen.zones.clone(),
            opened_at: self.terms.opened_at,
            phones: callable.phones,
            ..Facts::default()
        };
        fold(&facts, &self.terms.book.outcomes, &self.terms.book.hours)
    }
}

/// Whether a case is somebody else's then, or is reached otherwise: such a change has to count in the same instant as the
/// import, while an amount or a name may follow within seconds.
fn moves(known: &Known, citizen: &Citizen) -> bool {
    known.identity_key != citizen.key || known.phone != citizen.phone || known.email != citizen.email
}
