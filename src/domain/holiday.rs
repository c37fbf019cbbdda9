//! US federal holidays (5 U.S.C. 6103), both the day itself and the day on which it is observed: one on
//! a Saturday also on the Friday before, one on a Sunday also on the Monday after.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Whether a date is a federal holiday, or the day off for one.
pub fn is_us_federal(day: Date) -> bool {
    is_nth_weekday_holiday(day) || is_fixed(day) || is_day_off_for_fixed(day)
}

fn is_day_off_for_fixed(day: Date) -> bool {
    match day.weekday() {
        Weekday::Friday => day.checked_add(1.day()).is_ok_and(is_fixed),
        Weekday::Monday => day.checked_sub(1.day()).is_ok_and(is_fixed),
        _ => false,
    }
}

/// New Year, Juneteenth, Independence Day, Veterans Day, Christmas.
fn is_fixed(day: Date) -> bool {
    matches!(
        (day.month(), day.day()),
        (1, 1) | (6, 19) | (7, 4) | (11, 11) | (12, 25)
    )
}

/// King, Washington, Memorial, Labor, Columbus, Thanksgiving.
fn is_nth_weekday_holiday(day: Date) -> bool {
    let week = (day.day() - 1) / 7 + 1;
    match (day.month(), day.weekday()) {
        (1 | 2, Weekday::Monday) => week == 3,
        (5, Weekday::Monday) => day.day() > 24,
        (9, Weekday::Monday) => week == 1,
        (10, Weekday::Monday) => week == 2,
        (11, Weekday::Thursday) => week == 4,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_federal_holidays_of_2026_and_2027_are_known() {
        let first = date(2026, 1, 1);
        let days: Vec<String> = (0..730)
            .map(|n| first.checked_add(n.days()).unwrap())
            .filter(|day| is_us_federal(*day))
            .map(|day| day.to_string())
            .collect();
        let published = "2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07 \
             2026-10-12 2026-11-11 2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-06-19 \
             2027-07-04 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-25 2027-12-31";
        assert_eq!(days, published.split_whitespace().collect::<Vec<_>>());
    }
}
