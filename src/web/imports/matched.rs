//! One column of the file, what it is used as, and what becomes of its value in the row that is shown.

use super::page::{ColumnRow, Use};
use super::words::{FIELDS, label, looks};
use crate::domain::field::Field;
use crate::domain::transaction::Transaction;
use crate::outreach::import::{Column, Kind};
use crate::web::show::{person, time};
use jiff::tz::TimeZone;

/// Values of a column that are shown.
const SHOWN: usize = 2;

/// A column of the page; `read` is the row that is shown, if it can be read, and whether the columns are `remembered`.
pub(super) fn column_row(
    index: usize,
    column: &Column,
    (read, remembered): (Option<&Transaction>, bool),
    zone: &TimeZone,
) -> ColumnRow {
    let leave_out = Use {
        key: "",
        label: "Leave out",
        chosen: column.field.is_none(),
    };
    let field = |(field, label): &(Field, &'static str)| Use {
        key: field.as_str(),
        label,
        chosen: column.field == Some(*field),
    };
    let header = match column.header.as_str() {
        "" => format!("Column\u{a0}{}", index + 1),
        header => header.to_owned(),
    };
    let masked = column.profile.kind == Kind::CardNumber;
    let become_of = |field| read.and_then(|read| becomes(field, read, zone));
    ColumnRow {
        index,
        header,
        samples: column.samples.iter().take(SHOWN).cloned().collect(),
        looks: looks(&column.profile),
        uses: [leave_out].into_iter().chain(FIELDS.iter().map(field)).collect(),
        result: match column.field {
            None if masked => "Card numbers, masked".to_owned(),
            None => "Not imported".to_owned(),
            Some(field) if masked && field.holds_ids() => format!("Masked: no {}", named(field)),
            Some(field) => become_of(field).unwrap_or_else(|| match remembered {
                true => "Saved match".to_owned(),
                false => format!("Read as {}", named(field)),
            }),
        },
        unsure: column.field.is_some() && (masked || !column.sure),
        left_out: column.field.is_none(),
        blocked: column.field.is_none() && masked,
    }
}

fn named(field: Field) -> String {
    label(field).to_lowercase()
}

/// What the row's value becomes, or what the column is for; nothing if there is no value.
fn becomes(field: Field, read: &Transaction, zone: &TimeZone) -> Option<String> {
    match field {
        Field::TransactionId => Some("Counted once".into()),
        Field::AccountId => Some("Tells people apart".into()),
        Field::Timestamp => {
            let (date, clock) = (
                time::date(read.occurred_at, zone),
                time::clock_seconds(read.occurred_at, zone),
            );
            Some(format!("{date}, {clock}"))
        }
        Field::FullName => {
            let name = person::name(&read.given_name, &read.family_name);
            Some(format!("Shown as {name}"))
        }
        Field::Amount | Field::AmountCents => read.amount.map(|amount| amount.to_string()),
        Field::Phone => read.phone.as_ref().map(|phone| person::phone(phone.as_str())),
        Field::Phone2 => read.phone_2.as_ref().map(|phone| person::phone(phone.as_str())),
        Field::Language => read.language.as_deref().map(person::language),
        Field::FilingDeadline => read.filing_deadline.map(|day| day.to_string()),
        _ => None,
    }
}
