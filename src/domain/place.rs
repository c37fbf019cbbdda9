//! Where a citizen may be, from all that the file says: zone, address, phone number.

use super::area_code;
use super::country_code;
use super::zone::{Zone, Zones};

/// The zones that calls to a citizen must obey: those of the zone column, else of the state in the
/// address, and those of the phone number. If the two agree in part, what they agree on; if they
/// contradict each other, all of them, so that the stricter rules.
pub fn zones_of(time_zone: Option<&str>, state: Option<&str>, phone: Option<&str>) -> Zones {
    let column = time_zone
        .and_then(|names| names.parse::<Zones>().ok())
        .filter(|zones| zones.all().iter().all(Zone::is_a_place))
        .unwrap_or_default();
    let address = state.map(by_state).unwrap_or_default();
    let place = if column.is_unknown() { address } else { column };
    let number = phone.map(by_phone).unwrap_or_default();
    if place.is_within(&number) {
        place
    } else if number.is_within(&place) {
        number
    } else {
        place.and(number)
    }
}

/// The zones of a number in E.164.
pub fn by_phone(phone: &str) -> Zones {
    let names = match area_code::zone_names(phone) {
        "" => country_code::zone_names(phone),
        names => names,
    };
    names.parse().unwrap_or_default()
}

/// The zones of a US state or territory or a Canadian province, by its postal code.
pub fn by_state(code: &str) -> Zones {
    let code = code.trim().to_ascii_uppercase();
    let listed = STATES
        .iter()
        .find(|(_, codes)| codes.split(' ').any(|listed| listed == code));
    listed
        .and_then(|(zones, _)| zones.parse().ok())
        .unwrap_or_default()
}

const STATES: [(&str, &str); 27] = [
    (
        "America/New_York",
        "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    ),
    ("America/New_York,America/Chicago", "FL IN KY MI"),
    ("America/Chicago", "AL AR IA IL LA MN MO MS OK WI"),
    ("America/Chicago,America/New_York", "TN"),
    ("America/Chicago,America/Denver", "KS ND NE SD TX"),
    ("America/Denver", "CO MT NM UT WY"),
    ("America/Phoenix,America/Denver", "AZ"),
    ("America/Boise,America/Los_Angeles", "ID"),
    ("America/Los_Angeles", "CA WA"),
    ("America/Los_Angeles,America/Boise", "NV OR"),
    ("America/Anchorage,America/Adak", "AK"),
    ("Pacific/Honolulu", "HI"),
    ("America/Puerto_Rico", "PR VI"),
    ("Pacific/Guam", "GU MP"),
    ("Pacific/Pago_Pago", "AS"),
    ("America/St_Johns,America/Halifax,America/Puerto_Rico", "NL"),
    ("America/Halifax", "NB NS PE"),
    ("America/Toronto,America/Halifax", "QC"),
    ("America/Toronto,America/Winnipeg", "ON"),
    ("America/Winnipeg", "MB"),
    ("America/Regina,America/Winnipeg,America/Edmonton", "SK"),
    ("America/Edmonton", "AB"),
    ("America/Vancouver,America/Edmonton", "BC"),
    ("America/Whitehorse", "YT"),
    ("America/Edmonton", "NT"),
    ("America/Toronto,America/Winnipeg,America/Edmonton", "NU"),
    (
        "America/New_York,America/Chicago,America/Denver,America/Los_Angeles",
        "US",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn zones(time_zone: &str, state: &str, phone: &str) -> String {
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let leak = |text: &str| some(Box::leak(text.to_owned().into_boxed_str()));
        zones_of(leak(time_zone), leak(state), leak(phone)).to_string()
    }

    #[test]
    fn the_phone_number_decides_if_nothing_else_is_known() {
        assert_eq!(zones("", "", "+12125550142"), "America/New_York");
        assert_eq!(zones("", "", "+442079460123"), "Europe/London");
        assert_eq!(zones("", "", "+18005550142"), "");
        assert_eq!(zones("nonsense", "??", ""), "");
    }

    #[test]
    fn an_address_narrows_an_area_code_that_lies_in_two_zones() {
        assert_eq!(zones("America/Boise", "ID", "+12085550142"), "America/Boise");
        assert_eq!(zones("", "KY", "+15025550142"), "America/New_York");
    }

    #[test]
    fn if_address_and_number_contradict_each_other_the_stricter_rules() {
        assert_eq!(zones("", "CO", "+12125550142"), "America/Denver,America/New_York");
        assert_eq!(
            zones("America/Denver", "NY", "+12125550142"),
            "America/Denver,America/New_York"
        );
    }

    #[test]
    fn every_state_is_read() {
        for (names, codes) in STATES {
            for code in codes.split(' ') {
                assert_eq!(by_state(&code.to_lowercase()).to_string(), names);
            }
        }
        assert_eq!(
            STATES.iter().flat_map(|(_, codes)| codes.split(' ')).count(),
            51 + 5 + 13 + 1
        );
    }
}
