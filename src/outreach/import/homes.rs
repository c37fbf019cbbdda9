//! Where citizens live: every phone has one household in an outage, of this import or an earlier one.

use super::citizen::Citizen;
use super::rows::Rows;
use super::settle::Newcomer;
use super::work::Work;
use crate::domain::queue;
use crate::domain::stage::Stage;
use crate::domain::zone::Zones;
use crate::outreach::rulebook::Rulebook;
use crate::store::staging::{Home, Known, NewHousehold};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Every phone's household: there already, or new.
pub(super) fn house(
    work: &Work<'_>,
    homes: Vec<Home>,
    newcomers: &[Newcomer],
    changed: &[(Known, Citizen)],
    rows: &mut Rows,
    zones: &mut BTreeSet<String>,
) {
    let mut members: BTreeMap<&str, Vec<&Newcomer>> = BTreeMap::new();
    for newcomer in newcomers {
        if let Some(phone) = newcomer.citizen.phone.as_deref() {
            members.entry(phone).or_default().push(newcomer);
        }
    }
    let moved_in: BTreeSet<&str> = changed
        .iter()
        .filter_map(|(_, citizen)| citizen.phone.as_deref())
        .collect();
    for phone in &moved_in {
        members.entry(phone).or_default();
    }
    let mut there: HashMap<String, Home> = homes.into_iter().map(|home| (home.phone.clone(), home)).collect();
    for (phone, members) in members {
        match there.remove(phone) {
            None => {
                let home = new_home(work, phone, &members);
                zones.insert(home.time_zone.clone());
                rows.new_homes.push(home);
            }
            Some(home) if home.import_id == work.id() => grow(home, &members, rows, zones),
            Some(home) => {
                rows.noted.insert(home.id);
            }
        }
    }
}

fn new_home(work: &Work<'_>, phone: &str, members: &[&Newcomer]) -> NewHousehold {
    let entry = queue::household(members.iter().map(|member| &member.progress));
    let open: Vec<&&Newcomer> = members
        .iter()
        .filter(|member| member.progress.stage.is_open())
        .collect();
    NewHousehold {
        outage_id: work.import.outage_id,
        import_id: work.id(),
        phone: phone.to_owned(),
        time_zone: zones_of(Zones::unknown(), members).to_string(),
        language: spoken(&open),
        stage: entry.stage.as_str(),
        due_at: entry.due_at,
        score: open.iter().map(|member| member.score).max().unwrap_or_default(),
        skips: 0,
        tries: 0,
        citizens: i32::try_from(open.len()).unwrap_or(i32::MAX),
    }
}

fn zones_of(mut zones: Zones, members: &[&Newcomer]) -> Zones {
    for member in members {
        zones = zones.and(member.citizen.zones.clone());
    }
    zones
}

fn spoken(open: &[&&Newcomer]) -> Option<String> {
    open.iter()
        .find_map(|member| member.citizen.language.clone())
        .filter(|language| language != "en")
}

/// More citizens for a household of this import. Whatever is not plain is looked at again on publishing.
fn grow(mut home: Home, members: &[&Newcomer], rows: &mut Rows, zones: &mut BTreeSet<String>) {
    let new = Stage::New.as_str();
    let plain = home.stage == new && members.iter().all(|member| member.progress.stage == Stage::New);
    if !plain || members.is_empty() {
        rows.noted.insert(home.id);
    }
    home.time_zone = zones_of(Rulebook::zones(&home.time_zone), members).to_string();
    zones.insert(home.time_zone.clone());
    for member in members
        .iter()
        .filter(|member| member.progress.stage == Stage::New)
    {
        home.citizens += 1;
        home.score = home.score.max(member.score);
        home.due_at = home.due_at.into_iter().chain(member.progress.due_at).min();
    }
    rows.grown_homes.push(home);
}
