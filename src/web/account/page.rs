//! What the page *My account* shows, ready to print.

use askama::Template;

use crate::web::layout::Chrome;

/// One's own account.
#[derive(Template)]
#[template(path = "account/page.html")]
pub struct AccountPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The languages the person speaks.
    pub languages: String,
    /// When the password was changed last; may be empty.
    pub changed: String,
    /// It was changed just now.
    pub just_changed: bool,
    /// The tokens that still open something.
    pub tokens: Vec<TokenRow>,
    /// A token that was just made; it is shown this once.
    pub fresh: Option<FreshRow>,
    /// The form was sent before, and its first answer showed the token.
    pub made_before: bool,
    /// Field and what is wrong with it.
    pub problem: Option<(&'static str, String)>,
}

/// One token.
pub struct TokenRow {
    /// Its id.
    pub id: i64,
    /// What it is for.
    pub label: String,
    /// Its last letters; may be empty.
    pub ending: String,
    /// When it was made.
    pub made: String,
    /// When it was used last.
    pub used: String,
    /// When it ends.
    pub ends: String,
    /// That is soon.
    pub soon: bool,
}

/// A new token, shown once.
pub struct FreshRow {
    /// What it is for.
    pub label: String,
    /// The token.
    pub token: String,
    /// When it ends.
    pub ends: String,
}

impl AccountPage {
    /// What is wrong with this field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let found = self.problem.as_ref().filter(|(at, _)| *at == field);
        found.map(|(_, message)| message.as_str())
    }
}
