//! Money that went back: whose case opens again.

use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::domain::money::Cents;
use crate::domain::reconcile::Fate;
use crate::domain::refund::{Back, Oddity, Payment, oddity, remaining};
use crate::domain::timestamp::Timestamp;
use crate::outreach::Result;
use crate::store::payments::{self, Flow};
use std::collections::BTreeMap;

/// Citizens looked at at once.
const SOME: usize = 500;
/// Of a day alone a refund came by its end at the latest.
const HOURS_OF_DAY: i64 = 24;

/// Since when it has been known that these citizens have paid, once for each payment that remains.
pub(in crate::outreach) fn known_since(
    conn: &mut Conn,
    outage: OutageId,
    keys: &[&str],
) -> Result<Vec<(String, Timestamp)>> {
    let mut known = Vec::new();
    for (key, flows) in by_key(payments::flows(conn, outage, keys, None)?) {
        let times = left(&flows).into_iter().filter_map(|flow| flow.known_at);
        known.extend(times.map(|at| (key.clone(), at)));
    }
    Ok(known)
}

/// Citizens whose payments all went back, by imports that count and by one that is `staged`.
pub(super) fn reopened(conn: &mut Conn, outage: OutageId, staged: Option<ImportId>) -> Result<Vec<String>> {
    let mut reopened = Vec::new();
    for keys in payments::refunded(conn, outage, staged)?.chunks(SOME) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let all = by_key(payments::flows(conn, outage, &keys, staged)?).into_iter();
        let gone = all.filter(|(_, flows)| flows.iter().any(closes) && left(flows).is_empty());
        reopened.extend(gone.map(|(key, _)| key));
    }
    Ok(reopened)
}

/// How many citizens had paid before an import is published and have not with it.
pub(super) fn count_reopened(conn: &mut Conn, outage: OutageId, import: ImportId) -> Result<u64> {
    let then = reopened(conn, outage, Some(import))?;
    let mut count = 0;
    for keys in then.chunks(SOME) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let before = by_key(payments::flows(conn, outage, &keys, None)?);
        count += before.values().filter(|flows| !left(flows).is_empty()).count() as u64;
    }
    Ok(count)
}

/// How many citizens an import found to have paid whose money did not go back.
pub(super) fn count_paid(conn: &mut Conn, import: ImportId, reopened: &[String]) -> Result<i64> {
    let mut paid = payments::citizens_paid(conn, import)?;
    for keys in reopened.chunks(SOME) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        paid -= i64::try_from(payments::keys_paid(conn, import, &keys)?.len()).unwrap_or_default();
    }
    Ok(paid)
}

pub(super) fn by_key(flows: Vec<Flow>) -> BTreeMap<String, Vec<Flow>> {
    let mut by_key: BTreeMap<String, Vec<Flow>> = BTreeMap::new();
    for flow in flows {
        by_key.entry(flow.key.clone()).or_default().push(flow);
    }
    by_key
}

fn closes(flow: &Flow) -> bool {
    flow.fate == Fate::Paid.as_str()
}

/// What a person should look at in the payments of one citizen.
pub(in crate::outreach) fn oddity_of(flows: &[Flow]) -> Oddity {
    let (_, payments, refunds) = sides(flows);
    oddity(&payments, &refunds)
}

/// The payments of one citizen that remain and close the case.
fn left(flows: &[Flow]) -> Vec<&Flow> {
    let (paid, payments, refunds) = sides(flows);
    let remains = remaining(&payments, &refunds);
    paid.into_iter()
        .zip(remains)
        .filter(|(flow, remains)| *remains && closes(flow))
        .map(|(flow, _)| flow)
        .collect()
}

/// What came of one citizen, in two forms, and what went back.
fn sides(flows: &[Flow]) -> (Vec<&Flow>, Vec<Payment>, Vec<Back>) {
    let (back, paid): (Vec<&Flow>, Vec<&Flow>) =
        flows.iter().partition(|flow| flow.fate == Fate::Refund.as_str());
    let payments: Vec<Payment> = paid
        .iter()
        .map(|flow| Payment {
            at: flow.occurred_at,
            amount: flow.amount_cents.map(Cents),
            closes: closes(flow),
        })
        .collect();
    let refunds: Vec<Back> = back
        .iter()
        .map(|flow| Back {
            at: match flow.day_only {
                true => flow.occurred_at.plus_hours(HOURS_OF_DAY),
                false => flow.occurred_at,
            },
            amount: flow.amount_cents.map(Cents),
        })
        .collect();
    (paid, payments, refunds)
}
