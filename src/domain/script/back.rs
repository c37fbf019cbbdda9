//! A callback that was agreed, said back to them before it is saved.

use super::fill;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::domain::zone::{Zone, calendar};

/// What is said back of a promised call: its day and time by their clock, at which number, and the code they will hear.
#[derive(Clone, Copy, Debug)]
pub struct Agreed<'a> {
    /// When the call is promised.
    pub at: Timestamp,
    /// Now.
    pub now: Timestamp,
    /// Their clock.
    pub zone: &'a Zone,
    /// The last digits of the number that will be called.
    pub digits: &'a str,
    /// The call-back code, if an e-mail with it was accepted by their server.
    pub code: Option<&'a str>,
}

/// The sentence, to be read out before saving.
pub fn say_back(language: Language, agreed: &Agreed<'_>) -> String {
    let words = language.script();
    let local = agreed.zone.local(agreed.at);
    let is_today = local.date() == agreed.zone.local(agreed.now).date();
    let value = |name: &str| match name {
        "day" => Some(language.weekday(calendar(local.date()))),
        "time" => Some(language.clock(local.hour(), local.minute())),
        "digits" => Some(agreed.digits.to_owned()),
        "code" => agreed.code.map(str::to_owned),
        _ => None,
    };
    let when = match is_today {
        true => words.back_today,
        false => words.back,
    };
    let pieces = [when, words.back_code, words.sure_end];
    let pieces = pieces.into_iter().filter_map(|text| fill(text, language, value));
    pieces.flatten().map(|piece| piece.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(language: &str, at: &str, code: Option<&str>) -> String {
        let stamp =
            |text: &str| Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let zone: Zone = "America/Denver".parse().unwrap();
        let agreed = Agreed {
            at: stamp(at),
            now: stamp("2027-04-14T23:48:00Z"),
            zone: &zone,
            digits: "0163",
            code,
        };
        say_back(Language::of(language), &agreed).replace('\u{a0}', " ")
    }

    #[test]
    fn a_callback_is_said_back_by_their_clock_in_their_language() {
        assert_eq!(
            said("en", "2027-04-15T23:30:00Z", Some("MAPLE 27")),
            "“We will call you on Thursday, April 15 at 5:30 p.m., your time, at the number ending in 0163. The caller tells \
             you the code MAPLE 27 first.”"
        );
        assert_eq!(
            said("es", "2027-04-15T19:00:00Z", None),
            "“Le llamaremos el jueves 15 de abril a la 1:00 p. m., hora suya, al número que termina en 0163.”"
        );
    }

    #[test]
    fn a_call_of_the_same_day_there_is_today() {
        assert!(said("en", "2027-04-15T01:00:00Z", None).starts_with("“We will call you today at 7:00 p.m."));
        assert!(
            said("es", "2027-04-15T01:00:00Z", Some("OLMO 3"))
                .ends_with("Quien llame le dirá primero el código OLMO 3.”")
        );
    }
}
