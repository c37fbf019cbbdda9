//! The first phase: every record of the file into a transaction, a rejected row or a duplicate. Transactions wait
//! in the scratch database.
//!
//! One thread tells records apart and reads their values, the other writes them: values cost as much
//! time as writing does.

use super::sealed::Upload;
use super::work::{Work, count};
use super::{Bin, Report, successes};
use crate::domain::clock_zone::ClockZone;
use crate::domain::field::Field;
use crate::domain::identity::Traits;
use crate::domain::ids::ImportId;
use crate::domain::reading::{Read, Reading, Row};
use crate::domain::record::Record;
use crate::domain::timeline::Tally;
use crate::domain::timestamp::Timestamp;
use crate::domain::transaction::{Rejection, Transaction, Warning};
use crate::domain::window::{Side, Window};
use crate::domain::{card_number, cell};
use crate::outreach::{Error, Result};
use crate::reader::{self, Layout};
use crate::store::import_rejects::{self, Reject};
use crate::store::scratch_rows;
use crate::store::transactions::{EXTENSION, NewTransaction};
use std::collections::BTreeMap;
use std::io::{self, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Records that go from one thread to the other at once, and how many such parcels may wait.
const PARCEL: usize = 256;
const PARCELS: usize = 8;
/// Rejected rows that are written at once.
const REJECTS: usize = 250;
/// Longest text that is kept of a value that could not be used, in characters.
const LONGEST_ORIGINAL: usize = 200;

/// Why the records of a file ended early.
pub(super) enum Trouble {
    /// The file cannot be read further.
    File(reader::Error),
    /// Writing failed, or the import is not wanted any more.
    Work(Error),
    /// What stands further down has to be asked about.
    Asked(Vec<reader::Question>),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Work(error)
    }
}

/// What was heard on the way that the first records did not tell.
pub(super) struct Heard {
    /// Records that say they were paid.
    pub(super) paid: u64,
    /// Records about payments, refunds too.
    pub(super) payments: u64,
    /// Values of the status that nobody knows: how many rows, and the line of the first.
    unknown: BTreeMap<String, (u64, u64)>,
    /// Failures in the window by the clock that was taken, where nobody says which it is.
    inside: u64,
    /// The same by other clocks.
    others: Vec<(ClockZone, u64)>,
    /// The clock that was taken.
    own: ClockZone,
    /// The first and the last time.
    pub(super) span: Option<(Timestamp, Timestamp)>,
    /// Payments by time.
    pub(super) tally: Tally,
}

/// Most values of a status that are asked about at once.
const ASKED: usize = 8;

impl Heard {
    fn new(layout: &Layout, reading: &Reading, window: Window) -> Self {
        let others = layout
            .terms
            .other_zones
            .iter()
            .filter_map(|name| ClockZone::read(name));
        Self {
            paid: 0,
            payments: 0,
            unknown: BTreeMap::new(),
            inside: 0,
            others: others.map(|zone| (zone, 0)).collect(),
            own: reading.clock().clone(),
            span: None,
            tally: Tally::of(window),
        }
    }

    fn at(&mut self, at: Timestamp) {
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
    }

    /// A failure whose zone nobody says.
    fn unsaid(&mut self, at: Timestamp, window: &Window) {
        self.inside += u64::from(window.side(at) == Side::Inside);
        for (zone, inside) in &mut self.others {
            let then = reader::elsewhere(at, &self.own, zone);
            *inside += u64::from(then.is_some_and(|at| window.side(at) == Side::Inside));
        }
    }

    fn unknown(&mut self, value: &str, line: u64) {
        let seen = self.unknown.entry(value.to_owned()).or_insert((0, line));
        seen.0 += 1;
    }

    /// What has to be asked about.
    fn questions(&self, layout: &Layout) -> Vec<reader::Question> {
        let header = |field: Field| {
            let column = layout.columns.iter().find(|column| column.field == Some(field));
            column.map_or("", |column| column.header.as_str())
        };
        let status = header(Field::Status);
        let words = self.unknown.iter().take(ASKED).map(|(value, (rows, line))| {
            reader::value_question(status, value, (*rows, format!("line {line}")))
        });
        let better = self
            .others
            .iter()
            .filter(|(_, inside)| *inside > self.inside)
            .max_by_key(|(_, inside)| *inside);
        let time = if header(Field::Timestamp).is_empty() {
            Field::Date
        } else {
            Field::Timestamp
        };
        let clock = better.map(|(zone, inside)| {
            let own = (self.own.to_string(), self.inside);
            reader::clock_question(header(time), own, (zone.to_string(), *inside))
        });
        clock.into_iter().chain(words).collect()
    }
}

/// Some records, read into values, and how far in the file they end.
struct Parcel {
    records: Vec<(Read, Option<Record>)>,
    bytes_read: u64,
}

