//! What amounts are written in: the sign before the cents, and whether whole numbers are cents.

use super::draft::Draft;
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use super::words;
use crate::broken::Variant;
use crate::domain::cell;
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::domain::import::ImportKind;
use crate::domain::money::{Cents, Decimal, Signs, Unit};

/// So many whole amounts may be cents, or one from here on.
const ENOUGH: usize = 5;
const LARGE: i64 = 100_000;

/// Settles both, or asks.
pub(super) fn settle(draft: &mut Draft<'_>) {
    rather_filled(draft);
    by_its_header(draft);
    no_kind_of_tax(draft);
    let column = draft
        .column_of(Field::Amount)
        .or_else(|| draft.column_of(Field::AmountCents));
    let Some(column) = column else { return };
    let negative = draft.share(column, |value| {
        Cents::read(value, Unit::Whole).is_some_and(|amount| amount.0 < 0)
    });
    draft.terms.owed_as_negative = negative > 0.5 && draft.around.kind == ImportKind::Failed;
    decimal(draft, column);
    unit(draft, column);
}

/// *Valor (centavos)*: the header says the unit.
fn by_its_header(draft: &mut Draft<'_>) {
    let amount = draft.column_of(Field::Amount);
    let Some(column) = amount.filter(|column| !draft.is_chosen(*column)) else {
        return;
    };
    if words::is_small_unit(draft.header(column)) && stands(Variant::UnitNotAsked) {
        draft.give(column, Some(Field::AmountCents), true);
    }
}

/// A column that is called a tax and holds amounts, as processors have for the tax on their fee, is no kind of tax: letters would
/// speak of the 0.00 payment. A kind may be a number of its own, as 1040 is.
fn no_kind_of_tax(draft: &mut Draft<'_>) {
    let Some(column) = draft
        .column_of(Field::TaxType)
        .filter(|column| !draft.is_chosen(*column))
    else {
        return;
    };
    let is_amount = |value: &str| {
        Cents::read(value, Unit::Whole).is_some_and(|amount| amount.0 == 0 || value.contains(['.', ',']))
    };
    if draft.share(column, is_amount) > 0.5 {
        draft.give(column, None, true);
        let why = "Its values are amounts, so it is no kind of tax.".to_owned();
        draft.settle(About::Column, column, why);
    }
}

/// An empty column is no amount while another one that is called so is filled.
fn rather_filled(draft: &mut Draft<'_>) {
    let Some(column) = draft
        .column_of(Field::Amount)
        .filter(|column| !draft.is_chosen(*column))
    else {
        return;
    };
    let usual = |other: &usize| draft.named(*other) == Some((Field::Amount, Recognition::Usual));
    let open = draft.open_columns().into_iter().filter(usual);
    let fullest = open.max_by(|one, other| {
        draft
            .filled(*one)
            .total_cmp(&draft.filled(*other))
            .then(other.cmp(one))
    });
    if let Some(fullest) = fullest.filter(|fullest| draft.filled(*fullest) > draft.filled(column) + 0.1) {
        draft.give(fullest, Some(Field::Amount), true);
    }
}

fn decimal(draft: &mut Draft<'_>, column: usize) {
    if draft.terms.decimal.is_some() || !stands(Variant::DecimalNotAsked) {
        return;
    }
    let signs: Vec<Signs> = draft.values(column).filter_map(Cents::signs).collect();
    let has = |sign: Signs| signs.contains(&sign);
    let [point, comma] = [Decimal::Point, Decimal::Comma].map(|sign| has(Signs::Behind(sign)));
    let either = [Decimal::Point, Decimal::Comma]
        .into_iter()
        .any(|sign| has(Signs::Either(sign)));
    match (point, comma) {
        (true, false) => draft.terms.decimal = Some(Decimal::Point),
        (false, true) => draft.terms.decimal = Some(Decimal::Comma),
        (true, true) if either => ask_sign(draft, column),
        _ => {}
    }
}

fn ask_sign(draft: &mut Draft<'_>, column: usize) {
    let header = draft.header(column).to_owned();
    let is_either = |value: &&str| matches!(Cents::signs(value), Some(Signs::Either(_)));
    let example = draft
        .values(column)
        .find(is_either)
        .unwrap_or_default()
        .to_owned();
    let choices = [
        ("--decimal-point", Decimal::Point, "A point"),
        ("--decimal-comma", Decimal::Comma, "A comma"),
    ];
    let choices = choices.map(|(name, sign, words)| Choice {
        answer: format!("{words} stands before the cents"),
        flag: flag(name, &header),
        consequence: shown(&example, Unit::Whole, Some(sign)),
        rows_in_outage: None,
        people: None,
    });
    let why = format!(
        "{example:?} in {header:?} could be two different amounts, and other amounts do not decide it."
    );
    draft
        .questions
        .push(Question::new(About::Decimal, &header, why, (choices.to_vec(), 0)));
}

fn shown(example: &str, unit: Unit, decimal: Option<Decimal>) -> String {
    let amount = Cents::read_as(example, unit, decimal);
    format!(
        "{example:?} is {}",
        amount.map_or_else(|| "nothing".to_owned(), |amount| amount.to_string())
    )
}

/// Amounts without a single decimal may be cents: `128400` is 1,284 dollars or a hundred times that.
fn unit(draft: &mut Draft<'_>, column: usize) {
    if draft.is_chosen(column) || draft.field(column) != Some(Field::Amount) || !stands(Variant::UnitNotAsked)
    {
        return;
    }
    let whole = draft
        .values(column)
        .all(|value| cell::is_digits(value.trim_start_matches('-')));
    let amounts: Vec<i64> = draft
        .values(column)
        .filter_map(|value| Cents::read(value, Unit::Whole))
        .map(|amount| amount.0)
        .collect();
    let large = amounts.iter().any(|amount| amount.abs() >= LARGE);
    if !whole
        || amounts.is_empty()
        || (amounts.len() < ENOUGH && !large)
        || draft.around.kind == ImportKind::Successes
    {
        return;
    }
    let header = draft.header(column).to_owned();
    let example = draft
        .values(column)
        .max_by_key(|value| value.len())
        .unwrap_or_default()
        .to_owned();
    let round = amounts.iter().filter(|amount| *amount % 1_000 == 0).count();
    let choices = [
        ("amount", Unit::Whole, "Dollars"),
        ("amount_cents", Unit::Cents, "Cents"),
    ];
    let choices = choices.map(|(field, unit, words)| Choice {
        answer: words.to_owned(),
        flag: flag("--map", &format!("{field}={header}")),
        consequence: shown(&example, unit, None),
        rows_in_outage: None,
        people: None,
    });
    let why = format!("All amounts in {header:?} are whole numbers, such as {example:?}: dollars, or cents?");
    let cents = usize::from(round * 2 < amounts.len() && large);
    draft.questions.push(Question::new(
        About::Unit,
        &header,
        why,
        (choices.to_vec(), cents),
    ));
}
