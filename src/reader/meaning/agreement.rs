//! Whether columns speak of the same people: what is a person's own stands beside the same name, account and number in all of that
//! person's rows. What is a clerk's, or one of the agency's, stands beside them as it happens.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::names::{IDENTITY, Names};
use super::question::{About, Question, flag};
use super::switch::stands;
use super::{nobody, unused, who, words};
use crate::broken::Variant;
use crate::domain::cell;
use crate::domain::field::Field;

/// Most boxes that an office has.
const FEW: usize = 6;

/// What speaks of people in each record: a column, or the names (no column).
struct Witness {
    column: Option<usize>,
    cells: Vec<String>,
}

/// What one witness is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// They part people alike, but for households and people with two addresses.
    Agree,
    /// A value of either stands beside several of the other.
    Contradict,
    /// Too little is there to tell, or one is only coarser than the other.
    Unclear,
}

/// How many others agree with a witness, and the most that agree with one that contradicts it.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    agree: usize,
    against: Option<usize>,
}

impl Standing {
    /// It stands alone against others that agree with each other.
    fn is_refuted(self) -> bool {
        self.agree == 0 && self.against > Some(0)
    }

    /// What contradicts it is backed as well as it is itself.
    fn is_doubtful(self) -> bool {
        self.against >= Some(self.agree)
    }
}

/// Takes identity from columns that contradict those that agree with each other, and gives it to the next that is called so.
pub(super) fn leave_out_contradicting(draft: &mut Draft<'_>) {
    if !stands(Variant::ContradictingIdentity) {
        return;
    }
    // Each round takes one column away, so it ends.
    while let Some((column, field)) = contradicting(draft) {
        draft.give(column, None, true);
        let why = "It contradicts the columns that agree on who is who.".to_owned();
        draft.settle(About::Identity, column, why);
        if let Some(next) = nobody::next_named(draft, field, column) {
            draft.give(next, Some(field), true);
        }
    }
}

/// A column in use whose values stand beside several people, and whose people beside several of its values, while others agree.
fn contradicting(draft: &Draft<'_>) -> Option<(usize, Field)> {
    let witnesses = witnesses(draft);
    let standings = standings(&witnesses);
    let names = [Field::FullName, Field::FamilyName];
    witnesses.iter().zip(&standings).find_map(|(witness, standing)| {
        let column = match witness.column {
            Some(column) => Some(column),
            None => names.into_iter().find_map(|field| draft.column_of(field)),
        };
        let column = column.filter(|column| !draft.is_chosen(*column))?;
        let field = draft.field(column)?;
        standing.is_refuted().then_some((column, field))
    })
}

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
    let witnesses = witnesses(draft);
    let standings = standings(&witnesses);
    let standing = |column: usize| {
        let at = witnesses
            .iter()
            .position(|witness| witness.column == Some(column));
        at.and_then(|at| standings.get(at)).copied().unwrap_or_default()
    };
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
    let is_backed = || agrees(draft, next) && !agrees(draft, column);
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

/// Whether a column agrees with one by which people are known, and is contradicted by none.
pub(super) fn agrees(draft: &Draft<'_>, column: usize) -> bool {
    let own = Witness::of(draft, column);
    let mut relations = known(draft)
        .into_iter()
        .filter(|other| other.column != Some(column))
        .map(|other| own.relation(&other))
        .collect::<Vec<_>>();
    relations.retain(|relation| *relation != Relation::Unclear);
    !relations.is_empty() && relations.iter().all(|relation| *relation == Relation::Agree)
}

/// The names, and the columns by which people are known or reached.
fn known(draft: &Draft<'_>) -> Vec<Witness> {
    let used = (0..draft.columns.len()).filter(|column| {
        let field = draft.field(*column);
        field.is_some_and(|field| IDENTITY.contains(&field)) && draft.different(*column) > 1
    });
    let mut all: Vec<Witness> = used.map(|column| Witness::of(draft, column)).collect();
    let names = Names::of(draft);
    if !names.is_empty() {
        all.push(Witness {
            column: None,
            cells: names.0.into_iter().map(|(name, _)| name).collect(),
        });
    }
    all
}

