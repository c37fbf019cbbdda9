//! Who has paid: each payment looks for its citizen among the accepted failed transactions, by the
//! rules of `domain::reconcile`. A reconciliation looks once for each of its own payments; a file of
//! failed payments that comes (or is taken back) later looks again for all that are there, because a
//! citizen may be new, may have failed again since, or may not be the only one any more.

use super::work::Work;
use super::{ImportKind, ImportPhase, Reconciled, Report, oddities, refunds};
use crate::domain::identity::Traits;
use crate::domain::ids::{CaseId, ImportId, PaymentId};
use crate::domain::reconcile::{self, Citizens, Fate, Match, Money};
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zone;
use crate::outreach::Result;
use crate::store::payments::{self, Payer};
use crate::store::transactions::Found;
use crate::store::{citizens, loads, scratch, scratch_payments, staged_folds, staging};
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

/// Payments looked at at once.
const PAGE: i64 = 500;

/// Finds the citizens of this import's payments.
pub(super) fn match_own(work: &mut Work<'_>) -> Result<()> {
    work.enter(ImportPhase::Linking)?;
    let import = work.id();
    if work.import.kind() == ImportKind::Failed {
        scratch::go_on(work.scratch.conn())?; // its failures are linked, and the scratch database was done with
    }
    each_page(work, Some(import), |work, found| {
        let paid = found.iter().filter(|(_, found)| found.matched_by().is_some());
        let keys: BTreeSet<&str> = paid.filter_map(|(_, found)| found.citizen()).collect();
        let cases = cases_of(work, keys)?;
        let matches: Vec<(PaymentId, Match)> = found
            .into_iter()
            .map(|(payer, found)| (payer.id, found))
            .collect();
        scratch_payments::set_matches(work.scratch.conn(), &matches)?;
        scratch_payments::note_folds(work.scratch.conn(), import, &cases)?;
        work.breathe()
    })?;
    scratch::finish(work.scratch.conn())?;
    let path = work.scratch.path().to_owned();
    for load in [&loads::PAYMENTS, &loads::FOLDS] {
        work.carry(&path, load)?;
    }
    Ok(())
}

/// Looks again for the citizens of all payments, and notes what changes when the staged import counts.
pub(super) fn match_again(work: &mut Work<'_>) -> Result<()> {
    let import = work.id();
    each_page(work, None, |work, found| {
        let changed: Vec<&(Payer, Match)> = found
            .iter()
            .filter(|(payer, found)| differs(payer, found))
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        let before = changed
            .iter()
            .filter_map(|(payer, _)| payer.identity_key.as_deref());
        let after = changed.iter().filter_map(|(_, found)| found.citizen());
        let cases = cases_of(work, before.chain(after).collect())?;
        work.write(|conn| {
            for (payer, found) in &changed {
                payments::set_next_match(conn, payer.id, found)?;
            }
            Ok(staged_folds::note(conn, import, &cases)?)
        })
    })
}

/// Counts what was found of the `paid` records, and who is left.
pub(super) fn count(work: &Work<'_>, paid: u64, report: &mut Report) -> Result<()> {
    let (import, kind) = (work.id(), work.import.kind());
    let outage = work.import.outage_id;
    let counts = match kind {
        ImportKind::Failed => import, // with the cases that it brings
        ImportKind::Successes => work.book.outage.published_import_id,
    };
    work.office.db.read(|conn| {
        let fates = payments::fates(conn, import)?;
        let reopened = refunds::reopened(conn, outage, Some(import))?;
        let citizens = refunds::count_paid(conn, import, &reopened)?;
        let unpaid = payments::unpaid(conn, (outage, counts), (Some(import), &reopened))?;
        let told = Reconciled::of(&fates, citizens, unpaid);
        let taken = fates.iter().filter(|(fate, ..)| fate != Fate::Refund.as_str());
        let taken = taken.map(|(_, _, number)| number.unsigned_abs()).sum();
        report.duplicates += paid.saturating_sub(taken);
        report.citizens_paid = told.citizens_paid;
        report.reopened = refunds::count_reopened(conn, outage, import)?;
        (report.paid_twice, report.refunded_in_part) = oddities::count(conn, outage, import)?;
        match kind {
            ImportKind::Failed => {
                report.succeeded = taken;
                report.payments = Some(told);
            }
            ImportKind::Successes => {
                report.accepted = told.matched_by.sum();
                report.reconciled = Some(told);
            }
        }
        Ok(())
    })
}

