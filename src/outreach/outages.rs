//! Making an outage and changing its settings.

use super::{Error, Office, Result};
use crate::domain::account::AccountFormat;
use crate::domain::calling_hours::Window;
use crate::domain::holiday::Holidays;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::moment::Calendar;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zone;
use crate::store::{self, outages};

pub use crate::store::outages::{NewOutage, Outage, OutageChanges};

/// Longest slug and longest public name, in characters.
const LONGEST_SLUG: usize = 60;
const LONGEST_NAME: usize = 200;

/// A new outage as somebody entered it: texts, in the words of the command line's flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewOutageTexts {
    /// Its name in addresses, such as `april-15`.
    pub slug: String,
    /// Its public name.
    pub name: String,
    /// When it began; without an offset local in `tz`.
    pub start: String,
    /// When it was over, not included.
    pub end: String,
    /// The agency's IANA zone.
    pub tz: String,
    /// Such as `T-0000000`; none: any text is an account id.
    pub account_format: Option<String>,
    /// Such as `08:00-21:00` (the default), in the citizen's zone.
    pub calling_hours: Option<String>,
    /// Days on which nobody is called: `federal,sundays,2027-04-16`; none: every day is a day of calls.
    pub holidays: Option<String>,
    /// Who calls, as citizens are told; none: the sender of the e-mails.
    pub agency_name: Option<String>,
    /// The number that a doubting citizen may ring.
    pub help_phone: Option<String>,
    /// Where citizens pay.
    pub pay_url: Option<String>,
    /// The number that citizens see on their phone.
    pub caller_id: Option<String>,
}

impl Office {
    /// Makes an outage.
    ///
    /// # Errors
    /// Something entered cannot be used, or the slug is taken.
    pub fn create_outage(&self, entered: &NewOutageTexts, by: Option<UserId>) -> Result<Outage> {
        let new = read(entered, by, self.now())?;
        let made = self.db.write(|conn| {
            let id = outages::add(conn, &new)?;
            outages::find(conn, id)?.ok_or(store::Error::NotFound)
        });
        match made {
            Err(error) if store::is_taken(&error) => Err(Error::invalid(
                "slug",
                format!("There is an outage {:?} already. Choose another slug.", new.slug),
            )),
            made => Ok(made?),
        }
    }

    /// All outages, the newest incident first.
    pub fn outages(&self) -> Result<Vec<Outage>> {
        Ok(self.db.read(outages::all)?)
    }

    /// Changes an outage's settings.
    ///
    /// # Errors
    /// The name or the hours cannot be used, or there is no such outage.
    pub fn change_outage(&self, id: OutageId, to: &OutageChanges) -> Result<()> {
        let minute = |minute: i32| u16::try_from(minute).ok();
        let hours = minute(to.calling_from).zip(minute(to.calling_until));
        if hours.and_then(|(from, until)| Window::new(from, until)).is_none() {
            let right = "Enter calling hours that begin before they end, such as 08:00-21:00.";
            return Err(Error::invalid("calling_hours", right));
        }
        let to = OutageChanges {
            holidays: holidays(Some(&to.holidays))?,
            name: name(&to.name)?,
            agency_name: said(Some(&to.agency_name)),
            help_phone: said(Some(&to.help_phone)),
            pay_url: said(Some(&to.pay_url)),
            caller_id: said(Some(&to.caller_id)),
            ..to.clone()
        };
        self.db.write(|conn| {
            let before = outages::find(conn, id)?.ok_or(Error::NotFound("outage"))?;
            outages::update(conn, id, &to)?;
            let hours = (to.calling_from, to.calling_until, &to.holidays);
            if hours != (before.calling_from, before.calling_until, &before.holidays) {
                outages::refresh_from_the_first(conn, id)?;
            }
            Ok(())
        })
    }

    /// Gives out no new call from here on, or lets calls go on. A call that somebody is on may be finished.
    pub fn stop_calls(&self, id: OutageId, stop: bool) -> Result<()> {
        let at = stop.then(|| self.now());
        found(self.db.write(|conn| outages::set_calls_stopped(conn, id, at))?)
    }
}

fn found(changed: usize) -> Result<()> {
    match changed {
        0 => Err(Error::NotFound("outage")),
        _ => Ok(()),
    }
}

fn read(entered: &NewOutageTexts, by: Option<UserId>, now: Timestamp) -> Result<NewOutage> {
    let zone: Zone = entered.tz.trim().parse().map_err(|_| {
        let right = "Enter an IANA time zone, such as America/New_York.";
        Error::invalid("tz", right)
    })?;
    let time_zone = zone.to_string();
    let (starts_at, ends_at) = window(entered, zone)?;
    let (calling_from, calling_until) = hours(entered.calling_hours.as_deref())?;
    Ok(NewOutage {
        slug: slug(&entered.slug)?,
        name: name(&entered.name)?,
        starts_at,
        ends_at,
        time_zone,
        account_format: format(entered.account_format.as_deref())?,
        calling_from,
        calling_until,
        holidays: holidays(entered.holidays.as_deref())?,
        pool_open: true,
        agency_name: said(entered.agency_name.as_deref()),
        help_phone: said(entered.help_phone.as_deref()),
        pay_url: said(entered.pay_url.as_deref()),
        caller_id: said(entered.caller_id.as_deref()),
        published_import_id: 0,
        created_by: by,
        created_at: now,
    })
}

