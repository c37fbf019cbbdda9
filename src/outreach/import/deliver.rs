//! Records out of the scratch database into the real one, citizen by citizen, with the citizens' cases.
//!
//! One thread reads citizens and puts together what is known of them, the other writes.

use super::gather::{self, Findings, Gathered, Records};
use super::work::Work;
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::outreach::Result;
use crate::store::scratch::{self, Batch};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Records of citizens that are read at once, and how many such pages may wait.
const PAGE: i64 = 500;
const PAGES: usize = 8;

/// Some citizens in their order: all after those of the page before, up to `until`.
struct Page {
    records: Records,
    rows: usize,
    until: String,
}

/// Brings over all records of the file, and makes cases of its citizens.
pub(super) fn deliver(work: &mut Work<'_>) -> Result<()> {
    let import = work.id();
    let (mut reader, mut carrier) = (work.scratch.reader()?, work.scratch.reader()?);
    let (sender, pages) = sync_channel(PAGES);
    std::thread::scope(|scope| {
        scope.spawn(move || read(&mut reader, import, &sender));
        let mut after = String::new();
        let mut pages = pages.into_iter();
        while let Some(mut batch) = pages.next().transpose()? {
            while batch.rows < work.batch()
                && let Some(more) = pages.next().transpose()?
            {
                batch.append(more);
            }
            write(work, &mut carrier, batch.records, (&after, &batch.until))?;
            after = batch.until;
        }
        Ok::<(), crate::outreach::Error>(())
    })?;
    rest(work, &mut carrier)
}

/// The reading thread; when nobody listens the import is given up.
fn read(reader: &mut Conn, import: ImportId, to: &SyncSender<Result<Page>>) {
    let (mut after, mut limit) = (String::new(), PAGE);
    loop {
        let page = match page(reader, import, &after, limit) {
            Ok(Some(page)) => page,
            Ok(None) => return,
            Err(error) => return drop(to.send(Err(error))),
        };
        if page.until == after {
            limit *= 2; // one citizen fills the page
            continue;
        }
        after.clone_from(&page.until);
        if to.send(Ok(page)).is_err() {
            return;
        }
    }
}

/// The next citizens, all of whose records are read: the last one's may go on behind the page.
fn page(reader: &mut Conn, import: ImportId, after: &str, limit: i64) -> Result<Option<Page>> {
    let mut found = scratch::in_order(reader, import, after, limit)?;
    let Some(last) = found.last().map(|record| record.key().to_owned()) else {
        return Ok(None);
    };
    if i64::try_from(found.len()).unwrap_or(i64::MAX) == limit {
        found.truncate(found.partition_point(|record| record.key() < last.as_str()));
    }
    let until = found.last().map_or(after, |record| record.key()).to_owned();
    let (rows, mut records) = (found.len(), Records::default());
    records.extend(found);
    Ok(Some(Page { records, rows, until }))
}

impl Page {
    fn append(&mut self, next: Self) {
        self.records.append(next.records);
        self.rows += next.rows;
        self.until = next.until;
    }
}

fn write(
    work: &mut Work<'_>,
    carrier: &mut Conn,
    records: Records,
    (after, until): (&str, &str),
) -> Result<()> {
    let (gathered, import) = (settle(work, records)?, work.id());
    work.write_beside(|conn| {
        gather::write_some(conn, import, &gathered)?;
        Ok(scratch::deliver(
            conn,
            carrier,
            import,
            &Batch::OfCitizens(after, until),
        )?)
    })
}

fn settle(work: &Work<'_>, records: Records) -> Result<Gathered> {
    let findings = if work.is_first {
        Findings::of_newcomers(records.citizens())
    } else {
        let keys: Vec<String> = records.keys().map(str::to_owned).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        gather::find(work, &keys, records, &[])?
    };
    gather::settle_some(work, findings)
}

/// Records outside the window are nobody's, and are kept too.
fn rest(work: &mut Work<'_>, carrier: &mut Conn) -> Result<()> {
    let (import, mut after) = (work.id(), 0);
    while let Some(until) = scratch::next_of_nobody(carrier, import, after, PAGE)? {
        work.write_beside(|conn| {
            Ok(scratch::deliver(
                conn,
                carrier,
                import,
                &Batch::OfNobody(after, until),
            )?)
        })?;
        after = until;
    }
    Ok(())
}
