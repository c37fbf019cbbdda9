//! Counts, shares and money as people read them.

/// A whole number with thousands separators: `1284` is `1,284`.
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun, in the number the count asks for: `1 call`, `2 calls`.
pub fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A share in whole percent, rounded; nothing of nothing is 0.
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "0%".to_owned();
    }
    let rounded = (i128::from(part) * 200 + i128::from(whole)) / (i128::from(whole) * 2);
    format!("{rounded}%")
}

/// A share with one decimal: `17.2%`.
pub fn percent_fine(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "0.0%".to_owned();
    }
    let tenths = (i128::from(part) * 2000 + i128::from(whole)) / (i128::from(whole) * 2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// An amount in minor units as US dollars: `128400` is `$1,284.00`.
pub fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    let whole = i64::try_from(cents / 100).unwrap_or(i64::MAX);
    format!("{sign}${}.{:02}", count(whole), cents % 100)
}

/// A change with its sign: `+30`, `−2`, `0`.
pub fn change(number: i64) -> String {
    if number > 0 {
        format!("+{}", count(number))
    } else {
        count(number)
    }
}

/// A file's size: `312 KB`.
pub fn bytes(size: i64) -> String {
    match size {
        ..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{} KB", size / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", size / 1_000_000, size / 100_000 % 10),
        _ => format!("{}.{} GB", size / 1_000_000_000, size / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_284), "1,284");
        assert_eq!(count(-1_000_000), "−1,000,000");
    }

    #[test]
    fn shares_are_rounded_and_survive_an_empty_whole() {
        assert_eq!(percent(501, 861), "58%");
        assert_eq!(percent(3, 0), "0%");
        assert_eq!(percent_fine(148, 861), "17.2%");
        assert_eq!(percent_fine(861, 861), "100.0%");
    }

    #[test]
    fn money_shows_cents() {
        assert_eq!(dollars(128_400), "$1,284.00");
        assert_eq!(dollars(5), "$0.05");
        assert_eq!(dollars(-250), "−$2.50");
    }

    #[test]
    fn one_thing_is_not_things() {
        assert_eq!(counted(1, "call", "calls"), "1 call");
        assert_eq!(counted(1_203, "call", "calls"), "1,203 calls");
    }

    #[test]
    fn sizes_stay_short() {
        assert_eq!(bytes(312_400), "312 KB");
        assert_eq!(bytes(52_428_800), "52.4 MB");
    }
}
