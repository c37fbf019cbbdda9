//! Citizens whose payments a person should look at: who paid twice, and whose payment went back in part. Both stay closed as
//! paid; what is owed is for a supervisor to decide.

use super::Import;
use super::refunds::{by_key, oddity_of};
use crate::db::Conn;
use crate::domain::ids::{CaseId, ImportId, OutageId};
use crate::domain::refund::Oddity;
use crate::outreach::outages::Outage;
use crate::outreach::{Office, Result};
use crate::store::payments::{self, Flow};
use crate::store::{cases, staging};
use std::ops::ControlFlow;

/// Citizens of several payments that are listed at once, and of these looked at at once.
const LISTED: i64 = 20_000;
const SOME: usize = 500;

/// A citizen with odd payments.
#[derive(Clone, Debug)]
pub struct OddPayer {
    /// The case.
    pub case: CaseId,
    /// Given and family name.
    pub name: (String, String),
    /// What is odd.
    pub oddity: Oddity,
    /// What came and went back, oldest first.
    pub flows: Vec<Flow>,
}

impl Office {
    /// The citizens of an import whose payments a person should look at, up to `limit` of them, by imports that count and by
    /// this one.
    pub fn odd_payers(&self, outage: &Outage, import: &Import, limit: usize) -> Result<Vec<OddPayer>> {
        self.db.read(|conn| {
            let mut odd = Vec::new();
            each(conn, outage.id, import.id, |key, flows, oddity| {
                odd.push((key, flows, oddity));
                match odd.len() < limit {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            })?;
            let keys: Vec<&str> = odd.iter().map(|(key, ..)| key.as_str()).collect();
            let known = staging::with_keys(conn, outage.id, &keys)?;
            let ids: Vec<CaseId> = known.iter().map(|case| case.id).collect();
            let cases = cases::with_ids(conn, &ids)?;
            let payer = |(key, mut flows, oddity): (String, Vec<Flow>, Oddity)| {
                let id = known.iter().find(|case| case.identity_key == key)?.id;
                let case = cases.iter().find(|case| case.id == id)?;
                flows.sort_by_key(|flow| flow.occurred_at);
                Some(OddPayer {
                    case: id,
                    name: (case.given_name.clone(), case.family_name.clone()),
                    oddity,
                    flows,
                })
            };
            Ok(odd.into_iter().filter_map(payer).collect())
        })
    }
}

/// How many citizens of an import paid twice, and of how many a payment went back in part.
pub(super) fn count(conn: &mut Conn, outage: OutageId, import: ImportId) -> Result<(u64, u64)> {
    let (mut twice, mut in_part) = (0, 0);
    each(conn, outage, import, |_, _, oddity| {
        twice += u64::from(oddity.twice.is_some());
        in_part += u64::from(oddity.in_part.is_some());
        ControlFlow::Continue(())
    })?;
    Ok((twice, in_part))
}

/// Every citizen with odd payments, of those with a payment of this import and another one, until it is enough.
fn each(
    conn: &mut Conn,
    outage: OutageId,
    import: ImportId,
    mut found: impl FnMut(String, Vec<Flow>, Oddity) -> ControlFlow<()>,
) -> Result<()> {
    let mut after = String::new();
    loop {
        let keys = payments::of_several(conn, (outage, import), &after, LISTED)?;
        let Some(last) = keys.last() else { return Ok(()) };
        after.clone_from(last);
        for some in keys.chunks(SOME) {
            let those: Vec<&str> = some.iter().map(String::as_str).collect();
            for (key, flows) in by_key(payments::flows(conn, outage, &those, Some(import))?) {
                let oddity = oddity_of(&flows);
                if oddity.is_any() && found(key, flows, oddity).is_break() {
                    return Ok(());
                }
            }
        }
    }
}
