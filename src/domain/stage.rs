//! What a case waits for, and why it is closed.

use super::text_enum::text_enum;

text_enum! {
    /// What a case waits for: one word, also the colour of its dot.
    pub enum Stage {
        /// Nobody has called yet.
        New = "new",
        /// Another try is due.
        Tried = "tried",
        /// A callback is booked.
        Callback = "callback",
        /// They will pay themselves; one check call if they have not.
        AwaitingPayment = "awaiting_payment",
        /// A specialist has to call.
        NeedsHelp = "needs_help",
        /// A supervisor has to decide.
        NeedsSupervisor = "needs_supervisor",
        /// To be written to by e-mail: no number to call, or tried often enough.
        Email = "email",
        /// To be written to on paper.
        Letter = "letter",
        /// Closed, with a resolution.
        Closed = "closed",
    }
}

text_enum! {
    /// Why a case is closed.
    pub enum Resolution {
        /// Reached by phone; paid, or knows how.
        ResolvedByCall = "resolved_by_call",
        /// Answered by link that all is done.
        ResolvedByCitizen = "resolved_by_citizen",
        /// A later successful payment was found.
        Paid = "paid",
        /// Hung up or refused to talk.
        Declined = "declined",
        /// Not reached by phone, and written to by e-mail.
        Unreachable = "unreachable",
        /// Asked not to be contacted.
        DoNotContact = "do_not_contact",
        /// Written to on paper.
        LetterSent = "letter_sent",
        /// Had no failed payment in the outage after all.
        NotAffected = "not_affected",
    }
}

impl Stage {
    /// Whether the case still has a next step.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }

    /// Whether that next step is to write: the only case that an e-mail which went out moves on.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Email | Self::Letter)
    }

    /// Whether a call to the number has to say what became of them: not who is closed, nor who waits for a supervisor, such as
    /// somebody who has died.
    pub const fn is_asked_about(self) -> bool {
        self.is_open() && !matches!(self, Self::NeedsSupervisor)
    }

    /// Whether that next step is a phone call.
    pub const fn is_call(self) -> bool {
        matches!(
            self,
            Self::New | Self::Tried | Self::Callback | Self::AwaitingPayment | Self::NeedsHelp
        )
    }

    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::New => "Not called yet",
            Self::Tried => "To call again",
            Self::Callback => "Callback booked",
            Self::AwaitingPayment => "Will pay",
            Self::NeedsHelp => "Needs help",
            Self::NeedsSupervisor => "Needs a supervisor",
            Self::Email => "To be e-mailed",
            Self::Letter => "Letter to be sent",
            Self::Closed => "Closed",
        }
    }
}

impl Resolution {
    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ResolvedByCall => "Resolved by call",
            Self::ResolvedByCitizen => "Resolved by citizen",
            Self::Paid => "Paid",
            Self::Declined => "Declined",
            Self::Unreachable => "Unreachable",
            Self::DoNotContact => "Do not contact",
            Self::LetterSent => "Letter sent",
            Self::NotAffected => "Not affected",
        }
    }

    /// Whether the citizen's matter itself is settled: no later fact gives a better reason.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::ResolvedByCall | Self::ResolvedByCitizen | Self::Paid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for stage in Stage::ALL {
            assert_eq!(stage.as_str().parse::<Stage>().unwrap(), *stage);
        }
        for resolution in Resolution::ALL {
            assert_eq!(resolution.as_str().parse::<Resolution>().unwrap(), *resolution);
        }
    }

    #[test]
    fn an_unknown_word_is_refused_by_name() {
        let error = "sleeping".parse::<Stage>().unwrap_err();
        assert_eq!(error.to_string(), "\"sleeping\" is no Stage");
    }
}
