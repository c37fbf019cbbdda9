//! The verbs: what people do with Makegood, one file each, one write transaction each. Pages, API,
//! worker and command line call the same ones.

pub mod accounts;
pub mod around;
pub mod board;
pub mod bounces;
pub mod campaign;
pub mod case_file;
pub mod cases;
pub mod citizen;
pub mod claim;
pub mod claim_view;
pub mod decide;
pub mod desk;
mod error;
pub mod export;
pub mod fate;
pub mod find;
mod follow_up;
mod housekeeping;
pub mod import;
mod late_arrivals;
pub mod lease;
pub mod letters;
pub mod lists;
pub mod message_log;
mod note;
mod office;
pub mod outages;
pub mod outbox;
mod password;
mod prepare;
pub mod promises;
pub mod record;
pub mod remedies;
pub mod rulebook;
pub mod sign_in;
pub mod skip;
mod standing;
mod token;
pub mod undo;
pub mod waiting;

use error::crowded;
pub use error::{Error, Result};
pub use office::Office;
pub use prepare::PrepareError;
