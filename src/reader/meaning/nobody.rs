//! Columns that stand for nobody: one value over people of different names, clerks' addresses, other people's numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::backing::speaks_of_one;
use super::draft::Draft;
use super::names::{IDENTITY, Names, are_numbers};
use super::question::About;
use super::switch::stands;
use super::{agreement, phone, words};
use crate::broken::Variant;
use crate::domain::field::Field;

/// Most different values of a column that may stand for nobody, and how many times as many people there are then at least.
const FEW: usize = 3;
const TIMES: usize = 3;

/// Whether one value, or a very few, stand over people of different names: the agency's own address, a constant account.
/// Without names, over people who differ in every other way.
pub(super) fn stands_for_nobody(draft: &Draft<'_>, column: usize) -> bool {
    if !stands(Variant::ConstantIdentity) {
        return false;
    }
    let (names, _) = Names::or_other_people(draft, column);
    let different = draft.different(column);
    let rows = draft
        .cells(column)
        .iter()
        .zip(names.0.iter())
        .filter(|(value, _)| !value.is_empty());
    if names.is_empty() {
        return false;
    }
    let (mut people, mut families) = (BTreeSet::new(), BTreeSet::new());
    for (_, (name, family)) in rows.filter(|(_, (name, _))| !name.is_empty()) {
        people.insert(name);
        families.insert(family);
    }
    match different {
        1 if may_be_of_one(draft, column) => false,
        1 => families.len() > 1 || people.len() > 1 && has_better(draft, column),
        2..=FEW => families.len() > different && people.len() >= different * TIMES,
        _ => false,
    }
}

/// Whether a column has one value over very few who are told apart by no name, so that all of them may be one.
fn may_be_of_one(draft: &Draft<'_>, column: usize) -> bool {
    let (names, are_names) = Names::or_other_people(draft, column);
    let people: BTreeSet<_> = names.0.iter().filter(|(name, _)| !name.is_empty()).collect();
    draft.different(column) == 1 && !are_names && people.len() <= FEW && speaks_of_one(draft)
}

/// Whether another column that is called the same is not one value over everybody.
fn has_better(draft: &Draft<'_>, column: usize) -> bool {
    let field = draft.field(column);
    let next = field.and_then(|field| next_named(draft, field, column));
    next.is_some_and(|next| draft.different(next) > 1 && !words::is_foreign(draft.header(next)))
}

/// Whether most of a column's values stand over several names, as a clerk's address does: people rarely share theirs. Where no names
/// are, and accounts are another in each row, they may count payments: what agrees with another column is then kept.
pub(super) fn is_shared(draft: &Draft<'_>, column: usize) -> bool {
    let agrees = || are_of_payments(draft) && agreement::agrees(draft, column);
    let is_kept = || may_be_of_one(draft, column) || agrees();
    stands(Variant::ConstantIdentity) && shared(draft, column) > 0.5 && !is_kept()
}

/// Whether accounts of which nobody said that they are the citizens' are another in each row, and no name tells people apart.
fn are_of_payments(draft: &Draft<'_>) -> bool {
    let account = draft.column_of(Field::AccountId);
    let is_each = |column: usize| draft.different(column) == draft.values(column).count();
    account.is_some_and(|column| !draft.is_chosen(column) && is_each(column)) && Names::of(draft).is_empty()
}

/// How many of a column's values stand over several families, of one.
pub(super) fn shared(draft: &Draft<'_>, column: usize) -> f64 {
    let (names, _) = Names::or_other_people(draft, column);
    let mut people: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (value, (name, family)) in draft.cells(column).iter().zip(names.0.iter()) {
        if !value.is_empty() && !name.is_empty() {
            people.entry(value).or_default().insert(family);
        }
    }
    let shared = people.values().filter(|families| families.len() > 1).count();
    shared as f64 / people.len().max(1) as f64
}

/// Takes identity, and names, from columns that stand for nobody, and gives it to another that is called so.
pub(super) fn leave_out_nobody(draft: &mut Draft<'_>) {
    let names = [Field::FullName, Field::GivenName, Field::FamilyName];
    for field in IDENTITY.into_iter().chain(names) {
        while let Some(column) = draft.column_of(field).filter(|column| !draft.is_chosen(*column)) {
            let is_nobody = stands_for_nobody(draft, column)
                || (IDENTITY.contains(&field) && is_shared(draft, column))
                || (IDENTITY.contains(&field) && is_of_others(draft, column));
            if !is_nobody {
                break;
            }
            draft.give(column, None, true);
            let why = format!(
                "Its values stand over different people, so it is nobody's {}.",
                said(field)
            );
            draft.settle(About::Identity, column, why);
            let Some(next) = next_named(draft, field, column) else {
                break;
            };
            draft.give(next, Some(field), true);
        }
    }
}

/// Whether a header speaks of somebody else than the citizen; a merchant's reference may be the account.
pub(super) fn is_of_others(draft: &Draft<'_>, column: usize) -> bool {
    let header = draft.header(column);
    let foreign = match draft.field(column) {
        Some(Field::Email | Field::Phone | Field::Phone2) => words::is_foreign(header),
        _ => words::is_of_others(header),
    };
    stands(Variant::ConstantIdentity) && foreign
}

/// Another column that is called so, behind the one that was left out.
pub(super) fn next_named(draft: &Draft<'_>, field: Field, last: usize) -> Option<usize> {
    called(draft, field, last).next()
}

/// The other columns that are called so, or whose values are addresses, that nobody uses and that were not left out.
pub(super) fn called<'d>(
    draft: &'d Draft<'_>,
    field: Field,
    other: usize,
) -> impl Iterator<Item = usize> + use<'d> {
    let is_called = move |column: &usize| match draft.named(*column) {
        Some((named, _)) => named == field,
        None => field == Field::Email && phone::is_one(draft, *column, field),
    };
    let free = move |column: &usize| draft.field(*column).is_none() && *column != other;
    let is_it = move |column: &usize| IDENTITY.contains(&field) || !are_numbers(draft, *column);
    let open = draft.open_columns().into_iter();
    open.filter(is_called)
        .filter(free)
        .filter(is_it)
        .filter(|column| !draft.is_left_out(*column) && draft.values(*column).next().is_some())
}

pub(super) fn said(field: Field) -> &'static str {
    match field {
        Field::AccountId => "account",
        Field::Email => "e-mail address",
        Field::FullName | Field::GivenName | Field::FamilyName => "name",
        _ => "phone number",
    }
}
