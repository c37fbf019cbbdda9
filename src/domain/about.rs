//! For whom an outcome counts where several people share a number: the table *For whom* of the product's rules. A call tells
//! something about the number, which all of them share, or about the one person who was spoken with.

use super::outcome::{Lane, Rule};
use super::stage::Resolution;

/// Whom a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The number: it counts for everybody behind it.
    Number,
    /// A person, who is named wherever there is more than one.
    Person {
        /// It may be said of several in one call, if it was said to each.
        several: bool,
    },
}

impl Rule {
    /// Whom an outcome with this rule speaks of.
    pub const fn about(&self) -> About {
        match self {
            Self::Retry(_) | Self::BadNumber | Self::Requeue | Self::Callback | Self::Move => About::Number,
            Self::Close {
                resolution: Resolution::Declined,
            }
            | Self::Escalate {
                to: Lane::Supervisor, ..
            } => About::Person { several: false },
            Self::Close { .. } | Self::Wait { .. } | Self::Escalate { .. } | Self::Suppress { .. } => {
                About::Person { several: true }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::seeded::seeded;

    #[test]
    fn each_seeded_outcome_stands_where_the_table_for_whom_has_it() {
        let about = |key: &str| {
            let all = seeded();
            let one = all.iter().find(|outcome| outcome.key == key);
            one.map(|outcome| outcome.rule.about())
        };
        for key in [
            "no_answer",
            "busy",
            "voicemail",
            "someone_else",
            "wrong_number",
            "disconnected",
            "technical",
            "call_back",
            "other_language",
        ] {
            assert_eq!(about(key), Some(About::Number), "{key}");
        }
        for key in ["all_set", "will_pay", "needs_help", "do_not_call"] {
            assert_eq!(about(key), Some(About::Person { several: true }), "{key}");
        }
        for key in ["refused", "deceased"] {
            assert_eq!(about(key), Some(About::Person { several: false }), "{key}");
        }
    }
}
