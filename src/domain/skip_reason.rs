//! Why a caller passes a household over.

use super::text_enum::text_enum;

text_enum! {
    /// A supervisor reads it before deciding what becomes of the household.
    pub enum SkipReason {
        /// Not a good moment there, as their local time or an earlier note says.
        NotNow = "not_now",
        /// It needs another language than the caller speaks.
        Language = "language",
        /// Somebody who knows more should call.
        Colleague = "colleague",
        /// The caller knows these people.
        KnowThem = "know_them",
        /// Something about the case looks wrong.
        LooksWrong = "looks_wrong",
    }
}

impl SkipReason {
    /// The words on the desk.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotNow => "Not a good moment",
            Self::Language => "I don’t speak their language",
            Self::Colleague => "Better for a colleague",
            Self::KnowThem => "I know them",
            Self::LooksWrong => "The case looks wrong",
        }
    }
}