/// Reads the whole file and stages its records.
pub(super) fn read(
    work: &mut Work<'_>,
    file: Upload,
    layout: &Layout,
    reading: &Reading,
    report: &mut Report,
) -> std::result::Result<Heard, Trouble> {
    let bytes = Arc::new(AtomicU64::new(0));
    let source = Metered {
        file,
        bytes: Arc::clone(&bytes),
    };
    let records = reader::records(source, layout).map_err(Trouble::File)?;
    let (sender, parcels) = sync_channel(PARCELS);
    let window = Window {
        start: work.book.outage.starts_at,
        end: work.book.outage.ends_at,
    };
    let mut heard = Heard::new(layout, reading, window);
    std::thread::scope(|scope| {
        scope.spawn(move || send(records, reading, &bytes, &sender));
        write(work, parcels, (&window, layout), (report, &mut heard)) // takes the receiver: when it fails, the other thread ends too
    })?;
    match heard.questions(layout) {
        questions if questions.is_empty() => Ok(heard),
        questions => Err(Trouble::Asked(questions)),
    }
}

/// The reading thread.
fn send(
    records: impl Iterator<Item = std::result::Result<Record, reader::Error>>,
    reading: &Reading,
    bytes: &AtomicU64,
    to: &SyncSender<std::result::Result<Parcel, reader::Error>>,
) {
    let mut parcel = Vec::with_capacity(PARCEL);
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let _ = to.send(Err(error)); // nobody listens: the import is given up
                return;
            }
        };
        let read = reading.read(&record);
        let kept = needs_original(&read).then_some(record);
        parcel.push((read, kept));
        if parcel.len() == PARCEL {
            let records = std::mem::replace(&mut parcel, Vec::with_capacity(PARCEL));
            let bytes_read = bytes.load(Ordering::Relaxed);
            if to.send(Ok(Parcel { records, bytes_read })).is_err() {
                return;
            }
        }
    }
    let bytes_read = bytes.load(Ordering::Relaxed);
    let _ = to.send(Ok(Parcel {
        records: parcel,
        bytes_read,
    }));
}

/// A rejected record is kept as it came, and texts that could not be used as values. Of one whose status nobody knows its line
/// is told.
fn needs_original(read: &Read) -> bool {
    match &read.row {
        Row::Rejected(_) | Row::Unknown(_) => true,
        Row::LeftOut | Row::Paid(_) | Row::Refunded(_) => false,
        Row::Failed(transaction) => UNUSABLE
            .iter()
            .any(|(warning, _)| transaction.warnings.has(*warning)),
    }
}

/// Values that may be unusable, and whose text is kept then.
const UNUSABLE: [(Warning, Field); 4] = [
    (Warning::AccountInvalid, Field::AccountId),
    (Warning::EmailInvalid, Field::Email),
    (Warning::PhoneInvalid, Field::Phone),
    (Warning::AmountInvalid, Field::Amount),
];

/// The texts of a record that could not be used, by field, card numbers masked (JSON), and the extension behind its number.
fn originals(transaction: &Transaction, record: Option<&Record>, layout: &Layout) -> Option<String> {
    let mut kept = BTreeMap::new();
    if let Some(extension) = &transaction.phone_extension {
        kept.insert(EXTENSION, extension.clone());
    }
    let unusable = UNUSABLE
        .iter()
        .filter(|(warning, _)| transaction.warnings.has(*warning));
    for (field, record) in unusable.filter_map(|(_, field)| Some((field, record?))) {
        let column = layout
            .columns
            .iter()
            .position(|column| column.field == Some(*field));
        let text = column.and_then(|column| record.get(column)).unwrap_or_default();
        let cleaned = cell::clean(text);
        if !cleaned.is_empty() {
            let masked = card_number::mask_cell(&cleaned, field.holds_ids());
            kept.insert(
                field.as_str(),
                masked.chars().take(LONGEST_ORIGINAL).collect::<String>(),
            );
        }
    }
    (!kept.is_empty()).then(|| serde_json::to_string(&kept).unwrap_or_default())
}

/// The writing thread.
fn write(
    work: &mut Work<'_>,
    parcels: Receiver<std::result::Result<Parcel, reader::Error>>,
    (window, layout): (&Window, &Layout),
    (report, heard): (&mut Report, &mut Heard),
) -> std::result::Result<(), Trouble> {
    let mut rejects = Vec::new();
    for parcel in parcels {
        let parcel = parcel.map_err(Trouble::File)?;
        work.progress.bytes_read = parcel.bytes_read;
        sort_in(
            work,
            (window, layout),
            &parcel.records,
            (report, heard),
            &mut rejects,
        )?;
        if rejects.len() >= REJECTS || work.is_silent() {
            keep(work, &mut rejects)?;
        }
        work.tell();
    }
    keep(work, &mut rejects)?;
    Ok(())
}

/// Writes rejected rows, which is a sign of life too.
fn keep(work: &mut Work<'_>, rejects: &mut Vec<Reject>) -> Result<()> {
    work.write(|conn| Ok(import_rejects::add(conn, rejects)?))?;
    rejects.clear();
    Ok(())
}

