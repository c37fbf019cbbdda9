//! The outcomes as buttons, and the one question that some of them ask.

use super::answers::{Entered, THEIRS, Whom};
use super::form::{Choice, ChoiceQuestion, OutcomeButton, OutcomeGroup, Question, WhomChoice, WhomQuestion};
use super::people::People;
use super::{callback, clients, words};
use crate::domain::about::About;
use crate::domain::ids::CaseId;
use crate::domain::outcome::{Ask, Group, OthersWish, Outcome};
use crate::domain::skip_reason::SkipReason;
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::web::show;

/// Languages offered when somebody needs another one; spoken most in the US after English.
const LANGUAGES: [&str; 8] = ["es", "zh", "tl", "vi", "ar", "fr", "ko", "ru"];

/// The outcomes under their headings, in the administrator's order. Those on the digits 1 to 8 are
/// large: one hand on the number pad works while the other holds the phone. `off` says why one cannot be pressed now.
pub fn groups(book: &Rulebook, off: &dyn Fn(&Outcome) -> String) -> Vec<OutcomeGroup> {
    let headings = [
        ("Did not reach them", [Group::NotReached, Group::Other]),
        ("Reached them", [Group::Reached, Group::Reached]),
        ("Stop calling", [Group::Stop, Group::Stop]),
    ];
    let groups = headings.map(|(label, groups)| {
        let offered = book
            .outcomes
            .offered()
            .filter(|outcome| groups.contains(&outcome.group));
        let (frequent, others) = offered.partition::<Vec<_>, _>(|outcome| is_frequent(outcome));
        let buttons =
            |outcomes: Vec<&Outcome>| outcomes.into_iter().map(|one| button(one, off(one))).collect();
        OutcomeGroup {
            label: label.to_owned(),
            whom: String::new(),
            of_ticked: false,
            frequent: buttons(frequent),
            others: buttons(others),
        }
    });
    groups
        .into_iter()
        .filter(|group| !group.frequent.is_empty() || !group.others.is_empty())
        .collect()
}

pub(super) fn is_frequent(outcome: &Outcome) -> bool {
    matches!(outcome.hotkey, Some('1'..='8'))
}

pub(super) fn button(outcome: &Outcome, off: String) -> OutcomeButton {
    OutcomeButton {
        key: outcome.key.clone(),
        label: outcome.label.clone(),
        hint: outcome.hint.clone(),
        hotkey: outcome
            .hotkey
            .map(|key| key.to_ascii_uppercase().to_string())
            .unwrap_or_default(),
        state: words::colour(outcome),
        off,
        of_ticked: false,
    }
}

/// The chosen outcome as a button, while its question is open.
pub fn picked(book: &Rulebook, entered: &Entered, question: Option<&Question>) -> Option<OutcomeButton> {
    question.filter(|_| !entered.skip)?;
    let outcome = book.outcomes.get(entered.outcome())?;
    Some(button(outcome, String::new()))
}

/// For whom the chosen outcome is, where it is said of a person and several could be meant.
pub fn whom(book: &Rulebook, entered: &Entered, people: &People<'_>) -> Option<WhomQuestion> {
    let outcome = book.outcomes.get(entered.outcome())?;
    let speaking = people
        .speaking
        .filter(|_| entered.for_whom(book, people) == Whom::Asked)?;
    let name = |case: &Case| people.name(case);
    let others = people.waiting.iter().filter(|case| case.id != speaking.id);
    let mut choices: Vec<WhomChoice> = std::iter::once(&speaking)
        .chain(others)
        .zip(1..)
        .map(|(case, key)| WhomChoice {
            value: case.id.to_string(),
            label: name(case),
            hint: match case.id == speaking.id {
                true => "You are speaking with them".to_owned(),
                false => "You have not spoken with them in this call".to_owned(),
            },
            key: key.to_string(),
        })
        .collect();
    if outcome.rule.about() == (About::Person { several: true }) {
        let ids: Vec<String> = people.waiting.iter().map(|case| case.id.to_string()).collect();
        choices.push(WhomChoice {
            value: ids.join(" "),
            label: if ids.len() == 2 { "Both" } else { "All of them" }.to_owned(),
            hint: "Only if you told each of them about their own payment".to_owned(),
            key: "b".to_owned(),
        });
    }
    Some(WhomQuestion {
        legend: format!("{}, for whom?", outcome.label),
        choices,
        meaning: "Saving for one of them keeps this household with you until the others are recorded too."
            .to_owned(),
    })
}

