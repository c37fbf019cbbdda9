//! From outcomes to what their pages print.

use super::page::{Choice, EffectTable, FormPage, ListPage, OutcomeRow};
use super::typed::{RULES, Typed};
use crate::domain::outcome::{Group, Outcome, Outcomes, Rule};
use crate::domain::stage::Resolution;
use crate::mail::texts::KEYS;
use crate::outreach::outcomes::{Effect, LOOKED_AT, ended};
use crate::web::layout::Chrome;
use crate::web::show::count::counted;
use std::collections::BTreeSet;

/// What is shown before anything is saved.
pub enum Preview {
    /// Nothing was asked.
    None,
    /// The rule as a sentence.
    Sentence(Rule),
    /// And what it would have done.
    Effect(Rule, Effect),
}

/// All outcomes.
pub fn list_page(chrome: Chrome, outcomes: &Outcomes) -> ListPage {
    let row = |outcome: &Outcome| OutcomeRow {
        key: outcome.key.clone(),
        label: outcome.label.clone(),
        group: heading(outcome.group),
        hotkey: outcome
            .hotkey
            .map(|key| key.to_uppercase().to_string())
            .unwrap_or_default(),
        rule: outcome.rule.words(),
        mail: outcome
            .template_key
            .as_deref()
            .map(mail)
            .unwrap_or_default()
            .to_owned(),
        retired: outcome.retired,
    };
    ListPage {
        chrome,
        outcomes: outcomes.all().iter().map(row).collect(),
    }
}

const fn heading(group: Group) -> &'static str {
    match group {
        Group::NotReached => "Not reached",
        Group::Reached => "Reached",
        Group::Stop => "Stop",
        Group::Other => "Other",
    }
}

/// The name of an e-mail on a page.
fn mail(key: &str) -> &'static str {
    match key {
        "apology" => "The apology",
        "tried_to_call" => "We tried to call",
        "could_not_reach" => "We could not reach you",
        "confirmation" => "Confirmation",
        "callback_reminder" => "Reminder of a callback",
        _ => "Another e-mail",
    }
}

/// The form, new without an outcome.
pub fn form_page(
    chrome: Chrome,
    outcome: Option<&Outcome>,
    typed: &Typed,
    preview: Preview,
    problem: Option<(&'static str, String)>,
) -> FormPage {
    let (rule, effect) = match preview {
        Preview::None => (None, None),
        Preview::Sentence(rule) => (Some(rule), None),
        Preview::Effect(rule, effect) => (Some(rule), Some(effect)),
    };
    let group = |group: &Group| choice(group.as_str(), heading(*group), typed.group == *group);
    let resolution = |one: &Resolution| choice(one.as_str(), one.words(), typed.resolution == *one);
    let none = choice("", "No e-mail", typed.template.is_empty());
    let templates = KEYS
        .iter()
        .map(|key| choice(key, mail(key), typed.template == *key));
    FormPage {
        chrome,
        action: outcome.map_or_else(
            || "/outcomes".to_owned(),
            |outcome| format!("/outcomes/{}", outcome.key),
        ),
        new: outcome.is_none(),
        form: typed.form.clone(),
        groups: Group::ALL.iter().map(group).collect(),
        rules: RULES
            .iter()
            .map(|(key, label)| choice(key, label, typed.rule == *key))
            .collect(),
        resolutions: Resolution::ALL.iter().map(resolution).collect(),
        templates: std::iter::once(none).chain(templates).collect(),
        sentence: rule.map(|rule| rule.words()),
        effect: effect.map(|effect| table(&effect, &typed.form.label)),
        earlier: outcome.map(earlier).unwrap_or_default(),
        problem: problem.map(|(field, message)| (field.to_owned(), message)),
    }
}

fn earlier(outcome: &Outcome) -> Vec<(String, String)> {
    let ended = ended(outcome).into_iter();
    ended.map(|(until, words)| (until.rfc3339(), words)).collect()
}

const fn choice(key: &'static str, label: &'static str, chosen: bool) -> Choice {
    Choice { key, label, chosen }
}

fn table(effect: &Effect, label: &str) -> EffectTable {
    let people = i64::try_from(effect.people).unwrap_or(i64::MAX);
    let people = counted(people, "person", "people");
    let heading = match effect.more {
        true => format!(
            "Had it held already, to the {LOOKED_AT} people called last whose last outcome is “{label}”"
        ),
        false => format!("Had it held already, to the {people} whose last outcome is “{label}”"),
    };
    let standings: BTreeSet<&'static str> = effect.now.keys().chain(effect.then.keys()).copied().collect();
    let number = |count: Option<&usize>| count.map_or_else(|| "–".to_owned(), ToString::to_string);
    let row = |words: &'static str| {
        (
            words,
            number(effect.now.get(words)),
            number(effect.then.get(words)),
        )
    };
    EffectTable {
        heading,
        rows: standings.into_iter().map(row).collect(),
    }
}
