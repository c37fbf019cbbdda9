//! Where a North American number may be: area code to time zones. An area code that lies in several
//! zones names them all, the more populous first; an overlay names those of the codes it overlays.
//! Area codes that name no place (toll-free, personal, governmental) are not listed.
//!
//! Facts from the plans of the numbering administrator (NANPA, CNA) and the zone database.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The time zones of a number in E.164, as names joined by commas; the empty text for none known.
pub fn zone_names(phone: &str) -> &'static str {
    let area = phone.strip_prefix("+1").and_then(|national| national.get(..3));
    area.and_then(|area| BY_AREA.get(area))
        .copied()
        .unwrap_or_default()
}

static BY_AREA: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let areas = |(zones, areas): &(&'static str, &'static str)| {
        let zones = *zones;
        areas.split_whitespace().map(move |area| (area, zones))
    };
    AREAS.iter().flat_map(areas).collect()
});

#[rustfmt::skip]
const AREAS: &[(&str, &str)] = &[
    (
        "America/New_York",
        "201 202 203 207 212 215 216 220 223 227 229 231 234 239 240 248 252 260 267 269 272 276 283 \
         301 302 304 305 313 315 317 321 324 326 329 330 332 336 339 347 351 352 363 380 386 401 404 \
         407 410 412 413 419 434 440 443 445 463 470 472 475 478 484 502 508 513 516 517 518 540 551 \
         561 567 570 571 582 585 586 603 607 609 610 614 616 617 631 640 645 646 656 667 678 680 681 \
         686 703 704 706 716 717 718 724 727 728 732 734 740 743 754 757 762 765 770 771 772 774 781 \
         786 802 803 804 810 813 814 821 826 828 835 838 839 843 845 848 854 856 857 859 860 862 863 \
         864 865 878 904 908 910 912 914 917 919 929 934 937 941 943 947 948 954 959 973 978 980 984 \
         989",
    ),
    (
        "America/Chicago",
        "205 210 214 217 218 224 225 228 235 251 254 256 262 274 281 309 312 314 316 318 319 320 325 \
         327 331 334 337 346 353 361 402 405 409 414 417 430 432 447 464 469 479 501 504 507 512 515 \
         531 534 539 557 563 572 573 580 601 608 612 615 618 629 630 636 641 651 659 660 662 682 689 \
         708 712 713 715 726 730 731 737 763 769 773 779 806 815 816 817 830 832 847 870 872 901 903 \
         913 918 920 931 936 938 940 945 952 956 972 975 979 985",
    ),
    (
        "America/Los_Angeles",
        "206 209 213 253 279 310 323 341 350 360 369 408 415 424 425 442 503 509 510 530 559 562 564 \
         619 626 628 650 657 661 669 702 707 714 725 738 747 760 805 818 820 831 840 858 909 916 925 \
         949 951 971",
    ),
    (
        "America/Toronto",
        "226 249 263 289 343 354 365 382 416 437 438 450 468 514 519 548 579 613 647 683 705 742 753 \
         819 873 905 942",
    ),
    ("America/Denver", "303 307 385 406 435 505 575 719 720 748 801 915 970 983"),
    ("America/Edmonton", "368 403 587 780 825"),
    ("America/Halifax", "428 506 782 902"),
    ("America/Phoenix", "480 520 602 623"),
    ("America/Santo_Domingo", "809 829 849"),
    ("America/Winnipeg", "204 431 584"),
    ("America/Jamaica", "658 876"),
    ("America/Puerto_Rico", "787 939"),
    ("America/Anguilla", "264"),
    ("America/Antigua", "268"),
    ("America/Barbados", "246"),
    ("America/Cayman", "345"),
    ("America/Dominica", "767"),
    ("America/Grand_Turk", "649"),
    ("America/Grenada", "473"),
    ("America/Lower_Princes", "721"),
    ("America/Montserrat", "664"),
    ("America/Nassau", "242"),
    ("America/Port_of_Spain", "868"),
    ("America/St_Kitts", "869"),
    ("America/St_Lucia", "758"),
    ("America/St_Thomas", "340"),
    ("America/St_Vincent", "784"),
    ("America/Tortola", "284"),
    ("America/Vancouver", "604"),
    ("Atlantic/Bermuda", "441"),
    ("Pacific/Guam", "671"),
    ("Pacific/Honolulu", "808"),
    ("Pacific/Pago_Pago", "684"),
    ("Pacific/Saipan", "670"),
    ("America/New_York,America/Chicago", "423 574 606 812 906 930"),
    ("America/Chicago,America/Denver", "308 605 620 701 785"),
    ("America/Chicago,America/New_York", "219 270 364 448 850"),
    ("America/Vancouver,America/Edmonton", "236 250 257 672 778"),
    ("America/Los_Angeles,America/Boise", "458 541 775"),
    ("America/Toronto,America/Halifax", "367 418 581"),
    ("America/Boise,America/Los_Angeles", "208 986"),
    ("America/Phoenix,America/Denver", "928"),
    ("America/Toronto,America/Winnipeg", "807"),
    ("America/Regina,America/Winnipeg,America/Edmonton", "306 474 639"),
    ("America/St_Johns,America/Halifax,America/Puerto_Rico", "709 879"),
    ("America/Anchorage,America/Adak,Pacific/Honolulu", "907"),
    ("America/Whitehorse,America/Edmonton,America/Winnipeg,America/Toronto,America/Vancouver", "867"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calling_hours::{CallingHours, Window};
    use crate::domain::timestamp::Timestamp;
    use crate::domain::zone::{Zone, Zones};
    use std::collections::{BTreeMap, BTreeSet};

    /// Every prefix of "+1" numbers and its zones by an independent source.
    fn published() -> Vec<(&'static str, Zones)> {
        let text = include_str!("../../tests/data/nanp_prefixes.txt");
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split_once(": ").unwrap());
        lines
            .flat_map(|(zones, prefixes)| {
                let zones: Zones = zones.parse().unwrap();
                prefixes.split(' ').map(move |prefix| (prefix, zones.clone()))
            })
            .collect()
    }

    fn area(prefix: &str) -> &str {
        &prefix[..3]
    }

    /// A number that begins so.
    fn number(prefix: &str) -> String {
        format!("+1{prefix:5<10}")
    }

    fn called(prefix: &str) -> Zones {
        zone_names(&number(prefix)).parse().unwrap()
    }

    #[test]
    fn every_published_area_code_is_known_and_no_other() {
        let ours: BTreeSet<&str> = BY_AREA.keys().copied().collect();
        let theirs: BTreeSet<&str> = published().iter().map(|(prefix, _)| area(prefix)).collect();
        let newer = BTreeSet::new();
        assert_eq!(
            ours.symmetric_difference(&theirs)
                .copied()
                .collect::<BTreeSet<_>>(),
            newer
        );
        assert_eq!(
            AREAS
                .iter()
                .map(|(_, areas)| areas.split_whitespace().count())
                .sum::<usize>(),
            ours.len()
        );
    }

    /// The start in UTC of a winter's day, a summer's, and the days on which the clocks change in 2026.
    const DAYS: [i64; 4] = [1_768_435_200, 1_784_073_600, 1_772_928_000, 1_793_491_200];

    #[test]
    fn no_prefix_is_called_outside_eight_to_nine_at_any_quarter_of_an_hour_of_any_season() {
        let hours = CallingHours::new(Window::DEFAULT, "America/Denver".parse().unwrap());
        let published = published();
        assert_eq!(published.len(), 2045);
        // Prefixes that are taken for the same and are the same need be looked at once.
        let alike: BTreeMap<(&str, String), &str> = published
            .iter()
            .map(|(prefix, zones)| ((zone_names(&number(prefix)), zones.to_string()), *prefix))
            .collect();
        let moments = DAYS.iter().flat_map(|day| {
            let start = Timestamp::from_micros(day * 1_000_000);
            (-96..96).map(move |quarter| start.plus_minutes(15 * quarter))
        });
        let moments: Vec<Timestamp> = moments.collect();
        for ((_, places), prefix) in alike {
            let places: Zones = places.parse().unwrap();
            let called = called(prefix);
            let open = moments.iter().filter(|at| hours.open_at(**at, &called));
            let mut seen = 0;
            for at in open {
                seen += 1;
                for zone in places.all() {
                    let minute = zone.minute_of_day(*at);
                    let told = zone.clock(*at);
                    assert!(Window::DEFAULT.holds(minute), "+1{prefix} at {told} in {zone}");
                }
            }
            assert!(seen > 0, "+1{prefix} is never called");
        }
    }

    #[test]
    fn every_area_code_can_be_called_for_at_least_nine_hours_a_day() {
        let hours = CallingHours::new(Window::DEFAULT, Zone::utc());
        let day = Timestamp::from_micros(1_784_073_600_000_000);
        for area in BY_AREA.keys() {
            let open = (0..24)
                .filter(|hour| hours.open_at(day.plus_hours(*hour), &called(area)))
                .count();
            assert!(open >= 9, "{area}: {open}");
        }
    }

    #[test]
    fn numbers_without_a_place_are_unknown() {
        for phone in ["+18005550142", "+15005550142", "+442079460123", "+1", "", "+1é"] {
            assert_eq!(zone_names(phone), "", "{phone}");
        }
    }

    #[test]
    fn arizona_guam_and_puerto_rico_keep_no_summer_time() {
        assert_eq!(zone_names("+16025550142"), "America/Phoenix");
        assert_eq!(zone_names("+16715550142"), "Pacific/Guam");
        assert_eq!(zone_names("+17875550142"), "America/Puerto_Rico");
    }
}
