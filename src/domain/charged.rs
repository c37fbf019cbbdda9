//! Whether money was taken: it decides what may be said on the phone.

use super::text_enum::text_enum;

text_enum! {
    /// Whether money was taken, as far as the file says; the worst of a case's transactions counts.
    pub enum Charged {
        /// No money was taken.
        NotCharged = "not_charged",
        /// Nobody knows yet.
        Unknown = "unknown",
        /// Taken, but not recorded as paid.
        Charged = "charged",
        /// Taken twice.
        ChargedTwice = "charged_twice",
    }
}
