//! What cannot be done for a while is told once, and once more when it can be done again.

use std::fmt::Display;

/// Whether one kind of work fails.
#[derive(Default)]
pub(super) struct Troubles {
    there: bool,
}

impl Troubles {
    /// Whether it failed the last time.
    pub(super) const fn are_there(&self) -> bool {
        self.there
    }

    /// What came of the work, if anything; `what` says in the log what could not be done.
    pub(super) fn told<T, E: Display>(&mut self, what: &str, done: Result<T, E>) -> Option<T> {
        let before = std::mem::replace(&mut self.there, done.is_err());
        match done {
            Ok(done) => {
                if before {
                    tracing::info!("it goes on; before, {what}");
                }
                Some(done)
            }
            Err(error) => {
                if !before {
                    tracing::warn!(%error, "{what}; trying again every few seconds");
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_whether_it_fails() {
        let mut troubles = Troubles::default();
        assert_eq!(troubles.told("x", Ok::<_, String>(1)), Some(1));
        assert_eq!(troubles.told::<u8, _>("x", Err("away")), None);
        assert!(troubles.are_there());
        assert_eq!(troubles.told("x", Ok::<_, String>(2)), Some(2));
        assert!(!troubles.are_there());
    }
}
