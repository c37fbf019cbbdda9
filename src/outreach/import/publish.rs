//! Making a checked import count: one short transaction. Cases that change are changed and folded again with it:
//! those in somebody's hands, those that move and the first few in the same transaction, the rest right after in others
//! as short.

use super::{ImportKind, ImportState, Report, Status};
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result, standing};
use crate::store::imports::{self, Import};
use crate::store::{outages, payments, staged_folds, staging, transactions};

/// Changed cases, and households, that are looked at again in one transaction: while people wait for their clicks, and
/// while nobody does.
const FEW: i64 = 100;
const MANY: i64 = 1_000;

impl Office {
    /// Makes a checked import count, all of it in one instant. Of one that counts already, its report.
    ///
    /// # Errors
    /// It is not checked, or another import counts since then.
    pub fn publish_import(&self, id: ImportId) -> Result<Report> {
        let now = self.now();
        let (report, import) = self.db.write(|conn| publish(conn, id, now))?;
        self.catch_up(&import)?;
        self.deal_late_arrivals(&import)?;
        self.remove_upload(id);
        Ok(report)
    }

    /// Looks at what an import changed until nothing is left to look at.
    pub(super) fn catch_up(&self, import: &Import) -> Result<()> {
        let now = self.now();
        let at_once = if self.nobody_serves() { MANY } else { FEW };
        while self.db.write(|conn| look_again(conn, import, at_once, now))? {
            std::thread::sleep(std::time::Duration::from_millis(2)); // others write too
        }
        Ok(())
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
    standing::fold_again(conn, &book, &in_hand, now)?;
    staged_folds::forget(conn, &in_hand)?;
    look_again(conn, &import, FEW, now)?;
    Ok((report, import))
}

/// Changes some cases and folds them again, or refreshes some households; says whether there are more. What cannot wait
/// was changed when the import came to count; a claim changes those it meets.
fn look_again(conn: &mut Conn, import: &Import, at_once: i64, now: Timestamp) -> Result<bool> {
    let (outage, import) = (import.outage_id, import.id);
    let mut cases = staging::changed_cases(conn, import, at_once)?;
    staging::apply_changes(conn, import, &cases)?;
    staging::forget_changes(conn, &cases)?;
    let folds = staged_folds::some(conn, import, at_once)?;
    staged_folds::forget(conn, &folds)?;
    cases.extend(folds);
    let book = Rulebook::open(conn, outage)?;
    if !cases.is_empty() {
        standing::fold_again(conn, &book, &cases, now)?;
        return Ok(true);
    }
    let noted = staging::noted_households(conn, import, at_once)?;
    staging::forget_households(conn, &noted)?;
    standing::refresh(conn, &book, &noted.iter().copied().collect(), now)?;
    Ok(!noted.is_empty())
}
