//! Where a number outside North America may be: country code to time zones. A country that spans
//! several names its outer ones. Countries that are not listed are unknown.

/// The time zones of a number in E.164, as names joined by commas; the empty text for none known.
pub fn zone_names(phone: &str) -> &'static str {
    let Some(digits) = phone.strip_prefix('+') else {
        return "";
    };
    let listed = COUNTRIES.iter().find(|(code, _)| digits.starts_with(code));
    listed.map(|(_, zones)| *zones).unwrap_or_default()
}

/// Country codes never begin one another, so the first match is the only one.
const COUNTRIES: [(&str, &str); 71] = [
    ("20", "Africa/Cairo"),
    ("212", "Africa/Casablanca"),
    ("213", "Africa/Algiers"),
    ("216", "Africa/Tunis"),
    ("233", "Africa/Accra"),
    ("234", "Africa/Lagos"),
    ("251", "Africa/Addis_Ababa"),
    ("254", "Africa/Nairobi"),
    ("27", "Africa/Johannesburg"),
    ("30", "Europe/Athens"),
    ("31", "Europe/Amsterdam"),
    ("32", "Europe/Brussels"),
    ("33", "Europe/Paris"),
    ("34", "Europe/Madrid,Atlantic/Canary"),
    ("351", "Europe/Lisbon,Atlantic/Azores"),
    ("352", "Europe/Luxembourg"),
    ("353", "Europe/Dublin"),
    ("354", "Atlantic/Reykjavik"),
    ("356", "Europe/Malta"),
    ("357", "Asia/Nicosia"),
    ("358", "Europe/Helsinki"),
    ("359", "Europe/Sofia"),
    ("36", "Europe/Budapest"),
    ("370", "Europe/Vilnius"),
    ("371", "Europe/Riga"),
    ("372", "Europe/Tallinn"),
    ("380", "Europe/Kyiv"),
    ("381", "Europe/Belgrade"),
    ("385", "Europe/Zagreb"),
    ("386", "Europe/Ljubljana"),
    ("39", "Europe/Rome"),
    ("40", "Europe/Bucharest"),
    ("41", "Europe/Zurich"),
    ("420", "Europe/Prague"),
    ("421", "Europe/Bratislava"),
    ("43", "Europe/Vienna"),
    ("44", "Europe/London"),
    ("45", "Europe/Copenhagen"),
    ("46", "Europe/Stockholm"),
    ("47", "Europe/Oslo"),
    ("48", "Europe/Warsaw"),
    ("49", "Europe/Berlin"),
    ("501", "America/Belize"),
    ("502", "America/Guatemala"),
    ("503", "America/El_Salvador"),
    ("504", "America/Tegucigalpa"),
    ("505", "America/Managua"),
    ("506", "America/Costa_Rica"),
    ("507", "America/Panama"),
    ("509", "America/Port-au-Prince"),
    ("51", "America/Lima"),
    ("52", "America/Mexico_City,America/Cancun,America/Tijuana"),
    ("54", "America/Argentina/Buenos_Aires"),
    ("55", "America/Sao_Paulo,America/Noronha,America/Rio_Branco"),
    ("56", "America/Santiago,America/Punta_Arenas"),
    ("57", "America/Bogota"),
    ("58", "America/Caracas"),
    ("593", "America/Guayaquil"),
    ("60", "Asia/Kuala_Lumpur"),
    ("61", "Australia/Sydney,Australia/Brisbane,Australia/Perth"),
    ("63", "Asia/Manila"),
    ("64", "Pacific/Auckland"),
    ("65", "Asia/Singapore"),
    ("66", "Asia/Bangkok"),
    ("81", "Asia/Tokyo"),
    ("82", "Asia/Seoul"),
    ("84", "Asia/Ho_Chi_Minh"),
    ("852", "Asia/Hong_Kong"),
    ("86", "Asia/Shanghai"),
    ("91", "Asia/Kolkata"),
    ("972", "Asia/Jerusalem"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::zone::Zones;

    #[test]
    fn every_zone_of_the_table_exists() {
        for (code, zones) in COUNTRIES {
            assert!(zones.parse::<Zones>().is_ok(), "{code}");
        }
    }

    #[test]
    fn no_code_begins_another() {
        for (one, _) in COUNTRIES {
            let longer = COUNTRIES.iter().filter(|(other, _)| other.starts_with(one));
            assert_eq!(longer.count(), 1, "{one}");
        }
    }

    #[test]
    fn a_number_of_an_unlisted_country_is_unknown() {
        assert_eq!(zone_names("+33199001234"), "Europe/Paris");
        assert_eq!(zone_names("+8835100012345"), "");
        assert_eq!(zone_names("12125550142"), "");
    }
}
