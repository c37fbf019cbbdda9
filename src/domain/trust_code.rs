//! The call-back code: one word and two digits that e-mail and caller both say, so that a doubting
//! citizen can check that the call is real. A reference, never a password.

/// Short, plain words that cannot be misheard for one another, in English and to a Spanish ear alike.
const WORDS: [&str; 100] = [
    "ACORN", "AMBER", "APPLE", "APRON", "BADGE", "BAMBOO", "BANJO", "BARREL", "BASIL", "BEACH", "BERRY",
    "BREAD", "BRIDGE", "BUTTON", "CABIN", "CACTUS", "CAMEL", "CANDLE", "CANOE", "CARPET", "CASTLE", "CEDAR",
    "CHERRY", "CLOUD", "CLOVER", "COMET", "COPPER", "CORAL", "COTTON", "CRAYON", "DAISY", "DESERT",
    "DOLPHIN", "EAGLE", "ELBOW", "FALCON", "FEATHER", "FERRY", "FIDDLE", "FOREST", "FOSSIL", "GARDEN",
    "GINGER", "GRAVEL", "GUITAR", "HARBOR", "HAZEL", "HONEY", "IGLOO", "ISLAND", "IVORY", "JACKET", "JUNGLE",
    "KETTLE", "LADDER", "LEMON", "LILAC", "LUMBER", "MAGNET", "MANGO", "MAPLE", "MARBLE", "MEADOW", "MELON",
    "MITTEN", "NICKEL", "OCEAN", "OLIVE", "ORCHID", "OTTER", "PAPER", "PEBBLE", "PENCIL", "PIANO", "PILLOW",
    "PLANET", "POTATO", "PUZZLE", "QUARTZ", "RABBIT", "RIBBON", "RIVER", "ROBIN", "SADDLE", "SALMON",
    "SILVER", "SPIDER", "SUMMER", "TEMPLE", "TIGER", "TOMATO", "TULIP", "TUNNEL", "TURTLE", "VALLEY",
    "VELVET", "VIOLIN", "WAGON", "WALNUT", "WINDOW",
];

/// The code of a case, from a seed that only the installation knows (a keyed hash of the case's
/// identity): `MAPLE 27`. One of 9,000, so a guess also needs the phone number it is checked with.
pub fn trust_code(seed: u64) -> String {
    let digits = 10 + seed % 90;
    let word = usize::try_from(seed / 90 % WORDS.len() as u64)
        .ok()
        .and_then(|index| WORDS.get(index));
    format!("{} {digits}", word.unwrap_or(&"MAPLE"))
}

/// What somebody typed, in the code's own spelling: `maple-27` is `MAPLE 27`.
pub fn normalise(typed: &str) -> String {
    let is_part = |c: &char| c.is_ascii_alphanumeric();
    let (word, digits): (String, String) = typed
        .chars()
        .filter(is_part)
        .map(|c| c.to_ascii_uppercase())
        .partition(char::is_ascii_alphabetic);
    format!("{word} {digits}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_is_one_word_and_two_digits() {
        for seed in (0..20_000).chain([u64::MAX]) {
            let code = trust_code(seed);
            let (word, digits) = code.split_once(' ').unwrap();
            assert!(
                WORDS.contains(&word) && (10..100).contains(&digits.parse::<u8>().unwrap()),
                "{code}"
            );
        }
    }

    #[test]
    fn nine_thousand_codes_are_used_alike() {
        let codes: BTreeSet<String> = (0..9000).map(trust_code).collect();
        assert_eq!(codes.len(), 9000);
    }

    #[test]
    fn words_are_different_and_easy_to_say() {
        let words: BTreeSet<&str> = WORDS.into_iter().collect();
        assert_eq!(words.len(), WORDS.len());
        assert!(WORDS.iter().all(|word| (5..=7).contains(&word.len())));
    }

    #[test]
    fn a_code_is_understood_however_it_is_typed() {
        for typed in ["MAPLE 27", "maple27", " Maple-27. "] {
            assert_eq!(normalise(typed), "MAPLE 27");
        }
    }
}
