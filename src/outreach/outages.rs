//! Making an outage and changing its settings.

use super::accounts::User;
use super::{Error, Office, Result};
use crate::domain::account::AccountFormat;
use crate::domain::calling_hours::Window;
use crate::domain::help_number::HelpNumber;
use crate::domain::holiday::Holidays;
use crate::domain::ids::UserId;
use crate::domain::moment::Calendar;
use crate::domain::pay_address::PayAddress;
use crate::domain::public_names::{Names, PublicNames};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::domain::zone::Zone;
use crate::store::{self, outages};

pub use crate::store::outages::{NewOutage, Outage, OutageChanges};

/// Fields that cannot be used as entered, each with what would be right.
pub type Problems = Vec<(&'static str, String)>;

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
    /// What it and who calls are called in other languages; what is not there: as in English.
    pub names: PublicNames,
}

impl NewOutageTexts {
    /// Everything that cannot be used as entered.
    pub fn problems(&self) -> Problems {
        let zone = zone(&self.tz);
        let known = zone.as_ref().map_or_else(|_| Zone::utc(), Clone::clone);
        let calendar = Calendar::new(known);
        let start = instant(&calendar, "start", &self.start);
        let end = instant(&calendar, "end", &self.end);
        let upside_down = match (&start, &end) {
            (Ok(start), Ok(end)) => in_order(*start, *end).err(),
            _ => None,
        };
        problems([
            name(&self.name).err(),
            slug(&self.slug).err(),
            start.err(),
            end.err().or(upside_down),
            zone.err(),
            hours(self.calling_hours.as_deref()).err(),
            holidays(self.holidays.as_deref()).err(),
            format(self.account_format.as_deref()).err(),
            help_number(self.help_phone.as_deref()).err(),
            pay_address(self.pay_url.as_deref()).err(),
        ])
    }

    /// Says what citizens are told to ring or where to pay.
    fn tells_citizens_where(&self) -> bool {
        let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        said(&self.help_phone) || said(&self.pay_url)
    }
}

/// What is wrong, of these answers of the checks.
pub(super) fn problems(found: impl IntoIterator<Item = Option<Error>>) -> Problems {
    let invalid = |error| match error {
        Error::Invalid { field, message } => Some((field, message)),
        _ => None,
    };
    found.into_iter().flatten().filter_map(invalid).collect()
}

impl Office {
    /// Makes an outage; without a person it is the command line that asks.
    ///
    /// # Errors
    /// Something entered cannot be used, the slug is taken, or somebody else than an administrator says where
    /// citizens pay or ring.
    pub fn create_outage(&self, entered: &NewOutageTexts, by: Option<&User>) -> Result<Outage> {
        if let Some(by) = by.filter(|_| entered.tells_citizens_where()) {
            by.must_be(Role::Admin)?;
        }
        let new = read(entered, by.map(|by| by.id), self.now())?;
        let taken = |error: store::Error| match store::is_taken(&error) {
            true => {
                let told = format!("There is an outage {:?} already. Choose another slug.", new.slug);
                Error::invalid("slug", told)
            }
            false => error.into(),
        };
        let id = self.once("create_outage", |conn| outages::add(conn, &new).map_err(taken))?;
        self.db
            .read(|conn| outages::find(conn, id))?
            .ok_or(Error::NotFound("outage"))
    }

    /// All outages, the newest incident first.
    pub fn outages(&self) -> Result<Vec<Outage>> {
        Ok(self.db.read(outages::all)?)
    }
}

fn read(entered: &NewOutageTexts, by: Option<UserId>, now: Timestamp) -> Result<NewOutage> {
    let zone = zone(&entered.tz)?;
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
        help_phone: help_number(entered.help_phone.as_deref())?,
        pay_url: pay_address(entered.pay_url.as_deref())?,
        caller_id: said(entered.caller_id.as_deref()),
        names: tidied(&entered.names).written(),
        published_import_id: 0,
        created_by: by,
        created_at: now,
    })
}

