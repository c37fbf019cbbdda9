//! The second phase: whose the records without an account id are. Each step looks at all accepted
//! records of the outage, those that count and the staged ones; what the rules say is `domain::identity`.
//!
//! They are all in the scratch database. A record of the file gets its key there; of a record that counts, the key
//! it will have is noted in the database too.

use super::work::Work;
use crate::domain::identity::{self, Candidate, CitizenKey, Traits};
use crate::domain::ids::TransactionId;
use crate::outreach::Result;
use crate::store::transactions::{self, Found, Unlinked};
use crate::store::{bulk, scratch};
use std::collections::HashMap;

/// Records looked at at once.
const PAGE: i64 = 2_000;

/// Steps 2 and 3 of the linking.
pub(super) fn link(work: &mut Work<'_>) -> Result<()> {
    for by_email in [true, false] {
        scratch::gather_candidates(&mut work.scratch, by_email)?;
        let mut after = 0;
        loop {
            let scope = work.scope;
            let page = transactions::unlinked(work.scratch.conn(), scope, by_email, after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.id;
            link_page(work, by_email, &page)?;
        }
    }
    let by_key = !work.is_first;
    Ok(scratch::finish_linking(&mut work.scratch, by_key)?)
}

fn link_page(work: &mut Work<'_>, by_email: bool, page: &[Unlinked]) -> Result<()> {
    let value = |record: &Unlinked| {
        if by_email {
            record.email.clone()
        } else {
            record.phone.clone()
        }
    };
    let mut values: Vec<String> = page.iter().filter_map(value).collect();
    values.sort_unstable();
    values.dedup();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let found = scratch::candidates(work.scratch.conn(), &values)?;
    let known = by_value(&found);
    let (mut staged, mut moved) = (Vec::new(), Vec::new());
    for record in page {
        let candidates = known.get(value(record).unwrap_or_default().as_str());
        let key = key_of(record, by_email, candidates.map_or(&[], Vec::as_slice));
        sort_in(work, record, key, &mut staged, &mut moved);
    }
    scratch::set_keys(work.scratch.conn(), &staged)?;
    if moved.is_empty() && !work.is_silent() {
        return Ok(());
    }
    bulk::set_next_keys(work.scratch.conn(), &moved)?;
    work.write(|conn| Ok(bulk::set_next_keys(conn, &moved)?))
}

fn by_value(found: &[Found]) -> HashMap<&str, Vec<Candidate<'_>>> {
    let mut known: HashMap<&str, Vec<Candidate<'_>>> = HashMap::new();
    for (value, key, folded_name) in found {
        known
            .entry(value)
            .or_default()
            .push(Candidate { key, folded_name });
    }
    known
}

fn key_of(record: &Unlinked, by_email: bool, candidates: &[Candidate<'_>]) -> CitizenKey {
    let traits = Traits {
        account: None,
        email: record.email.as_deref(),
        phone: record.phone.as_deref(),
        folded_name: &record.folded_name,
    };
    if by_email {
        identity::by_email(&traits, candidates.iter().copied())
    } else {
        identity::by_phone_and_name(&traits, candidates.iter().copied())
    }
}

/// A new key of a staged record is written, one of a record that counts is noted.
fn sort_in(
    work: &Work<'_>,
    record: &Unlinked,
    key: CitizenKey,
    staged: &mut Vec<(TransactionId, String)>,
    moved: &mut Vec<(TransactionId, String)>,
) {
    if record.identity_key.as_deref() == Some(key.as_str()) {
        return;
    }
    let entry = (record.id, key.into_string());
    if record.import_id == work.id() {
        staged.push(entry);
    } else {
        moved.push(entry);
    }
}
