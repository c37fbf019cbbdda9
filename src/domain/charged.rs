//! Whether money was taken: it decides what may be said on the phone.

use super::cell;
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

impl Charged {
    /// Whether the citizen may be asked to pay, and told until when: nowhere but where it is known that no money was taken.
    pub const fn may_ask_to_pay(self) -> bool {
        matches!(self, Self::NotCharged)
    }

    /// Whether money was taken and nobody needs to pay: what is left to do is ours.
    pub const fn was_taken(self) -> bool {
        matches!(self, Self::Charged | Self::ChargedTwice)
    }

    /// Reads a cell: the words above and what exports usually write. Anything else is unknown.
    pub fn read(text: &str) -> Self {
        let word = cell::clean(text).to_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "not_charged" | "no" | "n" | "false" | "f" | "0" | "declined" | "reversed" | "voided"
            | "nein" => Self::NotCharged,
            "charged" | "yes" | "y" | "true" | "t" | "1" | "captured" | "settled" | "si" | "ja" => {
                Self::Charged
            }
            "charged_twice" | "twice" | "2" | "double" | "double_charged" | "duplicate_charge" => {
                Self::ChargedTwice
            }
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_exports_are_read() {
        assert_eq!(Charged::read(" Not charged "), Charged::NotCharged);
        assert_eq!(Charged::read("YES"), Charged::Charged);
        assert_eq!(Charged::read("perhaps"), Charged::Unknown);
    }
}
