//! What a verb refused or failed with, as a problem document.

use super::problem::{Problem, UNKNOWN};
use crate::db::Trouble;
use crate::outreach::Error;
use crate::web::error::status_of;
use actix_web::http::StatusCode;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let told = error.to_string();
        match error {
            Error::NotFound(what) => Self::not_found(what),
            Error::Forbidden => Self::new(StatusCode::FORBIDDEN, told),
            Error::Invalid { field, message } => Self::invalid(field, message),
            Error::ForWhom => Self {
                kind: "urn:makegood:problem:for-whom",
                ..Self::invalid("cases", told)
            },
            Error::Conflict(_) => Self::new(StatusCode::CONFLICT, told),
            Error::Overrun => Self::new(StatusCode::SERVICE_UNAVAILABLE, told),
            Error::Crowded => of_database(Trouble::Crowded),
            Error::Database(trouble) => of_database(trouble),
            Error::Internal(cause) => {
                tracing::error!(%cause, "a request failed");
                Self::internal()
            }
        }
    }
}

fn of_database(trouble: Trouble) -> Problem {
    Problem {
        kind: kind(trouble),
        title: trouble.title(),
        ..Problem::new(status_of(trouble), trouble.to_string())
    }
}

const fn kind(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Crowded | Trouble::Busy => "urn:makegood:problem:busy",
        Trouble::Away => "urn:makegood:problem:database-away",
        Trouble::Unknown => UNKNOWN,
        Trouble::ReadOnly => "urn:makegood:problem:database-read-only",
        Trouble::DiskFull => "urn:makegood:problem:disk-full",
        Trouble::Damaged => "urn:makegood:problem:database-damaged",
        Trouble::Unreadable => "urn:makegood:problem:database-unreadable",
        Trouble::Refused => "urn:makegood:problem:database-refuses",
        Trouble::Character => "urn:makegood:problem:invalid",
        Trouble::Fault => "urn:makegood:problem:internal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;

    #[test]
    fn every_error_of_a_verb_has_its_status_and_says_what_to_do() {
        let errors = [
            (Error::NotFound("outage"), 404),
            (Error::Forbidden, 403),
            (Error::invalid("note", "Leave the card number out."), 422),
            (Error::Conflict("Five minutes have passed.".into()), 409),
            (Error::Crowded, 503),
            (Error::ForWhom, 422),
            (Error::Overrun, 503),
            (Error::Database(Trouble::Busy), 503),
            (Error::Database(Trouble::Away), 503),
            (Error::Database(Trouble::Unknown), 503),
            (Error::Database(Trouble::ReadOnly), 503),
            (Error::Database(Trouble::DiskFull), 507),
            (Error::Database(Trouble::Damaged), 500),
            (Error::internal("UNIQUE constraint failed: cases.email"), 500),
        ];
        for (error, status) in errors {
            let problem = Problem::from(error);
            assert_eq!(problem.error_response().status().as_u16(), status);
            assert!(problem.detail.ends_with('.'), "{problem:?}");
            assert!(!problem.detail.contains("constraint"), "{problem:?}");
        }
    }

    #[test]
    fn an_unknown_result_is_told_as_such_and_invites_nobody_to_repeat_it_at_once() {
        let problem = Problem::from(Error::Database(Trouble::Unknown));
        assert_eq!(problem.kind, UNKNOWN);
        assert!(!problem.detail.contains("Nothing was changed"), "{problem:?}");
        assert!(problem.error_response().headers().get("retry-after").is_none());
        let away = Problem::from(Error::Database(Trouble::Away));
        assert!(away.error_response().headers().contains_key("retry-after"));
    }
}
