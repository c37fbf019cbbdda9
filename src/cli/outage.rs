//! `makegood outage …`

use super::{Answer, Result};
use crate::domain::public_names::{Names, PublicNames};
use crate::domain::words::Language;
use crate::outreach::Office;
use crate::outreach::outages::NewOutageTexts;
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Subcommand)]
pub(super) enum Outage {
    /// Make an outage, to import its failed transactions into
    Create(Create),
}

#[derive(Args)]
pub(super) struct Create {
    /// Its name in addresses and commands: small letters, digits and hyphens
    #[arg(long)]
    slug: String,
    /// Its name on pages and in e-mails
    #[arg(long)]
    name: String,
    /// When it began, such as 2026-04-14T18:00; without an offset local in --tz
    #[arg(long)]
    start: String,
    /// When it was over; not included
    #[arg(long)]
    end: String,
    /// The agency's time zone, such as America/Denver
    #[arg(long)]
    tz: String,
    /// The form of account ids, such as T-0000000 (0 is a digit) [default: any text]
    #[arg(long)]
    account_format: Option<String>,
    /// When citizens may be called, in their own zone; 00:00-24:00 is always [default: 08:00-21:00]
    #[arg(long)]
    calling_hours: Option<String>,
    /// Days on which nobody is called: federal, saturdays, sundays and dates, such as federal,2027-04-16
    /// [default: calls on every day]
    #[arg(long)]
    holidays: Option<String>,
    /// Who calls, as citizens are told
    #[arg(long)]
    agency_name: Option<String>,
    /// The number that a doubting citizen may ring
    #[arg(long)]
    help_phone: Option<String>,
    /// Where citizens pay
    #[arg(long)]
    pay_url: Option<String>,
    /// The number that citizens see on their phone
    #[arg(long)]
    caller_id: Option<String>,
    /// Its name in Spanish letters and pages [default: as --name]
    #[arg(long)]
    name_es: Option<String>,
    /// Who calls, in Spanish [default: as --agency-name]
    #[arg(long)]
    agency_name_es: Option<String>,
    /// Its name in a further language, by the language's code
    #[arg(long, value_name = "CODE=NAME", value_parser = in_language)]
    name_in: Vec<InLanguage>,
    /// Who calls, in a further language
    #[arg(long, value_name = "CODE=NAME", value_parser = in_language)]
    agency_name_in: Vec<InLanguage>,
}

/// A name in a language.
#[derive(Clone, Debug)]
struct InLanguage(Language, String);

fn in_language(text: &str) -> std::result::Result<InLanguage, String> {
    let codes: Vec<&str> = Language::others().map(Language::code).collect();
    let wrong = || {
        format!(
            "write it as CODE=NAME with one of these codes: {}",
            codes.join(", ")
        )
    };
    let (code, name) = text.split_once('=').ok_or_else(wrong)?;
    let language = Language::others()
        .find(|one| one.code() == code)
        .ok_or_else(wrong)?;
    Ok(InLanguage(language, name.to_owned()))
}

impl Create {
    fn names(&self) -> PublicNames {
        let spanish = |name: &Option<String>| name.clone().map(|name| InLanguage(Language::of("es"), name));
        let mut names = PublicNames::default();
        for InLanguage(language, outage) in self.name_in.iter().cloned().chain(spanish(&self.name_es)) {
            names = names.clone().with(
                language,
                Names {
                    outage,
                    ..names.of(language)
                },
            );
        }
        for InLanguage(language, agency) in self
            .agency_name_in
            .iter()
            .cloned()
            .chain(spanish(&self.agency_name_es))
        {
            names = names.clone().with(
                language,
                Names {
                    agency,
                    ..names.of(language)
                },
            );
        }
        names
    }
}

impl Outage {
    pub fn run(self, office: &Office) -> Result<Answer> {
        let Self::Create(create) = self;
        let names = create.names();
        let entered = NewOutageTexts {
            slug: create.slug,
            name: create.name,
            start: create.start,
            end: create.end,
            tz: create.tz,
            account_format: create.account_format,
            calling_hours: create.calling_hours,
            holidays: create.holidays,
            agency_name: create.agency_name,
            help_phone: create.help_phone,
            pay_url: create.pay_url,
            caller_id: create.caller_id,
            names,
        };
        let made = office.create_outage(&entered, None)?;
        let text = format!(
            "Made the outage {} from {} to {}. Import its failed transactions with: makegood import --outage {} FILE",
            made.slug,
            made.starts_at.rfc3339(),
            made.ends_at.rfc3339(),
            made.slug
        );
        let json = json!({
            "id": made.id,
            "slug": made.slug,
            "name": made.name,
            "start": made.starts_at,
            "end": made.ends_at,
            "tz": made.time_zone,
            "account_format": made.account_format,
            "calling_hours": hours(made.calling_from, made.calling_until),
            "holidays": made.holidays,
        });
        Ok(Answer::new(text, json))
    }
}

fn hours(from: i32, until: i32) -> String {
    format!(
        "{:02}:{:02}-{:02}:{:02}",
        from / 60,
        from % 60,
        until / 60,
        until % 60
    )
}
