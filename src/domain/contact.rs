//! Phone numbers and e-mail addresses: parsed once, at the edge, into one normal form.

mod left_number;

pub use left_number::NotDialed;

use std::fmt;

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};
use serde::Serialize;

use super::cell;
use super::nanp::TenDigits;

/// A valid phone number in E.164 (`+13035550101`), without an extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Phone(String);

impl Phone {
    /// Reads a phone number as people and spreadsheets write it, by libphonenumber with default region
    /// US. `None` when the cell is missing, the number is not valid there, or whoever rings it pays extra; the extension is
    /// dropped.
    pub fn read(text: &str) -> Option<Self> {
        let value = cell::value(text)?;
        let bare = cell::without_spreadsheet_marks(&value);
        if cell::is_scientific(bare) {
            return None;
        }
        match TenDigits::of(bare) {
            Some(number) => number
                .is_valid(|| by_library(bare).is_some())
                .then(|| Self(format!("+1{}", number.as_str()))),
            None => by_library(bare).map(Self),
        }
    }

    /// The extension behind the number that the cell holds, in digits.
    pub fn extension(text: &str) -> Option<String> {
        let value = cell::value(text)?;
        let bare = cell::without_spreadsheet_marks(&value);
        if TenDigits::of(bare).is_some() {
            return None;
        }
        let number = PhoneNumber::parse(bare, Some(Region::US)).ok()?;
        let extension = number.extension();
        (number.is_valid() && !extension.is_empty()).then(|| extension.to_owned())
    }

