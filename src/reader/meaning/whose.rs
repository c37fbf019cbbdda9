//! Whether a column in use is truly the citizen's: what is asked where that is not clear.

use std::collections::BTreeSet;

use super::agreement::Standing;
use super::draft::Draft;
use super::names::IDENTITY;
use super::question::{About, Question};
use super::switch::stands;
use super::{agreement, answer, backing, constant, nobody, unused, who, words};
use crate::broken::Variant;
use crate::domain::cell;
use crate::domain::field::Field;

/// Most boxes that an office has, and so few that they need no word before their numbers, as its accounts are.
const FEW: usize = 6;
const A_FEW: usize = 3;
/// The shortest word for a box of an office.
const A_WORD: usize = 3;

/// Why it is not clear that a column in use is the citizen's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// Its values lie side by side, and no other column agrees with it, one stands over several families, or it is called a
    /// merchant's.
    SideBySide,
    /// It is another in each row of one person.
    Another,
    /// It is contradicted.
    Contradicted,
    /// Its addresses are one word with different numbers: boxes of an office.
    Numbered,
    /// Another column that is called the same is at least as likely to be the citizen's.
    Rival(usize),
}

/// Asks about the most doubtful column in use: numbers that count, or contradicted by others as good; and about one value over
/// everybody.
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
    constant::ask_about_constants(draft, worst.map(|(_, column)| column));
}

fn doubt(draft: &Draft<'_>, column: usize, standing: Standing) -> Option<Doubt> {
    let field = draft.field(column)?;
    let has_other = || nobody::next_named(draft, field, column).is_some();
    // Of an office's two or three accounts each may stand over one person by chance, and then everything agrees with them.
    // A file that calls the column by our own name for it was made for us.
    let is_ours = draft.header(column).trim() == Field::AccountId.as_str();
    let of_few =
        || draft.different(column) <= A_FEW && ((field == Field::AccountId && !is_ours) || has_other());
    let joins = || field == Field::AccountId && nobody::shared(draft, column) > 0.0;
    let stands_alone = standing.agree == 0 || words::is_foreign(draft.header(column)) || of_few() || joins();
    let is_bare = || draft.values(column).all(cell::is_digits);
    let counts = || match field {
        Field::AccountId => !backing::is_only_account(draft) && backing::are_side_by_side(draft, column),
        Field::Phone | Field::Phone2 => {
            draft.different(column) <= A_FEW && is_bare() && backing::are_side_by_side(draft, column)
        }
        _ => false,
    };
    let beside = accounts_beside(draft, column, field);
    match () {
        () if standing.is_doubtful() => Some(Doubt::Contradicted),
        () if is_numbered(draft, column) => Some(Doubt::Numbered),
        () if beside.is_some() => beside.map(Doubt::Rival),
        () if stands_alone && counts() => Some(Doubt::SideBySide),
        () if field != Field::AccountId && backing::is_another_in_each_row(draft, column) => {
            Some(Doubt::Another)
        }
        () => rival(draft, column).map(Doubt::Rival),
    }
}

/// Whether a few addresses are one word at one host with different numbers: `clerk1@`, `clerk2@`.
fn is_numbered(draft: &Draft<'_>, column: usize) -> bool {
    let without_digits = |value: &str| value.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let words: BTreeSet<String> = draft.values(column).map(without_digits).collect();
    // An initial and a number may be anybody's: `j1@`, `j2@`.
    let is_word = |word: &String| word.split('@').next().is_some_and(|own| own.len() >= A_WORD);
    let different = draft.different(column);
    let repeats = || different < draft.values(column).count();
    let has_other = || nobody::next_named(draft, Field::Email, column).is_some();
    let is_few = (2..=A_FEW).contains(&different)
        || (2..=FEW).contains(&different) && (words.iter().all(is_word) || repeats() || has_other());
    let carries = || backing::carries_names(draft, column);
    draft.field(column) == Some(Field::Email) && is_few && words.len() == 1 && !carries()
}

