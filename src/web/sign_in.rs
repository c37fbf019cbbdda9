//! The sign-in page.

use askama::Template;

use super::look::Look;

/// The page, first seen or after a failed try.
#[derive(Template, Default)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// How it looks to this person.
    pub look: Look,
    /// The token of its form.
    pub csrf: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// The address typed before.
    pub email: String,
    /// Why it did not work.
    pub problem: &'static str,
    /// What to do about it.
    pub advice: String,
    /// Something to know: signed out, signed out for inactivity.
    pub news: &'static str,
}

/// The path to go to after signing in, if it is one of ours; else the start.
///
/// Anything a browser could read as another site is refused: `//evil`, `/\evil`, schemes,
/// control characters.
pub fn own_path(next: &str) -> &str {
    let second = next.chars().nth(1);
    let own = next.starts_with('/') && !matches!(second, Some('/' | '\\'));
    let plain = next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let lower = next.to_ascii_lowercase();
    let hidden = ["/%2f", "/%5c", "/%09", "/.", "@"]
        .iter()
        .any(|form| lower.contains(form));
    if own && plain && !hidden { next } else { "/" }
}

/// The query that leads back to a page after signing in.
pub fn query(next: &str) -> String {
    let escaped: String = next.bytes().map(escape).collect();
    format!("next={escaped}")
}

fn escape(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_leads_only_to_our_own_pages() {
        for good in [
            "/",
            "/outages/apr-14/desk",
            "/cases/12?tab=history",
            "/outages/apr-14/desk?script=voicemail",
        ] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/%2fevil.example",
            "/%2Fevil.example",
            "/%5Cevil",
            "/a\r\nSet-Cookie:x",
            "/\t/evil",
            "/@evil",
            "evil",
            "/./evil",
            "/../evil",
            "/%09/evil",
            " /x",
        ] {
            assert_eq!(own_path(bad), "/", "{bad:?}");
        }
    }
}