fn each_page(
    work: &mut Work<'_>,
    import: Option<ImportId>,
    mut keep: impl FnMut(&mut Work<'_>, Vec<(Payer, Match)>) -> Result<()>,
) -> Result<()> {
    let (scope, zone, mut after) = (work.scope, work.book.outage.zone(), 0);
    loop {
        let page = match import {
            Some(_) => payments::payers(work.scratch.conn(), scope.outage, after, PAGE)?,
            None => {
                let db = &work.office.db;
                db.read(|conn| payments::payers(conn, scope.outage, after, PAGE))?
            }
        };
        let Some(last) = page.last() else { return Ok(()) };
        scratch::index_contacts(&mut work.scratch)?;
        let known = Known::of(work, &page)?;
        after = last.id;
        let found = page.into_iter().map(|payer| {
            let found = known.find(&payer, &zone);
            (payer, found)
        });
        keep(work, found.collect())?;
    }
}

fn differs(payer: &Payer, found: &Match) -> bool {
    payer.fate != found.fate().as_str()
        || payer.matched_by.as_deref() != found.matched_by().map(|by| by.as_str())
        || payer.identity_key.as_deref() != found.citizen()
}

/// The cases that these citizens have now, staged ones too.
fn cases_of(work: &Work<'_>, keys: BTreeSet<&str>) -> Result<Vec<CaseId>> {
    let (outage, keys) = (work.import.outage_id, keys.into_iter().collect::<Vec<_>>());
    let known = work
        .office
        .db
        .read(|conn| staging::with_keys(conn, outage, &keys))?;
    Ok(known.into_iter().map(|known| known.id).collect())
}

/// Everybody whom some payments could mean.
#[derive(Default)]
struct Known {
    last_failed: HashMap<String, Timestamp>,
    /// Key and folded name.
    by_email: HashMap<String, Vec<(String, String)>>,
    by_phone: HashMap<String, Vec<(String, String)>>,
}

impl Known {
    /// E-mails and phones are looked up in the scratch database, which holds them of all accepted records.
    fn of(work: &mut Work<'_>, payers: &[Payer]) -> Result<Self> {
        let scope = work.scope;
        let emails: BTreeSet<&str> = payers.iter().filter_map(|payer| payer.email.as_deref()).collect();
        let named = payers.iter().filter(|payer| !payer.folded_name.is_empty());
        let phones: BTreeSet<&str> = named.filter_map(|payer| payer.phone.as_deref()).collect();
        let by_email = by_value(citizens::with_emails(
            work.scratch.conn(),
            scope,
            &as_list(&emails),
        )?);
        let by_phone = by_value(citizens::with_phones(
            work.scratch.conn(),
            scope,
            &as_list(&phones),
        )?);
        let mut keys: BTreeSet<String> = payers
            .iter()
            .filter(|payer| payer.account_id.is_some())
            .map(|payer| traits(payer).own_key().into_string())
            .collect();
        let candidates = by_email.values().chain(by_phone.values()).flatten();
        keys.extend(candidates.map(|(key, _)| key.clone()));
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let last_failed = work
            .office
            .db
            .read(|conn| citizens::last_failed(conn, scope, &keys))?;
        Ok(Self {
            last_failed: last_failed.into_iter().collect(),
            by_email,
            by_phone,
        })
    }

    fn find(&self, payer: &Payer, zone: &Zone) -> Match {
        let mut citizens = self;
        let money = match payer.fate == Fate::Refund.as_str() {
            true => Money::Back,
            false if payer.day_only => Money::On(payer.occurred_at, zone),
            false => Money::At(payer.occurred_at),
        };
        let Ok(found) = reconcile::find(&traits(payer), money, &mut citizens);
        found
    }
}

impl Citizens for &Known {
    type Error = Infallible;

    fn last_failed(&mut self, key: &str) -> std::result::Result<Option<Timestamp>, Infallible> {
        Ok(self.last_failed.get(key).copied())
    }

    fn with_email(&mut self, email: &str) -> std::result::Result<Vec<(String, String)>, Infallible> {
        Ok(self.by_email.get(email).cloned().unwrap_or_default())
    }

    fn with_phone_and_name(
        &mut self,
        phone: &str,
        folded_name: &str,
    ) -> std::result::Result<Vec<(String, String)>, Infallible> {
        let here = self.by_phone.get(phone).into_iter().flatten();
        Ok(here.filter(|(_, name)| name == folded_name).cloned().collect())
    }
}

fn traits(payer: &Payer) -> Traits<'_> {
    Traits {
        account: payer.account_id.as_deref(),
        email: payer.email.as_deref(),
        phone: payer.phone.as_deref(),
        folded_name: &payer.folded_name,
    }
}

fn as_list<'a>(values: &BTreeSet<&'a str>) -> Vec<&'a str> {
    values.iter().copied().collect()
}

fn by_value(found: Vec<Found>) -> HashMap<String, Vec<(String, String)>> {
    let mut known: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for (value, key, name) in found {
        known.entry(value).or_default().push((key, name));
    }
    known
}
