//! The phrases of the script. `{names}` in braces are filled in; what is to be spoken stands in quotes,
//! what is meant for the caller's eyes does not.

use crate::domain::charged::Charged;
use crate::domain::words::Language;

use super::english::ENGLISH;
use super::spanish::SPANISH;

/// An answer, what to say to it, and the outcome that records it.
pub type Reply = (&'static str, &'static str, Option<&'static str>);

/// What is said and asked about the money.
#[derive(Debug)]
pub struct Money {
    /// What became of it.
    pub said: &'static str,
    /// The question.
    pub ask: &'static str,
    /// The answers.
    pub replies: &'static [Reply],
    /// Answers that come up seldom.
    pub seldom: &'static [Reply],
}

/// Everything that is said in one language.
#[derive(Debug)]
pub struct Phrases {
    pub hello_label: &'static str,
    pub hello: &'static str,
    pub hello_several: &'static str,
    pub hello_promised: &'static str,
    pub hello_specialist: &'static str,
    pub hello_rang: &'static str,
    pub rang_replies: &'static [Reply],
    pub hello_replies: &'static [Reply],
    pub office: &'static str,
    pub office_replies: &'static [Reply],
    pub sure_label: &'static str,
    pub sure_known: &'static str,
    pub sure_code: &'static str,
    pub sure_never: &'static str,
    pub sure_check: &'static str,
    pub sure_is: &'static str,
    pub sure_is_unnamed: &'static str,
    pub sure_end: &'static str,
    pub sure_rang: &'static str,
    pub sure_rang_code: &'static str,
    pub sure_replies: &'static [Reply],
    pub why_label: &'static str,
    pub down: &'static str,
    pub failed: &'static str,
    pub failed_often: &'static str,
    pub failed_amount: &'static str,
    pub failed_amount_often: &'static str,
    pub sorry: &'static str,
    pub why_promised: &'static str,
    pub why_specialist: &'static str,
    pub why_rang: &'static str,
    pub check: Money,
    pub ask_specialist: &'static str,
    pub specialist_replies: &'static [Reply],
    pub ask_rang: &'static str,
    pub not_charged: Money,
    pub unknown: Money,
    pub charged: Money,
    pub charged_twice: Money,
    pub ask_label: &'static str,
    pub ask_replies: &'static [Reply],
    pub deadline: &'static str,
    pub deadline_passed: &'static str,
    pub message_label: &'static str,
    pub message: &'static str,
    pub message_to_nobody: &'static str,
    pub message_reply: Reply,
    pub no_message: &'static str,
    pub no_message_reply: Reply,
    pub doubt: &'static str,
    pub doubt_without_code: &'static str,
    pub also: &'static [(&'static str, &'static str)],
    pub our_number: &'static str,
    pub our_site: &'static str,
    pub somebody: &'static str,
    /// So often: once is never said, twice, then a number.
    pub twice: &'static str,
    pub often: &'static str,
    pub window_that_day: &'static str,
    pub window_today: &'static str,
    pub tried: &'static str,
    /// From this hour on it is evening.
    pub evening_from: i8,
    /// This morning, this afternoon, this evening.
    pub today: [&'static str; 3],
}

impl Phrases {
    /// Those of a language.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        }
    }

    /// What to say and ask about money in that state.
    pub const fn money(&self, charged: Charged) -> &Money {
        match charged {
            Charged::NotCharged => &self.not_charged,
            Charged::Unknown => &self.unknown,
            Charged::Charged => &self.charged,
            Charged::ChargedTwice => &self.charged_twice,
        }
    }

    /// The part of today that holds an hour.
    pub const fn today(&self, hour: i8) -> &'static str {
        let [morning, afternoon, evening] = self.today;
        if hour < 12 {
            morning
        } else if hour < self.evening_from {
            afternoon
        } else {
            evening
        }
    }
}
