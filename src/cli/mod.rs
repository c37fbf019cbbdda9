//! The command line: each command is a verb of the office, said in a terminal.
//!
//! Exit codes: 0 done, 1 it failed or was refused (the reason on stderr; with `--json` a problem object
//! on stdout), 2 wrong usage.

mod accept_key;
mod answer;
mod backup;
mod campaign;
mod demo;
mod doctor;
mod export;
mod import;
mod log;
mod mail;
mod migrate;
mod outage;
mod problem;
mod serve;
mod simulate;
mod split;
mod token;
mod user;
mod watchdog;

use crate::config::{self, Config, Flags};
use crate::outreach::Office;
use crate::outreach::import::ImportKind;
use answer::Answer;
use clap::{Parser, Subcommand};
use problem::Problem;
use std::process::ExitCode;

/// What a command comes to.
type Result<T> = std::result::Result<T, Problem>;

/// Finds the people behind an outage's failed transactions, and does not let go of one of them.
#[derive(Parser)]
#[command(name = "makegood", version, arg_required_else_help = true)]
struct Line {
    /// Answer in JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show a worked evening: scratch data, an outage, people, calls, e-mails
    Demo(demo::Demo),
    /// Count the calls and hours it takes to reach people, by several ways of choosing whom to call next
    Simulate(simulate::Simulate),
    #[command(flatten)]
    Work(Box<Work>),
}

/// The commands that work on the settings' own data.
#[derive(Subcommand)]
enum Work {
    /// Serve pages and API, and send e-mails in the background
    Serve(serve::Serve),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Accounts of staff
    #[command(subcommand)]
    User(user::User),
    /// Tokens for programs
    #[command(subcommand)]
    Token(token::Token),
    /// Outages
    #[command(subcommand)]
    Outage(outage::Outage),
    /// Import a file of failed transactions
    Import(import::Import),
    /// Close the cases of those who have paid since, by a file of successful transactions
    Reconcile(import::Import),
    /// Deal the pool of households to callers
    Split(split::Split),
    /// Move one caller's open calls to others
    Rebalance(split::Rebalance),
    /// Mailings to many
    #[command(subcommand)]
    Campaign(campaign::Campaign),
    /// Write cases, attempts or messages out
    Export(export::Export),
    /// The outbox
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Copy everything in the database to a file, while people work
    Backup(backup::Named),
    /// Put a backup in the database's place; e-mail is held until it is released
    Restore(backup::Named),
    /// Go on with this node's secret key where the one that the database knows is lost: links in e-mails sent so far end
    AcceptKey,
    /// Show every setting with its source, and check that everything is there to work with
    Doctor,
}

/// Runs the program.
pub fn main() -> ExitCode {
    config::keep_to_ourselves();
    let line = Line::parse();
    let json = line.json;
    match run(line) {
        Ok(answer) => answer.tell(json),
        Err(problem) => problem.tell(json),
    }
}

fn run(line: Line) -> Result<Answer> {
    match line.command {
        Command::Demo(demo) => demo.run(line.flags),
        Command::Simulate(simulate) => simulate.run(),
        Command::Work(work) => {
            let config = Config::load(&line.flags)?;
            log::begin(&config)?;
            work.run(config, line.json)
        }
    }
}

impl Work {
    fn run(self, config: Config, json: bool) -> Result<Answer> {
        let reads = self.only_reads();
        match self {
            Self::Serve(serve) => serve.run(config),
            Self::Migrate(migrate) => migrate.run(&config),
            Self::Doctor => doctor::run(&config),
            Self::AcceptKey => accept_key::run(config),
            Self::Restore(named) => named.restore(&config),
            Self::Mail(mail) => mail.run(config),
            Self::Backup(named) => named.back_up(&office(config, reads)?),
            Self::User(user) => user.run(&office(config, reads)?),
            Self::Token(token) => token.run(&office(config, reads)?),
            Self::Outage(outage) => outage.run(&office(config, reads)?),
            Self::Import(import) => import.run(&office(config, reads)?, json, ImportKind::Failed),
            Self::Reconcile(import) => import.run(&office(config, reads)?, json, ImportKind::Successes),
            Self::Split(split) => split.run(&office(config, reads)?),
            Self::Rebalance(rebalance) => rebalance.run(&office(config, reads)?),
            Self::Campaign(campaign) => campaign.run(&office(config, reads)?),
            Self::Export(export) => export.run(&office(config, reads)?),
        }
    }

    /// Whether it leaves everything as it is: then it makes nothing either.
    fn only_reads(&self) -> bool {
        match self {
            Self::User(user) => user.only_reads(),
            Self::Token(token) => token.only_reads(),
            Self::Split(split) => split.only_reads(),
            Self::Rebalance(rebalance) => rebalance.only_reads(),
            Self::Campaign(campaign) => campaign.only_reads(),
            Self::Export(_) => true,
            _ => false,
        }
    }
}

/// The office to work in: one that is there, for a command that only reads.
fn office(config: Config, only_reads: bool) -> Result<Office> {
    let office = if only_reads {
        Office::open_to_read(config)?
    } else {
        Office::open(config)?
    };
    Ok(office.unhurried()) // nobody's page waits for it
}
