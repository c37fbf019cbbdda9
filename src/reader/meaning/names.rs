//! What tells the people of a file apart before it is known who they are: their names, or what stands in their place.

use super::draft::Draft;
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::domain::person_name;

/// Fields by which people are known or reached.
pub(super) const IDENTITY: [Field; 4] = [Field::AccountId, Field::Email, Field::Phone, Field::Phone2];

/// The names in the records: folded as a whole, and the family's.
pub(super) struct Names(pub Vec<(String, String)>);

impl Names {
    pub fn of(draft: &Draft<'_>) -> Self {
        let cell = |field, row: usize| {
            let column = draft.column_of(field)?;
            draft.cells(column).get(row).map(String::as_str)
        };
        let name = |row| {
            let full = cell(Field::FullName, row).filter(|_| !draft.holds(Field::FamilyName));
            let (given, family) = match full {
                Some(full) => person_name::parts(full),
                None => (
                    cell(Field::GivenName, row).unwrap_or_default(),
                    cell(Field::FamilyName, row).unwrap_or_default(),
                ),
            };
            let last = match family.is_empty() {
                true => given.rsplit(' ').next().unwrap_or_default(),
                false => family,
            };
            (person_name::folded(given, family), person_name::folded(last, ""))
        };
        Self((0..draft.records.len()).map(name).collect())
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
                (
                    Self(cells.map(|cell| (cell.clone(), cell.clone())).collect()),
                    false,
                )
            }
            None => (names, true),
        }
    }
}

/// The other column that tells most people apart, of those that are, or are called, an identity.
fn others(draft: &Draft<'_>, column: usize) -> Option<usize> {
    let is_identity = |other: &usize| {
        let named = draft.named(*other).map(|(field, _)| field);
        let fields = [draft.field(*other), named];
        fields
            .into_iter()
            .flatten()
            .any(|field| IDENTITY.contains(&field))
    };
    let all = (0..draft.columns.len()).filter(|other| *other != column);
    all.filter(is_identity)
        .filter(|other| !draft.is_left_out(*other) && !super::phone::count_upwards(draft, *other))
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
