//! Rows into PostgreSQL, by several connections at once: most of the time goes into its indexes, and each connection has a
//! process of its own there. Meanwhile a thread writes the next rows out.

use crate::db::{Conn, Copier};
use crate::domain::ids::OutageId;
use crate::outreach::{Error, Result};
use crate::store;
use crate::store::carry::{self, Load};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

/// How many connections.
pub(super) const COPIERS: usize = 2;
/// Rows that are copied at once: nobody waits for them to end, but they are in memory.
const AT_ONCE: i64 = 5_000;
/// How often it is looked whether they are done.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Rows that are written out and not taken yet; nothing once nobody wants them any more.
struct Written {
    rows: Mutex<Option<Receiver<store::Result<Vec<u8>>>>>,
    /// Whether the server has looked at the first of them.
    counted_up: AtomicBool,
}

impl Written {
    fn lock(&self) -> MutexGuard<'_, Option<Receiver<store::Result<Vec<u8>>>>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<store::Result<Vec<u8>>> {
        self.lock().as_ref()?.recv().ok()
    }

    fn hang_up(&self) {
        *self.lock() = None;
    }
}

/// Copies the rows up to `last`.
pub(super) fn copy(
    copiers: &[Copier],
    (mut rows, load, last): (Conn, &Load, i64),
    outage: OutageId,
    breathe: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let (sender, written) = sync_channel(copiers.len());
    let written = Written {
        rows: Mutex::new(Some(written)),
        counted_up: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        scope.spawn(move || carry::write_out(&mut rows, load, (last, AT_ONCE), &sender));
        let copying: Vec<_> = copiers
            .iter()
            .map(|copier| scope.spawn(|| take_in(copier, load, outage, &written)))
            .collect();
        let breathed = wait(&copying, breathe);
        if breathed.is_err() {
            written.hang_up();
        }
        for thread in copying {
            let copied = thread.join();
            copied.map_err(|_| Error::internal("a thread that copies rows panicked"))??;
        }
        breathed
    })
}

/// Until they are done.
fn wait(copying: &[ScopedJoinHandle<'_, Result<()>>], breathe: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    while copying.iter().any(|thread| !thread.is_finished()) {
        breathe()?;
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// One connection's thread. After the first rows the server looks at the table: callers' statements were planned when it
/// was empty, and would read all of it, at each claim longer, until the last has come.
fn take_in(copier: &Copier, load: &Load, outage: OutageId, written: &Written) -> Result<()> {
    while let Some(csv) = written.take() {
        let copied = csv.and_then(|csv| carry::copy(copier, load, outage, csv));
        if copied.is_err() {
            written.hang_up();
        }
        copied?;
        if !written.counted_up.swap(true, Ordering::Relaxed) {
            carry::count_up(copier, load);
        }
    }
    Ok(())
}
