//! Browsers that somebody signed in with before. Each carries a cookie that says for which accounts, signed by us: guesses from
//! there have a budget of their own, which strangers cannot use up. It is worth nothing without the password.

use crate::config::SecretKeys;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A browser is known for so many days after it was last used to sign in.
pub const DAYS: i64 = 180;
/// Accounts that are remembered for one browser: a desk that is shared by shifts.
const ACCOUNTS: usize = 6;
/// Bytes of the signature that stand in the cookie.
const SIGNATURE: usize = 16;
const PURPOSE: &str = "browser that was used before";

/// A browser's mark for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    account: UserId,
    /// Day of the last good sign-in, since 1970.
    day: u32,
    /// Tells this browser from others.
    id: [u8; 16],
}

impl Device {
    fn fresh(account: UserId, day: u32) -> Self {
        Self {
            account,
            day,
            id: rand::random(),
        }
    }

    /// What its guesses are counted under.
    pub(super) fn subject(&self) -> String {
        format!(
            "sign-ins of account {} from {}",
            self.account,
            URL_SAFE_NO_PAD.encode(self.id)
        )
    }

    fn sealed(&self, keys: &SecretKeys) -> String {
        let mut bytes = self.account.to_be_bytes().to_vec();
        bytes.extend(self.day.to_be_bytes());
        bytes.extend(self.id);
        let signature = keys.sign(PURPOSE, &bytes);
        bytes.extend(signature.iter().take(SIGNATURE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(text: &str, keys: &SecretKeys) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (content, signature) = bytes.split_at_checked(28)?;
        if signature.len() != SIGNATURE || !keys.verify_start(PURPOSE, content, signature) {
            return None;
        }
        let (account, rest) = content.split_at_checked(8)?;
        let (day, id) = rest.split_at_checked(4)?;
        Some(Self {
            account: UserId::from_be_bytes(account.try_into().ok()?),
            day: u32::from_be_bytes(day.try_into().ok()?),
            id: id.try_into().ok()?,
        })
    }
}

/// The mark for an account in a browser's cookie, if it is one of ours and not too old.
pub(super) fn of(cookie: &str, account: UserId, keys: &SecretKeys, now: Timestamp) -> Option<Device> {
    let today = day(now);
    let marks = cookie.split('.').take(ACCOUNTS);
    let mut known = marks.filter_map(|mark| Device::read(mark, keys));
    known.find(|device| device.account == account && i64::from(today) - i64::from(device.day) <= DAYS)
}

/// The browser's cookie after a good sign-in: this account first, then the others that it knew.
pub(super) fn after_sign_in(cookie: &str, account: UserId, keys: &SecretKeys, now: Timestamp) -> String {
    let known = of(cookie, account, keys, now);
    let own = Device {
        day: day(now),
        ..known.unwrap_or_else(|| Device::fresh(account, 0))
    };
    let others = cookie
        .split('.')
        .take(ACCOUNTS)
        .filter(|mark| Device::read(mark, keys).is_some_and(|device| device.account != account))
        .map(str::to_owned);
    let marks: Vec<String> = std::iter::once(own.sealed(keys))
        .chain(others)
        .take(ACCOUNTS)
        .collect();
    marks.join(".")
}

fn day(now: Timestamp) -> u32 {
    u32::try_from(now.micros() / 86_400_000_000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    const NOW: Timestamp = Timestamp::from_micros(1_776_186_540_000_000);

    fn keys(text: &str) -> SecretKeys {
        SecretKeys::given(&SecretString::from(text.to_owned())).unwrap()
    }

    #[test]
    fn a_browser_is_known_for_those_who_signed_in_there_and_stays_the_same_one() {
        let keys = keys("the one key of the agency and of nobody else");
        let first = after_sign_in("", 7, &keys, NOW);
        let both = after_sign_in(&first, 8, &keys, NOW);
        let device = of(&both, 7, &keys, NOW).unwrap();
        assert!(of(&both, 8, &keys, NOW).is_some() && of(&both, 9, &keys, NOW).is_none());
        let again = after_sign_in(&both, 7, &keys, NOW.plus_hours(24 * 100));
        let later = of(&again, 7, &keys, NOW.plus_hours(24 * 200)).unwrap();
        assert_eq!(later.subject(), device.subject());
        assert!(of(&first, 7, &keys, NOW.plus_hours(24 * 181)).is_none());
    }

    #[test]
    fn nobody_makes_a_mark_and_a_cookie_stays_small() {
        let ours = keys("the one key of the agency and of nobody else");
        let cookie = after_sign_in("", 7, &ours, NOW);
        assert!(of(&cookie, 7, &keys("another key which somebody else made up"), NOW).is_none());
        for at in 0..cookie.len() {
            let mut forged = cookie.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert!(of(&String::from_utf8(forged).unwrap(), 7, &ours, NOW).is_none());
        }
        let many = (1..50).fold(String::new(), |cookie, account| {
            after_sign_in(&cookie, account, &ours, NOW)
        });
        assert!(many.len() < 400 && of(&many, 49, &ours, NOW).is_some());
    }
}
