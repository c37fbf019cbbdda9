//! How the pages look to this person: theme, size of text, single keys on or off.
//!
//! Kept in one cookie that says nothing about anybody, so that it also holds on the sign-in page
//! and without JavaScript.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use askama::Template;

use super::layout::Chrome;

const COOKIE: &str = "look";

/// The choices; the default follows the device, with keys on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Empty follows the device; else `light` or `dark`.
    pub theme: &'static str,
    /// Text a fifth larger.
    pub large_text: bool,
    /// Single-key shortcuts (WCAG 2.1.4: a person can switch them off).
    pub keys: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: "",
            large_text: false,
            keys: true,
        }
    }
}

impl Look {
    /// What the browser holds, or the default.
    pub fn of(request: &HttpRequest) -> Self {
        request
            .cookie(COOKIE)
            .map_or_else(Self::default, |cookie| Self::parse(cookie.value()))
    }

    /// Reads `dark.large.nokeys`, in any order; unknown words are ignored.
    pub fn parse(text: &str) -> Self {
        text.split('.').fold(Self::default(), |look, word| match word {
            "dark" => Self {
                theme: "dark",
                ..look
            },
            "light" => Self {
                theme: "light",
                ..look
            },
            "large" => Self {
                large_text: true,
                ..look
            },
            "nokeys" => Self { keys: false, ..look },
            _ => look,
        })
    }

    /// The cookie that keeps these choices for a year.
    pub fn cookie(self, secure: bool) -> Cookie<'static> {
        let large = if self.large_text { "large" } else { "" };
        let keys = if self.keys { "" } else { "nokeys" };
        Cookie::build(COOKIE, [self.theme, large, keys].join("."))
            .path("/")
            .secure(secure)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(365))
            .finish()
    }
}

/// Where the choices are made.
#[derive(Template)]
#[template(path = "look.html")]
pub struct LookPage {
    /// What stands around the page.
    pub chrome: Chrome,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_survive_the_cookie() {
        for theme in ["", "light", "dark"] {
            for (large_text, keys) in [(false, true), (true, false)] {
                let look = Look {
                    theme,
                    large_text,
                    keys,
                };
                assert_eq!(Look::parse(look.cookie(true).value()), look);
            }
        }
        assert_eq!(Look::parse("red.<script>"), Look::default());
    }
}
