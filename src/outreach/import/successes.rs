//! Records that say they were paid, or that money went back, as they are kept: of a reconciliation all of them, of a file of
//! failed payments those whose status says so. The window does not matter, and oddities of values are not counted.

use super::work::count;
use crate::domain::transaction::Transaction;
use crate::store::payments::NewPayment;

/// A payment's row, or a `refund`'s.
pub(super) fn row(
    (outage_id, import_id): (i64, i64),
    transaction: &Transaction,
    refund: bool,
) -> NewPayment<'_> {
    NewPayment {
        refund,
        day_only: transaction.day_only,
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
