//! The page's frame, filled for one person and one outage.

use super::ask::ask;
use super::error::Error;
use super::layout::{Chrome, OutageTab, Place};
use super::session::Staff;
use crate::outreach::Office;
use crate::outreach::outages::Outage;

/// What stands around a page about this outage.
pub async fn frame(office: &Office, staff: &Staff, outage: &Outage, place: Place) -> Result<Chrome, Error> {
    let (user, id) = (staff.user.clone(), outage.id);
    let around = ask(office, move |office| office.around(&user, id)).await?;
    let tab = |outage: &Outage| OutageTab {
        slug: outage.slug.clone(),
        name: outage.name.clone(),
    };
    let mut chrome = staff.chrome().at(tab(outage), place);
    chrome.outages = around.outages.iter().map(tab).collect();
    chrome.due_callbacks = u32::try_from(around.due_callbacks).unwrap_or_default();
    chrome.mail_held = around.mail_held;
    Ok(chrome)
}
