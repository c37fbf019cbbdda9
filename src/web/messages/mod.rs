//! E-mail: what was sent and what became of it, and sending to many.

pub mod page;
#[cfg(test)]
mod tests;
