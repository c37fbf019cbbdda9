//! Accounts of staff: who may do what.

pub mod page;
#[cfg(test)]
mod tests;
