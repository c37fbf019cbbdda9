//! Card numbers: they never enter. A card number is 13 to 19 digits, with single blanks or hyphens
//! between, that begin like a card (issuer prefix and length) and pass the Luhn check; Luhn alone hits
//! a tenth of all long digit runs.

use std::borrow::Cow;

/// Why a note a person typed is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteRefusal {
    /// A full card number stands in it.
    #[error("A note must not hold a card number. Remove it; the last four digits are enough.")]
    CardNumber,
    /// Something that looks like a social security number stands in it.
    #[error("A note must not hold a social security number. Remove it.")]
    SocialSecurityNumber,
}

/// Shortest and longest card number, in digits.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;
const MARK: &str = "\u{2022}\u{2022}\u{2022}\u{2022}";

/// The text with every card number as `••••1111`, and how many there were. A number that was masked
/// on its way to disk (`XXXXXXXXXXXX1111`) counts too. Borrows when there is none.
pub fn mask(text: &str) -> (Cow<'_, str>, usize) {
    if !may_hold_card(text.as_bytes()) {
        return (Cow::Borrowed(text), 0);
    }
    let found = spans(text.as_bytes());
    if found.is_empty() {
        return (Cow::Borrowed(text), 0);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for &(start, end) in &found {
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(MARK);
        out.push_str(text.get(end.saturating_sub(4)..end).unwrap_or_default());
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    (Cow::Owned(out), found.len())
}

/// Whether a value is a masked number (`••••4471`, `XXXX1234`, `****1234`): never an account id.
pub fn is_masked(text: &str) -> bool {
    let hidden = |c: char| matches!(c, '\u{2022}' | '*' | 'X' | 'x' | '#' | '\u{25cf}' | '\u{b7}');
    let head: usize = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .take_while(|c| hidden(*c))
        .count();
    head >= 4 && text.chars().rev().take_while(char::is_ascii_digit).count() >= 2
}

/// Whether [`mask`] has been here.
pub fn holds_mark(text: &str) -> bool {
    text.contains(MARK)
}

/// Whether the text is a 16-digit card number whose last digit a spreadsheet turned into 0: it keeps
/// 15 digits only, so Luhn fails and the number is still a card number. Ask this for columns that hold
/// no ids only.
pub fn is_cut_by_spreadsheet(text: &str) -> bool {
    if text.len() < 16 || !text.ends_with('0') {
        return false;
    }
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let only_digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
    only_digits && digits.len() == 16 && !passes_luhn(&digits) && has_issuer(&digits)
}

/// Such a number as `••••1880`.
pub fn mask_cut(text: &str) -> String {
    format!(
        "{MARK}{}",
        text.get(text.len().saturating_sub(4)..).unwrap_or_default()
    )
}

/// A cleaned cell as it may be kept: card numbers masked, and those that a spreadsheet cut, unless ids
/// stand in its column.
pub fn mask_cell(cleaned: &str, holds_ids: bool) -> Cow<'_, str> {
    if !holds_ids && is_cut_by_spreadsheet(cleaned) {
        return Cow::Owned(mask_cut(cleaned));
    }
    mask(cleaned).0
}

/// Why a note must not be kept as it is, if so.
pub fn refuses_note(text: &str) -> Option<NoteRefusal> {
    let cleaned = super::cell::clean(text);
    if !spans(cleaned.as_bytes()).is_empty() {
        return Some(NoteRefusal::CardNumber);
    }
    has_social_security_number(&cleaned).then_some(NoteRefusal::SocialSecurityNumber)
}

/// Where card numbers stand in the bytes, as (start, end) pairs in order, not overlapping. Numbers that
/// [`hide`] has masked are found too.
pub fn spans(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let Some(offset) = bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| is_card_byte(*byte)))
        else {
            break;
        };
        let run = Run::at(bytes, at + offset);
        run.cards(bytes, &mut found);
        at = run.end;
    }
    found
}

/// Overwrites all but the last four digits of every card number with `X`, in place and without
/// changing the length, and says how many there were. For bytes on their way to disk.
pub fn hide(bytes: &mut [u8]) -> usize {
    let found = spans(bytes);
    for &(start, end) in &found {
        let digits = bytes
            .get(start..end)
            .map_or(0, |span| span.iter().filter(|b| is_card_byte(**b)).count());
        let span = bytes.get_mut(start..end).into_iter().flatten();
        for byte in span
            .filter(|byte| is_card_byte(**byte))
            .take(digits.saturating_sub(4))
        {
            *byte = b'X';
        }
    }
    found.len()
}