/// The same, and columns that nobody uses and that could be people's.
fn witnesses(draft: &Draft<'_>) -> Vec<Witness> {
    let mut all = known(draft);
    let free = draft
        .open_columns()
        .into_iter()
        .filter(|column| draft.field(*column).is_none());
    let speaks = free.filter(|column| {
        let header = draft.header(*column);
        let named = draft
            .named(*column)
            .is_some_and(|(field, _)| IDENTITY.contains(&field));
        let ids = || !words::is_reference(header) && unused::are_ids(draft, *column);
        draft.different(*column) > 1 && !words::is_foreign(header) && (named || ids())
    });
    all.extend(speaks.map(|column| Witness::of(draft, column)));
    all
}

fn standings(witnesses: &[Witness]) -> Vec<Standing> {
    let relations: Vec<Vec<Relation>> = witnesses
        .iter()
        .map(|one| witnesses.iter().map(|other| one.relation(other)).collect())
        .collect();
    let agree = |of: &Vec<Relation>| {
        let all = of.iter().filter(|one| **one == Relation::Agree).count();
        all.saturating_sub(1) // with itself
    };
    let standing = |of: &Vec<Relation>| {
        let against = of.iter().zip(&relations);
        let against = against.filter(|(relation, _)| **relation == Relation::Contradict);
        Standing {
            agree: agree(of),
            against: against.map(|(_, other)| agree(other)).max(),
        }
    };
    relations.iter().map(standing).collect()
}

impl Witness {
    fn of(draft: &Draft<'_>, column: usize) -> Self {
        let plain = |cell: &String| {
            let signs = cell.chars().filter(|c| c.is_alphanumeric() || *c == '@');
            signs.flat_map(char::to_lowercase).collect()
        };
        Self {
            column: Some(column),
            cells: draft.cells(column).iter().map(plain).collect(),
        }
    }

    fn relation(&self, other: &Self) -> Relation {
        if self.column == other.column {
            return Relation::Agree;
        }
        let (ours, theirs) = (self.beside(other), other.beside(self));
        let contradict = ours.is_split() && theirs.is_split() && ours.is_much_beside(theirs);
        match () {
            () if contradict => Relation::Contradict,
            () if ours.several + theirs.several > 0 && ours.is_one() && theirs.is_one() => Relation::Agree,
            () => Relation::Unclear,
        }
    }

    fn beside(&self, other: &Self) -> Beside {
        let mut of_value: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (own, others) in self.cells.iter().zip(&other.cells) {
            if !own.is_empty() && !others.is_empty() {
                of_value.entry(own).or_default().push(others);
            }
        }
        let mut beside = Beside::default();
        for others in of_value.into_values() {
            let is_split = !is_mostly_one(&others);
            beside.rows += others.len();
            beside.several += usize::from(others.len() > 1);
            beside.split += usize::from(is_split);
            beside.split_rows += if is_split { others.len() } else { 0 };
        }
        beside
    }
}

/// Whether nearly all are the same; a cell may be damaged.
fn is_mostly_one(all: &[&str]) -> bool {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts.into_values().max().unwrap_or_default() * 5 >= all.len() * 4
}

/// How the values of one witness stand beside those of another.
#[derive(Clone, Copy, Debug, Default)]
struct Beside {
    rows: usize,
    /// Values in several rows.
    several: usize,
    /// Of those, values beside different ones of the other.
    split: usize,
    split_rows: usize,
}

impl Beside {
    /// Most values that could stand beside several do.
    const fn is_split(self) -> bool {
        self.split > 0 && self.split * 2 >= self.several
    }

    /// But for few, each stands beside one.
    const fn is_one(self) -> bool {
        self.split * 3 <= self.several
    }

    /// Rows of such values are much of the file: two people of one name are not, nor one damaged cell.
    const fn is_much_beside(self, other: Self) -> bool {
        let (fewer, more) = match self.split_rows < other.split_rows {
            true => (self.split_rows, other.split_rows),
            false => (other.split_rows, self.split_rows),
        };
        more * 3 >= self.rows && fewer * 6 >= self.rows
    }
}
