//! What citizens can answer on their page, as it is stored, sent and shown.

use super::facts::Choice;
use super::text_enum::text_enum;
use super::timestamp::Timestamp;

text_enum! {
    /// The buttons of the citizen's page.
    pub enum Reply {
        /// I have paid.
        HavePaid = "have_paid",
        /// Call me at a time.
        CallMe = "call_me",
        /// I need help.
        NeedHelp = "need_help",
        /// Don't contact me.
        DontContact = "dont_contact",
        /// Wrong person.
        WrongPerson = "wrong_person",
    }
}

impl Reply {
    /// The fact that it is; none for a call without a time.
    pub fn choice(self, call_at: Option<Timestamp>) -> Option<Choice> {
        Some(match self {
            Self::HavePaid => Choice::HavePaid,
            Self::CallMe => Choice::CallMe(call_at?),
            Self::NeedHelp => Choice::NeedHelp,
            Self::DontContact => Choice::DontContact,
            Self::WrongPerson => Choice::WrongPerson,
        })
    }

    /// What staff read: `They answered by link: …`
    pub const fn words(self) -> &'static str {
        match self {
            Self::HavePaid => "I have paid",
            Self::CallMe => "Call me",
            Self::NeedHelp => "I need help",
            Self::DontContact => "Don’t contact me",
            Self::WrongPerson => "That is not me",
        }
    }
}