/// Of accounts that are another in each row, where nothing else says whose any row is: others beside them that stand in several rows,
/// as people do, or references that do and of which there are more than an office has tills.
fn accounts_beside(draft: &Draft<'_>, column: usize, field: Field) -> Option<usize> {
    let repeats = |column: usize| draft.different(column) < draft.values(column).count();
    if field != Field::AccountId || repeats(column) || !backing::are_only_accounts(draft) {
        return None;
    }
    let may_be = |next: &usize| !words::is_foreign(draft.header(*next)) && repeats(*next);
    let is_people = |next: &usize| {
        draft.field(*next).is_none()
            && words::is_any_reference(draft.header(*next))
            && unused::are_ids(draft, *next)
            && draft.different(*next) > A_FEW
    };
    let called = nobody::called(draft, field, column);
    let mut called = called.filter(|next| may_be(next) && draft.different(*next) > 1);
    let mut open = draft.open_columns().into_iter();
    called
        .next()
        .or_else(|| open.find(|next| may_be(next) && is_people(next)))
}

/// Another column that is called the same and differs, if it stands over fewer different people, is one for all as well, or is the
/// only one that is backed.
fn rival(draft: &Draft<'_>, column: usize) -> Option<usize> {
    let field = draft.field(column)?;
    let is_backed = |column: usize| agreement::agrees(draft, column) || backing::carries_names(draft, column);
    let differs = |next: usize| {
        let mut rows = draft.cells(column).iter().zip(draft.cells(next));
        rows.any(|(own, other)| !own.is_empty() && !other.is_empty() && own != other)
    };
    let is_as_good = |next: usize| {
        let is_better = nobody::shared(draft, next) < nobody::shared(draft, column);
        let are_one = draft.different(next) == 1 && draft.different(column) == 1;
        is_better || are_one || is_backed(next) && !is_backed(column)
    };
    nobody::called(draft, field, column)
        .filter(|next| !words::is_foreign(draft.header(*next)) && differs(*next))
        .find(|next| is_as_good(*next))
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
    let noun = nobody::said(field);
    let own = |column: usize| {
        let shown = draft.shown(column);
        answer::holds(draft, column, field, format!("{shown} is the citizen's {noun}"))
    };
    let header = draft.shown(column);
    let no = match doubt {
        Doubt::Rival(rival) => own(rival),
        _ => answer::is_not_read(draft, column, format!("{header} is not the citizen's")),
    };
    let yes = own(column);
    let example = draft.values(column).next().unwrap_or_default();
    let why = match doubt {
        Doubt::SideBySide => format!(
            "The values of {header:?}, such as {example:?}, lie side by side, as those of tills and lines do."
        ),
        Doubt::Another => format!("{header:?}, such as {example:?}, is another in each row of one person."),
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
    let proposed = usize::from(doubt == Doubt::SideBySide && is_harmless(draft, column));
    let question = Question::new(
        About::Identity,
        draft.header(column),
        why,
        (vec![no, yes], proposed),
    );
    draft.questions.push(question);
}

/// Whether it harms nobody to take accounts that lie side by side for the citizens'.
///
/// Either answer can harm. A till that is taken for an account parts one person or joins two, and the till of the next file then
/// closes somebody else's case; an account that is dropped joins a family of one address, and leaves out whom nothing else tells. So
/// the column is kept where it tells people apart just as their names and addresses do and either is written as accounts of
/// this outage are or is needed: without it people would be others, or nobody. An address or a number is never kept: letters and
/// calls for somebody would go to a clerk.
fn is_harmless(draft: &Draft<'_>, column: usize) -> bool {
    if draft.field(column) != Some(Field::AccountId) || !who::is_one_for_each(draft, column) {
        return false;
    }
    let accounts = &draft.around.accounts;
    let is_written = !accounts.is_any() && draft.values(column).all(|value| accounts.is_in_full(value));
    let without = draft.trial(&draft.fields_with(column, None), draft.terms.clone());
    is_written || without.groups() != draft.as_it_stands().groups()
}
