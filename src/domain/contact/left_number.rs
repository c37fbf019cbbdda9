//! Numbers that a stranger leaves for staff to dial. What is dialled costs the agency money and lends it a voice, so
//! nobody outside may choose freely.

use super::Phone;
use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

/// The country code of the agency: that of the region by which numbers are read.
const OWN_COUNTRY: &str = "+1";
/// Exchange of pay-per-call lines inside ordinary area codes, which the library takes for ordinary numbers.
const PAY_PER_CALL: &str = "976";

/// Why a number is not dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDialed {
    /// It is no number: too short, an emergency number, not given out.
    #[error("no phone number")]
    NoNumber,
    /// It is in another country.
    #[error("a number in another country")]
    Abroad,
    /// Whoever calls it pays for more than a call.
    #[error("a number that costs extra")]
    Costly,
}

impl Phone {
    /// Reads a number that somebody outside leaves to be called at: one of the agency's country, of a kind that costs
    /// no more than a call.
    ///
    /// # Errors
    /// Staff are not to dial it.
    pub fn left_by_stranger(text: &str) -> Result<Self, NotDialed> {
        let Some(phone) = Self::read(text) else {
            return Err(unread(text));
        };
        let Some(ten) = phone.as_str().strip_prefix(OWN_COUNTRY) else {
            return Err(NotDialed::Abroad);
        };
        let number = PhoneNumber::parse(phone.as_str(), None).map_err(|_| NotDialed::NoNumber)?;
        let ordinary = matches!(
            number.get_type(),
            PhoneNumberType::FixedLine
                | PhoneNumberType::Mobile
                | PhoneNumberType::FixedLineOrMobile
                | PhoneNumberType::TollFree
                | PhoneNumberType::VoIP
        );
        if !ordinary || ten.get(3..6) == Some(PAY_PER_CALL) {
            return Err(NotDialed::Costly);
        }
        Ok(phone)
    }
}

/// Why a text is not even read as a number: numbers at a premium never are.
fn unread(text: &str) -> NotDialed {
    let number = PhoneNumber::parse(text, Some(Region::US));
    match number.ok().filter(PhoneNumber::is_valid) {
        None => NotDialed::NoNumber,
        Some(number) if written(&number).starts_with(OWN_COUNTRY) => NotDialed::Costly,
        Some(_) => NotDialed::Abroad,
    }
}

fn written(number: &PhoneNumber) -> String {
    number.format_as(PhoneNumberFormat::E164).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_number_at_home_is_dialled() {
        for text in ["(303) 555-0142", "+1 787 555 0142", "1-800-555-0134"] {
            assert!(Phone::left_by_stranger(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_costs_extra_or_leads_abroad_is_not() {
        for (text, why) in [
            ("+1 900 555 0199", NotDialed::Costly),
            ("900-555-0199", NotDialed::Costly),
            ("(303) 976-0142", NotDialed::Costly),
            ("+1 500 555 0006", NotDialed::Costly),
            ("+44 909 8790000", NotDialed::Abroad),
            ("+44 20 7946 0123", NotDialed::Abroad),
            ("+979 123 456 789", NotDialed::Abroad),
            ("+882 16 12345678", NotDialed::Abroad),
            ("911", NotDialed::NoNumber),
            ("112", NotDialed::NoNumber),
            ("211", NotDialed::NoNumber),
            ("", NotDialed::NoNumber),
        ] {
            assert_eq!(Phone::left_by_stranger(text), Err(why), "{text}");
        }
    }
}
