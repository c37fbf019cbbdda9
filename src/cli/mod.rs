//! The command line: each command is a verb of the office, said in a terminal.
//!
//! Exit codes: 0 done, 1 it failed or was refused (the reason on stderr; with `--json` a problem object
//! on stdout), 2 wrong usage.

mod answer;
mod doctor;
mod log;
mod mail;
mod migrate;
mod outage;
mod problem;
mod serve;
mod token;
mod user;

use crate::config::{Config, Flags};
use crate::outreach::Office;
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
    /// Serve pages and API, and send e-mails in the background
    Serve(serve::Serve),
    /// Bring the database's schema up to date
    Migrate,
    /// Accounts of staff
    #[command(subcommand)]
    User(user::User),
    /// Tokens for programs
    #[command(subcommand)]
    Token(token::Token),
    /// Outages
    #[command(subcommand)]
    Outage(outage::Outage),
    /// The outbox
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Show every setting with its source, and check that everything is there to work with
    Doctor,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let line = Line::parse();
    let json = line.json;
    match run(line) {
        Ok(answer) => answer.tell(json),
        Err(problem) => problem.tell(json),
    }
}

fn run(line: Line) -> Result<Answer> {
    let config = Config::load(&line.flags)?;
    log::begin(&config)?;
    match line.command {
        Command::Serve(serve) => serve.run(config),
        Command::Migrate => migrate::run(&config),
        Command::Doctor => doctor::run(&config),
        Command::User(user) => user.run(&Office::open(config)?),
        Command::Token(token) => token.run(&Office::open(config)?),
        Command::Outage(outage) => outage.run(&Office::open(config)?),
        Command::Mail(mail) => mail.run(&Office::open(config)?),
    }
}