/// For whom the outcome is by now: as it was pressed, or, where the question was passed over, for who is speaking.
pub fn answered_whom(book: &Rulebook, entered: &Entered, people: &People<'_>) -> Vec<CaseId> {
    match entered.for_whom(book, people) {
        Whom::These(cases) if entered.asked_whom && entered.whom.is_empty() => cases,
        _ => entered.whom.clone(),
    }
}

/// The question that the chosen outcome (or a skip) asks, with what was answered so far.
pub fn question(entered: &Entered, asked: &callback::Asked<'_>, whom_is_open: bool) -> Option<Question> {
    if entered.skip {
        return Some(Question::Choice(skip()));
    }
    let outcome = asked.book.outcomes.get(entered.outcome())?;
    match outcome.rule.asks() {
        _ if whom_is_open => None,
        Ask::Nothing => None,
        Ask::When | Ask::BestTime => Some(Question::Callback(Box::new(callback::question(entered, asked)))),
        Ask::Language => Some(Question::Choice(language(entered))),
        Ask::Scope => Some(Question::Choice(scope(entered))),
    }
}

fn language(entered: &Entered) -> ChoiceQuestion {
    let choices = show::person::spoken(&LANGUAGES)
        .into_iter()
        .map(|code| choice(code, show::person::language(code), entered.language == code));
    ChoiceQuestion {
        field: "language",
        legend: "Which language do they speak?".to_owned(),
        choices: choices.collect(),
        meaning: "Somebody who speaks it calls them.".to_owned(),
    }
}

fn skip() -> ChoiceQuestion {
    let choices = SkipReason::ALL.iter().enumerate();
    ChoiceQuestion {
        field: "skip_reason",
        legend: "Why skip this call?".to_owned(),
        choices: choices
            .map(|(place, reason)| choice(reason.as_str(), reason.words().to_owned(), place == 0))
            .collect(),
        meaning: "It comes back later; after five skips a supervisor decides.".to_owned(),
    }
}

fn scope(entered: &Entered) -> ChoiceQuestion {
    let all = entered.scope == "all";
    ChoiceQuestion {
        field: "scope",
        legend: "What should stop?".to_owned(),
        choices: vec![
            choice("calls", "Phone calls".to_owned(), !all),
            choice("all", "All contact, e-mail too".to_owned(), all),
        ],
        meaning: String::new(),
    }
}

/// Whether *do not call* is the wish of the others at the number too, once it is known whose it is.
pub fn others(book: &Rulebook, entered: &Entered, people: &People<'_>) -> Option<ChoiceQuestion> {
    let outcome = book.outcomes.get(entered.outcome())?;
    if outcome.rule.asks() != Ask::Scope {
        return None;
    }
    let whose = match entered.for_whom(book, people) {
        Whom::These(_) if people.are_a_switchboard() => clients::ticked(entered, people),
        Whom::These(cases) if entered.whom.is_empty() => cases,
        Whom::These(_) => entered.whom.clone(),
        _ => return None,
    };
    let is_other = |case: &&&Case| !whose.contains(&case.id);
    let among = match people.are_a_switchboard() {
        true => &people.waiting,
        false => &people.here,
    };
    let rest: Vec<&Case> = among.iter().filter(is_other).copied().collect();
    let names: Vec<String> = rest.iter().map(|case| people.name(case)).collect();
    let told = match names.as_slice() {
        [] => return None,
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        many => format!("the other {}", many.len()),
    };
    let wait = rest
        .iter()
        .all(|case| people.waiting.iter().any(|one| one.id == case.id));
    let asked = |value: OthersWish| choice(value.as_str(), String::new(), entered.others == value.as_str());
    let mut choices = vec![
        Choice {
            label: "Not known".to_owned(),
            checked: entered.others.is_empty() || entered.others == OthersWish::NotKnown.as_str(),
            ..asked(OthersWish::NotKnown)
        },
        Choice {
            label: format!("No, {told} may be called here"),
            ..asked(OthersWish::No)
        },
    ];
    if wait {
        choices.push(choice(
            THEIRS,
            format!("Yes, {told} asked for it too"),
            entered.others == THEIRS,
        ));
    }
    Some(ChoiceQuestion {
        field: "others",
        legend: match rest.len() {
            1 => format!("Does {told} want no calls either?"),
            _ => format!("Do {told} want no calls either?"),
        },
        choices,
        meaning: "Not known: nobody is called at this number any more; the others are reached by another number, by e-mail or \
                  by letter."
            .to_owned(),
    })
}

pub(super) fn choice(value: &str, label: String, checked: bool) -> Choice {
    Choice {
        value: value.to_owned(),
        label,
        checked,
    }
}
