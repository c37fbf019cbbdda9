//! The one place that turns what went wrong into a page: what happened in plain words, what to do
//! now, and a link there. Never a detail that helps nobody or tells too much.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::look::Look;
use super::lost::{Place, look_at};
use super::page::{page, see_other};
use super::sign_in;
use crate::db::Trouble;
use crate::outreach;

/// What a handler answers when it cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such page, outage, case or claim; or this person may not know of it.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// This person's role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// Nobody is signed in (any more).
    #[error("not signed in")]
    SignedOut {
        /// The page that was asked for, when it may be shown after signing in.
        next: Option<String>,
    },
    /// The form's token does not belong to the session: signed out and in again since.
    #[error("form expired")]
    Expired,
    /// Something to correct, where no form can show it beside its field.
    #[error("invalid {field}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// Somebody else was first.
    #[error("conflict")]
    Conflict(String),
    /// The body would have to be unpacked before it can be read.
    #[error("packed")]
    Packed,
    /// More passwords are waiting to be hashed than are taken at once.
    #[error("overrun")]
    Overrun,
    /// The database is busy, away, full or worse.
    #[error("{0:?}")]
    Database(Trouble),
    /// A fault of ours; its cause is in the log.
    #[error("internal error")]
    Internal,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    look: Look,
    status: u16,
    /// The page's script may fetch a fresh token and send the form again.
    expired: bool,
    title: String,
    advice: String,
    href: String,
    link: &'static str,
    reference: String,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Expired => StatusCode::FORBIDDEN,
            Self::SignedOut { .. } => StatusCode::UNAUTHORIZED,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Packed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Overrun => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(trouble) => status_of(*trouble),
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::SignedOut { next: Some(next) } = self {
            return see_other(&format!("/sign-in?{}", sign_in::query(next)));
        }
        let (title, advice) = self.words();
        self.page((title, advice), self.place())
    }
}

impl Error {
    /// Something to correct.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }

    /// The page of an unknown result: where to look, and that the same form is done only once (`kept`).
    pub(super) fn unknown(path: &str, kept: bool) -> HttpResponse {
        let error = Self::Database(Trouble::Unknown);
        let (title, mut advice) = error.words();
        if kept {
            advice.push_str(
                " Sending the very same form again is safe: reload this page. It is done only once.",
            );
        }
        error.page((title, advice), look_at(path))
    }

    fn place(&self) -> Place {
        let (href, link) = match self {
            Self::SignedOut { .. } => ("/sign-in", "Sign in"),
            _ => ("/", "Back to the start"),
        };
        Place {
            href: href.to_owned(),
            link,
        }
    }

    fn page(&self, (title, advice): (String, String), Place { href, link }: Place) -> HttpResponse {
        let status = self.status_code();
        let reference = super::log::reference();
        let look = Look::default();
        let mut answer = page(
            status,
            &ErrorPage {
                look,
                status: status.as_u16(),
                expired: matches!(self, Self::Expired),
                title,
                advice,
                href,
                link,
                reference,
            },
        );
        let soon = match self {
            Self::Database(trouble) => may_be_repeated(*trouble),
            _ => matches!(self, Self::Overrun),
        };
        if soon {
            let seconds = HeaderValue::from_static("2");
            answer.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        answer
    }
}

impl Error {
    fn words(&self) -> (String, String) {
        let (title, advice) = match self {
            Self::NotFound(what) => {
                let advice = "The address may be mistyped, or it was removed meanwhile.";
                return (format!("There is no such {what}"), advice.to_owned());
            }
            Self::Invalid { message, .. } => return ("Please correct this".to_owned(), message.clone()),
            Self::Conflict(message) => return ("That cannot be done now".to_owned(), message.clone()),
            Self::Forbidden => (
                "Your account may not do this",
                "If it belongs to your work, ask a supervisor to do it or an administrator to change your role.",
            ),
            Self::SignedOut { .. } => (
                "You are signed out",
                "Sign in again and you come back to where you were. Nothing was changed.",
            ),
            Self::Expired => (
                "This page is too old to be sent",
                "You signed in again since it was opened. Go back, reload the page, and send it once more. Nothing was changed.",
            ),
            Self::Packed => (
                "This was sent packed",
                "Only forms that are sent as they are can be read here. Open the page in a browser and send it from there. Nothing was changed.",
            ),
            Self::Overrun => (
                "Too many passwords are being checked",
                "Nothing was changed. Wait a few seconds, then try again.",
            ),
            Self::Database(trouble) => return (trouble.title().to_owned(), trouble.to_string()),
            Self::Internal => (
                "Something went wrong here",
                "It is our fault, not yours. Try again. If it happens again, tell an administrator when it happened.",
            ),
        };
        (title.to_owned(), advice.to_owned())
    }
}

impl From<outreach::Error> for Error {
    fn from(error: outreach::Error) -> Self {
        match error {
            outreach::Error::NotFound(what) => Self::NotFound(what),
            outreach::Error::Forbidden => Self::Forbidden,
            outreach::Error::Invalid { field, message } => Self::Invalid { field, message },
            outreach::Error::ForWhom => Self::invalid("cases", error.to_string()),
            outreach::Error::Conflict(message) => Self::Conflict(message),
            outreach::Error::Overrun => Self::Overrun,
            outreach::Error::Crowded => Self::Database(Trouble::Crowded),
            outreach::Error::Database(trouble) => Self::Database(trouble),
            outreach::Error::Internal(cause) => {
                tracing::error!(%cause, "a request failed");
                Self::Internal
            }
        }
    }
}

impl From<actix_web::error::BlockingError> for Error {
    fn from(_: actix_web::error::BlockingError) -> Self {
        Self::Database(Trouble::Busy)
    }
}

/// The status of an answer that says what is wrong with the database.
pub fn status_of(trouble: Trouble) -> StatusCode {
    match trouble {
        Trouble::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Trouble::Character => StatusCode::UNPROCESSABLE_ENTITY,
        trouble if trouble.passes() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether the same request may be sent again without a look: nothing was changed, and it may work soon.
pub fn may_be_repeated(trouble: Trouble) -> bool {
    trouble.passes() && trouble != Trouble::Unknown
}

/// The answer for an address that no route knows.
pub async fn no_such_page() -> Result<HttpResponse, Error> {
    Err(Error::NotFound("page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_says_what_to_do_and_leads_somewhere() {
        let errors = [
            Error::NotFound("outage"),
            Error::Forbidden,
            Error::SignedOut { next: None },
            Error::Expired,
            Error::Invalid {
                field: "file",
                message: "Choose a file.".to_owned(),
            },
            Error::Conflict("Priya Nair closed this case.".to_owned()),
            Error::Packed,
            Error::Overrun,
            Error::Database(Trouble::Busy),
            Error::Database(Trouble::Unknown),
            Error::Database(Trouble::ReadOnly),
            Error::Database(Trouble::DiskFull),
            Error::Database(Trouble::Damaged),
            Error::Internal,
        ];
        let expected = [
            404, 403, 401, 403, 422, 409, 415, 503, 503, 503, 503, 507, 500, 500,
        ];
        for (error, status) in errors.iter().zip(expected) {
            assert_eq!(error.error_response().status().as_u16(), status);
            let (title, advice) = error.words();
            assert!(!title.is_empty() && advice.ends_with('.'), "{error:?}");
        }
    }
}
