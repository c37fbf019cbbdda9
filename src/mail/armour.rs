//! Values that pass through Markdown untouched.
//!
//! Each UTF-16 unit of a value becomes one private-use character of plane 15. Markdown sees letters
//! without meaning, so no value can make a link, a heading or an entity; afterwards the text is taken
//! out of its armour again.

const PLANE: u32 = 0xF_0000;
/// Stands where a value is missing and nothing takes its place.
pub(super) const NOTHING: char = '\u{e000}';

/// The value in armour.
pub(super) fn armoured(value: &str) -> String {
    value
        .encode_utf16()
        .filter_map(|unit| char::from_u32(PLANE + u32::from(unit)))
        .collect()
}

/// The text with every armoured value as itself, and every missing one gone together with the blank
/// before it and a comma that would meet another stop: `Hello {{ given_name }},` becomes `Hello,` and
/// `Hola, {{ given_name }}:` becomes `Hola:`.
pub(super) fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut after_nothing = false;
    for c in text.chars() {
        if let Some(unit) = unit_of(c) {
            units.push(unit);
            continue;
        }
        flush(&mut units, &mut out);
        if c == NOTHING {
            out.truncate(out.trim_end_matches([' ', '\u{a0}']).len());
        } else {
            if after_nothing && matches!(c, ',' | '.' | ':' | ';' | '!') && out.ends_with(',') {
                out.pop();
            }
            out.push(c);
        }
        after_nothing = c == NOTHING;
    }
    flush(&mut units, &mut out);
    out
}

/// A template's own text, which must hold neither armour nor the mark for nothing.
pub(super) fn disarmed(source: &str) -> String {
    source
        .chars()
        .filter(|c| *c != NOTHING && unit_of(*c).is_none())
        .collect()
}

/// Whether a letter is part of a value in armour, or stands where one is missing.
pub(super) fn is_armour(c: char) -> bool {
    c == NOTHING || unit_of(c).is_some()
}

fn unit_of(c: char) -> Option<u16> {
    u32::from(c)
        .checked_sub(PLANE)
        .and_then(|unit| u16::try_from(unit).ok())
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    if !units.is_empty() {
        out.push_str(&String::from_utf16_lossy(units));
        units.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_missing_value_takes_the_blank_before_it_along() {
        assert_eq!(bare(&format!("Hello {NOTHING},")), "Hello,");
        assert_eq!(bare(&format!("Hola, {NOTHING}:")), "Hola:");
        assert_eq!(bare(&format!("{NOTHING}, hello")), ", hello");
    }

    proptest! {
        #[test]
        fn every_value_comes_out_as_it_went_in(value in any::<String>()) {
            let value = disarmed(&value);
            let inside = armoured(&value);
            prop_assert!(inside.chars().all(|c| u32::from(c) >= PLANE));
            prop_assert_eq!(bare(&inside), value);
        }
    }
}
