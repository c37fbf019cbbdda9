//! Hours of work as people write them, kept in tenths.

/// The longest shift that is believed, in tenths of an hour.
const LONGEST: u32 = 240;

/// `5.3` or `5` hours as 53 or 50 tenths; none for what is no length of a shift.
pub fn tenths(text: &str) -> Option<u32> {
    let (whole, part) = text.trim().split_once(['.', ',']).unwrap_or((text.trim(), "0"));
    let whole: u32 = whole.parse().ok()?;
    let first = part.chars().next().unwrap_or('0').to_digit(10)?;
    let tenths = whole.checked_mul(10)?.checked_add(first)?;
    (part.chars().all(|digit| digit.is_ascii_digit()) && tenths <= LONGEST).then_some(tenths)
}

/// Tenths of an hour as hours: 53 is `5.3`, 50 is `5`.
pub fn written(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        part => format!("{}.{part}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_they_are_written() {
        for (text, tenths_of_hour) in [("5.3", 53), ("5", 50), (" 0.5 ", 5), ("1,25", 12), ("24", 240)] {
            assert_eq!(tenths(text), Some(tenths_of_hour), "{text}");
        }
        for text in ["", "x", "-1", "25", "5.x", "99999999999"] {
            assert_eq!(tenths(text), None, "{text}");
        }
        assert_eq!((written(53), written(50)), ("5.3".into(), "5".into()));
    }
}
