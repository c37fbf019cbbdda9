//! One value in every row: of one citizen's payments it is theirs, of several people's the agency's own. Only a person knows which.

use std::collections::BTreeSet;

use super::answer;
use super::backing::{carries_names, is_constant, speaks_of_one};
use super::draft::Draft;
use super::names::{IDENTITY, Names};
use super::question::{About, Choice, Question};
use super::switch::stands;
use crate::broken::Variant;
use crate::domain::field::Field;

/// So many rows may well be one person's.
const TWO: usize = 2;

/// Asks once about all columns in use that have one value in every row and that nothing backs.
pub(super) fn ask_about_constants(draft: &mut Draft<'_>, asked: Option<usize>) {
    if !stands(Variant::ConstantIdentity) {
        return;
    }
    let constants: Vec<(usize, Field)> = (0..draft.columns.len())
        .filter(|column| Some(*column) != asked)
        .filter_map(|column| Some((column, doubtful(draft, column)?)))
        .collect();
    let Some((first, _)) = constants.first() else {
        return;
    };
    let told = draft
        .column_of(Field::Email)
        .is_some_and(|address| carries_names(draft, address));
    let one_person = told || draft.records.len() <= TWO && speaks_of_one(draft);
    let choices = match constants.as_slice() {
        [only] => vec![none_of(draft, &constants), all_but(draft, &[*only], None)],
        _ => several(draft, &constants),
    };
    let proposed = match (constants.len(), one_person) {
        (_, false) => 0,
        (_, true) => choices.len() - 1,
    };
    let values = constants.iter().map(|(column, _)| {
        let value = draft.values(*column).next().unwrap_or_default();
        format!("{:?} is {value:?}", draft.shown(*column))
    });
    let why = format!("{} in every row.", listed(values.collect()));
    let question = Question::new(About::Identity, draft.header(*first), why, (choices, proposed));
    draft.questions.push(question);
}

/// What a column holds, if it is somebody's by its place alone.
fn doubtful(draft: &Draft<'_>, column: usize) -> Option<Field> {
    let field = draft.field(column)?;
    let is_own = IDENTITY.contains(&field) || field == Field::FullName;
    let address = draft.column_of(Field::Email);
    let backed = match field {
        Field::Email | Field::FullName => address.is_some_and(|address| carries_names(draft, address)),
        Field::Phone | Field::Phone2 => is_household(draft) && !follows(draft, field),
        _ => false,
    };
    (is_own && !draft.is_chosen(column) && is_constant(draft, column) && !backed).then_some(field)
}

/// Whether several people share an address that bears their name: the number that they share too is their home's. People of one
/// family alone may all have dialled the office's.
fn is_household(draft: &Draft<'_>) -> bool {
    let names = Names::of(draft);
    let names: BTreeSet<&str> = names.0.iter().map(|(name, _)| name.as_str()).collect();
    let is_shared = |address: usize| is_constant(draft, address) && carries_names(draft, address);
    names.len() > 1 && draft.column_of(Field::Email).is_some_and(is_shared)
}

/// Whether a person said of another column that is called the same that it is not the citizen's: this one only took its place.
fn follows(draft: &Draft<'_>, field: Field) -> bool {
    let is_called = |column: usize| draft.named(column).is_some_and(|(named, _)| named == field);
    (0..draft.columns.len())
        .any(|column| draft.is_chosen(column) && draft.field(column).is_none() && is_called(column))
}

/// None of them is, each of them is not, all of them are the citizen's.
fn several(draft: &Draft<'_>, constants: &[(usize, Field)]) -> Vec<Choice> {
    let each = constants
        .iter()
        .map(|(column, _)| all_but(draft, constants, Some(*column)));
    let ends = [none_of(draft, constants), all_but(draft, constants, None)];
    let [none, all] = ends;
    [none].into_iter().chain(each).chain([all]).collect()
}

fn none_of(draft: &Draft<'_>, constants: &[(usize, Field)]) -> Choice {
    let shown = constants.iter().map(|(column, _)| draft.shown(*column)).collect();
    let verb = if constants.len() == 1 { "is" } else { "are" };
    let answer = format!("{} {verb} not the citizen's", listed(shown));
    choice(draft, answer, constants, &|_| false)
}

/// All of them are the citizen's, but for one.
fn all_but(draft: &Draft<'_>, constants: &[(usize, Field)], other: Option<usize>) -> Choice {
    let own = constants.iter().filter(|(column, _)| Some(*column) != other);
    let shown: Vec<String> = own.map(|(column, _)| draft.shown(*column)).collect();
    let verb = if shown.len() == 1 { "is" } else { "are" };
    let but = other.map_or_else(String::new, |other| format!(", {} is not", draft.shown(other)));
    let answer = format!("{} {verb} the citizen's{but}", listed(shown));
    choice(draft, answer, constants, &|column| Some(column) != other)
}

fn choice(
    draft: &Draft<'_>,
    answer: String,
    constants: &[(usize, Field)],
    is_own: &dyn Fn(usize) -> bool,
) -> Choice {
    let mut fields = draft.fields();
    let mut flags = Vec::new();
    for (column, field) in constants {
        match is_own(*column) {
            true => flags.push(answer::map(draft, *column, *field)),
            false => {
                flags.push(answer::ignore(draft, *column));
                if let Some(held) = fields.get_mut(*column) {
                    *held = None;
                }
            }
        }
    }
    let trial = draft.trial(&fields, draft.terms.clone());
    answer::counted(answer, flags.join(" "), &trial)
}

/// `A`, `A and B`, `A, B and C`.
fn listed(all: Vec<String>) -> String {
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => all.concat(),
    }
}
