//! What a case waits for, or why it is closed, as a word and a colour.

/// One state a case can be in, as pages name and colour it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The stage or, for a closed case, the resolution, as the database spells it.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The colour's name in the style sheet (`data-s`).
    pub dot: &'static str,
    /// Nothing more is owed to this citizen.
    pub closed: bool,
}

const fn open(key: &'static str, label: &'static str, dot: &'static str) -> Shown {
    Shown {
        key,
        label,
        dot,
        closed: false,
    }
}

const fn closed(key: &'static str, label: &'static str, dot: &'static str) -> Shown {
    Shown {
        key,
        label,
        dot,
        closed: true,
    }
}

/// Every state, in the order the board shows them: closed first, then open.
pub const ALL: [Shown; 16] = [
    closed("paid", "Paid since, no call needed", "paid"),
    closed("resolved_by_call", "Reached, all set", "reached"),
    closed("resolved_by_citizen", "Answered online", "self"),
    closed("letter_sent", "Letter sent", "letter"),
    closed("unreachable", "Could not reach", "unreach"),
    closed("declined", "Declined", "declined"),
    closed("do_not_contact", "Do not contact", "dnc"),
    closed("not_affected", "Not affected", "none"),
    open("new", "Not called yet", "new"),
    open("tried", "Tried, another try due", "tried"),
    open("callback", "Callback booked", "callback"),
    open("awaiting_payment", "Will pay, check later", "waiting"),
    open("needs_help", "Needs a specialist", "help"),
    open("needs_supervisor", "Needs a supervisor", "supervisor"),
    open("email", "To be written to, no phone", "email"),
    open("letter", "Letter to be sent", "post"),
];

/// The state of a case by its stage and, if closed, its resolution.
pub fn shown(stage: &str, resolution: Option<&str>) -> Shown {
    let key = resolution.filter(|_| stage == "closed").unwrap_or(stage);
    ALL.into_iter()
        .find(|state| state.key == key)
        .unwrap_or(open("", "Not known", "new"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_case_is_named_by_its_resolution() {
        assert_eq!(shown("closed", Some("paid")).label, "Paid since, no call needed");
        assert_eq!(shown("callback", None).dot, "callback");
        assert!(!shown("new", None).closed);
    }

    #[test]
    fn no_two_states_share_a_colour() {
        let mut dots: Vec<_> = ALL.iter().map(|state| state.dot).collect();
        dots.sort_unstable();
        dots.dedup();
        assert_eq!(dots.len(), ALL.len());
    }
}
