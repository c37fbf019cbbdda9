//! What stands behind the numbers of citizens: the extension to ask for, as the file that brought the number wrote it.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::OutageId;
use crate::store::cases::Case;
use crate::store::transactions;
use std::collections::HashMap;

/// Each case with the extension behind the number to call, of cases of one outage.
pub(super) fn beside(
    conn: &mut Conn,
    outage: OutageId,
    cases: Vec<Case>,
) -> Result<Vec<(Case, Option<String>)>> {
    let keys: Vec<&str> = cases.iter().map(|case| case.identity_key.as_str()).collect();
    let found = transactions::extensions(conn, outage, &keys)?;
    let known: HashMap<(String, String), String> = found
        .into_iter()
        .map(|(key, phone, extension)| ((key, phone), extension))
        .collect();
    let with = |case: Case| {
        let number = case.phone.clone().map(|phone| (case.identity_key.clone(), phone));
        let extension = number.and_then(|number| known.get(&number).cloned());
        (case, extension)
    };
    Ok(cases.into_iter().map(with).collect())
}

/// The extension behind the number of one case.
pub(super) fn of(conn: &mut Conn, case: &Case) -> Result<Option<String>> {
    let found = beside(conn, case.outage_id, vec![case.clone()])?;
    Ok(found.into_iter().find_map(|(_, extension)| extension))
}

/// The extension behind a number that several people of one outage share: of the first who has one there.
pub(super) fn of_phone(conn: &mut Conn, people: &[Case], phone: &str) -> Result<Option<String>> {
    let Some(first) = people.first() else {
        return Ok(None);
    };
    let at_phone = people
        .iter()
        .filter(|case| case.phone.as_deref() == Some(phone))
        .cloned();
    let found = beside(conn, first.outage_id, at_phone.collect())?;
    Ok(found.into_iter().find_map(|(_, extension)| extension))
}
