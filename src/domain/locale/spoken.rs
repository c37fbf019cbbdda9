//! The phrases of the script. `{names}` in braces are filled in; what is to be spoken stands in quotes,
//! what is meant for the caller's eyes does not.

use serde::Deserialize;

use crate::domain::charged::Charged;

use super::phrase::Phrase;

/// An answer, what to say to it, and the outcome that records it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub answer: Phrase,
    pub text: Phrase,
    pub outcome: Option<Phrase>,
}

/// What to do in a situation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    pub title: Phrase,
    pub text: Phrase,
}

/// What is said and asked about the money.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// What became of it.
    pub said: Phrase,
    /// The question.
    pub ask: Phrase,
    /// The answers.
    pub replies: Vec<Reply>,
    /// Answers that come up seldom.
    pub seldom: Vec<Reply>,
}

/// Everything that is said in one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// What opens a sentence that is said aloud.
    pub opens: Phrase,
    pub unnamed_agency: Phrase,
    pub hello_label: Phrase,
    pub hello: Phrase,
    pub hello_several: Phrase,
    pub hello_promised: Phrase,
    /// The promised time is over.
    pub hello_late: Phrase,
    pub hello_specialist: Phrase,
    pub hello_rang: Phrase,
    pub rang_replies: Vec<Reply>,
    pub hello_replies: Vec<Reply>,
    pub office: Phrase,
    pub office_replies: Vec<Reply>,
    pub sure_label: Phrase,
    pub sure_known: Phrase,
    pub sure_code: Phrase,
    pub sure_never: Phrase,
    pub sure_check: Phrase,
    pub sure_is: Phrase,
    pub sure_is_unnamed: Phrase,
    pub sure_end: Phrase,
    pub sure_rang: Phrase,
    pub sure_rang_code: Phrase,
    pub sure_replies: Vec<Reply>,
    pub why_label: Phrase,
    pub down: Phrase,
    pub failed: Phrase,
    pub failed_often: Phrase,
    pub failed_amount: Phrase,
    pub failed_amount_often: Phrase,
    /// Of a payment that was taken, or may have been.
    pub affected: Phrase,
    pub affected_amount: Phrase,
    pub sorry: Phrase,
    pub why_promised: Phrase,
    pub why_specialist: Phrase,
    pub why_rang: Phrase,
    pub check: Money,
    pub ask_specialist: Phrase,
    pub specialist_replies: Vec<Reply>,
    pub ask_rang: Phrase,
    pub not_charged: Money,
    pub unknown: Money,
    pub charged: Money,
    pub charged_twice: Money,
    pub ask_label: Phrase,
    pub ask_replies: Vec<Reply>,
    pub deadline: Phrase,
    pub deadline_passed: Phrase,
    pub message_label: Phrase,
    pub message: Phrase,
    pub message_to_nobody: Phrase,
    pub message_reply: Vec<Reply>,
    pub no_message: Phrase,
    pub no_message_reply: Vec<Reply>,
    pub doubt: Phrase,
    pub doubt_without_code: Phrase,
    pub also: Vec<Situation>,
    /// A callback that was agreed, said back.
    pub back: Phrase,
    pub back_today: Phrase,
    pub back_code: Phrase,
    pub our_number: Phrase,
    pub our_site: Phrase,
    pub somebody: Phrase,
    /// So often: once is never said, twice, then a number.
    pub twice: Phrase,
    pub often: Phrase,
    pub window_that_day: Phrase,
    pub window_today: Phrase,
    pub tried: Phrase,
    /// From this hour on it is evening.
    pub evening_from: i8,
    /// This morning, this afternoon, this evening.
    pub today: [Phrase; 3],
}

impl Phrases {
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
    pub const fn today(&self, hour: i8) -> Phrase {
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
