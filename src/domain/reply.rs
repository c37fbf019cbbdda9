//! What citizens can answer on their page, as it is stored, sent and shown.

use super::charged::Charged;
use super::facts::Choice;
use super::text_enum::text_enum;
use super::timestamp::Timestamp;

text_enum! {
    /// The buttons of the citizen's page.
    pub enum Reply {
        /// I have paid.
        HavePaid = "have_paid",
        /// I looked at my statement: the money was taken.
        SeenTaken = "seen_taken",
        /// I looked at my statement: it was not taken.
        NotTaken = "not_taken",
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
    /// Whether it is an answer to what the page says of the money. Who was charged has nothing to pay, so *I have paid* would
    /// close what is still ours to put right; where nobody knows, only a statement tells.
    pub const fn is_offered(self, charged: Charged) -> bool {
        match self {
            Self::HavePaid => matches!(charged, Charged::NotCharged),
            Self::SeenTaken | Self::NotTaken => matches!(charged, Charged::Unknown),
            Self::CallMe | Self::NeedHelp | Self::DontContact | Self::WrongPerson => true,
        }
    }

    /// The fact that it is; none for a call without a time, and for money that was not taken: they can pay, and are called
    /// as before.
    pub fn choice(self, call_at: Option<Timestamp>) -> Option<Choice> {
        Some(match self {
            Self::HavePaid => Choice::HavePaid,
            Self::CallMe => Choice::CallMe(call_at?),
            Self::NotTaken => return None,
            Self::NeedHelp | Self::SeenTaken => Choice::NeedHelp,
            Self::DontContact => Choice::DontContact,
            Self::WrongPerson => Choice::WrongPerson,
        })
    }

    /// What staff read: `They answered by link: …`
    pub const fn words(self) -> &'static str {
        match self {
            Self::HavePaid => "I have paid",
            Self::SeenTaken => "I looked: it was taken",
            Self::NotTaken => "I looked: it was not taken",
            Self::CallMe => "Call me",
            Self::NeedHelp => "I need help",
            Self::DontContact => "Don’t contact me",
            Self::WrongPerson => "That is not me",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_who_was_charged_is_asked_whether_they_have_paid() {
        let offered = |charged| {
            let replies = Reply::ALL.iter().filter(|reply| reply.is_offered(charged));
            replies.map(|reply| reply.as_str()).collect::<Vec<_>>()
        };
        let always = ["call_me", "need_help", "dont_contact", "wrong_person"];
        assert_eq!(
            offered(Charged::NotCharged),
            [&["have_paid"], &always[..]].concat()
        );
        assert_eq!(
            offered(Charged::Unknown),
            [&["seen_taken", "not_taken"], &always[..]].concat()
        );
        for taken in [Charged::Charged, Charged::ChargedTwice] {
            assert_eq!(offered(taken), always);
        }
    }
}
