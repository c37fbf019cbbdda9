//! A household whose people speak another language goes to who speaks it, and not straight back to whoever found that out.

use super::Result;
use super::rulebook::Rulebook;
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, UserId};
use crate::store::call_lists::{self, CallList};
use crate::store::{households, users};

/// Moves a household to the list of that language; else to that of somebody who speaks it, the shortest; else to the pool,
/// where those who speak it are served first. Where there is neither, it stays where it is, behind all others there.
pub(super) fn move_to(
    conn: &mut Conn,
    book: &Rulebook,
    household: HouseholdId,
    language: &str,
) -> Result<()> {
    let list = list_of(conn, book, language)?;
    match list {
        Some(list) => {
            households::set_list(conn, &[household], Some(list))?;
        }
        None if book.outage.pool_open => {
            households::set_list(conn, &[household], None)?;
            households::skip(conn, household)?;
        }
        None => {
            households::skip(conn, household)?;
        }
    }
    Ok(())
}

/// Whoever said so was wrong: the household is theirs again.
pub(super) fn move_back(conn: &mut Conn, book: &Rulebook, household: HouseholdId, to: UserId) -> Result<()> {
    let own = call_lists::of_owner(conn, book.outage.id, to)?;
    households::set_list(conn, &[household], own)?;
    Ok(())
}

fn list_of(conn: &mut Conn, book: &Rulebook, language: &str) -> Result<Option<CallListId>> {
    let lists = call_lists::all(conn, book.outage.id)?;
    let served = |list: &&CallList| list.paper_for.is_none();
    let of_language =
        |list: &&CallList| list.owner_id.is_none() && list.language.as_deref() == Some(language);
    if let Some(list) = lists.iter().filter(served).find(of_language) {
        return Ok(Some(list.id));
    }
    let speakers = users::speaking(conn, language)?;
    let owned = |list: &&CallList| list.owner_id.is_some_and(|owner| speakers.contains(&owner));
    let mut shortest: Option<(i64, CallListId)> = None;
    for list in lists.iter().filter(served).filter(owned) {
        let left = call_lists::left(conn, list.id)?;
        if shortest.is_none_or(|(fewest, _)| left < fewest) {
            shortest = Some((left, list.id));
        }
    }
    Ok(shortest.map(|(_, list)| list))
}
