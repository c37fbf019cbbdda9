//! Records out of the scratch database into the real one, in the order of their citizens, and the citizens' cases.
//!
//! One thread reads citizens and puts together what is known of them, another settles where their cases stand; meanwhile
//! this one writes the records.

use super::citizen::Citizen;
use super::gather::{self, Findings, Records};
use super::people::People;
use super::work::Work;
use crate::db::{Conn, Scratch};
use crate::outreach::{Error, Result};
use crate::store::{loads, scratch};
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
    let (mut reader, is_first) = (Scratch::reader(ordered.path())?, work.is_first);
    let (sender, pages) = sync_channel(PAGES);
    std::thread::scope(|scope| {
        scope.spawn(move || read(&mut reader, is_first, &sender));
        let settling = scope.spawn(move || settle(people, pages));
        work.carry(ordered.path(), &loads::TRANSACTIONS)?;
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
    let mut after = 0;
    // Of the last citizen of a page more records may come.
    let mut last = Records::default();
    loop {
        let found = match scratch::page(reader, after, PAGE) {
            Ok(found) => found,
            Err(error) => return drop(to.send(Err(error.into()))),
        };
        let Some(until) = found.last().map(|record| record.id) else {
            break;
        };
        after = until;
        let mut records = std::mem::take(&mut last);
        records.extend(found);
        last = records.split_last();
        if !records.is_empty() && to.send(Ok(Page::of(records, is_first))).is_err() {
            return;
        }
    }
    drop(to.send(Ok(Page::of(last, is_first))));
}

impl Page {
    fn of(records: Records, is_first: bool) -> Self {
        match is_first {
            true => Self::Newcomers(records.citizens()),
            false => Self::Perhaps(records),
        }
    }
}
