//! What is known of a person's money, as the caller sees it: the same four states as in letters and on the citizen's page.

use super::call::MoneyStrip;
use super::people::People;
use super::there::There;
use crate::domain::charged::Charged;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::domain::zone::calendar;
use crate::store::cases::Case;
use jiff::civil::Date;

/// Whether money was taken that is not recorded, or twice.
pub fn was_taken(case: &Case) -> bool {
    case.charged().was_taken()
}

/// The strip under the name of whoever is on the line.
pub fn strip(case: &Case, people: &People<'_>, there: &There) -> MoneyStrip {
    let name = people.name(case);
    let (state, what, text) = match case.charged() {
        Charged::NotCharged => (
            "not",
            "not charged",
            format!("They can pay.{}", due(case, there.now(), there)),
        ),
        Charged::Unknown => (
            "unknown",
            "not sure yet",
            "Ask them to wait before they pay.".to_owned(),
        ),
        Charged::Charged => (
            "charged",
            "charged, not recorded",
            "They must not pay again. “All set” leaves what we owe them open.".to_owned(),
        ),
        Charged::ChargedTwice => (
            "twice",
            "charged twice",
            "They must not pay again. “All set” leaves the refund open.".to_owned(),
        ),
    };
    MoneyStrip {
        state,
        strong: format!("{name}: {what}."),
        text,
    }
}

/// The same in a line under a name.
pub fn known(case: &Case, now: Timestamp, there: &There) -> String {
    match case.charged() {
        Charged::NotCharged => format!("Not charged.{}", due(case, now, there)),
        Charged::Unknown => "Not sure yet.".to_owned(),
        Charged::Charged => "Charged, not recorded.".to_owned(),
        Charged::ChargedTwice => "Charged twice.".to_owned(),
    }
}

/// ` Due Tuesday, April 20.`, or that it was; empty where no date is known.
fn due(case: &Case, now: Timestamp, there: &There) -> String {
    let deadline: Option<Date> = case.filing_deadline.as_deref().and_then(|date| date.parse().ok());
    let Some(deadline) = deadline else {
        return String::new();
    };
    let date = Language::english().weekday(calendar(deadline));
    match deadline < there.date(now) {
        true => format!(" Their due date was {date}."),
        false => format!(" Due {date}."),
    }
}
