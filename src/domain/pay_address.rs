//! Where citizens are told to pay: the one address that an apology to thousands rests on.

use std::fmt;
use url::Url;

/// Longest address, in characters.
const LONGEST: usize = 300;

/// A web address that citizens can follow, or type as it stands: `https://revenue.franklin.example/pay`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayAddress(String);

/// Why a text is no address to pay at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPayAddress {
    /// It does not begin with `https://` or `http://` and a host.
    #[error(
        "begin the address where citizens pay with https://, such as https://revenue.franklin.example/pay"
    )]
    NotWeb,
    /// A blank, a control character, a letter that is not ASCII, a backslash.
    #[error("leave blanks, backslashes and special letters out of the address where citizens pay")]
    Unplain,
    /// `https://bank.example@evil.example` leads to the second.
    #[error("leave the @ and what stands before it out of the address where citizens pay")]
    HidesHost,
    /// More than 300 characters.
    #[error("shorten the address where citizens pay to 300 characters")]
    TooLong,
}

impl PayAddress {
    /// Reads an address as an administrator enters it; blanks around it do not count.
    ///
    /// # Errors
    /// It is none that a citizen can follow, or it hides where it leads.
    pub fn read(text: &str) -> Result<Self, NoPayAddress> {
        let text = text.trim_matches(' ');
        if text.len() > LONGEST {
            return Err(NoPayAddress::TooLong);
        }
        if !text.chars().all(|c| c.is_ascii_graphic() && c != '\\') {
            return Err(NoPayAddress::Unplain);
        }
        let (scheme, rest) = text.split_once("://").ok_or(NoPayAddress::NotWeb)?;
        let scheme = scheme.to_ascii_lowercase();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !matches!(scheme.as_str(), "http" | "https") || host.is_empty() {
            return Err(NoPayAddress::NotWeb);
        }
        if host.contains('@') {
            return Err(NoPayAddress::HidesHost);
        }
        let whole = format!("{scheme}://{rest}");
        match Url::parse(&whole) {
            Ok(url) if url.has_host() => Ok(Self(whole)),
            _ => Err(NoPayAddress::NotWeb),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_follow_or_to_type_is_taken_as_it_stands() {
        for (text, taken) in [
            (
                "https://revenue.franklin.example/pay",
                "https://revenue.franklin.example/pay",
            ),
            (" https://pay.example ", "https://pay.example"),
            ("HTTPS://pay.example/a?b=c#d", "https://pay.example/a?b=c#d"),
            ("http://pay.example:8443/", "http://pay.example:8443/"),
            ("https://pay.example/@county", "https://pay.example/@county"),
        ] {
            assert_eq!(PayAddress::read(text).unwrap().as_str(), taken);
        }
    }

    #[test]
    fn what_is_no_web_address_or_hides_where_it_leads_is_refused() {
        for (text, why) in [
            ("javascript:alert(1)", NoPayAddress::NotWeb),
            ("javascript://pay.example/%0aalert(1)", NoPayAddress::NotWeb),
            ("//evil.example", NoPayAddress::NotWeb),
            ("https:evil.example", NoPayAddress::NotWeb),
            ("https:///evil.example", NoPayAddress::NotWeb),
            ("https://", NoPayAddress::NotWeb),
            ("https://%00/", NoPayAddress::NotWeb),
            ("data://text/html,x", NoPayAddress::NotWeb),
            ("pay.example", NoPayAddress::NotWeb),
            ("", NoPayAddress::NotWeb),
            ("https://user@evil.example", NoPayAddress::HidesHost),
            ("https://@evil.example", NoPayAddress::HidesHost),
            ("https://a:b@evil.example/", NoPayAddress::HidesHost),
            ("https://pay.example\\@evil.example", NoPayAddress::Unplain),
            ("https://pay.example/a b", NoPayAddress::Unplain),
            ("https://pay\n.example", NoPayAddress::Unplain),
            ("\thttps://pay.example", NoPayAddress::Unplain),
            ("https://p\u{430}y.example", NoPayAddress::Unplain),
            ("https://pay.example/\u{202e}", NoPayAddress::Unplain),
        ] {
            assert_eq!(PayAddress::read(text), Err(why), "{text:?}");
        }
        let long = format!("https://pay.example/{}", "a".repeat(300));
        assert_eq!(PayAddress::read(&long), Err(NoPayAddress::TooLong));
    }
}
