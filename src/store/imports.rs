//! Uploaded files and what became of them.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId, UserId};
use crate::domain::import::{ImportKind, ImportState};
use crate::domain::timestamp::Timestamp;
use crate::schema::imports;
use diesel::prelude::*;

/// One import.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = imports)]
#[allow(missing_docs)]
pub struct Import {
    pub id: ImportId,
    pub outage_id: OutageId,
    /// A word of [`ImportKind`].
    pub kind: String,
    pub file_name: String,
    /// SHA-256 of the file as it came, in hexadecimal digits.
    pub file_hash: String,
    pub size_bytes: i64,
    /// A word of [`ImportState`].
    pub state: String,
    /// What each column holds, as the supervisor or the reader decided (JSON).
    pub layout: Option<String>,
    /// The report (JSON), once the file is read.
    pub report: Option<String>,
    /// How far whoever works on it is.
    pub bytes_read: i64,
    pub rows_read: i64,
    /// Why it was refused or given up; while somebody works on it, what is being done.
    pub problem: Option<String>,
    /// The word of whoever works on it.
    pub worked_by: Option<String>,
    /// When that one last gave a sign of life.
    pub worked_at: Option<Timestamp>,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub undone_at: Option<Timestamp>,
    /// The import whose rejected rows this one brings corrected.
    pub corrects_import: Option<ImportId>,
    /// It counts, and its new households are not dealt yet.
    pub deal_due: bool,
    /// By which settings its new calls were put in order; none: it was read before that was noted.
    pub ordered_by: Option<String>,
}

/// What a new import is made of; the fields are those of [`Import`].
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewImport<'a> {
    pub outage_id: OutageId,
    pub kind: ImportKind,
    pub file_name: &'a str,
    pub file_hash: &'a str,
    pub size_bytes: i64,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
}

impl Import {
    /// Where it stands. An unknown word in the database is a state nothing follows from.
    pub fn state(&self) -> ImportState {
        self.state.parse().unwrap_or(ImportState::Discarded)
    }

    /// What its records are.
    pub fn kind(&self) -> ImportKind {
        self.kind.parse().unwrap_or(ImportKind::Failed)
    }
}

/// Adds an import whose file is here.
pub fn add(conn: &mut Conn, import: &NewImport<'_>) -> Result<ImportId> {
    diesel::insert_into(imports::table)
        .values((
            imports::outage_id.eq(import.outage_id),
            imports::kind.eq(import.kind.as_str()),
            imports::file_name.eq(import.file_name),
            imports::file_hash.eq(import.file_hash),
            imports::size_bytes.eq(import.size_bytes),
            imports::state.eq(ImportState::Received.as_str()),
            imports::bytes_read.eq(0),
            imports::rows_read.eq(0),
            imports::created_by.eq(import.created_by),
            imports::created_at.eq(import.created_at),
        ))
        .returning(imports::id)
        .get_result(conn)
}

/// Forgets a file that was received and of which nothing was read.
pub fn forget(conn: &mut Conn, id: ImportId) -> Result<usize> {
    let received = imports::state.eq(ImportState::Received.as_str());
    diesel::delete(imports::table.filter(imports::id.eq(id).and(received))).execute(conn)
}

/// The import with an id.
pub fn find(conn: &mut Conn, id: ImportId) -> Result<Option<Import>> {
    imports::table
        .find(id)
        .select(Import::as_select())
        .first(conn)
        .optional()
}

/// The imports of an outage, the latest first.
pub fn of_outage(conn: &mut Conn, outage: OutageId) -> Result<Vec<Import>> {
    imports::table
        .filter(imports::outage_id.eq(outage))
        .order(imports::id.desc())
        .select(Import::as_select())
        .load(conn)
}

/// The import of this very file that counts, if there is one.
pub fn published_with_hash(
    conn: &mut Conn,
    outage: OutageId,
    kind: ImportKind,
    hash: &str,
) -> Result<Option<ImportId>> {
    imports::table
        .filter(imports::outage_id.eq(outage).and(imports::file_hash.eq(hash)))
        .filter(
            imports::state
                .eq(ImportState::Published.as_str())
                .and(imports::kind.eq(kind.as_str())),
        )
        .select(imports::id)
        .first(conn)
        .optional()
}

/// The latest import of an outage's failed payments that counts, below `before`.
pub fn published_before(conn: &mut Conn, outage: OutageId, before: ImportId) -> Result<Option<ImportId>> {
    imports::table
        .filter(imports::outage_id.eq(outage).and(imports::id.lt(before)))
        .filter(imports::state.eq(ImportState::Published.as_str()))
        .filter(imports::kind.eq(ImportKind::Failed.as_str()))
        .select(diesel::dsl::max(imports::id))
        .first(conn)
}

/// Whether an import of the same kind was published after this one.
pub fn is_followed(conn: &mut Conn, import: &Import) -> Result<bool> {
    let Some(since) = import.published_at else {
        return Ok(false);
    };
    let later = imports::table
        .filter(
            imports::outage_id
                .eq(import.outage_id)
                .and(imports::id.ne(import.id)),
        )
        .filter(imports::state.eq(ImportState::Published.as_str()))
        .filter(imports::kind.eq(import.kind().as_str()))
        .filter(imports::published_at.ge(since));
    diesel::select(diesel::dsl::exists(later)).get_result(conn)
}

