//! A worked evening to look at: an outage of this afternoon, its citizens, eight callers three hours in.

mod citizens;
mod evening;

use super::serve::{bound, serve};
use super::{Answer, Problem, Result};
use crate::clock::Clock;
use crate::config::{Config, Flags, private_dir};
use crate::domain::ids::OutageId;
use crate::domain::public_names::{Names, PublicNames};
use crate::domain::role::Role;
use crate::domain::split::By;
use crate::domain::words::Language;
use crate::outreach::accounts::{NewAccount, User};
use crate::outreach::campaign::Audience;
use crate::outreach::import::{ImportOptions, Status};
use crate::outreach::lists::Split;
use crate::outreach::outages::NewOutage;
use crate::outreach::{Error, Office, Result as Done};
use crate::store::outages;
use std::path::{Path, PathBuf};

/// The address of the outage's pages.
const SLUG: &str = "income-tax-payments";
/// How long the evening has gone on when the demo opens.
const MINUTES: i64 = 180;
/// How long the payment system was down.
const DOWN_MINUTES: i64 = 20;
const ZONE: &str = "America/Denver";
const SEED: u64 = 20_260_415;

/// Name, role, languages besides English, whether a specialist.
const STAFF: [(&str, Role, &[&str], bool); 10] = [
    ("Eve Park", Role::Admin, &[], false),
    ("Sam Rivera", Role::Supervisor, &["es"], false),
    ("Aisha Coleman", Role::Caller, &[], false),
    ("Derek Olsen", Role::Caller, &[], false),
    ("Hannah Kim", Role::Caller, &["ko"], false),
    ("Joanna Wu", Role::Caller, &["zh"], false),
    ("Luis Ortega", Role::Caller, &["es"], false),
    ("Maria Delgado", Role::Caller, &["es"], true),
    ("Priya Nair", Role::Caller, &[], false),
    ("Tom Becker", Role::Caller, &[], false),
];

/// How many citizens, and which scratch folder.
#[derive(clap::Args)]
pub(super) struct Demo {
    /// Citizens of the sample outage
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    citizens: u32,
}

impl Demo {
    /// Fills a scratch folder, says where to click, and serves until told to stop; the folder goes with it.
    pub fn run(self, mut flags: Flags) -> Result<Answer> {
        let scratch = Scratch::new().map_err(Problem::io("the scratch folder"))?;
        flags.data_dir = Some(scratch.0.to_string_lossy().into_owned());
        flags.database_url = Some("sqlite:makegood.db".to_owned());
        let config = Config::load(&flags)?;
        super::log::begin(&config)?;
        let (listener, config) = bound(config)?;
        let address = config.listen;
        println!("Living through an evening with {} citizens …", self.citizens);
        let office = Office::open(config)?;
        let accounts = prepare(&office, self.citizens as usize)?;
        println!(
            "{}",
            invitation(&accounts, &format!("http://{address}"), &scratch.0)
        );
        serve(&office, listener, true, 0)
    }
}

/// A folder that goes away with the demo.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> std::io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("makegood-demo-{:08x}", rand::random::<u32>()));
        private_dir(&folder).map(|()| Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!(
                "makegood: the scratch folder {} was left behind: {error}",
                self.0.display()
            );
        }
    }
}

/// An account of the demo, with its password: it is printed and kept nowhere.
struct DemoAccount {
    name: String,
    role: Role,
    email: String,
    password: String,
}

fn invitation(accounts: &[DemoAccount], address: &str, folder: &Path) -> String {
    let mut text = format!("\nOpen {address} and sign in as one of these:\n\n");
    for account in accounts {
        let DemoAccount {
            name,
            role,
            email,
            password,
        } = account;
        text.push_str(&format!(
            "  {:<14} {name:<14} {email:<24} {password}\n",
            role.label()
        ));
    }
    let folder = folder.display();
    text.push_str(&format!(
        "\nThe board:  {address}/outages/{SLUG}/board  (supervisor or administrator)\n\
         A desk:     {address}/outages/{SLUG}/desk   (caller)\n\
         E-mails:    {folder}/mail\n\
         All people are invented; never dial or write to them. Ctrl-C ends the demo and removes {folder}.\n"
    ));
    text
}

