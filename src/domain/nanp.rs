//! A short way for North American numbers, which are nearly all of them: whether one is valid depends
//! on its first six digits alone, so libphonenumber is asked once for each of those. A test compares.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// Area codes in which some validity depends on the seventh digit (Barbados, Jamaica).
const FINER: [&str; 2] = ["246", "876"];
const UNASKED: u8 = 0;
const VALID: u8 = 1;
const INVALID: u8 = 2;

/// What libphonenumber said, by the first six digits.
static ASKED: LazyLock<Vec<AtomicU8>> =
    LazyLock::new(|| (0..1_000_000).map(|_| AtomicU8::new(UNASKED)).collect());

/// A number of ten digits without its country code.
pub(super) struct TenDigits([u8; 10]);

impl TenDigits {
    /// The number, if the text is nothing but such a number: ten digits, or eleven with a 1 in front, with
    /// the usual marks between, a plus only before the 1.
    pub(super) fn of(text: &str) -> Option<Self> {
        let plus = text.starts_with('+');
        let mut digits = [0; 11];
        let mut count = 0;
        for byte in text.bytes().skip(usize::from(plus)) {
            match byte {
                b'0'..=b'9' => {
                    *digits.get_mut(count)? = byte;
                    count += 1;
                }
                b' ' | b'-' | b'.' | b'(' | b')' => {}
                _ => return None,
            }
        }
        let ten = match (count, plus, digits) {
            (10, false, [ten @ .., _]) => ten,
            (11, _, [b'1', ten @ ..]) => ten,
            _ => return None,
        };
        let number = Self(ten);
        let geographic = |digit: u8| (b'2'..=b'9').contains(&digit);
        let [area, _, _, office, ..] = ten;
        (geographic(area)
            && geographic(office)
            && !FINER.iter().any(|code| number.as_str().starts_with(code)))
        .then_some(number)
    }

    /// Whether the number is valid; `ask` is asked for the first of its six first digits.
    pub(super) fn is_valid(&self, ask: impl FnOnce() -> bool) -> bool {
        let prefix: Option<usize> = self.as_str().get(..6).and_then(|six| six.parse().ok());
        let Some(answer) = prefix.and_then(|prefix| ASKED.get(prefix)) else {
            return ask();
        };
        match answer.load(Ordering::Relaxed) {
            UNASKED => {
                let valid = ask();
                answer.store(if valid { VALID } else { INVALID }, Ordering::Relaxed);
                valid
            }
            known => known == VALID,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}