/// A stretch of digits (or the `X` of a masked number) with at most one blank or hyphen between any two.
struct Run {
    /// Start and end of each group of digits without a separator.
    groups: Vec<(usize, usize)>,
    end: usize,
    after_plus: bool,
    /// The digits behind the point of a number: `46127.4111111111111111`.
    is_fraction: bool,
}

impl Run {
    fn at(bytes: &[u8], start: usize) -> Self {
        let (mut end, mut digits) = (start, 0);
        while let Some(byte) = bytes.get(end) {
            let separates =
                matches!(byte, b' ' | b'-') && bytes.get(end + 1).is_some_and(|next| is_card_byte(*next));
            if !(is_card_byte(*byte) || (separates && end > start)) {
                break;
            }
            digits += usize::from(is_card_byte(*byte));
            end += 1;
        }
        let before = |back: usize| start.checked_sub(back).and_then(|at| bytes.get(at));
        let after_plus = before(1) == Some(&b'+');
        let is_fraction = before(1) == Some(&b'.') && before(2).is_some_and(u8::is_ascii_digit);
        // Nearly every run is too short: its groups do not matter.
        let groups = if digits < *LENGTHS.start() {
            Vec::new()
        } else {
            groups(bytes, start, end)
        };
        Self {
            groups,
            end,
            after_plus,
            is_fraction,
        }
    }

    /// Adds the cards of this run: the longest that starts at each group.
    fn cards(&self, bytes: &[u8], found: &mut Vec<(usize, usize)>) {
        let mut first = 0;
        while first < self.groups.len() {
            match (first..self.groups.len())
                .rev()
                .find_map(|last| self.card(bytes, first, last).map(|s| (s, last)))
            {
                Some((span, last)) => {
                    found.push(span);
                    first = last + 1;
                }
                None => first += 1,
            }
        }
    }

    fn card(&self, bytes: &[u8], first: usize, last: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.groups.get(first)?.0, self.groups.get(last)?.1);
        // 19 digits with a separator between any two are 37 bytes.
        if !(13..=37).contains(&(end - start)) {
            return None;
        }
        let digits: Vec<u8> = bytes
            .get(start..end)?
            .iter()
            .copied()
            .filter(|byte| is_card_byte(*byte))
            .collect();
        // "+49 1512 3456789" is a phone number: those have at most 15 digits after the plus.
        let phone = first == 0 && self.after_plus && digits.len() <= 15;
        let fraction = first == 0 && last == 0 && self.is_fraction;
        (!phone && !fraction && is_card(&digits)).then_some((start, end))
    }
}

/// Start and end of each group of digits in a run.
fn groups(bytes: &[u8], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut groups = Vec::new();
    let mut at = start;
    for group in bytes
        .get(start..end)
        .unwrap_or_default()
        .split(|byte| !is_card_byte(*byte))
    {
        groups.push((at, at + group.len()));
        at += group.len() + 1;
    }
    groups
}

fn is_card_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'X'
}

/// A quick no for nearly every cell: too few digits.
fn may_hold_card(bytes: &[u8]) -> bool {
    bytes.len() >= *LENGTHS.start()
        && bytes.iter().filter(|byte| is_card_byte(**byte)).count() >= *LENGTHS.start()
}

fn is_card(digits: &[u8]) -> bool {
    if !LENGTHS.contains(&digits.len()) {
        return false;
    }
    let hidden = digits.iter().take_while(|byte| **byte == b'X').count();
    if hidden > 0 {
        return hidden + 4 == digits.len() && digits.iter().skip(hidden).all(u8::is_ascii_digit);
    }
    digits.iter().all(u8::is_ascii_digit) && has_issuer(digits) && passes_luhn(digits)
}

/// Whether prefix and length belong to a card scheme.
fn has_issuer(digits: &[u8]) -> bool {
    let prefix = |count: usize| {
        digits
            .iter()
            .take(count)
            .fold(0_u32, |sum, d| sum * 10 + u32::from(d - b'0'))
    };
    let (two, three, four, six) = (prefix(2), prefix(3), prefix(4), prefix(6));
    match digits.len() {
        13 => two / 10 == 4 || is_maestro(four),
        14 => matches!(three, 300..=305) || four == 3095 || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37) || is_maestro(four),
        length => {
            let sixteen = length == 16 && (matches!(two, 51..=55) || matches!(four, 2221..=2720));
            let visa = two / 10 == 4 && matches!(length, 16 | 19);
            let discover =
                four == 6011 || matches!(three, 644..=649) || two == 65 || matches!(six, 622_126..=622_925);
            sixteen
                || visa
                || discover
                || two == 62
                || matches!(four, 3528..=3589)
                || two == 36
                || is_maestro(four)
        }
    }
}

