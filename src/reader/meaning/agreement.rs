//! Whether columns speak of the same people: what is a person's own stands beside the same name, account and number in all of that
//! person's rows. What is a clerk's, or one of the agency's, stands beside them as it happens.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::names::{IDENTITY, Names};
use super::question::About;
use super::switch::stands;
use super::{nobody, phone, unused, words};
use crate::broken::Variant;
use crate::domain::field::Field;

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
pub(super) struct Standing {
    pub agree: usize,
    against: Option<usize>,
}

impl Standing {
    /// It stands alone against others that agree with each other.
    fn is_refuted(self) -> bool {
        self.agree == 0 && self.against > Some(0)
    }

    /// What contradicts it is backed as well as it is itself.
    pub fn is_doubtful(self) -> bool {
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

/// How each column that speaks of people stands to the others.
pub(super) fn by_column(draft: &Draft<'_>) -> BTreeMap<usize, Standing> {
    let witnesses = witnesses(draft);
    let standings = standings(&witnesses);
    let columns = witnesses.iter().map(|witness| witness.column).zip(standings);
    columns
        .filter_map(|(column, standing)| Some((column?, standing)))
        .collect()
}

/// Whether a column agrees with one by which people are known, and is contradicted by none.
pub(super) fn agrees(draft: &Draft<'_>, column: usize) -> bool {
    let mut relations = relations(draft, column);
    relations.retain(|relation| *relation != Relation::Unclear);
    !relations.is_empty() && relations.iter().all(|relation| *relation == Relation::Agree)
}

/// Whether a column is contradicted by one by which people are known.
pub(super) fn is_contradicted(draft: &Draft<'_>, column: usize) -> bool {
    relations(draft, column).contains(&Relation::Contradict)
}

/// What a column is to the others by which people are known.
fn relations(draft: &Draft<'_>, column: usize) -> Vec<Relation> {
    let own = Witness::of(draft, column);
    let others = known(draft).into_iter();
    others
        .filter(|other| other.column != Some(column))
        .map(|other| own.relation(&other))
        .collect()
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
            cells: names.0.iter().map(|(name, _)| name.clone()).collect(),
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
        let reaches = || phone::is_written_contact(draft, *column);
        draft.different(*column) > 1 && !words::is_foreign(header) && (named || ids() || reaches())
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
