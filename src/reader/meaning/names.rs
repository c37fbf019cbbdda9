//! What tells the people of a file apart before it is known who they are: their names, or what stands in their place.

use std::cell::RefCell;
use std::rc::Rc;

use super::draft::Draft;
use super::{nobody, words};
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::domain::person_name;

/// Fields by which people are known or reached.
pub(super) const IDENTITY: [Field; 4] = [Field::AccountId, Field::Email, Field::Phone, Field::Phone2];

/// The names in the records: folded as a whole, and the family's.
#[derive(Clone)]
pub(super) struct Names(pub Rc<Vec<(String, String)>>);

/// The columns of full, given and family names.
type NameColumns = [Option<usize>; 3];

/// The names as they were last folded, and of which columns: nearly every guard asks for them, and few change those columns.
#[derive(Default)]
pub(super) struct LastNames(RefCell<Option<(NameColumns, Names)>>);

impl Names {
    pub fn of(draft: &Draft<'_>) -> Self {
        let fields = [Field::FullName, Field::GivenName, Field::FamilyName];
        let columns = fields.map(|field| draft.column_of(field));
        let mut last = draft.last_names.0.borrow_mut();
        match last.as_ref() {
            Some((of, names)) if *of == columns => names.clone(),
            _ => last.insert((columns, Self::in_columns(draft, columns))).1.clone(),
        }
    }

    fn in_columns(draft: &Draft<'_>, [full, given, family]: NameColumns) -> Self {
        let cell = |column: Option<usize>, row: usize| draft.cells(column?).get(row).map(String::as_str);
        let name = |row| {
            let full = cell(full, row).filter(|_| family.is_none());
            let (given, family) = match full {
                Some(full) => person_name::parts(full),
                None => (
                    cell(given, row).unwrap_or_default(),
                    cell(family, row).unwrap_or_default(),
                ),
            };
            let last = match family.is_empty() {
                true => given.rsplit(' ').next().unwrap_or_default(),
                false => family,
            };
            (person_name::folded(given, family), person_name::folded(last, ""))
        };
        Self(Rc::new((0..draft.records.len()).map(name).collect()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(name, _)| name.is_empty())
    }

    /// Where a file has no names, another column by which people are known tells them apart; and whether it has.
    pub fn or_other_people(draft: &Draft<'_>, column: usize) -> (Self, bool) {
        let names = Self::of(draft);
        let is_name = matches!(
            draft.field(column),
            Some(Field::FullName | Field::GivenName | Field::FamilyName)
        );
        let other = (names.is_empty() || is_name).then(|| others(draft, column));
        match other.flatten() {
            Some(other) => {
                let cells = draft.cells(other).iter();
                let people = cells.map(|cell| (cell.clone(), cell.clone())).collect();
                (Self(Rc::new(people)), false)
            }
            None => (names, true),
        }
    }
}

/// The other column that tells most people apart, of those that are, or are called, an identity.
fn others(draft: &Draft<'_>, column: usize) -> Option<usize> {
    let dated = |other: usize| draft.share(other, super::phone::begins_with_a_date) > 0.5;
    let is_identity = |other: &usize| {
        let named = draft.named(*other).map(|(field, _)| field);
        let fields = [draft.field(*other), named];
        let mut fields = fields.into_iter().flatten();
        fields.any(|field| IDENTITY.contains(&field)) && !dated(*other)
    };
    let all = (0..draft.columns.len()).filter(|other| *other != column);
    let is_nobodys =
        |other: usize| draft.is_left_out(other) || draft.is_chosen(other) && draft.field(other).is_none();
    all.filter(is_identity)
        .filter(|other| !is_nobodys(*other) && !super::phone::count_upwards(draft, *other))
        .max_by_key(|other| (draft.different(*other), std::cmp::Reverse(*other)))
}

/// A column that is called a name, or a holder, and has numbers in most of its cells holds none.
pub(super) fn leave_out_numbers(draft: &mut Draft<'_>) {
    for field in [Field::FullName, Field::GivenName, Field::FamilyName] {
        let Some(column) = draft.column_of(field).filter(|column| !draft.is_chosen(*column)) else {
            continue;
        };
        if are_numbers(draft, column) {
            draft.give(column, None, true);
        }
    }
}

/// A column that is called just a customer or a taxpayer and has names in nearly all of its cells is nobody's account, for two people
/// may have one name: it holds the names, if no other does.
pub(super) fn leave_out_of_accounts(draft: &mut Draft<'_>) {
    let is_account = |column: &usize| matches!(draft.named(*column), Some((Field::AccountId, _)));
    let is_persons = |column: &usize| {
        let header = draft.header(*column);
        words::is_of_person(header) && !words::is_foreign(header) && draft.different(*column) > 1
    };
    let mut unsaid = draft.unsaid_columns().into_iter();
    let is_it = |column: &usize| is_account(column) && is_persons(column) && are_names(draft, *column);
    let Some(column) = unsaid.find(is_it) else {
        return;
    };
    let was_account = draft.field(column) == Some(Field::AccountId);
    let names = [Field::FullName, Field::GivenName, Field::FamilyName];
    let has_others = names.into_iter().any(|field| draft.holds(field));
    draft.give(column, (!has_others).then_some(Field::FullName), true);
    let next = nobody::next_named(draft, Field::AccountId, column);
    if let Some(next) = next.filter(|next| was_account && !are_names(draft, *next)) {
        draft.give(next, Some(Field::AccountId), true);
    }
}

/// Whether nearly all cells of a column are written as people's names are: words of letters, mostly several.
fn are_names(draft: &Draft<'_>, column: usize) -> bool {
    let is_sign = |c: char| c.is_alphabetic() || c.is_whitespace() || "'\u{2019}.,-".contains(c);
    let is_name = |value: &str| value.chars().all(is_sign);
    let is_full = |value: &str| is_name(value) && value.split_whitespace().count() > 1;
    draft.share(column, is_name) > 0.9 && draft.share(column, is_full) > 0.5
}

/// Whether most cells of a column are numbers, and so nobody's names.
pub(super) fn are_numbers(draft: &Draft<'_>, column: usize) -> bool {
    let is_number = |value: &str| value.bytes().filter(u8::is_ascii_digit).count() >= 3;
    draft.share(column, is_number) > 0.5
}

/// A column that is called just a name, beside one of family names and none of given ones, holds the given ones: *Nome* beside
/// *Cognome*.
pub(super) fn given_beside_family(draft: &mut Draft<'_>) {
    if draft.holds(Field::GivenName) || !draft.holds(Field::FamilyName) {
        return;
    }
    let is_just_a_name = |column: &usize| {
        let is_free = draft.field(*column).is_none_or(|field| field == Field::FullName);
        is_free
            && !draft.is_chosen(*column)
            && matches!(draft.named(*column), Some((Field::FullName, Recognition::Weak)))
    };
    if let Some(column) = draft.open_columns().into_iter().find(is_just_a_name) {
        draft.give(column, Some(Field::GivenName), true);
    }
}
