//! What the accounts' pages show, ready to print.

use askama::Template;

use crate::web::account::page::TokenRow;
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

/// All accounts.
#[derive(Template)]
#[template(path = "accounts/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The accounts, by name.
    pub accounts: Vec<AccountRow>,
    /// Which of them.
    pub paging: Paging,
    /// A link that was just made; it is shown this once.
    pub fresh: Option<FreshLink>,
}

/// A link by which somebody sets their password, shown once.
pub struct FreshLink {
    /// Whose it is.
    pub name: String,
    /// The whole address; none: the form was sent before, and its first answer showed it.
    pub url: Option<String>,
    /// It takes the place of a password that worked until now.
    pub reset: bool,
}

/// One account.
pub struct AccountRow {
    /// The account.
    pub id: i64,
    /// The person.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// What they may do.
    pub role: &'static str,
    /// They take the calls that need help.
    pub specialist: bool,
    /// The languages they speak.
    pub languages: String,
    /// They can sign in.
    pub active: bool,
    /// They have a link by which they set their password.
    pub invited: bool,
    /// API tokens of theirs that open something.
    pub tokens: usize,
    /// It is the account of the person looking.
    pub own: bool,
}

/// Asks before an account with calls on its lists is switched off.
#[derive(Template)]
#[template(path = "accounts/off.html")]
pub struct OffPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The account.
    pub id: i64,
    /// Whose it is.
    pub name: String,
    /// Calls that would go back to nobody's list.
    pub calls: usize,
    /// The same in words: `305 calls`.
    pub in_words: String,
    /// Why it was not done.
    pub problem: Option<String>,
}

/// The form of a new account.
#[derive(Template)]
#[template(path = "accounts/form.html", blocks = ["main"])]
pub struct FormPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the form is sent.
    pub action: String,
    /// It makes a new account.
    pub new: bool,
    /// What was typed.
    pub form: Form,
    /// The roles.
    pub roles: Vec<Choice>,
    /// The languages to choose from.
    pub languages: Vec<Choice>,
    /// Field and what is wrong with it.
    pub problem: Option<(String, String)>,
    /// The account's API tokens that open something.
    pub tokens: Vec<TokenRow>,
    /// Where they are taken back.
    pub token_base: String,
}

/// What was typed for a new account.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The person.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// They take the calls that need help.
    pub specialist: bool,
}

/// One value to choose.
pub struct Choice {
    /// Its key.
    pub key: String,
    /// In words.
    pub label: String,
    /// What it means.
    pub note: &'static str,
    /// It is chosen.
    pub chosen: bool,
}

impl FormPage {
    /// What is wrong with this field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        self.problem
            .as_ref()
            .filter(|(at, _)| at == field)
            .map(|(_, message)| message.as_str())
    }

    /// Something is wrong that belongs to no field of the form.
    pub fn general(&self) -> Option<&str> {
        const FIELDS: [&str; 4] = ["name", "email", "role", "languages"];
        self.problem
            .as_ref()
            .filter(|(at, _)| !FIELDS.contains(&at.as_str()))
            .map(|(_, message)| message.as_str())
    }
}