fn window(entered: &NewOutageTexts, zone: Zone) -> Result<(Timestamp, Timestamp)> {
    let calendar = Calendar::new(zone);
    let instant = |field, text: &str| {
        calendar.read(text.trim()).ok_or_else(|| {
            let right = "Enter a date and time, such as 2026-04-15T18:40.";
            Error::invalid(field, right)
        })
    };
    let (start, end) = (instant("start", &entered.start)?, instant("end", &entered.end)?);
    if end <= start {
        return Err(Error::invalid("end", "The end must be after the start."));
    }
    Ok((start, end))
}

fn hours(text: Option<&str>) -> Result<(i32, i32)> {
    let window = match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => text.parse::<Window>().map_err(|_| {
            let right = "Enter calling hours such as 08:00-21:00; 00:00-24:00 is always.";
            Error::invalid("calling_hours", right)
        })?,
        None => Window::DEFAULT,
    };
    Ok((window.from().into(), window.until().into()))
}

fn holidays(text: Option<&str>) -> Result<String> {
    let read: std::result::Result<Holidays, _> = text.unwrap_or_default().parse();
    let holidays =
        read.map_err(|problem| Error::invalid("holidays", super::record::sentence(&problem.to_string())))?;
    Ok(holidays.to_string())
}

fn format(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parsed: std::result::Result<AccountFormat, _> = text.parse();
    let format = parsed
        .map_err(|problem| Error::invalid("account_format", super::record::sentence(&problem.to_string())))?;
    Ok(Some(format.as_str().to_owned()))
}

/// What stands in an address must survive there: small letters, digits and hyphens.
fn slug(text: &str) -> Result<String> {
    let slug = text.trim();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let good = slug.chars().all(plain) && !slug.is_empty() && slug.len() <= LONGEST_SLUG;
    if good && !slug.starts_with('-') && !slug.ends_with('-') {
        return Ok(slug.to_owned());
    }
    let right =
        format!("Use up to {LONGEST_SLUG} small letters, digits and hyphens for the slug, such as april-15.");
    Err(Error::invalid("slug", right))
}

fn name(text: &str) -> Result<String> {
    let name = said(Some(text));
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let right = format!("Enter the outage's public name, up to {LONGEST_NAME} characters.");
        return Err(Error::invalid("name", right));
    }
    Ok(name)
}

/// One line without control characters: it comes to stand on pages and in e-mails.
fn said(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn april() -> NewOutageTexts {
        NewOutageTexts {
            slug: "april-15".to_owned(),
            name: "Income tax payments".to_owned(),
            start: "2026-04-15 18:40".to_owned(),
            end: "2026-04-15T23:02:00Z".to_owned(),
            tz: "America/New_York".to_owned(),
            ..NewOutageTexts::default()
        }
    }

    fn refused(change: impl FnOnce(&mut NewOutageTexts)) -> &'static str {
        let mut entered = april();
        change(&mut entered);
        match read(&entered, None, Timestamp::default()) {
            Err(Error::Invalid { field, message }) if message.ends_with('.') => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn times_without_offset_are_local_and_hours_default_to_the_courteous_ones() {
        let outage = read(&april(), None, Timestamp::default()).unwrap();
        assert_eq!(outage.starts_at.rfc3339(), "2026-04-15T22:40:00.000Z");
        assert_eq!(outage.ends_at.rfc3339(), "2026-04-15T23:02:00.000Z");
        assert_eq!((outage.calling_from, outage.calling_until), (480, 1260));
    }

    #[test]
    fn always_may_be_called_when_the_agency_says_so() {
        let entered = NewOutageTexts {
            calling_hours: Some("00:00-24:00".to_owned()),
            account_format: Some("T-0000000".to_owned()),
            ..april()
        };
        let outage = read(&entered, None, Timestamp::default()).unwrap();
        assert_eq!((outage.calling_from, outage.calling_until), (0, 1440));
        assert_eq!(outage.account_format.as_deref(), Some("T-0000000"));
        assert_eq!(outage.holidays, "", "every day");
    }

    #[test]
    fn what_cannot_be_used_is_named_with_what_would_be_right() {
        assert_eq!(refused(|entered| entered.slug = "April 15".into()), "slug");
        assert_eq!(refused(|entered| entered.slug = "../etc".into()), "slug");
        assert_eq!(refused(|entered| entered.name = "\n".into()), "name");
        assert_eq!(refused(|entered| entered.start = "yesterday".into()), "start");
        assert_eq!(refused(|entered| entered.end = entered.start.clone()), "end");
        assert_eq!(refused(|entered| entered.tz = "Franklin".into()), "tz");
        assert_eq!(
            refused(|entered| entered.account_format = Some("T".into())),
            "account_format"
        );
        assert_eq!(
            refused(|entered| entered.calling_hours = Some("9 to 5".into())),
            "calling_hours"
        );
        assert_eq!(
            refused(|entered| entered.holidays = Some("easter".into())),
            "holidays"
        );
    }
}
