//! Records out of the scratch database into the real one, in the order of their citizens, and the citizens' cases.
//!
//! One thread reads citizens and puts together what is known of them, another settles where their cases stand; meanwhile
//! this one writes the records.

use super::citizen::Citizen;
use super::gather::{self, Findings, Records};
use super::people::People;
use super::work::Work;
use crate::db::Conn;
use crate::domain::ids::TransactionId;
use crate::outreach::{Error, Result};
use crate::store::{carry, scratch};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Records that are read at once, and how many such pages may wait.
const PAGE: i64 = 500;
const PAGES: usize = 8;
/// How often it is looked whether the others are done.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// The citizens of some records.
enum Page {
    /// Where nobody has a case yet.
    Newcomers(Vec<Citizen>),
    /// Where earlier imports may know more of them.
    Perhaps(Records),
}

/// Brings over all records of the file; meanwhile its citizens are settled.
pub(super) fn deliver(work: &mut Work<'_>, people: People) -> Result<People> {
    let path = work.office.scratch_path(work.id(), "ordered");
    let ordered = scratch::put_in_order(&work.scratch, &path, work.id())?;
    let (mut reader, is_first) = (ordered.reader()?, work.is_first);
    let (sender, pages) = sync_channel(PAGES);
    std::thread::scope(|scope| {
        scope.spawn(move || read(&mut reader, is_first, &sender));
        let settling = scope.spawn(move || settle(people, pages));
        work.carry(&ordered, &carry::TRANSACTIONS)?;
        while !settling.is_finished() {
            work.breathe()?;
            std::thread::sleep(LOOK_AGAIN);
        }
        let ended = settling.join();
        ended.map_err(|_| Error::internal("the thread that settles citizens panicked"))?
    })
}

/// The settling thread.
fn settle(mut people: People, pages: Receiver<Result<Page>>) -> Result<People> {
    for page in pages {
        let findings = match page? {
            Page::Newcomers(citizens) => Findings::of_newcomers(citizens),
            Page::Perhaps(records) => {
                let keys: Vec<String> = records.keys().map(str::to_owned).collect();
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                gather::find(&mut people, &keys, records, &[])?
            }
        };
        people.take(findings)?;
    }
    people.house()
}

/// The reading thread; when nobody listens the import is given up.
fn read(reader: &mut Conn, is_first: bool, to: &SyncSender<Result<Page>>) {
    let (mut after, mut limit) = (0, PAGE);
    loop {
        let (page, until) = match page(reader, is_first, after, limit) {
            Ok(Some(found)) => found,
            Ok(None) => return,
            Err(error) => return drop(to.send(Err(error))),
        };
        if until == after {
            limit *= 2; // one citizen fills the page
            continue;
        }
        (after, limit) = (until, PAGE);
        if to.send(Ok(page)).is_err() {
            return;
        }
    }
}

/// The next citizens, all of whose records are read: the last one's may go on behind the page. And how far they go.
fn page(
    reader: &mut Conn,
    is_first: bool,
    after: TransactionId,
    limit: i64,
) -> Result<Option<(Page, TransactionId)>> {
    let mut found = scratch::page(reader, after, limit)?;
    let Some(last) = found.last().map(|record| record.key().to_owned()) else {
        return Ok(None);
    };
    if !last.is_empty() && i64::try_from(found.len()).unwrap_or(i64::MAX) == limit {
        found.truncate(found.partition_point(|record| record.key() < last.as_str()));
    }
    let until = found.last().map_or(after, |record| record.id);
    let mut records = Records::default();
    found.retain(|record| !record.key().is_empty()); // outside the window they are nobody's
    records.extend(found);
    let page = if is_first {
        Page::Newcomers(records.citizens().collect())
    } else {
        Page::Perhaps(records)
    };
    Ok(Some((page, until)))
}
