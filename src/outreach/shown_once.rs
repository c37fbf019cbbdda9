//! A secret that is shown once: the act that made it is known again, its answer is not.

use super::{Error, Result};
use serde::{Deserialize, Serialize};

/// A secret that was asked for. Only the first answer has it; it is kept nowhere, so an answer that is kept says no more than
/// that it was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ShownOnce<T> {
    #[serde(skip)]
    secret: Option<T>,
}

impl<T> ShownOnce<T> {
    /// It was made just now.
    pub(super) const fn new(secret: T) -> Self {
        Self { secret: Some(secret) }
    }

    /// The secret; none: the same act made it before, and showed it then.
    pub fn into_fresh(self) -> Option<T> {
        self.secret
    }

    /// The secret, for those who never ask for the same twice.
    ///
    /// # Errors
    /// It was made and shown before.
    pub fn or_refused(self) -> Result<T> {
        let told = "This was made before and is shown only once. Nothing was done a second time.";
        self.secret.ok_or_else(|| Error::Conflict(told.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_secret_is_that_it_was_made() {
        let made = ShownOnce::new("mg_secret".to_owned());
        let kept = serde_json::to_string(&made).unwrap();
        assert!(!kept.contains("mg_secret"), "{kept}");
        let again: ShownOnce<String> = serde_json::from_str(&kept).unwrap();
        assert!(again.clone().or_refused().is_err());
        assert_eq!(again.into_fresh(), None);
        assert_eq!(made.into_fresh().as_deref(), Some("mg_secret"));
    }
}