fn zone(text: &str) -> Result<Zone> {
    text.trim().parse().map_err(|_| {
        let right = "Enter an IANA time zone, such as America/New_York.";
        Error::invalid("tz", right)
    })
}

fn window(entered: &NewOutageTexts, zone: Zone) -> Result<(Timestamp, Timestamp)> {
    let calendar = Calendar::new(zone);
    let start = instant(&calendar, "start", &entered.start)?;
    let end = instant(&calendar, "end", &entered.end)?;
    in_order(start, end)?;
    Ok((start, end))
}

pub(super) fn instant(calendar: &Calendar, field: &'static str, text: &str) -> Result<Timestamp> {
    calendar.read(text.trim()).ok_or_else(|| {
        let right = "Enter a date and time, such as 2026-04-15T18:40.";
        Error::invalid(field, right)
    })
}

pub(super) fn in_order(start: Timestamp, end: Timestamp) -> Result<()> {
    if end > start {
        Ok(())
    } else {
        Err(Error::invalid("end", "The end must be after the start."))
    }
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

pub(super) fn holidays(text: Option<&str>) -> Result<String> {
    let read: std::result::Result<Holidays, _> = text.unwrap_or_default().parse();
    let holidays =
        read.map_err(|problem| Error::invalid("holidays", super::record::sentence(&problem.to_string())))?;
    Ok(holidays.to_string())
}

/// The number that citizens may ring; none is no mistake.
pub(super) fn help_number(text: Option<&str>) -> Result<String> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(String::new());
    };
    let read = HelpNumber::read(text).map(|number| number.to_string());
    read.map_err(|problem| Error::invalid("help_phone", super::record::sentence(&problem.to_string())))
}

/// Where citizens pay; nowhere is no mistake.
pub(super) fn pay_address(text: Option<&str>) -> Result<String> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(String::new());
    };
    let read = PayAddress::read(text).map(|address| address.to_string());
    read.map_err(|problem| Error::invalid("pay_url", super::record::sentence(&problem.to_string())))
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

pub(super) fn name(text: &str) -> Result<String> {
    let name = said(Some(text));
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let right = format!("Enter the outage's public name, up to {LONGEST_NAME} characters.");
        return Err(Error::invalid("name", right));
    }
    Ok(name)
}

/// The names of other languages as they are kept.
pub(super) fn tidied(entered: &PublicNames) -> PublicNames {
    Language::others().fold(entered.clone(), |names, language| {
        let Names { agency, outage } = entered.of(language);
        let tidy = Names {
            agency: said(Some(&agency)),
            outage: said(Some(&outage)),
        };
        names.with(language, tidy)
    })
}

/// One line without control characters: it comes to stand on pages and in e-mails.
pub(super) fn said(text: Option<&str>) -> String {
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
    fn all_that_is_wrong_is_told_at_once() {
        let entered = NewOutageTexts {
            slug: "April 15".to_owned(),
            end: "yesterday".to_owned(),
            pay_url: Some("javascript:alert(1)".to_owned()),
            help_phone: Some("call us".to_owned()),
            ..april()
        };
        let fields: Vec<&str> = entered.problems().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["slug", "end", "help_phone", "pay_url"]);
        assert_eq!(april().problems(), Problems::new());
    }

    #[test]
    fn what_cannot_be_used_is_named_with_what_would_be_right() {
        assert_eq!(refused(|entered| entered.slug = "April 15".into()), "slug");
        assert_eq!(refused(|entered| entered.slug = "../etc".into()), "slug");
        assert_eq!(refused(|entered| entered.name = "\n".into()), "name");
        assert_eq!(refused(|entered| entered.start = "yesterday".into()), "start");
        assert_eq!(refused(|entered| entered.end = entered.start.clone()), "end");
        assert_eq!(refused(|entered| entered.tz = "Franklin".into()), "tz");
        let pay = Some("//evil.example".into());
        assert_eq!(refused(|entered| entered.pay_url = pay), "pay_url");
        let help = Some("900-555-0199".into());
        assert_eq!(refused(|entered| entered.help_phone = help), "help_phone");
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
