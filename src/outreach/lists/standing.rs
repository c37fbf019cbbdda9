//! How full each list is.

use crate::db::Conn;
use crate::domain::ids::{CallListId, UserId};
use crate::domain::stage::Stage;
use crate::outreach::Result;
use crate::outreach::rulebook::Rulebook;
use crate::store::call_lists::{self, CallList};
use serde::Serialize;

/// One list (or the pool) and how far it is.
#[derive(Clone, Debug, Serialize)]
pub struct ListStanding {
    /// None: the pool.
    pub list: Option<CallListId>,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// Its calls are on paper.
    pub on_paper: bool,
    /// All its households.
    pub households: i64,
    /// Those that are done.
    pub closed: i64,
    /// Those that wait for a call.
    pub to_call: i64,
    /// People behind those still open.
    pub citizens_open: i64,
}

/// All lists by name, then the pool.
pub(super) fn standings(conn: &mut Conn, book: &Rulebook) -> Result<Vec<ListStanding>> {
    let lists = call_lists::all(conn, book.outage.id)?;
    let counts = call_lists::stage_counts(conn, book.outage.id, book.outage.published_import_id)?;
    let standing = |list: Option<&CallList>| {
        let id = list.map(|list| list.id);
        let mut standing = ListStanding {
            list: id,
            name: list.map_or_else(|| "Pool".to_owned(), |list| list.name.clone()),
            owner: list.and_then(|list| list.owner_id),
            on_paper: list.is_some_and(|list| list.paper_for.is_some()),
            households: 0,
            closed: 0,
            to_call: 0,
            citizens_open: 0,
        };
        for count in counts.iter().filter(|count| count.list_id == id) {
            let stage: Stage = count.stage.parse().unwrap_or(Stage::NeedsSupervisor);
            standing.households += count.households;
            standing.citizens_open += count.citizens;
            standing.closed += if stage.is_open() { 0 } else { count.households };
            standing.to_call += if stage.is_call() { count.households } else { 0 };
        }
        standing
    };
    Ok(lists.iter().map(Some).chain([None]).map(standing).collect())
}
