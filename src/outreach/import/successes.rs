//! The first phase of a reconciliation: every record of the file into a payment, a rejected row or a
//! duplicate. The window does not matter, and oddities of values are not counted.

use super::Report;
use super::read::reject;
use super::work::{Work, count};
use crate::domain::reading::Read;
use crate::domain::record::Record;
use crate::domain::transaction::Transaction;
use crate::domain::window::Window;
use crate::outreach::Result;
use crate::reader::Layout;
use crate::store::import_rejects::Reject;
use crate::store::payments::NewPayment;
use crate::store::scratch_rows;

/// Takes some records in.
pub(super) fn write_batch(
    work: &mut Work<'_>,
    (_, layout): (&Window, &Layout),
    batch: &[(Read, Option<Record>)],
    report: &mut Report,
    rejects: &mut Vec<Reject>,
) -> Result<()> {
    let (outage, import) = (work.import.outage_id, work.id());
    let mut rows = Vec::with_capacity(batch.len());
    for (read, record) in batch {
        report.card_numbers += read.card_cells as u64;
        match &read.transaction {
            Ok(transaction) => rows.push(row((outage, import), transaction)),
            Err(rejection) => {
                report.count_rejected(rejection);
                rejects.extend(
                    record
                        .iter()
                        .map(|record| reject(import, rejection, record, layout)),
                );
            }
        }
    }
    report.rows += batch.len() as u64;
    work.progress.rows_read = report.rows;
    scratch_rows::add(work.scratch.conn(), &rows)?; // those that are there already are found when they are carried over
    Ok(())
}

fn row((outage_id, import_id): (i64, i64), transaction: &Transaction) -> NewPayment<'_> {
    NewPayment {
        outage_id,
        import_id,
        line: count(transaction.line),
        dedupe_key: &transaction.dedupe_key.0,
        external_id: transaction.transaction_id.as_deref(),
        confirmation_no: transaction.confirmation_no.as_deref(),
        occurred_at: transaction.occurred_at,
        account_id: transaction.account_id.as_ref().map(|id| id.as_str()),
        email: transaction.email.as_ref().map(|email| email.as_str()),
        phone: transaction.phone.as_ref().map(|phone| phone.as_str()),
        given_name: &transaction.given_name,
        family_name: &transaction.family_name,
        folded_name: &transaction.folded_name,
        amount_cents: transaction.amount.map(|amount| amount.0),
        tax_type: transaction.tax_type.as_deref(),
        channel: transaction.channel.as_deref(),
    }
}
