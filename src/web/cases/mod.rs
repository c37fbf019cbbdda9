//! Cases: the list with its filters, and everything about one of them.

pub mod page;
#[cfg(test)]
mod tests;
