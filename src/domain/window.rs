//! The window of an outage: from its start up to, and not including, its end.

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;

/// Start and end of an outage. The end is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First instant inside.
    pub start: Timestamp,
    /// First instant after.
    pub end: Timestamp,
}

/// Where an instant lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before the start.
    Before,
    /// In the window.
    Inside,
    /// At the end or after it.
    After,
}

impl Window {
    /// Where `at` lies.
    pub fn side(&self, at: Timestamp) -> Side {
        if at < self.start {
            Side::Before
        } else if at < self.end {
            Side::Inside
        } else {
            Side::After
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_inside_and_the_end_is_not() {
        let window = Window {
            start: Timestamp::from_micros(10),
            end: Timestamp::from_micros(20),
        };
        let side = |micros| window.side(Timestamp::from_micros(micros));
        assert_eq!(
            [side(9), side(10), side(19), side(20)],
            [Side::Before, Side::Inside, Side::Inside, Side::After]
        );
    }
}
