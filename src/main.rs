//! The `makegood` program.

fn main() {}
