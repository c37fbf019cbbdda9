//! `makegood token …`

use super::{Answer, Result};
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::accounts::User;
use crate::outreach::api_tokens::ApiToken;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

#[derive(Subcommand)]
pub(super) enum Token {
    /// Make an API token for an account; it is printed once
    Create(Create),
    /// List tokens with their ends and when they were last used
    List {
        /// Of one account only
        #[arg(long)]
        email: Option<String>,
    },
    /// Take a token back for good
    Revoke {
        /// Its number, as `token list` prints it
        id: i64,
    },
}

#[derive(Args)]
pub(super) struct Create {
    /// The account's address
    #[arg(long)]
    email: String,
    /// What the token is for
    #[arg(long)]
    name: String,
    /// Days until it ends, at most 366 [default: 90]
    #[arg(long, value_name = "N")]
    expires_days: Option<i64>,
}

impl Token {
    /// Whether it changes nothing.
    pub const fn only_reads(&self) -> bool {
        matches!(self, Self::List { .. })
    }

    pub fn run(self, office: &Office) -> Result<Answer> {
        match self {
            Self::Create(create) => create.run(office),
            Self::List { email } => list(office, email.as_deref()),
            Self::Revoke { id } => revoke(office, id),
        }
    }
}

impl Create {
    fn run(self, office: &Office) -> Result<Answer> {
        let made = office.add_token(&self.email, &self.name, self.expires_days)?;
        let made = made.or_refused()?;
        let json = json!({
            "id": made.id,
            "token": made.token,
            "name": made.label,
            "email": self.email.trim().to_lowercase(),
            "expires_at": made.expires_at,
        });
        Ok(Answer::new(made.token, json))
    }
}

fn list(office: &Office, email: Option<&str>) -> Result<Answer> {
    let of = email.map(|email| office.account(email)).transpose()?;
    let (tokens, now) = (office.tokens(of.map(|user| user.id))?, office.now());
    let lines = tokens.iter().map(|(token, owner)| line(token, owner, now));
    let text = lines.collect::<Vec<_>>().join("\n");
    let json: Vec<Value> = tokens
        .iter()
        .map(|(token, owner)| shown(token, owner, now))
        .collect();
    Ok(Answer::new(text, json!({"tokens": json})))
}

fn line(token: &ApiToken, owner: &User, now: Timestamp) -> String {
    let used = token.last_used_at.map_or("never".to_owned(), Timestamp::rfc3339);
    format!(
        "{:>5}  {:<8} {}  {:?}  ends {}, last used {used}",
        token.id,
        state(token, now),
        owner.email,
        token.label,
        token.ends_at().rfc3339(),
    )
}

fn shown(token: &ApiToken, owner: &User, now: Timestamp) -> Value {
    json!({
        "id": token.id,
        "email": owner.email,
        "name": token.label,
        "ending": token.ending,
        "state": state(token, now),
        "created_at": token.created_at,
        "expires_at": token.ends_at(),
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    })
}

fn state(token: &ApiToken, now: Timestamp) -> &'static str {
    match (token.revoked_at, token.is_good(now)) {
        (Some(_), _) => "revoked",
        (None, true) => "good",
        (None, false) => "expired",
    }
}

fn revoke(office: &Office, id: i64) -> Result<Answer> {
    let (token, owner) = office.revoke_token(id, None)?;
    let text = format!("The token {:?} of {} is taken back.", token.label, owner.email);
    let json = json!({"id": id, "email": owner.email, "name": token.label, "revoked": true});
    Ok(Answer::new(text, json))
}
