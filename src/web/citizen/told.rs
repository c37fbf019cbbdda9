//! What a citizen is told of their money, the same on each of their pages.

use crate::domain::charged::Charged;
use crate::domain::due_date::DueDate;
use crate::domain::locale::Citizen;
use crate::domain::words::Language;
use crate::store::cases::Case;
use crate::store::outages::Outage;
use chrono::NaiveDate;

/// The state of the money, and what follows from it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its language.
    pub language: Language,
    /// What became of the money.
    pub charged: Charged,
    /// The last day to pay in words, for whom it counts; may be empty.
    pub due: String,
    /// That day is over.
    pub passed: bool,
    /// Where to pay: the address to follow and the one to read; empty for whoever must not, and where nobody has said it.
    pub pay: (String, String),
}

impl Told {
    /// The texts of its language.
    pub(crate) fn t(&self) -> &'static Citizen {
        self.language.citizen()
    }

    /// What is told of a case on a day of its citizen's.
    pub(super) fn of(outage: &Outage, case: &Case, today: NaiveDate, language: Language) -> Self {
        let charged = case.charged();
        let due = case.due_date(today).filter(|_| charged.may_ask_to_pay());
        let day = due.map(|due| match due {
            DueDate::Ahead(day) | DueDate::Passed(day) => language.weekday(day),
        });
        Self {
            language,
            charged,
            due: day.unwrap_or_default(),
            passed: due.is_some_and(|due| due.passed().is_some()),
            pay: match charged.may_ask_to_pay() {
                true => pay(outage),
                false => Default::default(),
            },
        }
    }
}

/// Where to pay, to follow and to read. What is no web address is not a link.
pub(super) fn pay(outage: &Outage) -> (String, String) {
    let url = outage.pay_url.as_str();
    let shown = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    shown.map_or_else(Default::default, |shown| (url.to_owned(), shown.to_owned()))
}
