//! Making a checked import count: one short transaction. Cases that change are changed and folded again with it:
//! those in somebody's hands, those that move and the first few in the same transaction, the rest right after in others
//! as short.

use super::discard::rows;
use super::strides::Strides;
use super::{ImportKind, ImportPhase, ImportState, Report, Status, columns, mended};
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result, standing};
use crate::store::imports::{self, Import};
use crate::store::{column_matches, outages, payments, staged_folds, staging, transactions};

/// Changed cases that are looked at in the transaction in which it comes to count.
const FEW: usize = 100;

impl Office {
    /// Makes a checked import count, all of it in one instant, and waits until all cases follow. Of one that counts already,
    /// its report.
    ///
    /// # Errors
    /// It is not checked, or another import counts since then.
    pub fn publish_import(&self, id: ImportId) -> Result<Report> {
        let now = self.now();
        let (report, import) = self.db.write(|conn| publish(conn, id, now))?;
        self.settle(&import, true)?;
        Ok(report)
    }

    /// Makes a checked import count, all of it in one instant. What follows is done in the background.
    ///
    /// # Errors
    /// As [`Office::publish_import`].
    pub fn start_publishing(&self, id: ImportId) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| publish(conn, id, now))?;
        self.settle_soon(id)
    }

    /// Looks at what an import changed until nothing is left to look at.
    pub(super) fn catch_up(&self, import: &Import, strides: &mut Strides<'_>) -> Result<()> {
        let now = self.now();
        strides.run(Some(ImportPhase::Changing), |conn, _, limit| {
            look_again(conn, import, limit, now)
        })
    }
}

fn publish(conn: &mut Conn, id: ImportId, now: Timestamp) -> Result<(Report, Import)> {
    let import = imports::find(conn, id)?.ok_or(Error::NotFound("import"))?;
    staging::lock(conn, import.outage_id)?;
    let mut report = import
        .told()
        .ok_or_else(|| Error::Conflict("The file was not read yet.".into()))?;
    if import.state() == ImportState::Published {
        return Ok((report, import));
    }
    let outage = outages::find(conn, import.outage_id)?.ok_or(Error::NotFound("outage"))?;
    let failed = import.kind() == ImportKind::Failed;
    if failed && id <= outage.published_import_id {
        return Err(Error::Conflict(super::stage::OUTDATED.into()));
    }
    if !imports::advance(conn, id, ImportState::Checked, ImportState::Published)? {
        return Err(Error::Conflict(
            "This import cannot be confirmed: it was given up or is not read yet.".into(),
        ));
    }
    report.status = Status::Applied;
    let json = serde_json::to_string(&report).map_err(Error::internal)?;
    imports::set_report(conn, id, &json)?;
    imports::set_published(conn, id, now)?;
    mended::recount_corrected(conn, &import)?;
    remember(conn, &import, &report, now)?;
    if failed {
        transactions::apply_moves(conn, import.outage_id)?;
        payments::apply_next(conn, import.outage_id, now)?;
        outages::publish(conn, import.outage_id, id)?;
        staging::apply_pressing(conn, id)?;
    }
    let changed = staging::changed_in_hand(conn, import.outage_id, id)?;
    staging::apply_changes(conn, id, &changed)?;
    staging::forget_changes(conn, &changed)?;
    let mut in_hand = staged_folds::in_hand(conn, import.outage_id, id)?;
    in_hand.extend(changed);
    let book = Rulebook::open(conn, import.outage_id)?;
    if failed && import.ordered_by.as_ref() != Some(&book.order()) {
        // The settings were changed while it was read: its new calls stand as the old ones say.
        outages::refresh_from_the_first(conn, import.outage_id)?;
    }
    standing::fold_again(conn, &book, &in_hand, now)?;
    staged_folds::forget(conn, &in_hand)?;
    look_again(conn, &import, FEW, now)?;
    Ok((report, imports::find(conn, id)?.unwrap_or(import)))
}

/// Remembers what a person said of the file, for later ones with the same header; not of one of which nothing was taken, and
/// not what was accepted as a guess.
fn remember(conn: &mut Conn, import: &Import, report: &Report, now: Timestamp) -> Result<()> {
    let taken = report.accepted + report.succeeded > 0 && import.corrects_import.is_none();
    let Some(layout) = columns::kept(import).filter(|layout| taken && !layout.said.is_empty()) else {
        return Ok(());
    };
    let said = crate::reader::Hints {
        sheet: None, // the next workbook has its own
        ..layout.said.clone()
    };
    if said.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(&said.as_chosen()).map_err(Error::internal)?;
    column_matches::remember(conn, &columns::signature(&layout, import.kind()), &json, now)?;
    Ok(())
}

/// Changes some cases and folds them again, or refreshes some households; says how many. What cannot wait
/// was changed when the import came to count; a claim changes those it meets.
fn look_again(conn: &mut Conn, import: &Import, limit: usize, now: Timestamp) -> Result<usize> {
    let (outage, import, at_once) = (import.outage_id, import.id, rows(limit));
    let mut cases = staging::changed_cases(conn, import, at_once)?;
    staging::apply_changes(conn, import, &cases)?;
    staging::forget_changes(conn, &cases)?;
    let folds = staged_folds::some(conn, import, at_once)?;
    staged_folds::forget(conn, &folds)?;
    cases.extend(folds);
    let book = Rulebook::open(conn, outage)?;
    if !cases.is_empty() {
        standing::fold_again(conn, &book, &cases, now)?;
        return Ok(cases.len());
    }
    let noted = staging::noted_households(conn, import, at_once)?;
    staging::forget_households(conn, &noted)?;
    standing::refresh(conn, &book, &noted.iter().copied().collect(), now)?;
    Ok(noted.len())
}
