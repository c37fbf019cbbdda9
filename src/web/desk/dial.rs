//! The number of a call, to dial or, with the reason, not to.

use super::call::{Dial, NoDial, PhoneLink};
use super::{news, words};
use crate::domain::timestamp::Timestamp;
use crate::outreach::desk::InHand;
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::web::show;

/// The number as it stands now: notice and number come from one state.
pub fn dial(book: &Rulebook, call: &InHand, now: Timestamp, inbound: bool) -> Dial {
    let no_dial = no_dial(book, call, now, inbound);
    Dial {
        state: match (inbound, &no_dial) {
            _ if news::is_recorded(call) => "over",
            (true, _) => "inbound",
            (false, Some(_)) => "off",
            (false, None) => "on",
        },
        phone: PhoneLink {
            text: show::person::with_extension(&call.household.phone, call.extension.as_deref()),
            ..phone(&call.household.phone)
        },
        other_phones: other_phones(&call.household.phone, &call.people),
        caller_id: show::person::phone(&book.outage.caller_id),
        no_dial,
    }
}

fn phone(number: &str) -> PhoneLink {
    PhoneLink {
        href: format!("tel:{number}"),
        text: show::person::phone(number),
    }
}

fn other_phones(dialed: &str, people: &[Case]) -> Vec<PhoneLink> {
    let mut numbers: Vec<&str> = people
        .iter()
        .flat_map(|case| [&case.phone, &case.phone_2])
        .flatten()
        .map(String::as_str)
        .collect();
    numbers.retain(|number| *number != dialed);
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().take(3).map(phone).collect()
}

fn no_dial(book: &Rulebook, call: &InHand, now: Timestamp, inbound: bool) -> Option<NoDial> {
    let zones = &Rulebook::zones(&call.household.time_zone);
    let home = book.hours.home(zones);
    if inbound && !news::is_recorded(call) {
        let fact = "They are on the line.".to_owned();
        return Some(NoDial {
            fact,
            advice: "Make sure who is speaking before you say anything.".to_owned(),
        });
    }
    if let Some(fact) = news::forbids(call, now) {
        return Some(NoDial {
            fact: fact.to_owned(),
            advice: "Do not dial.".to_owned(),
        });
    }
    if book.outage.calls_stopped_at.is_some() {
        let fact = "All calls are stopped.".to_owned();
        return Some(NoDial {
            fact,
            advice: "Wait for a supervisor.".to_owned(),
        });
    }
    (!book.hours.open_at(now, zones)).then(|| NoDial {
        fact: format!("It is {} there.", home.clock(now)),
        advice: words::sentence(&format!(
            "Calls start again at {}",
            home.clock(book.hours.next_opening(now, zones))
        )),
    })
}
