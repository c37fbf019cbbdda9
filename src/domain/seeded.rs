//! The fifteen outcomes an installation starts with.

use super::outcome::{GiveUp, Group, Lane, Outcome, Retry, Rule, Scope};
use super::stage::Resolution;

/// E-mail after a voicemail: "we tried to call".
pub const TRIED_TO_CALL: &str = "tried_to_call";
/// E-mail when calling has ended without reaching the person.
pub const COULD_NOT_REACH: &str = "could_not_reach";
/// Somebody at the number said that the person has died.
pub const DECEASED: &str = "deceased";

/// The seeded set, in the order of the desk.
pub fn seeded() -> Vec<Outcome> {
    use Group::{NotReached, Other, Reached, Stop};
    let rows = [
        (
            "no_answer",
            NotReached,
            '1',
            "No answer",
            "Saves, next call",
            no_answer(),
        ),
        (
            "voicemail",
            NotReached,
            '2',
            "Left voicemail",
            "Saves, next call",
            voicemail(),
        ),
        ("busy", NotReached, '9', "Busy", "Again in 20 minutes", busy()),
        (
            "all_set",
            Reached,
            '3',
            "All set",
            "Paid, or knows how",
            close(Resolution::ResolvedByCall),
        ),
        (
            "will_pay",
            Reached,
            'p',
            "Will pay",
            "We check in two days",
            Rule::Wait { hours: 48, checks: 1 },
        ),
        (
            "needs_help",
            Reached,
            '4',
            "Needs help",
            "Send to a specialist",
            escalate(Lane::Specialists, false),
        ),
        (
            "call_back",
            Reached,
            '5',
            "Call back later",
            "Pick a time",
            Rule::Callback,
        ),
        (
            "someone_else",
            Reached,
            '0',
            "Someone else",
            "Say nothing about it",
            someone_else(),
        ),
        (
            "other_language",
            Reached,
            '6',
            "Other language",
            "Move to that list",
            Rule::Move,
        ),
        (
            "refused",
            Reached,
            'r',
            "Refused",
            "Hung up, or will not talk",
            close(Resolution::Declined),
        ),
        (
            "wrong_number",
            Stop,
            '7',
            "Wrong number",
            "Next number, else write",
            Rule::BadNumber,
        ),
        (
            "disconnected",
            Stop,
            'x',
            "Not in service",
            "Next number, else write",
            Rule::BadNumber,
        ),
        (
            "do_not_call",
            Stop,
            '8',
            "Do not call",
            "Ends phone contact",
            Rule::Suppress { scope: Scope::Calls },
        ),
        (
            DECEASED,
            Stop,
            'e',
            "Deceased",
            "To a supervisor",
            escalate(Lane::Supervisor, true),
        ),
        (
            "technical",
            Other,
            't',
            "Technical problem",
            "Ours; not a try",
            Rule::Requeue,
        ),
    ];
    (1..)
        .zip(rows)
        .map(|(position, (key, group, hotkey, label, hint, rule))| Outcome {
            key: key.to_owned(),
            group,
            label: label.to_owned(),
            hint: hint.to_owned(),
            hotkey: Some(hotkey),
            position,
            rule,
            template_key: template(key).map(str::to_owned),
            retired: false,
            earlier: Vec::new(),
        })
        .collect()
}

fn template(key: &str) -> Option<&'static str> {
    (key == "voicemail").then_some(TRIED_TO_CALL)
}

const ENOUGH: GiveUp = GiveUp {
    tries: 6,
    days: 3,
    day_parts: 3,
};

fn no_answer() -> Rule {
    Rule::Retry(Retry {
        after_minutes: 180,
        other_day_part: true,
        per_day: Some(2),
        halves: 2,
        give_up: Some(ENOUGH),
        message_gap_hours: None,
    })
}

fn busy() -> Rule {
    Rule::Retry(Retry {
        after_minutes: 20,
        other_day_part: false,
        per_day: Some(3),
        halves: 1,
        give_up: Some(ENOUGH),
        message_gap_hours: None,
    })
}

fn voicemail() -> Rule {
    Rule::Retry(Retry {
        after_minutes: 24 * 60,
        other_day_part: true,
        per_day: Some(2),
        halves: 2,
        give_up: Some(ENOUGH),
        message_gap_hours: Some(72),
    })
}

fn someone_else() -> Rule {
    no_answer()
}

const fn close(resolution: Resolution) -> Rule {
    Rule::Close { resolution }
}

const fn escalate(to: Lane, hold_mail: bool) -> Rule {
    Rule::Escalate { to, hold_mail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_fifteen_keys_of_the_desk_are_seeded_once_each() {
        let pairs: Vec<(String, char)> = seeded().into_iter().map(|o| (o.key, o.hotkey.unwrap())).collect();
        let hotkeys: BTreeSet<char> = pairs.iter().map(|(_, key)| *key).collect();
        assert_eq!(hotkeys, "0123456789pretx".chars().collect());
        assert_eq!(pairs.len(), 15);
    }

    #[test]
    fn rules_survive_json() {
        for outcome in seeded() {
            let json = serde_json::to_string(&outcome.rule).unwrap();
            assert_eq!(
                serde_json::from_str::<Rule>(&json).unwrap(),
                outcome.rule,
                "{json}"
            );
        }
    }

    #[test]
    fn a_misspelt_rule_is_refused() {
        assert!(serde_json::from_str::<Rule>(r#"{"then":"wait","hours":48,"checks":1,"x":1}"#).is_err());
        assert!(serde_json::from_str::<Rule>(r#"{"then":"close","resolution":"gone"}"#).is_err());
    }
}
