//! Whether a column in use is truly the citizen's: what is asked where that is not clear.

use std::collections::BTreeSet;

use super::agreement::Standing;
use super::draft::Draft;
use super::names::{IDENTITY, Names};
use super::question::{About, Question, flag};
use super::switch::stands;
use super::{agreement, nobody, who, words};
use crate::broken::Variant;
use crate::domain::cell;
use crate::domain::field::Field;

/// Most boxes that an office has.
const FEW: usize = 6;

/// Why it is not clear that a column in use is the citizen's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// Its values follow each other without a gap, and no other column agrees with it or it is called a merchant's.
    Counts,
    /// It has one value in all rows, and nothing tells whether these are all one person's.
    Constant,
    /// It is contradicted.
    Contradicted,
    /// Its addresses are one word with different numbers: boxes of an office.
    Numbered,
    /// Another column that is called the same is at least as likely to be the citizen's.
    Rival(usize),
}

/// Asks about the most doubtful column in use: one value over everybody, numbers that count, or contradicted by others as good.
pub(super) fn ask_whose(draft: &mut Draft<'_>) {
    if !stands(Variant::ContradictingIdentity) || !stands(Variant::JoinsNotAsked) || is_asked(draft) {
        return;
    }
    let standings = agreement::by_column(draft);
    let standing = |column: usize| standings.get(&column).copied().unwrap_or_default();
    let in_use = (0..draft.columns.len()).filter(|column| is_open_identity(draft, *column));
    let doubts = in_use.filter_map(|column| Some((doubt(draft, column, standing(column))?, column)));
    let worst = doubts.max_by_key(|(doubt, column)| (*doubt, std::cmp::Reverse(draft.different(*column))));
    if let Some((doubt, column)) = worst {
        ask(draft, column, doubt);
    }
}

fn doubt(draft: &Draft<'_>, column: usize, standing: Standing) -> Option<Doubt> {
    let is_account = draft.field(column) == Some(Field::AccountId);
    let stands_alone = || standing.agree == 0 || words::is_foreign(draft.header(column));
    match () {
        () if standing.is_doubtful() => Some(Doubt::Contradicted),
        () if is_over_everybody(draft, column) => Some(Doubt::Constant),
        () if is_numbered(draft, column) => Some(Doubt::Numbered),
        () if is_account && stands_alone() && are_consecutive(draft, column) => Some(Doubt::Counts),
        () => rival(draft, column).map(Doubt::Rival),
    }
}

/// Whether a few addresses are one word at one host with different numbers: `clerk1@`, `clerk2@`.
fn is_numbered(draft: &Draft<'_>, column: usize) -> bool {
    let without_digits = |value: &str| value.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let words: BTreeSet<String> = draft.values(column).map(without_digits).collect();
    let different = draft.different(column);
    let is_few = (2..=FEW).contains(&different);
    let has_next = || nobody::next_named(draft, Field::Email, column).is_some();
    let repeats = different < draft.values(column).count();
    draft.field(column) == Some(Field::Email) && is_few && words.len() == 1 && (repeats || has_next())
}

/// Another column that is called the same and differs, if it stands over fewer different people, is one for all as well, or agrees
/// with others alone.
fn rival(draft: &Draft<'_>, column: usize) -> Option<usize> {
    let field = draft.field(column)?;
    let next = nobody::next_named(draft, field, column)?;
    let mut rows = draft.cells(column).iter().zip(draft.cells(next));
    let differs = rows.any(|(own, other)| !own.is_empty() && !other.is_empty() && own != other);
    let is_better = nobody::shared(draft, next) < nobody::shared(draft, column);
    let are_one = draft.different(next) == 1 && draft.different(column) == 1;
    let is_backed = || agreement::agrees(draft, next) && !agreement::agrees(draft, column);
    (differs && (is_better || are_one || is_backed()) && !words::is_foreign(draft.header(next)))
        .then_some(next)
}

/// Whether all of several rows have one value, and no names say whose they are.
fn is_over_everybody(draft: &Draft<'_>, column: usize) -> bool {
    draft.different(column) == 1 && draft.values(column).count() >= 3 && Names::of(draft).is_empty()
}

/// Whether it is already asked who is who.
fn is_asked(draft: &Draft<'_>) -> bool {
    draft
        .questions
        .iter()
        .any(|question| question.about == About::Identity)
}

fn is_open_identity(draft: &Draft<'_>, column: usize) -> bool {
    let field = draft.field(column);
    !draft.is_chosen(column) && field.is_some_and(|field| IDENTITY.contains(&field))
}

fn ask(draft: &mut Draft<'_>, column: usize, doubt: Doubt) {
    let Some(field) = draft.field(column) else { return };
    let header = draft.header(column).to_owned();
    let noun = nobody::said(field);
    let answer = |column: usize| {
        let shown = draft.shown(column);
        let map = flag("--map", &format!("{field}={}", draft.header(column)));
        let trial = draft.trial(&draft.fields_with(column, Some(field)), draft.terms.clone());
        who::counted(format!("{shown} is the citizen's {noun}"), map, &trial)
    };
    let no = match doubt {
        Doubt::Rival(rival) => answer(rival),
        _ => who::counted(
            format!("{} is not the citizen's", draft.shown(column)),
            flag("--ignore", &header),
            &draft.trial(&draft.fields_with(column, None), draft.terms.clone()),
        ),
    };
    let yes = answer(column);
    let example = draft.values(column).next().unwrap_or_default();
    let why = match doubt {
        Doubt::Counts => format!(
            "The values of {header:?}, such as {example:?}, follow each other without a gap, as those of tills and lines do."
        ),
        Doubt::Constant => format!("{header:?} is {example:?} in every row."),
        Doubt::Numbered => {
            format!("The addresses in {header:?} differ by a number only, such as {example:?}.")
        }
        Doubt::Rival(rival) => format!(
            "{header:?} and {:?} are called the same and differ, such as {example:?} and {:?}.",
            draft.shown(rival),
            draft.values(rival).next().unwrap_or_default()
        ),
        Doubt::Contradicted => format!(
            "{header:?}, such as {example:?}, is another in rows of one person and stands over several people."
        ),
    };
    let question = Question::new(About::Identity, &header, why, (vec![no, yes], 0));
    draft.questions.push(question);
}

/// Whether a column's values follow each other without a gap as tills and lines do: two or three over and over, or bare numbers of
/// which each stands in one row.
fn are_consecutive(draft: &Draft<'_>, column: usize) -> bool {
    let number = |value: &str| -> Option<i64> {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        digits.get(digits.len().saturating_sub(15)..)?.parse().ok()
    };
    let numbers: Option<BTreeSet<i64>> = draft.values(column).map(number).collect();
    let numbers = numbers.unwrap_or_default();
    let rows = draft.values(column).count();
    let is_bare = || draft.values(column).all(cell::is_digits);
    let is_foreign = || words::is_foreign(draft.header(column));
    let like_tills = (2..=3).contains(&numbers.len()) && (numbers.len() < rows || is_foreign());
    let like_lines = numbers.len() > 1 && numbers.len() == rows && is_bare();
    let span = numbers
        .first()
        .zip(numbers.last())
        .map(|(first, last)| last - first + 1);
    (like_tills || like_lines) && span == Some(numbers.len() as i64)
}
