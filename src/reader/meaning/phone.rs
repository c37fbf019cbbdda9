//! Phones and e-mail addresses by their values, where no header speaks of them: never out of a reference, a count or a date.

use super::draft::Draft;
use super::switch::stands;
use super::{nobody, words};
use crate::broken::Variant;
use crate::domain::cell;
use crate::domain::contact::{Email, Phone};
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::reader::layout::Doubt;

/// So large a share of a column's values has to be right.
const MOST: f64 = 0.6;

/// Whether a value is written as phones are: digits in groups or behind a plus, and no letters but those of an extension.
pub(in crate::reader) fn is_written_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let number = value.to_ascii_lowercase();
    let number = number.split(['x', 'e', ';', '#', ',']).next().unwrap_or_default();
    let marks = number.contains(['+', '(', '-', '.', ' ', '/']);
    let letters = number.trim_start_matches("tel:").chars().any(char::is_alphabetic);
    (10..=17).contains(&digits)
        && marks
        && !letters
        && !begins_with_a_date(value)
        && Phone::read(value).is_some()
}

/// Whether a number begins with a day or a year as references do: `20261124-0001`, `2026-11-000001`.
pub(in crate::reader) fn begins_with_a_date(value: &str) -> bool {
    let digits: String = value.chars().filter(char::is_ascii_digit).take(8).collect();
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    let (Some(year), Some(month)) = (number(0..4), number(4..6)) else {
        return false;
    };
    let starts = value.starts_with(|c: char| c.is_ascii_digit());
    let dated = (1..=12).contains(&month) && number(6..8).is_some_and(|day| (1..=31).contains(&day));
    let split = value
        .get(4..5)
        .is_some_and(|sign| matches!(sign, "-" | "/" | "."));
    starts && (1990..=2099).contains(&year) && (dated || split)
}

/// Whether a column's numbers grow, or shrink, by small steps from row to row.
pub(in crate::reader) fn count_upwards(draft: &Draft<'_>, column: usize) -> bool {
    let number = |value: &str| {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let last = digits.get(digits.len().saturating_sub(9)..)?;
        last.parse::<i64>().ok()
    };
    let bare = draft.values(column).filter(|value| !value.contains('@'));
    let numbers: Vec<i64> = bare.clone().filter_map(number).collect();
    if let [one, next] = numbers.as_slice() {
        return (next - one).abs() == 1 && bare.clone().all(cell::is_digits);
    }
    let steps = numbers
        .iter()
        .zip(numbers.iter().skip(1))
        .map(|(one, next)| next - one);
    let (all, small) = steps.fold((0_usize, 0_usize), |(all, small), step| {
        (all + 1, small + usize::from((1..=20).contains(&step.abs())))
    });
    all >= 2 && small * 10 >= all * 8
}

/// Gives e-mail and phone to columns that look like them, where no header did.
pub(super) fn by_content(draft: &mut Draft<'_>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for field in [Field::Email, Field::Phone] {
        if draft.holds(field) {
            continue;
        }
        let free = |column: &usize| {
            draft
                .field(*column)
                .is_none_or(|other| other == Field::FullName || other == Field::Memo)
        };
        let open = draft.open_columns().into_iter().filter(free);
        let mut found: Vec<usize> = open
            .filter(|column| is_one(draft, *column, field) && !draft.is_left_out(*column))
            .filter(|column| !nobody::stands_for_nobody(draft, *column) && !nobody::is_shared(draft, *column))
            .collect();
        found.sort_by_key(|column| {
            let header = draft.header(*column);
            (words::is_foreign(header), !words::is_of_person(header), *column)
        });
        let Some(column) = found.first().copied() else {
            continue;
        };
        draft.give(column, Some(field), false);
        doubts.push(Doubt::ByContent {
            column: column + 1,
            field,
        });
    }
    doubts
}

/// Whether a column's values are addresses, or numbers of people, whatever it is called.
pub(super) fn is_written_contact(draft: &Draft<'_>, column: usize) -> bool {
    [Field::Email, Field::Phone]
        .into_iter()
        .any(|field| is_one(draft, column, field))
}

/// Whether a column's values are addresses, or numbers of people.
pub(super) fn is_one(draft: &Draft<'_>, column: usize, field: Field) -> bool {
    match field {
        Field::Email => {
            let header = draft.header(column);
            let foreign = stands(Variant::ConstantIdentity) && words::is_foreign(header);
            !foreign && draft.share(column, |value| Email::read(value).is_some()) > MOST
        }
        _ if !stands(Variant::AnyPhone) => draft.share(column, |value| Phone::read(value).is_some()) > MOST,
        _ => {
            let of_phone = speaks_of_phones(draft.header(column));
            let foreign = words::is_foreign(draft.header(column));
            !foreign
                && !count_upwards(draft, column)
                && draft.share(column, |value| {
                    is_written_phone(value) || (of_phone && Phone::read(value).is_some())
                }) > MOST
        }
    }
}

fn speaks_of_phones(header: &str) -> bool {
    let words = crate::domain::header::header_words(header);
    let is = |word: &String| {
        matches!(
            word.as_str(),
            "phone"
                | "telephone"
                | "tel"
                | "mobile"
                | "cell"
                | "telefono"
                | "telefon"
                | "celular"
                | "movil"
                | "handy"
                | "cellulare"
                | "telefone"
        )
    };
    words.iter().any(is) && !words.iter().any(|word| word == "fax")
}

/// A header that calls a column the phone, or the e-mail address, though not one of its values is one, or a mere *Contact* whose
/// bare digits count upwards: it is not.
pub(super) fn leave_out_others(draft: &mut Draft<'_>) {
    for field in [Field::Phone, Field::Phone2, Field::Email] {
        let Some(column) = draft.column_of(field).filter(|column| !draft.is_chosen(*column)) else {
            continue;
        };
        let right = draft.share(column, |value| match field {
            Field::Email => Email::read(value).is_some(),
            _ => Phone::read(value).is_some(),
        });
        let weak = draft
            .named(column)
            .is_none_or(|(_, recognition)| recognition == Recognition::Weak);
        let counts = field != Field::Email
            && !speaks_of_phones(draft.header(column))
            && count_upwards(draft, column)
            && draft.share(column, is_written_phone) < 0.5;
        if draft.values(column).count() >= 3 && (right == 0.0 || (weak && right < 0.5) || counts) {
            draft.give(column, None, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_no_phones() {
        for value in [
            "TAX-2026-000001",
            "2026-11-24-0001",
            "20261124000017",
            "8830000000000001",
            "3035550111",
            "192.0.2.10",
        ] {
            assert!(!is_written_phone(value), "{value}");
        }
        for value in [
            "303-555-0111",
            "+1 303-555-0111",
            "(303) 555-0112",
            "970.555.0115",
            "303-555-0124 ext. 7",
        ] {
            assert!(is_written_phone(value), "{value}");
        }
    }
}
