//! The latest of several values that come in any order.

/// The value that came with the greatest moment; of two with the same, the one seen later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest<At, T>(Option<(At, T)>);

impl<At, T> Default for Latest<At, T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<At: Ord, T> Latest<At, T> {
    /// Takes in a value; it is made only if it counts.
    pub fn see(&mut self, at: At, value: impl FnOnce() -> T) {
        if self.0.as_ref().is_none_or(|(seen, _)| at >= *seen) {
            self.0 = Some((at, value()));
        }
    }

    /// The latest so far.
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    /// The latest of all.
    pub fn into_inner(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// The latest two different values: what is needed to know the latest that is not a certain one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestTwo<At>([Option<(At, String)>; 2]);

impl<At> Default for LatestTwo<At> {
    fn default() -> Self {
        Self([None, None])
    }
}

impl<At: Ord + Copy> LatestTwo<At> {
    /// Takes in a value.
    pub fn see(&mut self, at: At, value: &str) {
        let [first, second] = &mut self.0;
        let is = |seen: &Option<(At, String)>| seen.as_ref().is_some_and(|(_, known)| known == value);
        let newer = |seen: &Option<(At, String)>| seen.as_ref().is_none_or(|(known, _)| at >= *known);
        if is(first) {
            if newer(first) {
                *first = Some((at, value.to_owned()));
            }
        } else if newer(first) {
            *second = first.replace((at, value.to_owned()));
        } else if newer(second) {
            *second = Some((at, value.to_owned()));
        }
    }

    /// The latest value that is another than this one.
    pub fn other_than(&self, value: Option<&str>) -> Option<&str> {
        let mut known = self.0.iter().flatten().map(|(_, known)| known.as_str());
        known.find(|known| Some(*known) != value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_latest_other_value_is_found_whatever_the_order(seen in proptest::collection::vec((0_u8..9, 0_u8..4), 0..12)) {
            let mut seen: Vec<(usize, u8, String)> = seen
                .into_iter()
                .enumerate()
                .map(|(number, (at, value))| (number, at, value.to_string()))
                .collect();
            let mut two = LatestTwo::default();
            for (number, at, value) in &seen {
                two.see((*at, *number), value);
            }
            seen.sort_by_key(|(number, at, _)| (*at, *number));
            for asked in [None, Some("0"), Some("3")] {
                let expected = seen.iter().rev().map(|(_, _, value)| value.as_str()).find(|value| Some(*value) != asked);
                prop_assert_eq!(two.other_than(asked), expected);
            }
        }
    }
}
