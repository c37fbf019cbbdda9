//! Imports: upload, match the columns, check, confirm; and what became of each file.

pub mod page;
#[cfg(test)]
mod tests;

/// The four steps of an import and what each is for.
pub const STEPS: [(&str, &str); 4] = [
    ("Upload", "CSV or Excel"),
    ("Match columns", "Say what each one is"),
    ("Check", "Nothing counts yet"),
    ("Import", "Make the calls"),
];
