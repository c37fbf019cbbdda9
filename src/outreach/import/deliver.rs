//! Records out of the scratch database into the real one, citizen by citizen, with the citizens' cases.
//!
//! One thread reads citizens and puts together what is known of them, the other writes.

use super::citizen::Citizen;
use super::gather::{self, Findings, Gathered, Records};
use super::work::Work;
use crate::db::Conn;
use crate::domain::ids::TransactionId;
use crate::outreach::{Error, Result};
use crate::store::scratch;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Records that are read at once, and how many such pages may wait.
const PAGE: i64 = 500;
const PAGES: usize = 8;

/// The next records up to one, with all those of each of their citizens.
struct Page {
    people: People,
    rows: usize,
    until: TransactionId,
}

/// The citizens of some records.
enum People {
    /// Where nobody has a case yet.
    Newcomers(Vec<Citizen>),
    /// Where earlier imports may know more of them.
    Perhaps(Records),
}

/// Brings over all records of the file, and makes cases of its citizens.
pub(super) fn deliver(work: &mut Work<'_>) -> Result<()> {
    let path = work.office.scratch_path(work.id(), "ordered");
    let ordered = scratch::put_in_order(&work.scratch, &path, work.id())?;
    let (mut reader, mut carrier, is_first) = (ordered.reader()?, ordered.reader()?, work.is_first);
    let (sender, pages) = sync_channel(PAGES);
    std::thread::scope(|scope| {
        scope.spawn(move || read(&mut reader, is_first, &sender));
        let (mut after, mut pages) = (0, pages.into_iter());
        while let Some(mut batch) = pages.next().transpose()? {
            while batch.rows < work.batch()
                && let Some(more) = pages.next().transpose()?
            {
                batch.append(more);
            }
            let mut gathered = settle(work, batch.people)?;
            let (import, until) = (work.id(), batch.until);
            work.write_beside(&ordered, |conn| {
                gather::write_some(conn, import, &mut gathered)?;
                Ok(scratch::deliver(conn, &mut carrier, (after, until))?)
            })?;
            after = until;
        }
        Ok::<(), Error>(())
    })
}

/// The reading thread; when nobody listens the import is given up.
fn read(reader: &mut Conn, is_first: bool, to: &SyncSender<Result<Page>>) {
    let (mut after, mut limit) = (0, PAGE);
    loop {
        let page = match page(reader, is_first, after, limit) {
            Ok(Some(page)) => page,
            Ok(None) => return,
            Err(error) => return drop(to.send(Err(error))),
        };
        if page.rows == 0 {
            limit *= 2; // one citizen fills the page
            continue;
        }
        (after, limit) = (page.until, PAGE);
        if to.send(Ok(page)).is_err() {
            return;
        }
    }
}

/// The next citizens, all of whose records are read: the last one's may go on behind the page.
fn page(reader: &mut Conn, is_first: bool, after: TransactionId, limit: i64) -> Result<Option<Page>> {
    let mut found = scratch::page(reader, after, limit)?;
    let Some(last) = found.last().map(|record| record.key().to_owned()) else {
        return Ok(None);
    };
    if !last.is_empty() && i64::try_from(found.len()).unwrap_or(i64::MAX) == limit {
        found.truncate(found.partition_point(|record| record.key() < last.as_str()));
    }
    let until = found.last().map_or(after, |record| record.id);
    let (rows, mut records) = (found.len(), Records::default());
    found.retain(|record| !record.key().is_empty()); // outside the window they are nobody's
    records.extend(found);
    let people = if is_first {
        People::Newcomers(records.citizens().collect())
    } else {
        People::Perhaps(records)
    };
    Ok(Some(Page { people, rows, until }))
}

impl Page {
    fn append(&mut self, next: Self) {
        match (&mut self.people, next.people) {
            (People::Newcomers(these), People::Newcomers(those)) => these.extend(those),
            (People::Perhaps(these), People::Perhaps(those)) => these.append(those),
            _ => {} // an import is the first of its outage or not
        }
        self.rows += next.rows;
        self.until = next.until;
    }
}

fn settle(work: &Work<'_>, people: People) -> Result<Gathered> {
    let findings = match people {
        People::Newcomers(citizens) => Findings::of_newcomers(citizens),
        People::Perhaps(records) => {
            let keys: Vec<String> = records.keys().map(str::to_owned).collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            gather::find(work, &keys, records, &[])?
        }
    };
    gather::settle_some(work, findings)
}
