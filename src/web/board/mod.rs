//! The board: how far this outage is, polled every five seconds.

pub mod chart;
pub mod need;
pub mod page;
#[cfg(test)]
mod tests;

use askama::Template;

use crate::web::layout::Chrome;
use page::Live;

/// The whole board.
#[derive(Template)]
#[template(path = "board/page.html")]
pub struct BoardPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The part that is polled.
    pub live: Live,
}

/// The part that is polled, for the page's own script.
#[derive(Template)]
#[template(path = "board/live.html")]
pub struct BoardLive {
    /// The part that is polled.
    pub live: Live,
}
