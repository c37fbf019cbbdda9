//! Exports whose columns are public: each a small file of what its columns, its clock and its words mean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::draft::Draft;
use super::question::About;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::domain::meaning::{Meaning, status_key};
use crate::domain::moment::{Calendar, Order};
use crate::domain::money::Decimal;
use crate::domain::record::Record;
use crate::domain::terms::Kinds;
use crate::domain::zone::Zone;

/// What a layout says of a type that only reserves the money.
const RESERVED: &str = "reserved";

/// The files.
#[derive(RustEmbed)]
#[folder = "assets/layouts/"]
struct Files;

/// One export.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// As it is shown to people.
    name: String,
    /// Where its columns are documented.
    #[allow(dead_code, reason = "for whoever looks the layout up")]
    source: String,
    kind: Kind,
    recognise: Recognise,
    columns: BTreeMap<String, Field>,
    #[serde(default)]
    clock: Clock,
    #[serde(default)]
    amount: Amount,
    #[serde(default)]
    status: BTreeMap<String, Meaning>,
    /// A column whose values decide before the status: its header as `column`, and what values mean.
    #[serde(default)]
    r#type: BTreeMap<String, String>,
}

/// What its rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Failures,
    Payments,
    Both,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recognise {
    /// All of them stand in its header row; others may.
    headers: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Clock {
    zone: Option<String>,
    column: Option<String>,
    outage: bool,
    order: Option<KnownOrder>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KnownOrder {
    DayFirst,
    MonthFirst,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Amount {
    unit: Option<Unit>,
    decimal: Option<Decimal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Minor,
    Major,
}

/// All of them; a file that cannot be read is none, and a test says so.
static ALL: LazyLock<Vec<Known>> =
    LazyLock::new(|| Files::iter().filter_map(|name| read(&name).ok()).collect());

fn read(name: &str) -> Result<Known, String> {
    let file = Files::get(name).ok_or_else(|| format!("{name} is not there"))?;
    let text = std::str::from_utf8(&file.data).map_err(|error| format!("{name}: {error}"))?;
    toml::from_str(text).map_err(|error| format!("{name}: {error}"))
}

/// Headers as they are compared: without case, blanks and byte order marks.
fn key(header: &str) -> String {
    let plain = header.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}');
    plain.flat_map(char::to_lowercase).collect()
}

/// Whether a row is the header of an export that is known.
pub(in crate::reader) fn is_known_header(record: &Record) -> bool {
    let shortest = ALL.iter().map(|known| known.recognise.headers.len()).min();
    if shortest.is_none_or(|shortest| record.len() < shortest) {
        return false;
    }
    let headers: BTreeSet<String> = record.cells().map(key).collect();
    let all_there = |known: &Known| {
        known
            .recognise
            .headers
            .iter()
            .all(|header| headers.contains(&key(header)))
    };
    ALL.iter().any(all_there)
}

/// Recognises an export by its header, and takes over what is known of it where the values agree.
pub(super) fn recognise(draft: &mut Draft<'_>) {
    let headers: Vec<String> = draft.heads.iter().map(|head| key(&head.header)).collect();
    let all_there = |known: &&Known| {
        known
            .recognise
            .headers
            .iter()
            .all(|header| headers.contains(&key(header)))
    };
    let Some(known) = ALL
        .iter()
        .filter(all_there)
        .max_by_key(|known| known.recognise.headers.len())
    else {
        return;
    };
    let of_header = |header: &str| headers.iter().position(|own| *own == key(header));
    let mapping: Vec<(usize, Field)> = known
        .columns
        .iter()
        .filter_map(|(header, field)| Some((of_header(header)?, *field)))
        .collect();
    if !times_agree(draft, &mapping) {
        return;
    }
    take_over(draft, known, &mapping);
    if let Some(zone) = known.clock.column.as_deref().and_then(of_header) {
        draft.choose(zone, Some(Field::TimestampZone));
    }
    draft.known = Some(known.name.clone());
}

/// Whether the columns of the time hold times: else it is another export with the same names.
fn times_agree(draft: &Draft<'_>, mapping: &[(usize, Field)]) -> bool {
    let calendar = Calendar::new(Zone::utc());
    let stamps = mapping.iter().filter(|(_, field)| *field == Field::Timestamp);
    let mut read =
        stamps.map(|(column, _)| draft.share(*column, |value| calendar.moment(value, None).is_some()));
    draft.records.is_empty() || read.all(|share| share > 0.5)
}

fn take_over(draft: &mut Draft<'_>, known: &Known, mapping: &[(usize, Field)]) {
    for column in 0..draft.columns.len() {
        let field = mapping
            .iter()
            .find(|(at, _)| *at == column)
            .map(|(_, field)| *field);
        let field = match (field, known.amount.unit) {
            (Some(Field::Amount), Some(Unit::Minor)) => Some(Field::AmountCents),
            (field, _) => field,
        };
        // What it says nothing about may still be read: metadata of the agency's own.
        match field {
            Some(_) => draft.choose(column, field),
            None if is_theirs(draft, known, column) => {
                draft.give(column, None, true);
                if let Some(closed) = draft.closed.get_mut(column) {
                    *closed = true;
                }
            }
            None => {}
        }
    }
    draft.terms.zone.clone_from(&known.clock.zone);
    draft.terms.decimal = known.amount.decimal;
    let order = known.clock.order.map(|order| match order {
        KnownOrder::DayFirst => Order::DayFirst,
        KnownOrder::MonthFirst => Order::MonthFirst,
    });
    if let Some(order) = order {
        for field in [Field::Timestamp, Field::Date] {
            draft.terms.orders.insert(field, order);
        }
    }
    kinds(draft, known);
    for (value, meaning) in &known.status {
        draft.terms.statuses.insert(status_key(value), *meaning);
    }
    if known.kind == Kind::Payments && draft.around.kind == ImportKind::Failed {
        draft.refusal = Some(format!(
            "This is {}, which holds payments that came through only. Reconcile with it instead of importing it.",
            known.name
        ));
    }
    let clock = match &known.clock {
        Clock { zone: Some(zone), .. } => zone.clone(),
        Clock {
            column: Some(column), ..
        } => format!("the zone of {column:?}"),
        Clock { outage: true, .. } => "the outage's own zone".to_owned(),
        _ => return,
    };
    draft.clock_known = true;
    if let Some(column) = draft
        .column_of(Field::Timestamp)
        .or_else(|| draft.column_of(Field::Date))
    {
        draft.settle(
            About::Clock,
            column,
            format!("{} writes times in {clock}.", known.name),
        );
    }
}

/// The column that decides before the status, where there is one.
fn kinds(draft: &mut Draft<'_>, known: &Known) {
    let header = known.r#type.get("column").map(|header| key(header));
    let column = header.and_then(|header| draft.heads.iter().position(|head| key(&head.header) == header));
    let values = known.r#type.iter();
    let meanings = values
        .clone()
        .filter_map(|(value, word)| Some((status_key(value), word.parse().ok()?)));
    let reserves = values.filter(|(_, word)| *word == RESERVED);
    draft.terms.kinds = column.map(|column| Kinds {
        column,
        meanings: meanings.collect(),
        reserves: reserves.map(|(value, _)| status_key(value)).collect(),
    });
}

/// Whether a column belongs to the export itself, and not to the agency that added it.
fn is_theirs(draft: &Draft<'_>, known: &Known, column: usize) -> bool {
    let own = key(draft.header(column));
    known.recognise.headers.iter().any(|header| key(header) == own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock_zone::ClockZone;

    #[test]
    fn every_known_export_can_be_read() {
        for name in Files::iter() {
            let known = read(&name).unwrap();
            let headers: Vec<String> = known.recognise.headers.iter().map(|header| key(header)).collect();
            assert!(headers.len() >= 5, "{name}: too few names to know it by");
            assert!(known.source.starts_with("https://"), "{name}");
            let mut fields: Vec<Field> = known.columns.values().copied().collect();
            fields.sort_unstable();
            let all = fields.len();
            fields.dedup();
            assert_eq!(all, fields.len(), "{name}: one field of two columns");
            let words = known.r#type.iter().filter(|(value, _)| *value != "column");
            assert!(
                words
                    .clone()
                    .all(|(_, word)| word == RESERVED || word.parse::<Meaning>().is_ok()),
                "{name}"
            );
            assert!(
                known.r#type.is_empty() || known.r#type.contains_key("column"),
                "{name}"
            );
            assert!(
                known
                    .columns
                    .values()
                    .any(|field| matches!(field, Field::Timestamp | Field::Date)),
                "{name}"
            );
            if let Some(zone) = &known.clock.zone {
                assert!(ClockZone::read(zone).is_some(), "{name}: {zone}");
            }
        }
    }
}
