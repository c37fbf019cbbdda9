//! The verbs: what people do with Makegood, one file each, one write transaction each. Pages, API,
//! worker and command line call the same ones.

pub mod accounts;
mod error;
pub mod import;
mod office;
pub mod outages;
mod password;
pub mod sign_in;
mod token;

pub use error::{Error, Result};
pub use office::Office;
