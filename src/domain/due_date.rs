//! The last day to pay, as it stands on a day: what is still to come is told in other words than what has passed.

use chrono::NaiveDate;

/// A due date, seen from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueDate {
    /// It can be kept: today is that day, or before it.
    Ahead(NaiveDate),
    /// It is over.
    Passed(NaiveDate),
}

impl DueDate {
    /// A due date as its citizen sees it on a day of their own calendar.
    pub fn on(last: NaiveDate, today: NaiveDate) -> Self {
        if today <= last {
            Self::Ahead(last)
        } else {
            Self::Passed(last)
        }
    }

    /// The day by which they can still pay in time.
    pub const fn ahead(self) -> Option<NaiveDate> {
        match self {
            Self::Ahead(date) => Some(date),
            Self::Passed(_) => None,
        }
    }

    /// The day by which they could have.
    pub const fn passed(self) -> Option<NaiveDate> {
        match self {
            Self::Passed(date) => Some(date),
            Self::Ahead(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_itself_is_not_over() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 4, day).unwrap();
        assert_eq!(DueDate::on(day(20), day(20)).ahead(), Some(day(20)));
        assert_eq!(DueDate::on(day(20), day(21)).passed(), Some(day(20)));
    }
}
