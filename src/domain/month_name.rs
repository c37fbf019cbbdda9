//! The months in the languages of exports.

/// Names, without accents, of each month: English, Spanish, French, German, Portuguese and Italian.
const MONTHS: [&str; 12] = [
    "january enero janvier januar janner janeiro gennaio",
    "february febrero fevrier februar fevereiro febbraio",
    "march marzo mars marz maerz mrz marco",
    "april abril avril aprile",
    "may mayo mai maio maggio",
    "june junio juin juni junho giugno",
    "july julio juillet juli julho luglio",
    "august agosto aout",
    "september septiembre setiembre septembre setembro settembre",
    "october octubre octobre oktober outubro ottobre",
    "november noviembre novembre novembro",
    "december diciembre decembre dezember dezembro dicembre",
];
/// Fewest letters of a name that is cut.
const SHORTEST: usize = 3;

/// The number of a month by its name, or its first three letters or more, in small letters without accents. `None` when it
/// is no month, or may be two.
pub(super) fn month(word: &str) -> Option<i16> {
    if word.len() < SHORTEST {
        return None;
    }
    let is = |names: &str| names.split(' ').any(|name| name.starts_with(word));
    let mut found = MONTHS.iter().enumerate().filter(|(_, names)| is(names));
    let (at, _) = found.next()?;
    match found.next() {
        None => i16::try_from(at + 1).ok(),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_whole_and_cut() {
        for (word, number) in [
            ("jan", 1),
            ("ene", 1),
            ("fevr", 2),
            ("marz", 3),
            ("mai", 5),
            ("juin", 6),
            ("juil", 7),
            ("sept", 9),
            ("okt", 10),
            ("noviembre", 11),
            ("dez", 12),
        ] {
            assert_eq!(month(word), Some(number), "{word}");
        }
        assert_eq!(
            [month("jui"), month("ma"), month("monday"), month("marble")],
            [None; 4]
        );
    }
}
