//! `makegood user …`

use super::{Answer, Problem, Result};
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::accounts::{self, NewAccount};
use crate::outreach::password_links::{FreshLink, GOOD_HOURS};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::fmt::Write;
use std::io::Read;

#[derive(Subcommand)]
pub(super) enum User {
    /// Add an account
    Add(Add),
    /// List all accounts
    List,
    /// Switch an account off and end its sessions and tokens
    Disable(Named),
    /// Give an account a new password and end its sessions and tokens
    ResetPassword(Reset),
}

#[derive(Args)]
pub(super) struct Add {
    /// The address to sign in with
    #[arg(long)]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// caller, supervisor or admin
    #[arg(long)]
    role: Role,
    /// A language spoken besides English, such as es; several times for several
    #[arg(long)]
    language: Vec<String>,
    /// Takes the calls that need help
    #[arg(long)]
    specialist: bool,
    /// Read the password from standard input; without it one is made and printed
    #[arg(long)]
    password_stdin: bool,
    /// Print a link by which the person sets a password that nobody else has seen, in place of a password
    #[arg(long, conflicts_with = "password_stdin")]
    link: bool,
}

#[derive(Args)]
pub(super) struct Named {
    /// The account's address
    #[arg(long)]
    email: String,
}

#[derive(Args)]
pub(super) struct Reset {
    /// The account's address
    #[arg(long)]
    email: String,
    /// Read the password from standard input; without it one is made and printed
    #[arg(long)]
    password_stdin: bool,
    /// Print a link by which the person sets a password that nobody else has seen, in place of a password
    #[arg(long, conflicts_with = "password_stdin")]
    link: bool,
}

impl User {
    /// Whether it changes nothing.
    pub const fn only_reads(&self) -> bool {
        matches!(self, Self::List)
    }

    pub fn run(self, office: &Office) -> Result<Answer> {
        match self {
            Self::Add(add) => add.run(office),
            Self::List => list(office),
            Self::Disable(named) => named.disable(office),
            Self::ResetPassword(reset) => reset.run(office),
        }
    }
}

impl Add {
    fn run(self, office: &Office) -> Result<Answer> {
        let given = given_password(self.password_stdin)?;
        let account = NewAccount {
            email: self.email,
            name: self.name,
            role: self.role,
            languages: self.language,
            specialist: self.specialist,
        };
        let email = account.email.trim().to_lowercase();
        if self.link {
            let (id, link) = office.invite(&account, None)?;
            let json = json!({"id": id, "email": email, "role": self.role});
            return Ok(linked(json, &format!("Added {email}."), &link.or_refused()?));
        }
        let (id, password) = office.add_account(&account, given.as_deref())?;
        let mut json = json!({"id": id, "email": email, "role": self.role});
        let text = told(
            &mut json,
            format!("Added {email}."),
            given.is_none().then_some(&password),
        );
        Ok(Answer::new(text, json))
    }
}

impl Named {
    fn disable(&self, office: &Office) -> Result<Answer> {
        let account = office.account(&self.email)?;
        let calls = office.disable_account(account.id, None, None)?;
        let mut text = format!("{} can no longer sign in.", account.email);
        if calls > 0 {
            let _ = write!(text, " {calls} calls went back to nobody's list.");
        }
        Ok(Answer::new(
            text,
            json!({"email": account.email, "disabled": true, "calls_given_back": calls}),
        ))
    }
}

impl Reset {
    fn run(&self, office: &Office) -> Result<Answer> {
        let given = given_password(self.password_stdin)?;
        let account = office.account(&self.email)?;
        if self.link {
            let link = office.reset_by_link(account.id, None)?.or_refused()?;
            let json = json!({"email": account.email});
            let text = format!("{}: password, sessions and tokens have ended.", account.email);
            return Ok(linked(json, &text, &link));
        }
        let password = office.reset_password(account.id, given.as_deref())?;
        let mut json = json!({"email": account.email});
        let text = format!(
            "{} has a new password; all sessions and tokens have ended.",
            account.email
        );
        let text = told(&mut json, text, given.is_none().then_some(&password));
        Ok(Answer::new(text, json))
    }
}

fn list(office: &Office) -> Result<Answer> {
    let accounts = office.accounts()?;
    let lines = accounts.iter().map(|user| {
        let off = if user.disabled_at.is_some() { "  (off)" } else { "" };
        format!("{:<10} {}  {}{off}", user.role().as_str(), user.email, user.name)
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let json: Vec<Value> = accounts.iter().map(shown).collect();
    Ok(Answer::new(text, json!({"users": json})))
}

fn shown(user: &accounts::User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role(),
        "languages": user.spoken().collect::<Vec<_>>(),
        "specialist": user.specialist,
        "disabled": user.disabled_at.is_some(),
    })
}

/// A password that was made is told once, and only here.
fn told(json: &mut Value, text: String, made: Option<&String>) -> String {
    let Some(password) = made else {
        return text;
    };
    if let Some(object) = json.as_object_mut() {
        object.insert("password".to_owned(), json!(password));
    }
    format!("{text}\nPassword: {password}\nIt is shown only now.")
}

/// A link is told once, and only here.
fn linked(mut json: Value, text: &str, link: &FreshLink) -> Answer {
    if let Some(object) = json.as_object_mut() {
        object.insert("link".to_owned(), json!(link.url));
        object.insert("link_expires_at".to_owned(), json!(link.expires_at));
    }
    let text = format!(
        "{text}\nHand this link over; it works once, for {GOOD_HOURS} hours, and is shown only now:\n{}",
        link.url
    );
    Answer::new(text, json)
}

/// The first line of standard input, if it is to be read.
fn given_password(from_stdin: bool) -> Result<Option<String>> {
    if !from_stdin {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .map_err(Problem::io("standard input"))?;
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}