/// The imports in one of these states, of one outage or of all.
pub fn in_states(conn: &mut Conn, outage: Option<OutageId>, states: &[ImportState]) -> Result<Vec<Import>> {
    let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let mut query = imports::table
        .filter(imports::state.eq_any(words))
        .order(imports::id)
        .select(Import::as_select())
        .into_boxed();
    if let Some(outage) = outage {
        query = query.filter(imports::outage_id.eq(outage));
    }
    query.load(conn)
}

/// Moves an import from one state to another; says whether it was in the first.
pub fn advance(conn: &mut Conn, id: ImportId, from: ImportState, to: ImportState) -> Result<bool> {
    let standing = imports::table.filter(imports::id.eq(id).and(imports::state.eq(from.as_str())));
    diesel::update(standing)
        .set(imports::state.eq(to.as_str()))
        .execute(conn)
        .map(|rows| rows == 1)
}

/// Notes that an import brings the corrected rows of another.
pub fn set_corrects(conn: &mut Conn, id: ImportId, corrected: ImportId) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::corrects_import.eq(corrected))
        .execute(conn)
}

/// Notes by which settings its new calls are put in order.
pub fn set_ordered_by(conn: &mut Conn, id: ImportId, settings: &str) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::ordered_by.eq(settings))
        .execute(conn)
}

/// Keeps what the columns of the file hold.
pub fn set_layout(conn: &mut Conn, id: ImportId, layout: &str) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::layout.eq(layout))
        .execute(conn)
}

/// Takes an import in that state up, under a word of one's own; says whether that was possible. Whoever gave a sign of life
/// since `silent_since` keeps it, unless under the word that is known to be `dead`.
pub fn take_up(
    conn: &mut Conn,
    id: ImportId,
    (state, word): (ImportState, &str),
    (dead, silent_since): (&str, Timestamp),
    now: Timestamp,
) -> Result<bool> {
    let free = imports::worked_by
        .is_null()
        .or(imports::worked_by.eq(dead).assume_not_null())
        .or(imports::worked_at.is_null())
        .or(imports::worked_at.lt(silent_since));
    let standing = imports::table.filter(imports::id.eq(id).and(imports::state.eq(state.as_str())));
    diesel::update(standing.filter(free))
        .set((imports::worked_by.eq(word), imports::worked_at.eq(now)))
        .execute(conn)
        .map(|rows| rows == 1)
}

/// A sign of life; says whether the import still stands there and is still ours.
pub fn note_alive(
    conn: &mut Conn,
    id: ImportId,
    (state, word): (ImportState, &str),
    now: Timestamp,
) -> Result<bool> {
    let ours = imports::table
        .filter(imports::id.eq(id).and(imports::state.eq(state.as_str())))
        .filter(imports::worked_by.eq(word));
    diesel::update(ours)
        .set(imports::worked_at.eq(now))
        .execute(conn)
        .map(|rows| rows == 1)
}

/// Lets go of an import that was taken up under this word.
pub fn let_go(conn: &mut Conn, id: ImportId, word: &str) -> Result<usize> {
    let ours = imports::table.filter(imports::id.eq(id).and(imports::worked_by.eq(word)));
    diesel::update(ours)
        .set(imports::worked_by.eq(None::<String>))
        .execute(conn)
}

/// Whoever had taken an import up is dead.
pub fn set_free(conn: &mut Conn, id: ImportId) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::worked_by.eq(None::<String>))
        .execute(conn)
}

/// Notes how far the work on an import is.
pub fn note_progress(conn: &mut Conn, id: ImportId, (bytes, rows): (i64, i64), doing: &str) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set((
            imports::bytes_read.eq(bytes),
            imports::rows_read.eq(rows),
            imports::problem.eq(doing),
        ))
        .execute(conn)
}

/// Notes that a received file waits for others.
pub fn note_waiting(conn: &mut Conn, id: ImportId, doing: &str, now: Timestamp) -> Result<usize> {
    let received = imports::state.eq(ImportState::Received.as_str());
    diesel::update(imports::table.filter(imports::id.eq(id).and(received)))
        .set((imports::problem.eq(doing), imports::worked_at.eq(now)))
        .execute(conn)
}

/// Nothing is being done with it any more.
pub fn forget_progress(conn: &mut Conn, id: ImportId) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::problem.eq(None::<String>))
        .execute(conn)
}

/// Keeps the report.
pub fn set_report(conn: &mut Conn, id: ImportId, report: &str) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set((imports::report.eq(report), imports::problem.eq(None::<String>)))
        .execute(conn)
}

/// Keeps a report that was counted again, whatever is being done with its import.
pub fn keep_report(conn: &mut Conn, id: ImportId, report: &str) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::report.eq(report))
        .execute(conn)
}

/// Keeps why it was refused or given up.
pub fn set_problem(conn: &mut Conn, id: ImportId, problem: &str) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::problem.eq(problem))
        .execute(conn)
}

/// Notes when it began to count.
pub fn set_published(conn: &mut Conn, id: ImportId, at: Timestamp) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set((imports::published_at.eq(at), imports::deal_due.eq(true)))
        .execute(conn)
}

/// Its new households are dealt.
pub fn set_dealt(conn: &mut Conn, id: ImportId) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set(imports::deal_due.eq(false))
        .execute(conn)
}

/// Notes when it was taken back, and what is done first. Whoever still brought its cases up to date stops.
pub fn set_undone(conn: &mut Conn, id: ImportId, doing: &str, at: Timestamp) -> Result<usize> {
    diesel::update(imports::table.find(id))
        .set((
            imports::undone_at.eq(at),
            imports::deal_due.eq(false),
            imports::bytes_read.eq(0),
            imports::problem.eq(doing),
            imports::worked_by.eq(None::<String>),
        ))
        .execute(conn)
}
