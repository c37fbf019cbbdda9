//! What is left of the rejected rows of an import: those that came in mended, and those that nobody will mend, count
//! no longer as work.

use super::{Import, ImportState, Rejected, Report};
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::domain::role::Role;
use crate::outreach::accounts::User;
use crate::outreach::{Error, Office, Result};
use crate::store::import_rejects::{self, Left};
use crate::store::{imports, staging};

impl Office {
    /// Sets rejected rows of an import that counts aside: nobody will mend them. None for `lines`: all that are left.
    /// Answers how many that were.
    ///
    /// # Errors
    /// Not a supervisor, or the import does not count.
    pub fn set_aside(&self, by: &User, id: ImportId, lines: Option<&[i64]>) -> Result<usize> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.once("set_aside", |conn| {
            change(conn, id, |conn| {
                import_rejects::set_aside(conn, id, lines, (by.id, now))
            })
        })
    }

    /// Takes back that rows were set aside. None for `lines`: all of them. Answers how many that were.
    ///
    /// # Errors
    /// As [`Office::set_aside`].
    pub fn take_up_again(&self, by: &User, id: ImportId, lines: Option<&[i64]>) -> Result<usize> {
        by.must_be(Role::Supervisor)?;
        self.once("take_up_again", |conn| {
            change(conn, id, |conn| import_rejects::take_up_again(conn, id, lines))
        })
    }
}

/// Changes rejected rows of an import that counts, and its report with them.
fn change(
    conn: &mut Conn,
    id: ImportId,
    rows: impl FnOnce(&mut Conn) -> crate::store::Result<usize>,
) -> Result<usize> {
    let import = imports::find(conn, id)?.ok_or(Error::NotFound("import"))?;
    staging::lock(conn, import.outage_id)?;
    let import = imports::find(conn, id)?.ok_or(Error::NotFound("import"))?;
    if import.state() != ImportState::Published {
        let told = "Confirm this import first; then its rejected rows can be set aside.";
        return Err(Error::Conflict(told.into()));
    }
    let changed = rows(conn)?;
    recount(conn, &import)?;
    Ok(changed)
}

/// When an import of mended rows comes to count, or does so no longer, the one that they are from is counted anew.
pub(super) fn recount_corrected(conn: &mut Conn, import: &Import) -> Result<()> {
    let Some(first) = import.corrects_import else {
        return Ok(());
    };
    match imports::find(conn, first)? {
        Some(first) => recount(conn, &first),
        None => Ok(()),
    }
}

fn recount(conn: &mut Conn, import: &Import) -> Result<()> {
    let Some(mut report) = import.told() else {
        return Ok(());
    };
    report.recount(&import_rejects::left(conn, import.id)?);
    let json = serde_json::to_string(&report).map_err(Error::internal)?;
    imports::keep_report(conn, import.id, &json)?;
    Ok(())
}

impl Report {
    fn recount(&mut self, rows: &[Left]) {
        (self.mended, self.set_aside, self.rejected) = (0, 0, Rejected::default());
        for left in rows {
            let bin = match left.reason.as_str() {
                "bad_timestamp" => &mut self.rejected.bad_timestamp,
                "no_identity" => &mut self.rejected.no_identity,
                _ => &mut self.rejected.malformed,
            };
            *bin += (left.rows - left.mended).unsigned_abs();
            self.mended += left.mended.unsigned_abs();
            self.set_aside += left.aside.unsigned_abs();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mended_rows_leave_their_bin_and_those_set_aside_stay_in_it() {
        let left = |reason: &str, rows, mended, aside| Left {
            reason: reason.into(),
            rows,
            mended,
            aside,
        };
        let mut report = Report::empty(1, "a.csv");
        report.recount(&[left("bad_timestamp", 5, 2, 1), left("malformed", 3, 0, 3)]);
        assert_eq!((report.rejects(), report.mended, report.set_aside), (6, 2, 4));
        assert_eq!(report.to_mend(), 2);
    }
}
