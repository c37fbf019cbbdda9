//! What the outages' pages show, ready to print.

use askama::Template;

use crate::domain::public_names::{Names, PublicNames};
use crate::domain::words::Language;
use crate::web::fields::Fields;
use crate::web::layout::Chrome;

/// All outages, or that there is none yet.
#[derive(Template)]
#[template(path = "outages/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The outages, latest first.
    pub outages: Vec<OutageRow>,
}

/// One outage in the list.
pub struct OutageRow {
    /// Its name.
    pub name: String,
    /// Its board, or the desk for a caller.
    pub href: String,
    /// When it was down.
    pub window: String,
    /// How many citizens are closed, of how many.
    pub closed: i64,
    /// All its citizens.
    pub citizens: i64,
    /// The same in words.
    pub progress: String,
}

/// The form of a new outage or of an existing one.
#[derive(Template)]
#[template(path = "outages/form.html", blocks = ["main"])]
pub struct FormPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the form is sent.
    pub action: String,
    /// Where giving up leads.
    pub back: String,
    /// It makes a new outage; the form of account ids and the zone are not changed later, the window not once rows were sorted by it.
    pub new: bool,
    /// What was typed.
    pub form: Form,
    /// Fields and what is wrong with each.
    pub problems: Vec<(&'static str, String)>,
    /// Why the window stays as it is; none: it can be corrected.
    pub stays: Option<String>,
    /// What was changed before, the newest first.
    pub history: Vec<ChangeRow>,
    /// Time zones to choose from.
    pub zones: &'static [(&'static str, &'static str)],
}

/// A setting that was changed.
pub struct ChangeRow {
    /// When, by the agency's clock.
    pub when: String,
    /// The setting.
    pub what: String,
    /// What it was.
    pub old: String,
    /// What it is since.
    pub new: String,
    /// Who did it.
    pub by: String,
}

/// The fields of an outage, as they stand in the form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The public name.
    pub name: String,
    /// Its part of addresses.
    pub slug: String,
    /// When it began, local: `2027-04-14T13:04`.
    pub start: String,
    /// When it was over, local; this minute is not part of it any more.
    pub end: String,
    /// The agency's time zone.
    pub zone: String,
    /// Calls begin, in the citizen's zone: `08:00`.
    pub calling_from: String,
    /// Calls end: `21:00`.
    pub calling_until: String,
    /// No calls on federal holidays: `yes` or nothing.
    pub federal: String,
    /// Nor on Saturdays.
    pub saturdays: String,
    /// Nor on Sundays.
    pub sundays: String,
    /// Nor on these dates.
    pub days_off: String,
    /// What an account id looks like: `T-0000000`; may be empty.
    pub account_format: String,
    /// Callers whose list is done may take from the pool: `yes` or nothing.
    pub pool_open: String,
    /// Who calls, as citizens are told.
    pub agency_name: String,
    /// The number that a doubting citizen may ring.
    pub help_phone: String,
    /// Where citizens pay.
    pub pay_url: String,
    /// The number that citizens see on their phone.
    pub caller_id: String,
    /// What the outage and the agency are called in other languages.
    pub names: PublicNames,
}

impl Form {
    /// As it was sent.
    pub fn read(fields: &Fields) -> Self {
        let field = |name: &str| fields.get(name).to_owned();
        Self {
            name: field("name"),
            slug: field("slug"),
            start: field("start"),
            end: field("end"),
            zone: field("tz"),
            calling_from: field("calling_from"),
            calling_until: field("calling_until"),
            federal: field("federal"),
            saturdays: field("saturdays"),
            sundays: field("sundays"),
            days_off: field("days_off"),
            account_format: field("account_format"),
            pool_open: field("pool_open"),
            agency_name: field("agency_name"),
            help_phone: field("help_phone"),
            pay_url: field("pay_url"),
            caller_id: field("caller_id"),
            names: names(&field),
        }
    }

    /// The days without calls as the command line writes them.
    pub fn holidays(&self) -> String {
        let ticked = [
            (&self.federal, "federal"),
            (&self.saturdays, "saturdays"),
            (&self.sundays, "sundays"),
        ];
        let words = ticked.into_iter().filter(|(sent, _)| *sent == "yes");
        let words: Vec<&str> = words
            .map(|(_, word)| word)
            .chain([self.days_off.as_str()])
            .collect();
        words.join(",")
    }
}

/// The names in every other language that the form asks for.
fn names(field: &dyn Fn(&str) -> String) -> PublicNames {
    Language::others().fold(PublicNames::default(), |names, language| {
        let code = language.code();
        let entered = Names {
            agency: field(&format!("agency_name_{code}")),
            outage: field(&format!("name_{code}")),
        };
        names.with(language, entered)
    })
}

impl FormPage {
    /// What is wrong with this field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let mut problems = self.problems.iter();
        let found = problems.find(|(at, _)| *at == field);
        found.map(|(_, message)| message.as_str())
    }

    /// Something is wrong that belongs to no field of the form.
    pub fn general(&self) -> Option<&str> {
        const FIELDS: [&str; 10] = [
            "name",
            "slug",
            "start",
            "end",
            "tz",
            "calling_hours",
            "holidays",
            "account_format",
            "help_phone",
            "pay_url",
        ];
        let mut problems = self.problems.iter();
        let found = problems.find(|(at, _)| !FIELDS.contains(at));
        found.map(|(_, message)| message.as_str())
    }
}