fn is_maestro(four: u32) -> bool {
    matches!(
        four,
        5018 | 5020 | 5038 | 5893 | 6304 | 6390 | 6759 | 6761 | 6762 | 6763
    )
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit) {
                (0, _) => digit,
                (_, 0..=4) => digit * 2,
                _ => digit * 2 - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Three, two and four digits with hyphens or blanks between, in a range that was ever given out.
fn has_social_security_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len().saturating_sub(10)).any(|start| {
        let Some(window) = bytes.get(start..start + 11) else {
            return false;
        };
        let alone = !start.checked_sub(1).is_some_and(digit) && !digit(start + 11);
        let shaped = window.iter().enumerate().all(|(at, byte)| match at {
            3 | 6 => matches!(byte, b'-' | b' ') && window.get(3) == window.get(6),
            _ => byte.is_ascii_digit(),
        });
        alone && shaped && text.get(start..start + 11).is_some_and(was_given_out)
    })
}

fn was_given_out(number: &str) -> bool {
    let part = |range: std::ops::Range<usize>| number.get(range).unwrap_or_default();
    let area = part(0..3);
    !matches!(area, "000" | "666") && !area.starts_with('9') && part(4..6) != "00" && part(7..11) != "0000"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processors_test_numbers_are_masked_to_the_last_four() {
        for number in [
            "4111 1111 1111 1111",
            "5555-5555-5555-4444",
            "378282246310005",
            "4012 8888 8888 1881",
            "6011111111111117",
            "30569309025904",
            "3530111333300000",
            "2223003122003222",
            "6200000000000005",
            "4222222222222",
        ] {
            let text = format!("tried {number}, not charged?");
            let (masked, count) = mask(&text);
            assert_eq!(
                (count, masked.contains(number)),
                (1, false),
                "{number} in {masked}"
            );
            assert!(
                masked.contains(&format!("{MARK}{}", &number[number.len() - 4..])),
                "{masked}"
            );
        }
    }

    #[test]
    fn two_cards_in_one_cell_are_two() {
        let (masked, count) = mask("amex 378282246310005; second try 5105-1051-0510-5100");
        assert_eq!(count, 2);
        assert_eq!(
            masked,
            "amex \u{2022}\u{2022}\u{2022}\u{2022}0005; second try \u{2022}\u{2022}\u{2022}\u{2022}5100"
        );
    }

    #[test]
    fn numbers_that_are_no_cards_stay() {
        for text in [
            "ref 4111111111111112",
            "1776300000123",
            "PAY-08852417548",
            "+49 1512 3456789",
            "41111111111111111111",
            "46127.4111111111111111",
            "2026-04-15T18:40:00.000-06:00",
            "",
        ] {
            assert!(matches!(mask(text), (Cow::Borrowed(_), 0)), "{text}");
        }
    }

    #[test]
    fn a_card_behind_a_date_is_found() {
        assert_eq!(mask("2026-04-15 4111111111111111").1, 1);
    }

    #[test]
    fn hiding_keeps_the_length_and_is_found_again() {
        let mut bytes = b"a,4111 1111 1111 1111,b".to_vec();
        assert_eq!(hide(&mut bytes), 1);
        assert_eq!(bytes, b"a,XXXX XXXX XXXX 1111,b");
        assert_eq!(
            mask("XXXX XXXX XXXX 1111"),
            (Cow::Owned(format!("{MARK}1111")), 1)
        );
        assert_eq!(hide(&mut bytes), 1);
        assert_eq!(bytes, b"a,XXXX XXXX XXXX 1111,b");
    }

    #[test]
    fn masked_values_are_recognised() {
        assert!(
            is_masked("\u{2022}\u{2022}\u{2022}\u{2022}4471")
                && is_masked("XXXX1234")
                && is_masked("****-1234")
        );
        assert!(!is_masked("T-1234567") && !is_masked("X1234"));
    }

    #[test]
    fn a_spreadsheet_keeps_fifteen_digits() {
        assert!(is_cut_by_spreadsheet("4012888888881880"));
        assert!(!is_cut_by_spreadsheet("4012888888881881") && !is_cut_by_spreadsheet("1234567890123450"));
    }

    #[test]
    fn notes_with_card_or_social_security_numbers_are_refused() {
        assert_eq!(
            refuses_note("paid with 4111-1111-1111-1111"),
            Some(NoteRefusal::CardNumber)
        );
        assert_eq!(
            refuses_note("ssn 219-09-9999."),
            Some(NoteRefusal::SocialSecurityNumber)
        );
        for fine in [
            "call 303-555-0101",
            "000-12-3456",
            "2026-04-15 18:40",
            "ref 1219-09-9999",
        ] {
            assert_eq!(refuses_note(fine), None, "{fine}");
        }
    }
}
