//! Text that a spreadsheet opens as text, never as a formula.

use std::borrow::Cow;

/// The cell as it may stand in a CSV file. What a spreadsheet would take for a formula (a first
/// character `=`, `+`, `-`, `@`, a control character, or one of their full-width forms, also behind
/// blanks) gets an apostrophe in front, which spreadsheets hide and our own import drops. Plain numbers
/// stay as they are: `-12.00` and `+13035550101` compute nothing.
///
/// OWASP, *CSV Injection* (CWE-1236).
pub fn as_text(cell: &str) -> Cow<'_, str> {
    let seen = cell.trim_start_matches([' ', '\u{a0}', '"']);
    let formula = seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && !is_number(seen);
    if formula || cell.trim_start_matches(' ').starts_with(char::is_control) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = digits.splitn(2, '.');
    let whole = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(whole) && parts.next().is_none_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for formula in [
            "=1+1",
            "+1-1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\0=1",
            "  =1",
            "＝1+1",
            "+cmd|' /C calc'!A0",
            "-1.2.3",
            "+",
        ] {
            assert_eq!(as_text(formula), format!("'{formula}"), "{formula:?}");
        }
    }

    #[test]
    fn numbers_phones_and_words_stay() {
        for plain in [
            "-12.00",
            "+13035550101",
            "O'Brien",
            "",
            "a=b",
            "12",
            "Ana - Maria",
        ] {
            assert_eq!(as_text(plain), plain);
        }
    }
}