/// Fills an empty database with the evening; answers the accounts.
///
/// # Errors
/// The database is not empty, or a verb failed.
fn prepare(office: &Office, citizens: usize) -> Done<Vec<DemoAccount>> {
    let clock = Clock::default();
    clock.advance_seconds(-(MINUTES + DOWN_MINUTES + 25) * 60);
    // At the default rate the evening's e-mails would take half a minute.
    let config = Config {
        mail_rate: 10_000,
        ..(*office.config).clone()
    };
    let past = Office::new(office.db.clone(), clock.clone(), config);
    let accounts = staff(&past)?;
    let outage = outage(&past, citizens, &clock)?;
    let callers: Vec<User> = past
        .accounts()?
        .into_iter()
        .filter(|user| user.role() == Role::Caller)
        .collect();
    let split = Split::of_pool(By::Language, Vec::new(), SEED);
    past.split(outage, &split, false)?;
    past.send_campaign(outage, "apology", &Audience::Everyone, None, false)?;
    evening::pass(&past, &clock, outage, &callers, MINUTES, SEED)?;
    Ok(accounts)
}

fn staff(office: &Office) -> Done<Vec<DemoAccount>> {
    let add = |(name, role, languages, specialist): (&str, Role, &[&str], bool)| {
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let account = NewAccount {
            email: format!("{first}@agency.example"),
            name: name.to_owned(),
            role,
            languages: languages.iter().map(|language| (*language).to_owned()).collect(),
            specialist,
        };
        let (_, password) = office.add_account(&account, None)?;
        Ok(DemoAccount {
            name: account.name,
            role,
            email: account.email,
            password,
        })
    };
    STAFF.into_iter().map(add).collect()
}

/// What the agency and the outage are called in Spanish.
fn spanish_names() -> PublicNames {
    let names = Names {
        agency: "el Departamento de Hacienda de Franklin".to_owned(),
        outage: "Pagos del impuesto sobre la renta".to_owned(),
    };
    PublicNames::default().with(Language::of("es"), names)
}

/// The outage, with its file imported; the clock is moved to when the file came.
fn outage(office: &Office, citizens: usize, clock: &Clock) -> Done<OutageId> {
    let now = office.now();
    let start = now.plus_seconds(-(now.micros() / 1_000_000 % 60)); // on the minute
    let new = NewOutage {
        slug: SLUG.to_owned(),
        name: "Income tax payments".to_owned(),
        starts_at: start,
        ends_at: start.plus_minutes(DOWN_MINUTES),
        time_zone: ZONE.to_owned(),
        account_format: Some("T-0000000".to_owned()),
        calling_from: 0,
        calling_until: 24 * 60, // always, so that the demo works at any hour
        holidays: String::new(),
        pool_open: true,
        agency_name: "the Franklin Department of Revenue".to_owned(),
        help_phone: "800-555-0134".to_owned(),
        pay_url: "https://revenue.franklin.example/pay".to_owned(),
        caller_id: "(800) 555-0134".to_owned(),
        names: spanish_names().written(),
        published_import_id: 0,
        created_by: None,
        created_at: now,
    };
    let outage = office.db.write(|conn| outages::add(conn, &new))?;
    let text = citizens::file(citizens, start, DOWN_MINUTES, SEED);
    clock.advance_seconds((DOWN_MINUTES + 25) * 60);
    let path = office.config.data_dir.join("failed.csv");
    std::fs::write(&path, text)?;
    let report = office.import_file(outage, &path, &ImportOptions::default(), &mut |_| {})?;
    match report.status {
        Status::Applied => Ok(outage),
        other => Err(Error::internal(format!(
            "the demo's file was not applied but {other:?}"
        ))),
    }
}
