//! Tax preparers and switchboards: many citizens behind one number, with a lane of their own.

/// A household of so many open cases is a switchboard: it is on nobody's list, and comes when everything
/// else is done or when a caller chooses it. The database has an index of them by this very number.
pub const SWITCHBOARD: i32 = 5;

/// Whether so many open cases behind one number make a switchboard.
pub const fn is_switchboard(citizens: i32) -> bool {
    citizens >= SWITCHBOARD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_of_four_is_none() {
        assert!(!is_switchboard(4));
        assert!(is_switchboard(5));
    }
}
