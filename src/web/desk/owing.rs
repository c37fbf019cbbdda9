//! What a specialist can promise that the agency makes good.

use super::answers::Entered;
use super::form::Choice;
use super::people::People;
use super::words;
use crate::domain::promise::remedy_due;
use crate::domain::remedy::Remedy;
use crate::domain::stage::Stage;
use crate::outreach::desk::{Desk, InHand};

/// The remedies for whoever is on the line, if they are with a specialist; those that are promised already without a value.
pub fn choices(call: &InHand, people: &People<'_>, entered: &Entered) -> Vec<Choice> {
    let Some(case) = people
        .speaking
        .filter(|case| words::stage(case) == Stage::NeedsHelp)
    else {
        return Vec::new();
    };
    let owed = |remedy: &Remedy| {
        let theirs = call.remedies.iter().filter(|one| one.case_id == case.id);
        theirs.clone().any(|one| one.kind == remedy.as_str())
    };
    let choice = |remedy: &Remedy| match owed(remedy) {
        true => Choice {
            label: format!("{}: promised", remedy.words()),
            ..Choice::default()
        },
        false => Choice {
            value: remedy.as_str().to_owned(),
            label: remedy.words().to_owned(),
            checked: entered.remedies.contains(remedy),
        },
    };
    Remedy::ALL.iter().map(choice).collect()
}

/// What ticking one means.
pub fn meaning(desk: &Desk) -> String {
    let due = crate::web::show::time::date(remedy_due(desk.now), &words::zone(&desk.book.outage));
    format!("Each becomes a promise with your name, due by {due}. It is saved with the outcome.")
}