    /// A number this type has written before, as it stands in the database.
    pub fn from_stored(e164: String) -> Self {
        Self(e164)
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in E.164, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// For people to read and dial: `(303) 555-0101`, and `+44 20 7946 0123` for other countries.
    pub fn national(&self) -> String {
        let digits = self.0.strip_prefix("+1").unwrap_or_default();
        if let (10, Some(area), Some(office), Some(line)) =
            (digits.len(), digits.get(..3), digits.get(3..6), digits.get(6..))
        {
            return format!("({area}) {office}-{line}");
        }
        PhoneNumber::parse(&self.0, None)
            .map(|number| number.format_as(PhoneNumberFormat::International).into_owned())
            .unwrap_or_else(|_| self.0.clone())
    }

    /// For logs and lists that need no number: the last two digits only.
    pub fn masked(&self) -> String {
        let last = self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default();
        format!("\u{2022}\u{2022}\u{2022}{last}")
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// E.164 of a valid number, by libphonenumber: two and a half microseconds.
fn by_library(text: &str) -> Option<String> {
    let number = PhoneNumber::parse(text, Some(Region::US)).ok()?;
    (number.is_valid() && number.get_type() != PhoneNumberType::PremiumRate)
        .then(|| number.format_as(PhoneNumberFormat::E164).into_owned())
}

/// A valid e-mail address in lower case, its domain in ASCII. Dots and `+tags` are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Email(String);

/// Longest local part, longest domain label and longest address, in bytes (RFC 5321 section 4.5.3.1).
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;
const LONGEST_EMAIL: usize = 254;

impl Email {
    /// Reads an address: one `@`, a local part of ASCII atoms, a domain of two or more labels. `None`
    /// when the cell is missing or is not one address.
    pub fn read(text: &str) -> Option<Self> {
        let value = cell::value(text)?;
        let lower = value.to_lowercase();
        let (local, domain) = lower.split_once('@')?;
        let local = local.strip_prefix('\'').unwrap_or(local); // by which a spreadsheet marks a text
        if domain.contains('@') || !is_local(local) {
            return None;
        }
        let domain = match domain.is_ascii() && !domain.contains("xn--") {
            true => domain.to_owned(),
            false => idna::domain_to_ascii(domain).ok()?, // it looks whether A-labels are some
        };
        let fits = is_domain(&domain) && local.len() + 1 + domain.len() <= LONGEST_EMAIL;
        fits.then(|| Self(format!("{local}@{domain}")))
    }

    /// An address this type has written before, as it stands in the database.
    pub fn from_stored(address: String) -> Self {
        Self(address)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// For logs: `u•••r@e.example`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let ends = |text: &str| (text.chars().next(), text.chars().next_back());
        let hidden = match ends(local) {
            (Some(first), Some(last)) if local.chars().count() > 2 => {
                format!("{first}\u{2022}\u{2022}\u{2022}{last}")
            }
            _ => "\u{2022}\u{2022}\u{2022}".to_owned(),
        };
        let (name, rest) = domain.split_once('.').unwrap_or((domain, ""));
        format!("{hidden}@{}.{rest}", name.chars().take(1).collect::<String>())
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local(local: &str) -> bool {
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    // What a spreadsheet puts before a text or a formula, and what a mail server would take for an option.
    let sign = local.starts_with(['\'', '=', '+', '-']);
    !local.is_empty() && local.len() <= LONGEST_LOCAL && !dots && !sign && local.bytes().all(atom)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top_is_number = domain.rsplit('.').next().is_none_or(cell::is_digits);
    domain.contains('.') && !top_is_number && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> Option<String> {
        Phone::read(text).map(Phone::into_string)
    }

    fn email(text: &str) -> Option<String> {
        Email::read(text).map(Email::into_string)
    }

    #[test]
    fn us_numbers_are_read_in_every_usual_form() {
        for text in [
            "(303) 555-0101",
            "303.555.0101",
            "+1 303 555 0101",
            "3035550101",
            "13035550101",
            "3035550101.0",
            "'+1 303 555 0101",
            "303-555-0101 x12",
            "303-555-0101 ext. 7",
            "3035550101\u{a0}",
            "\u{ff13}\u{ff10}\u{ff13}5550101",
        ] {
            assert_eq!(phone(text).as_deref(), Some("+13035550101"), "{text}");
        }
    }

    #[test]
    fn extensions_are_told_and_premium_numbers_are_none() {
        let extension = |text: &str| Phone::extension(text);
        assert_eq!(extension("(303) 555-0123 x42").as_deref(), Some("42"));
        assert_eq!(extension("303-555-0124 ext. 7").as_deref(), Some("7"));
        assert_eq!(
            [extension("303-555-0124"), extension("555-0124 x3")],
            [None, None]
        );
        assert_eq!(phone("900-555-0150"), None);
    }

    #[test]
    fn the_short_way_says_what_the_library_says() {
        // Every area code, offices and lines spread over all there are; each office twice, so that the
        // second answer comes from memory.
        for area in 200..1000 {
            for step in 0..3 {
                let office = 200 + (area * 31 + step * 271) % 800;
                for line in [area * 7 % 10_000, 5_555] {
                    let digits = format!("{area}{office}{line:04}");
                    assert_eq!(phone(&digits), by_library(&digits), "{digits}");
                }
            }
        }
        for text in [
            "+1 (303) 555-0101",
            "1-303-555-0101",
            "(303)555.0101",
            "+3035550101",
            "23035550101",
            "303555010",
            "()",
        ] {
            assert_eq!(phone(text), by_library(text), "{text}");
        }
    }

    #[test]
    fn other_countries_need_their_code() {
        assert_eq!(phone("+44 20 7946 0123").as_deref(), Some("+442079460123"));
        assert_eq!(phone("+33 1 99 00 12 34").as_deref(), Some("+33199001234"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "555-0142",
            "12345",
            "3.04E+09",
            "#########",
            "-394",
            "#NAME?",
            "N/A",
            "1-555-0101",
        ] {
            assert_eq!(phone(text), None, "{text}");
        }
    }

    #[test]
    fn phones_are_shown_and_masked() {
        let shown = |text: &str| Phone::read(text).unwrap().national();
        assert_eq!(shown("3035550101"), "(303) 555-0101");
        assert_eq!(shown("+442079460123"), "+44 20 7946 0123");
        assert_eq!(
            Phone::read("3035550101").unwrap().masked(),
            "\u{2022}\u{2022}\u{2022}01"
        );
    }

    #[test]
    fn addresses_are_lower_case_with_an_ascii_domain() {
        assert_eq!(
            email("PAT.GUEST@EXAMPLE.COM ").as_deref(),
            Some("pat.guest@example.com")
        );
        assert_eq!(
            email("a+b@M\u{fc}ller.example").as_deref(),
            Some("a+b@xn--mller-kva.example")
        );
        assert_eq!(email("'ana@example.com").as_deref(), Some("ana@example.com"));
        assert_eq!(email("hal@example.com\r\n").as_deref(), Some("hal@example.com"));
    }

    #[test]
    fn what_is_not_one_address_is_none() {
        for text in [
            "al.fox(at)example.com",
            "ann@example.com\nBcc: v@example.org",
            "cat@example.com,v@example.org",
            "dee@example.com> <v@example.org",
            "fay@example.com%0ABcc:v@example.org",
            "a..b@example.com",
            ".a@example.com",
            "jos\u{e9}@example.com",
            "a@localhost",
            "a@10.0.0.1",
            "a@-b.com",
            "a@b..com",
            "test@xn--example.com",
            "ana@xn--a.example",
            "-ana@example.com",
            "--help@example.com",
            "=ana@example.com",
            "+ana@example.com",
            "@example.com",
            "null",
        ] {
            assert_eq!(email(text), None, "{text}");
        }
        assert_eq!(email(&format!("{}@example.com", "a".repeat(65))), None);
    }

    #[test]
    fn addresses_are_masked_for_logs() {
        assert_eq!(
            Email::read("user.r@example.org").unwrap().masked(),
            "u\u{2022}\u{2022}\u{2022}r@e.org"
        );
        assert_eq!(
            Email::read("ab@mail.example").unwrap().masked(),
            "\u{2022}\u{2022}\u{2022}@m.example"
        );
    }
}
