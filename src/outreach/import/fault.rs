//! What is faulty in a rejected row, and what is wrong with it in a few words that are true.

use super::mend::Ask;
use crate::domain::field::Field;
use crate::reader::Layout;

/// Where the fault of a row is, if one value mends it.
pub(super) struct Fault {
    /// What has to be typed.
    pub(super) ask: Ask,
    /// The columns that are faulty.
    pub(super) columns: Vec<usize>,
    /// Where an e-mail address goes.
    email: Option<usize>,
    /// Where anything else goes.
    other: Option<usize>,
}

impl Fault {
    /// The column for what was typed.
    fn place(&self, typed: &str) -> Option<usize> {
        match (self.ask, typed.contains('@')) {
            (Ask::Contact, true) => self.email,
            _ => self.other,
        }
    }

    /// What was typed for it before; empty: nothing.
    pub(super) fn typed(&self, original: &[String], now: &[String]) -> String {
        let changed = |column: &&usize| now.get(**column) != original.get(**column);
        let column = self.columns.iter().find(changed);
        column
            .and_then(|column| now.get(*column))
            .cloned()
            .unwrap_or_default()
    }

    /// The row with what is typed in place of what was faulty.
    pub(super) fn mended(&self, original: &[String], mut cells: Vec<String>, typed: &str) -> Vec<String> {
        for column in &self.columns {
            if let (Some(cell), Some(was)) = (cells.get_mut(*column), original.get(*column)) {
                was.clone_into(cell);
            }
        }
        let place = self.place(typed).filter(|_| !typed.is_empty());
        if let Some(cell) = place.and_then(|column| cells.get_mut(column)) {
            typed.clone_into(cell);
        }
        cells
    }
}

/// The fault of a row, by the reason for which it was rejected.
pub(super) fn fault(layout: &Layout, reason: &str) -> Option<Fault> {
    let column = |field: Field| {
        layout
            .columns
            .iter()
            .position(|column| column.field == Some(field))
    };
    match reason {
        "bad_timestamp" => column(Field::Timestamp).map(|at| Fault {
            ask: Ask::Time,
            columns: vec![at],
            email: None,
            other: Some(at),
        }),
        "no_identity" => {
            let (email, phone) = (column(Field::Email), column(Field::Phone));
            (email.is_some() || phone.is_some()).then(|| Fault {
                ask: Ask::Contact,
                columns: email.into_iter().chain(phone).collect(),
                email,
                other: phone,
            })
        }
        _ => None,
    }
}

/// What is wrong with these values, in a few words that are true of them.
pub(super) fn problem(ask: Option<Ask>, found: &[String], detail: &str) -> String {
    let filled: Vec<&String> = found.iter().filter(|value| !value.is_empty()).collect();
    match (ask, filled.as_slice()) {
        (None, _) => detail.to_owned(),
        (Some(Ask::Time), []) => "No time".to_owned(),
        (Some(Ask::Time), [value, ..]) if is_clock(value) => "The day is missing".to_owned(),
        (Some(Ask::Time), _) => "Not a time that can be read".to_owned(),
        (Some(Ask::Contact), []) => "No phone and no e-mail".to_owned(),
        (Some(Ask::Contact), [value]) => contact_problem(value),
        (Some(Ask::Contact), _) => "Neither can be used".to_owned(),
    }
}

fn contact_problem(value: &str) -> String {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().any(char::is_alphabetic);
    match (value.contains('@') || letters, digits) {
        (true, _) => "Cannot be used".to_owned(),
        (false, 1) => "Phone has 1 digit".to_owned(),
        (false, digits) if digits < 10 => format!("Phone has {digits} digits"),
        _ => "Not a phone that exists".to_owned(),
    }
}

/// `18:46:40`, without a day.
fn is_clock(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let two_digits = |part: &&str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(two_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ask: Option<Ask>, found: &[&str]) -> String {
        let found: Vec<String> = found.iter().map(|value| (*value).to_owned()).collect();
        problem(ask, &found, "2 fields where 16 are expected")
    }

    #[test]
    fn a_problem_is_told_in_a_few_words_that_are_true() {
        assert_eq!(told(Some(Ask::Time), &["18:46:40"]), "The day is missing");
        assert_eq!(told(Some(Ask::Time), &[""]), "No time");
        assert_eq!(
            told(Some(Ask::Time), &["not-a-date"]),
            "Not a time that can be read"
        );
        assert_eq!(told(Some(Ask::Contact), &["", ""]), "No phone and no e-mail");
        assert_eq!(told(Some(Ask::Contact), &["", "55501"]), "Phone has 5 digits");
        assert_eq!(told(None, &["a, b"]), "2 fields where 16 are expected");
    }
}
