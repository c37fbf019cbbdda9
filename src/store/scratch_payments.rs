//! The payments of a reconciliation on their way into the database: in the scratch database it is found out whose they
//! are, and which cases to fold again; then they go over as they will stay.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, ImportId, PaymentId};
use crate::domain::reconcile::Match;
use crate::schema::{payments, staged_folds};
use diesel::prelude::*;

/// Keeps what was found for payments.
pub fn set_matches(scratch: &mut Conn, found: &[(PaymentId, Match)]) -> Result<()> {
    if let Conn::Sqlite(sqlite) = scratch {
        for (id, found) in found {
            diesel::update(payments::table.find(*id))
                .set((
                    payments::fate.eq(found.fate().as_str()),
                    payments::matched_by.eq(found.matched_by().map(|by| by.as_str())),
                    payments::identity_key.eq(found.citizen()),
                ))
                .execute(sqlite)?;
        }
    }
    Ok(())
}

/// Notes cases to fold again when the import counts.
pub fn note_folds(scratch: &mut Conn, import: ImportId, ids: &[CaseId]) -> Result<()> {
    if let Conn::Sqlite(sqlite) = scratch {
        for id in ids {
            diesel::insert_or_ignore_into(staged_folds::table)
                .values((staged_folds::case_id.eq(*id), staged_folds::import_id.eq(import)))
                .execute(sqlite)?;
        }
    }
    Ok(())
}
