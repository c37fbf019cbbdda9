//! Call lists: who has which calls, splitting the pool, moving a leaver's work.

pub mod page;
#[cfg(test)]
mod tests;
