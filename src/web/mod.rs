//! The pages: one folder per screen (handler, form, page struct), `templates/` mirrors it.
//!
//! A handler reads *who, what, do, show*: who is signed in, what they sent, the verb of
//! `outreach`, the page. No rule and no query stands here.

pub mod accounts;
pub mod assets;
pub mod board;
pub mod cases;
pub mod desk;
pub mod error;
pub mod headers;
pub mod help;
pub mod imports;
pub mod layout;
pub mod lists;
pub mod look;
pub mod messages;
pub mod outages;
pub mod page;
#[cfg(test)]
pub mod sample;
pub mod session;
pub mod show;
pub mod sign_in;
