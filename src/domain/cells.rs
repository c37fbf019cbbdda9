//! The cells of one record by the fields they hold: cleaned, card numbers masked, texts cut to what is kept.

use std::borrow::Cow;

use super::field::Field;
use super::record::Record;
use super::transaction::{Warning, Warnings};
use super::{card_number, cell};

/// Longest memo and longest other text that is kept, in characters.
pub(super) const LONGEST_MEMO: usize = 2_000;
pub(super) const LONGEST_TEXT: usize = 200;

/// The cells of one record by field: cleaned, card numbers masked.
pub(super) struct Cells<'a> {
    by_field: [Cow<'a, str>; Field::COUNT],
    /// Cells with a card number, in any column.
    pub(super) card_cells: usize,
    /// What was odd about the cells themselves.
    pub(super) warnings: Warnings,
}

impl<'a> Cells<'a> {
    pub(super) fn of(record: &'a Record, fields: &[Option<Field>]) -> Self {
        let mut cells = Self {
            by_field: [const { Cow::Borrowed("") }; Field::COUNT],
            card_cells: 0,
            warnings: Warnings::default(),
        };
        for (column, text) in record.cells().enumerate() {
            let field = fields.get(column).copied().flatten();
            let masked = cells.masked(cell::clean(text), field);
            if let Some(place) = field.and_then(|field| cells.by_field.get_mut(field as usize)) {
                *place = masked;
            }
        }
        cells
    }

    /// The cell of a field, empty when there is none.
    pub(super) fn get(&self, field: Field) -> &str {
        self.by_field.get(field as usize).map_or("", |cell| cell)
    }

    /// The text of a field as it is kept, if it says something.
    pub(super) fn text(&mut self, field: Field) -> Option<String> {
        let longest = if field == Field::Memo {
            LONGEST_MEMO
        } else {
            LONGEST_TEXT
        };
        let value = cell::value(self.get(field))?;
        let (kept, was_cut) = cut(&value, longest);
        let kept = kept.to_owned();
        if was_cut {
            self.warnings.add(Warning::TextCut);
        }
        Some(kept)
    }

    fn masked(&mut self, cleaned: Cow<'a, str>, field: Option<Field>) -> Cow<'a, str> {
        let (masked, count) = card_number::mask(&cleaned);
        if count > 0 {
            self.card_cells += 1;
            self.warnings.add(match field {
                Some(Field::AccountId) => Warning::CardNumberInAccount,
                Some(Field::Memo) => Warning::CardNumberInMemo,
                _ => Warning::CardNumberElsewhere,
            });
            return Cow::Owned(masked.into_owned());
        }
        if !field.is_none_or(Field::holds_ids) && card_number::is_cut_by_spreadsheet(&cleaned) {
            self.warnings.add(Warning::CardNumberCut);
            return Cow::Owned(card_number::mask_cut(&cleaned));
        }
        cleaned
    }
}

/// The text up to so many characters, and whether more was there.
pub(super) fn cut(text: &str, longest: usize) -> (&str, bool) {
    match text.char_indices().nth(longest) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), true),
        None => (text, false),
    }
}
