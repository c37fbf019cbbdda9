//! Changing an outage's settings. What citizens are told to ring and where to pay is an administrator's to change: one
//! wrong address there, and an apology to thousands becomes somebody else's bait. Who changed what is kept.

use super::accounts::User;
use super::outages::{Problems, help_number, holidays, name, pay_address, problems, said};
use super::{Error, Office, Result, outage_window};
use crate::db::Conn;
use crate::domain::calling_hours::Window;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::public_names::PublicNames;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::store::outage_changes;
use crate::store::outages::{self, Outage, OutageChanges};

pub use crate::store::outage_changes::OutageChange;

/// Changes that the page shows.
const SHOWN: i64 = 50;

impl OutageChanges {
    /// Whether this person may make them.
    ///
    /// # Errors
    /// Only an administrator changes where citizens pay or ring.
    pub fn may_be_made_by(&self, by: &User, before: &Outage) -> Result<()> {
        if (&self.pay_url, &self.help_phone) == (&before.pay_url, &before.help_phone) {
            return Ok(());
        }
        by.must_be(Role::Admin)
    }

    /// Everything that cannot be used as entered. What stays as it is was looked at when it was entered.
    pub fn problems(&self, before: &Outage) -> Problems {
        let pay = (self.pay_url != before.pay_url).then(|| pay_address(Some(&self.pay_url)));
        let help = (self.help_phone != before.help_phone).then(|| help_number(Some(&self.help_phone)));
        problems([
            name(&self.name).err(),
            self.is_in_order().err(),
            hours(self).err(),
            holidays(Some(&self.holidays)).err(),
            pay.and_then(Result::err),
            help.and_then(Result::err),
        ])
    }

    /// As it is written down.
    fn tidied(&self) -> Result<Self> {
        Ok(Self {
            holidays: holidays(Some(&self.holidays))?,
            name: name(&self.name)?,
            agency_name: said(Some(&self.agency_name)),
            help_phone: said(Some(&self.help_phone)),
            pay_url: said(Some(&self.pay_url)),
            caller_id: said(Some(&self.caller_id)),
            names: tidied(&self.names),
            ..self.clone()
        })
    }
}

impl Office {
    /// Changes an outage's settings; without a person it is the command line that asks.
    ///
    /// # Errors
    /// Something entered cannot be used, somebody else than an administrator wants to change where citizens pay or
    /// ring, payments were sorted by the window that is to be another, or there is no such outage.
    pub fn change_outage(&self, id: OutageId, to: &OutageChanges, by: Option<&User>) -> Result<()> {
        let now = self.now();
        if self.may_move(id, to)? {
            self.read_waiting_again(id, by)?;
        }
        self.once("change_outage", |conn| {
            let before = outages::find(conn, id)?.ok_or(Error::NotFound("outage"))?;
            if let Some(by) = by {
                to.may_be_made_by(by, &before)?;
            }
            if let Some((field, message)) = to.problems(&before).into_iter().next() {
                return Err(Error::Invalid { field, message });
            }
            let to = to.tidied()?;
            if to.moves(&before) {
                outage_window::make_way(conn, id)?;
            }
            outages::update(conn, id, &to)?;
            keep(conn, &before, &to, by.map(|by| by.id), now)?;
            let hours = (to.calling_from, to.calling_until, &to.holidays);
            if hours != (before.calling_from, before.calling_until, &before.holidays) {
                outages::refresh_from_the_first(conn, id)?;
            }
            Ok(())
        })
    }

    /// Gives out no new call from here on, or lets calls go on. A call that somebody is on may be finished.
    pub fn stop_calls(&self, id: OutageId, stop: bool, by: Option<UserId>) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            let before = outages::find(conn, id)?.ok_or(Error::NotFound("outage"))?;
            if before.calls_stopped_at.is_some() == stop {
                return Ok(());
            }
            outages::set_calls_stopped(conn, id, stop.then_some(now))?;
            let word = |stopped: bool| if stopped { "stopped" } else { "going on" };
            let change = ("calls_stopped_at", word(!stop), word(stop));
            outage_changes::add(conn, (id, by), change, now)?;
            Ok(())
        })
    }

    /// What was changed in an outage's settings, the newest first.
    pub fn outage_history(&self, id: OutageId) -> Result<Vec<OutageChange>> {
        Ok(self.db.read(|conn| outage_changes::of_outage(conn, id, SHOWN))?)
    }
}

/// The names of other languages as they are written down.
fn tidied(names: &Option<String>) -> Option<String> {
    super::outages::tidied(&PublicNames::read(names.as_deref())).written()
}

/// The settings that are names in other languages, before and after.
fn named(before: &Option<String>, to: &Option<String>) -> Vec<(String, String, String)> {
    let [was, is] = [before, to].map(|names| PublicNames::read(names.as_deref()));
    let changes = |language: Language| {
        let (code, was, is) = (language.code(), was.of(language), is.of(language));
        [
            (format!("name_{code}"), was.outage, is.outage),
            (format!("agency_name_{code}"), was.agency, is.agency),
        ]
    };
    Language::others().flat_map(changes).collect()
}

fn hours(to: &OutageChanges) -> Result<()> {
    let minute = |minute: i32| u16::try_from(minute).ok();
    let hours = minute(to.calling_from).zip(minute(to.calling_until));
    match hours.and_then(|(from, until)| Window::new(from, until)) {
        Some(_) => Ok(()),
        None => {
            let right = "Enter calling hours that begin before they end, such as 08:00-21:00.";
            Err(Error::invalid("calling_hours", right))
        }
    }
}

/// Keeps each setting that is another one now.
fn keep(
    conn: &mut Conn,
    before: &Outage,
    to: &OutageChanges,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<()> {
    let pool = |open: bool| if open { "open" } else { "closed" }.to_owned();
    let window = |from: i32, until: i32| {
        let minute = |value: i32| u16::try_from(value).unwrap_or_default();
        Window::new(minute(from), minute(until)).map_or_else(String::new, |window| window.to_string())
    };
    let zone = before.zone();
    let local = |at: Timestamp| zone.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let hours = |outage: &Outage| window(outage.calling_from, outage.calling_until);
    let changes = [
        ("name", before.name.clone(), to.name.clone()),
        ("starts_at", local(before.starts_at), local(to.starts_at)),
        ("ends_at", local(before.ends_at), local(to.ends_at)),
        (
            "calling_hours",
            hours(before),
            window(to.calling_from, to.calling_until),
        ),
        ("holidays", before.holidays.clone(), to.holidays.clone()),
        ("pool_open", pool(before.pool_open), pool(to.pool_open)),
        ("agency_name", before.agency_name.clone(), to.agency_name.clone()),
        ("help_phone", before.help_phone.clone(), to.help_phone.clone()),
        ("pay_url", before.pay_url.clone(), to.pay_url.clone()),
        ("caller_id", before.caller_id.clone(), to.caller_id.clone()),
    ];
    let changes = changes.map(|(field, old, new)| (field.to_owned(), old, new));
    let changes = changes.into_iter().chain(named(&before.names, &to.names));
    for (field, old, new) in changes.filter(|(_, old, new)| old != new) {
        outage_changes::add(conn, (before.id, by), (&field, &old, &new), now)?;
    }
    Ok(())
}
