//! The name that was probably meant.

/// The known name that a mistyped one is nearest to, if it is near enough: a letter in five wrong, missing, too many or
/// swapped with its neighbour.
pub(super) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|name| (distance(typed, name), name));
    near.min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= (typed.len() / 5).max(1))
        .map(|(_, name)| name)
}

/// How many letters have to be changed, put in, left out, or swapped with their neighbours.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let (mut above_that, mut above) = (Vec::new(), (0..=to.len()).collect::<Vec<usize>>());
    let mut before = None;
    for (row, letter) in from.chars().enumerate() {
        let mut line = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&above, column) + usize::from(letter != *other);
            let mut least = changed.min(at(&above, column + 1) + 1).min(at(&line, column) + 1);
            let is_swap = column > 0 && before == Some(*other) && to.get(column - 1) == Some(&letter);
            if is_swap {
                least = least.min(at(&above_that, column - 1) + 1);
            }
            line.push(least);
        }
        (above_that, above) = (above, line);
        before = Some(letter);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let known = ["smtp_url", "log", "listen", "bounces"];
        let meant = |typed| nearest(typed, known.into_iter());
        assert_eq!(meant("smpt_url"), Some("smtp_url"));
        assert_eq!(meant("smtp_ur"), Some("smtp_url"));
        assert_eq!(meant("lisetn"), Some("listen"));
        assert_eq!(meant("lag"), Some("log"));
        assert_eq!(meant("threads"), None);
        assert_eq!(
            (distance("ab", "ba"), distance("", "abc"), distance("abc", "abc")),
            (1, 3, 0)
        );
    }
}
