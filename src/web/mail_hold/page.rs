//! What the page about held e-mail shows, ready to print.

use askama::Template;

use crate::web::layout::Chrome;

/// Whether e-mail is held, and what would go out.
#[derive(Template)]
#[template(path = "mail_hold/page.html")]
pub struct HoldPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The hold that stands.
    pub standing: Option<Standing>,
    /// Earlier ones, the latest first.
    pub past: Vec<Past>,
    /// Why nothing was done.
    pub problem: Option<String>,
}

/// The hold that stands.
pub struct Standing {
    /// Why.
    pub because: String,
    /// Since when.
    pub since: String,
    /// Outage, text, how many messages.
    pub waiting: Vec<(String, String, String)>,
    /// All of them.
    pub messages: i64,
    /// The button's words: `Send 12 e-mails`.
    pub send: String,
}

/// One that was released.
pub struct Past {
    /// Why.
    pub because: String,
    /// Since when.
    pub held: String,
    /// Until when.
    pub released: String,
    /// By whom.
    pub by: String,
    /// Messages that were withdrawn then.
    pub withdrawn: String,
}
