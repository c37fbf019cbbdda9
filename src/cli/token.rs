//! `makegood token …`

use super::{Answer, Result};
use crate::outreach::Office;
use clap::Subcommand;
use serde_json::json;

#[derive(Subcommand)]
pub(super) enum Token {
    /// Make an API token for an account; it is printed once
    Create {
        /// The account's address
        #[arg(long)]
        email: String,
        /// What the token is for
        #[arg(long)]
        name: String,
    },
}

impl Token {
    pub fn run(self, office: &Office) -> Result<Answer> {
        let Self::Create { email, name } = self;
        let token = office.add_token(&email, &name)?;
        Ok(Answer::new(
            token.clone(),
            json!({"token": token, "name": name, "email": email.trim().to_lowercase()}),
        ))
    }
}
