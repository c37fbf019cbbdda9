//! True answers in the words of the command line.

use super::answers::Answers;
use makegood::domain::moment::Order;
use makegood::domain::money::Decimal;
use makegood::reader::flag;

impl Answers {
    /// Each answer as a flag with its value, as a question would propose it.
    pub fn flags(&self) -> Vec<String> {
        let said = &self.hints;
        let mut flags: Vec<String> = said
            .map
            .iter()
            .map(|(field, header)| flag("--map", &format!("{field}={header}")))
            .collect();
        flags.extend(said.ignore.iter().map(|header| flag("--ignore", header)));
        flags.extend(said.times_in.iter().map(|zone| flag("--times-in", zone)));
        let means = said.statuses.iter();
        flags.extend(means.map(|(value, meaning)| flag(&format!("--{meaning}"), value)));
        flags.extend(said.orders.iter().map(|(header, order)| match order {
            Order::DayFirst => flag("--day-first", header),
            Order::MonthFirst => flag("--month-first", header),
        }));
        flags.extend(said.decimals.iter().map(|(header, sign)| match sign {
            Decimal::Comma => flag("--decimal-comma", header),
            Decimal::Point => flag("--decimal-point", header),
        }));
        flags
    }
}
