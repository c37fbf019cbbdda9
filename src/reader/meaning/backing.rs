//! What backs an identity where columns cannot bear each other out: in a file of a few rows, or with one value in all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::names::{IDENTITY, Names};
use super::{unused, words};
use crate::domain::cell;
use crate::domain::field::Field;

/// The shortest word of a name by which an address is known for that person's.
const A_NAME: usize = 3;

/// Most values of one office: its tills, its numbers, its accounts.
const OF_OFFICE: usize = 3;

/// Whether a column has one value in each of several rows.
pub(super) fn is_constant(draft: &Draft<'_>, column: usize) -> bool {
    let rows = draft.records.len();
    rows > 1 && draft.different(column) == 1 && draft.values(column).count() == rows
}

/// Whether no name, address or number says whose any row is.
pub(super) fn are_only_accounts(draft: &Draft<'_>) -> bool {
    let others = [Field::Email, Field::Phone, Field::Phone2];
    !others.into_iter().any(|field| draft.holds(field)) && Names::of(draft).is_empty()
}

/// Whether nothing but the account says whose any row is, and no other column could: one that is called an account, too, could, and a
/// reference if it is called a person's, or if it stands in several rows, as people do, and there are more of it than accounts or
/// each row has another account.
pub(super) fn is_only_account(draft: &Draft<'_>) -> bool {
    let account = draft.column_of(Field::AccountId);
    let accounts = account.map_or(0, |account| draft.different(account));
    let is_each = account.is_some_and(|account| accounts == draft.values(account).count());
    let could_be = |column: usize| {
        let header = draft.header(column);
        let different = draft.different(column);
        let repeats = || (is_each || different > accounts) && different < draft.values(column).count();
        let is_free = draft.field(column).is_none() && !words::is_foreign(header);
        let is_account = || matches!(draft.named(column), Some((Field::AccountId, _)));
        let is_called = !words::is_reference(header) || words::is_of_person(header) || is_account();
        is_free && (is_called || repeats()) && unused::are_ids(draft, column)
    };
    are_only_accounts(draft) && !draft.open_columns().into_iter().any(could_be)
}

/// Whether the addresses of a column are written with the names beside them: `ana.rossi@…` is Ana Rossi's.
pub(super) fn carries_names(draft: &Draft<'_>, column: usize) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        letters.flat_map(char::to_lowercase).collect()
    };
    let carries = |(address, (name, family)): (&String, &(String, String))| {
        let own = letters(address.split_once('@').map_or("", |(own, _)| own));
        let given = name.strip_suffix(family.as_str()).unwrap_or(name);
        let mut words = [given, family].into_iter().map(letters);
        words.any(|word| word.len() >= A_NAME && own.contains(&word))
    };
    let names = Names::of(draft);
    let mut rows = draft.cells(column).iter().zip(names.0.iter());
    let has_any = draft.values(column).next().is_some();
    has_any && !names.is_empty() && rows.all(|row| row.0.is_empty() || carries(row))
}

/// Whether at least as many of the columns by which people are known have one value in all rows as have several: the file may be
/// about one person, so that what differs in it is not that person's.
pub(super) fn speaks_of_one(draft: &Draft<'_>) -> bool {
    let is_identity = |column: &usize| {
        let fields = [draft.field(*column), draft.named(*column).map(|(field, _)| field)];
        let is_one = fields
            .into_iter()
            .flatten()
            .any(|field| IDENTITY.contains(&field));
        is_one && !words::is_foreign(draft.header(*column)) && draft.values(*column).count() > 1
    };
    let identities = (0..draft.columns.len()).filter(is_identity);
    let (one, several): (Vec<usize>, Vec<usize>) = identities.partition(|column| is_constant(draft, *column));
    !one.is_empty() && one.len() >= several.len()
}

/// Whether an address, or a number, is another in every row of each person who has several rows.
pub(super) fn is_another_in_each_row(draft: &Draft<'_>, column: usize) -> bool {
    let plain = |cell: &String| -> String {
        let signs = cell.chars().filter(|c| c.is_alphanumeric() || *c == '@');
        signs.flat_map(char::to_lowercase).collect()
    };
    let names = Names::of(draft);
    let account = draft
        .column_of(Field::AccountId)
        .map_or(&[][..], |column| draft.cells(column));
    let person = |row: usize| {
        let name = names.0.get(row).map_or("", |(name, _)| name);
        (name, account.get(row).map_or("", String::as_str))
    };
    let mut of_person: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for (row, value) in draft.cells(column).iter().enumerate() {
        if person(row) != ("", "") && !value.is_empty() {
            of_person.entry(person(row)).or_default().push(plain(value));
        }
    }
    let mut several = of_person.values().filter(|values| values.len() > 1).peekable();
    let is_another = |values: &Vec<String>| values.iter().collect::<BTreeSet<_>>().len() == values.len();
    several.peek().is_some() && several.all(is_another)
}

/// Whether a column's values lie side by side, as an office's tills and accounts do: two or three of them, or bare numbers without a
/// gap of which each stands in one row. Of two, one may lie between.
pub(super) fn are_side_by_side(draft: &Draft<'_>, column: usize) -> bool {
    let number = |value: &str| -> Option<i64> {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        digits.get(digits.len().saturating_sub(15)..)?.parse().ok()
    };
    let numbers: Option<BTreeSet<i64>> = draft.values(column).map(number).collect();
    let numbers = numbers.unwrap_or_default();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return false;
    };
    let (span, different) = (last - first + 1, numbers.len() as i64);
    let is_few = numbers.len() <= OF_OFFICE;
    let like_lines =
        numbers.len() == draft.values(column).count() && draft.values(column).all(cell::is_digits);
    let is_dense = span == different || different == 2 && span == 3;
    is_dense && different > 1 && (is_few || like_lines)
}
