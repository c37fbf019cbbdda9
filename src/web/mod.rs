//! The pages: one folder per screen (handler, form, page struct), `templates/` mirrors it.
//!
//! A handler reads *who, what, do, show*: who is signed in, what they sent, the verb of
//! `outreach`, the page. No rule and no query stands here.

pub mod assets;
pub mod desk;
pub mod error;
pub mod headers;
pub mod help;
pub mod layout;
pub mod look;
pub mod page;
pub mod session;
pub mod sign_in;
