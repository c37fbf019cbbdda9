//! Finding people by whatever somebody on the phone tells: a name, a number, an account, a case number.

use super::outages::Outage;
use super::{Error, Office, Result};
use crate::domain::ids::CaseId;
use crate::domain::person_name::folded;
use crate::store::cases::Case;
use crate::store::desk::{self, Sought};
use crate::store::{case_search, outages};

/// Digits that make a piece of a phone number; fewer find too many.
const FEWEST_DIGITS: usize = 4;

impl Office {
    /// Up to `limit` visible cases of an outage that a piece of text finds.
    pub fn find_people(&self, slug: &str, text: &str, limit: usize) -> Result<(Outage, Vec<Case>)> {
        let sought = sought(text);
        self.db.read(|conn| {
            let outage = outages::with_slug(conn, slug)?.ok_or(Error::NotFound("outage"))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = match &sought {
                Some(sought) => desk::found(conn, outage.id, outage.published_import_id, sought, limit)?,
                None => Vec::new(),
            };
            Ok((outage, found))
        })
    }

    /// Up to `limit` visible cases that a piece of text finds, each with the slug of its outage, in the
    /// order of their numbers beginning after `after`; of one outage or of all.
    ///
    /// # Errors
    /// The text is too short, or there is no such outage.
    pub fn search(
        &self,
        text: &str,
        slug: Option<&str>,
        after: CaseId,
        limit: i64,
    ) -> Result<Vec<(Case, String)>> {
        let sought = sought(text).ok_or_else(|| {
            let right = "Write at least two letters of a name, four digits of a phone number, an account, an e-mail address or #number of a case.";
            Error::invalid("q", right)
        })?;
        self.db.read(|conn| {
            let outage = match slug {
                Some(slug) => {
                    let found = outages::with_slug(conn, slug)?;
                    Some(found.ok_or(Error::NotFound("outage"))?.id)
                }
                None => None,
            };
            Ok(case_search::found_after(conn, outage, &sought, after, limit)?)
        })
    }
}

/// What somebody means; nothing when it is too short to find anybody.
fn sought(text: &str) -> Option<Sought> {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    let number = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    if matches!(letters.to_lowercase().as_str(), "case" | "c") || text.starts_with('#') {
        return number.parse().ok().map(Sought::Case);
    }
    if letters.is_empty() && digits.len() >= FEWEST_DIGITS {
        return Some(Sought::Phone(
            digits
                .strip_prefix('1')
                .filter(|_| digits.len() == 11)
                .unwrap_or(&digits)
                .to_owned(),
        ));
    }
    let folded = folded(text, "");
    let account = text.to_uppercase();
    (folded.chars().count() >= 2 || !digits.is_empty()).then(|| Sought::Text {
        folded: if folded.chars().count() >= 2 {
            folded
        } else {
            "\u{1}".to_owned() // stands in no name
        },
        account,
        email: text.to_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_on_the_phone_is_understood() {
        assert_eq!(sought("(423) 555-0142"), Some(Sought::Phone("4235550142".into())));
        assert_eq!(
            sought("+1 423 555 0142"),
            Some(Sought::Phone("4235550142".into()))
        );
        assert_eq!(sought("0142"), Some(Sought::Phone("0142".into())));
        assert_eq!(sought("Case 412"), Some(Sought::Case(412)));
        assert_eq!(sought("#412"), Some(Sought::Case(412)));
        assert_eq!(sought(" "), None);
        assert_eq!(sought("x"), None);
        let Some(Sought::Text { folded, account, .. }) = sought("t-1234567") else {
            panic!("text")
        };
        assert_eq!((folded.as_str(), account.as_str()), ("t1234567", "T-1234567"));
    }
}
