//! How values look on a page: counts, times, people, stages, pages of a list.
//!
//! Every function here turns a value into the text a person reads; none of them decides anything.

pub mod count;
pub mod paging;
pub mod person;
pub mod stage;
pub mod time;
