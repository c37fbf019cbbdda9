//! Names of texts and fates of e-mails, as pages say them.

use crate::domain::message::MessageState;

/// A fate's colour and word. A word that is none is shown as it stands.
pub(in crate::web) fn fate(state: &str) -> (&'static str, &'static str) {
    let known = MessageState::ALL
        .into_iter()
        .find(|known| known.as_str() == state);
    known.map_or(("none", "Not known"), shown)
}

/// A fate's colour and word.
pub(in crate::web) const fn shown(state: MessageState) -> (&'static str, &'static str) {
    match state {
        MessageState::Queued => ("new", "Queued"),
        MessageState::Sending => ("self", "Sending"),
        MessageState::Sent => ("reached", "Sent"),
        MessageState::Uncertain => ("callback", "Uncertain"),
        MessageState::Bounced => ("help", "Bounced"),
        MessageState::Failed => ("supervisor", "Failed"),
        MessageState::Withdrawn => ("unreach", "Withdrawn"),
        MessageState::Suppressed => ("dnc", "Suppressed"),
    }
}

/// A text's name: `tried_to_call` is `Tried to call`.
pub(in crate::web) fn template(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_fates_have_names() {
        assert_eq!(template("tried_to_call"), "Tried to call");
        assert_eq!(fate("sent"), ("reached", "Sent"));
        assert_eq!(fate("lost").1, "Not known");
    }
}
