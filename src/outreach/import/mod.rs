//! Importing a file: received, read and staged in short batches that nobody sees, checked, and made
//! to count in one short transaction.
//!
//! A staged import's rows carry an import id above the outage's `published_import_id`; what it would
//! change in cases that count already waits beside them (`staged_changes`). So a check page and a dry
//! run are a staging, confirming is publishing, and a process that dies leaves nothing that counts.

mod anew;
mod away;
mod citizen;
mod columns;
mod copy;
mod correct;
mod deliver;
mod discard;
mod fault;
mod file;
mod flags;
mod gather;
mod hold;
mod homes;
mod leftovers;
mod link;
mod lock;
mod mend;
mod mended;
mod oddities;
mod outcome;
mod paid;
mod people;
mod phones;
mod preview;
mod publish;
mod read;
mod reconciled;
mod refunds;
mod report;
mod rows;
mod run;
mod sealed;
mod seen;
mod settle;
mod stage;
mod strides;
mod successes;
mod tally;
mod undo;
mod unmatched;
mod upload;
mod verbs;
mod weigh;
mod words;
mod work;

pub use crate::domain::import::{Bin, ImportKind, ImportPhase, ImportState};
pub use crate::domain::reading::Row;
pub use crate::domain::reconcile::Fate;
pub use crate::reader::{
    About, Certainty, Choice, Column, Doubt, Format, Kind, Layout, Profile, Question, Settled,
};
pub use crate::store::import_rejects::Reject;
pub use crate::store::imports::Import;
pub use crate::store::payments::{Flow, Payment};
pub use correct::{Corrected, Correction};
pub use mend::{Ask, Faulty, Mending};
pub use oddities::OddPayer;
pub use outcome::Outcome;
pub use phones::{AtPhone, SharedPhone};
pub use preview::RowPreview;
pub use reconciled::{MatchedBy, Reconciled, UnpaidCount};
pub(super) use refunds::{known_since, oddity_of};
pub use report::{
    Hints, ImportOptions, OutageCount, OutsideWindow, Progress, Rejected, Report, Status, Times,
};
pub use run::Then;
pub use seen::{Confirmed, Seen};
pub(super) use strides::Strides;
pub use upload::{Received, too_large};
pub use weigh::{Weighed, Weight};
pub use words::{Word, Words};
