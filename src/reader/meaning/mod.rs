//! What a table means: which column holds what, in which clock, in which words; and what a person has to say because the file
//! does not. Pure: from the header, a sample of the records, what was said and what the outage is.
//!
//! Each guard stands in a file of its own: [`which_time`], [`clock`], [`status`], [`order`], [`money`], [`nobody`],
//! [`agreement`], [`who`], [`alone`], [`unused`], [`whose`], [`constant`], [`phone`].
//! What is sure is settled with its reason, what is not becomes a [`Question`]; nothing is guessed in silence.

mod agreement;
mod alone;
mod answer;
mod backing;
mod clock;
mod constant;
mod draft;
mod known;
mod money;
mod names;
mod nobody;
mod order;
mod phone;
mod question;
mod reference;
mod status;
mod switch;
mod unused;
mod which_time;
mod who;
mod whose;
mod words;

pub use clock::{clock_question, elsewhere};
pub use draft::Around;
pub(super) use draft::{Draft, Head};
pub(super) use known::is_known_header;
pub(super) use phone::{begins_with_a_date, is_written_phone};
pub use question::{About, Choice, Question, Settled, flag};
pub use status::{MOST_WORDS, value_question};

#[cfg(test)]
mod tests;

use super::Error;
use super::layout::Doubt;
use crate::domain::field::Field;

/// Takes over what a person said about single columns, then what is known of the export.
pub(super) fn said(draft: &mut Draft<'_>) -> Result<(), Error> {
    let hints = draft.hints;
    if hints.columns.is_none() && hints.chosen.is_none() {
        known::recognise(draft);
    }
    for (column, field) in hints
        .columns
        .iter()
        .chain(&hints.chosen)
        .take(1)
        .flatten()
        .enumerate()
    {
        draft.choose(column, *field);
    }
    for header in &hints.ignore {
        let column = draft.find(header)?;
        draft.choose(column, None);
    }
    for (field, header) in &hints.map {
        let column = draft.find(header)?;
        draft.choose(column, Some(*field));
    }
    if let Some((field, _)) = hints.map.iter().rev().find(|(field, _)| amounts(*field)) {
        let other = if *field == Field::Amount {
            Field::AmountCents
        } else {
            Field::Amount
        };
        if let Some(column) = draft.column_of(other) {
            draft.give(column, None, true);
        }
    }
    for (header, order) in &hints.orders {
        let column = draft.find(header)?;
        let field = draft.field(column).unwrap_or(Field::Timestamp);
        draft.terms.orders.insert(field, *order);
    }
    for (header, sign) in &hints.decimals {
        draft.find(header)?;
        draft.terms.decimal = Some(*sign);
    }
    status::said(draft);
    Ok(())
}

const fn amounts(field: Field) -> bool {
    matches!(field, Field::Amount | Field::AmountCents)
}

/// Settles what is sure and asks what is not; the most harmful first.
pub(super) fn understand(draft: &mut Draft<'_>) -> Result<Vec<Doubt>, Error> {
    let mut doubts = Vec::new();
    names::leave_out_numbers(draft);
    names::leave_out_of_accounts(draft);
    names::given_beside_family(draft);
    nobody::leave_out_nobody(draft);
    who::account_by_format(draft);
    nobody::leave_out_nobody(draft); // once more: the account tells people apart where nothing else does
    phone::leave_out_others(draft);
    agreement::leave_out_contradicting(draft);
    doubts.extend(phone::by_content(draft));
    agreement::leave_out_contradicting(draft); // once more: of those that were found by their values
    nobody::leave_out_nobody(draft); // and of those that took their places
    phone::leave_out_others(draft); // which may be called a contact, and count
    reference::choose(draft);
    status::settle(draft);
    doubts.extend(which_time::choose(draft));
    ordered_again(draft);
    order::settle(draft);
    money::settle(draft);
    clock::settle(draft)?;
    who::ask_whether_account(draft);
    if !alone::ask_who_alone_says(draft) {
        unused::ask_about_unused(draft);
    }
    whose::ask_whose(draft);
    let rank = |question: &Question| match question.about {
        About::Clock => 0,
        About::Status => 1,
        About::Identity => 2,
        About::Column => 3,
        About::OrderOfDay => 4,
        About::Decimal | About::Unit => 5,
    };
    draft.questions.sort_by_key(rank);
    Ok(doubts)
}

/// An order that was said of a column before it was known what the column holds.
fn ordered_again(draft: &mut Draft<'_>) {
    let said = draft.hints.orders.iter();
    let found: Vec<_> = said
        .filter_map(|(header, order)| Some((draft.field(draft.find(header).ok()?)?, *order)))
        .collect();
    draft.terms.orders.extend(found);
}