fn sort_in(
    work: &mut Work<'_>,
    (window, layout): (&Window, &Layout),
    batch: &[(Read, Option<Record>)],
    (report, heard): (&mut Report, &mut Heard),
    rejects: &mut Vec<Reject>,
) -> Result<()> {
    let ids = (work.import.outage_id, work.id());
    let mut taken: Vec<(&Transaction, Bin, Option<String>)> = Vec::with_capacity(batch.len());
    let mut payments = Vec::new();
    for (read, record) in batch {
        report.card_numbers += read.card_cells as u64;
        if let Some(transaction) = read.row.transaction() {
            heard.at(transaction.occurred_at);
        }
        match &read.row {
            Row::Failed(transaction) => {
                if transaction.zone_unsaid && !heard.others.is_empty() {
                    heard.unsaid(transaction.occurred_at, window);
                }
                let kept = originals(transaction, record.as_ref(), layout);
                taken.push((transaction, window.side(transaction.occurred_at).into(), kept));
            }
            Row::Paid(transaction) => {
                heard.paid += 1;
                heard.tally.succeeded(transaction.occurred_at);
                payments.push(successes::row(ids, transaction, false));
            }
            Row::Refunded(transaction) => {
                report.left_out += 1;
                payments.push(successes::row(ids, transaction, true));
            }
            Row::LeftOut => report.count_left_out(read.left_out_as.as_deref()),
            Row::Unknown(value) => heard.unknown(value, record.as_ref().map_or(0, Record::line)),
            Row::Rejected(rejection) => {
                report.count_rejected(rejection);
                rejects.extend(
                    record
                        .iter()
                        .map(|record| reject(ids.1, rejection, record, layout)),
                );
            }
        }
    }
    let rows: Vec<NewTransaction<'_>> = taken
        .iter()
        .map(|(transaction, bin, kept)| NewTransaction {
            originals: kept.clone(),
            ..row(ids, transaction, *bin)
        })
        .collect();
    report.rows += batch.len() as u64;
    work.progress.rows_read = report.rows;
    let mut added = scratch_rows::add(work.scratch.conn(), &rows)?
        .into_iter()
        .peekable();
    for (place, (transaction, bin, _)) in taken.iter().enumerate() {
        if added.next_if_eq(&place).is_some() {
            report.count_taken(transaction, *bin);
            heard.tally.failed(transaction.occurred_at);
        } else {
            report.duplicates += 1;
        }
    }
    heard.payments += payments.len() as u64;
    scratch_rows::add(work.scratch.conn(), &payments)?; // those that are there already are found when they are carried over
    Ok(())
}

/// A record that could not be taken, as it came, card numbers masked.
pub(super) fn reject(import_id: ImportId, rejection: &Rejection, record: &Record, layout: &Layout) -> Reject {
    Reject {
        import_id,
        line: count(record.line()),
        reason: rejection.as_str().to_owned(),
        detail: rejection.to_string(),
        record: serde_json::to_string(&layout.masked(record)).unwrap_or_default(),
    }
}

fn row((outage_id, import_id): (i64, i64), transaction: &Transaction, bin: Bin) -> NewTransaction<'_> {
    NewTransaction {
        outage_id,
        import_id,
        line: count(transaction.line),
        bin: bin.as_str(),
        dedupe_key: &transaction.dedupe_key.0,
        external_id: transaction.transaction_id.as_deref(),
        occurred_at: transaction.occurred_at,
        account_id: transaction.account_id.as_ref().map(|id| id.as_str()),
        email: transaction.email.as_ref().map(|email| email.as_str()),
        phone: transaction.phone.as_ref().map(|phone| phone.as_str()),
        phone_2: transaction.phone_2.as_ref().map(|phone| phone.as_str()),
        given_name: &transaction.given_name,
        family_name: &transaction.family_name,
        folded_name: &transaction.folded_name,
        amount_cents: transaction.amount.map(|amount| amount.0),
        tax_type: transaction.tax_type.as_deref(),
        channel: transaction.channel.as_deref(),
        error_code: transaction.error_code.as_deref(),
        language: transaction.language.as_deref(),
        state: transaction.state.as_deref(),
        time_zone: transaction.time_zone.as_deref(),
        filing_deadline: transaction.filing_deadline.map(|date| date.to_string()),
        address: transaction.address.as_deref(),
        memo: transaction.memo.as_deref(),
        charged: transaction.charged.as_str(),
        originals: None,
        // Those without an account id are looked at again once all are there.
        identity_key: (bin == Bin::Accepted).then(|| Traits::of(transaction).own_key().into_string()),
    }
}

/// A file that tells how much of it was read.
struct Metered {
    file: Upload,
    bytes: Arc<AtomicU64>,
}

impl io::Read for Metered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to)?;
        self.bytes.store(at, Ordering::Relaxed);
        Ok(at)
    }
}
