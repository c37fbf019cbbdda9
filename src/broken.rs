//! What this program would be without one of its guards. Only programs that were built with the cargo feature
//! `broken-variants` can leave one out; the feature is never on by default, and no release is built with it. A script that
//! measures a guard runs such a program too, to see that it would notice.

/// A guard that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// As many passwords are hashed at once as people send.
    NoQueue,
    /// A password is compared first, and the guess counted afterwards.
    HashBeforeCount,
    /// Another machine is waited for as long as it takes.
    NoLimitOnAWait,
    /// An index that was left half-built is left so.
    NoRetryOfAnIndex,
    /// Of several times the first is taken, whatever it is the time of.
    AnyTime,
    /// Times without a zone are the outage's, whatever would fit it better.
    ClockNotAsked,
    /// What became of a payment is not looked for.
    StatusNotRead,
    /// Which of day and month stands first is taken from each cell.
    OrderNotAsked,
    /// Three digits behind a sign are thousands, whatever the other amounts are.
    DecimalNotAsked,
    /// Whole numbers are dollars.
    UnitNotAsked,
    /// A column with one value over everybody is somebody's identity.
    ConstantIdentity,
    /// A column that contradicts all others is somebody's identity.
    ContradictingIdentity,
    /// The account is what is called so.
    AccountByName,
    /// Nobody is asked about columns that part or join people otherwise.
    JoinsNotAsked,
    /// Any ten digits are a phone.
    AnyPhone,
    /// An order is as good as the id of a payment.
    AnyId,
}

/// Whether a guard is left out: never, in this build.
#[cfg(not(feature = "broken-variants"))]
pub const fn leaves_out(_: Variant) -> bool {
    false
}

#[cfg(feature = "broken-variants")]
pub use chosen::{choose, leaves_out};

#[cfg(feature = "broken-variants")]
mod chosen {
    use super::Variant;
    use std::sync::OnceLock;

    static CHOSEN: OnceLock<Variant> = OnceLock::new();
    const NAMES: [(&str, Variant); 16] = [
        ("no-queue", Variant::NoQueue),
        ("hash-before-count", Variant::HashBeforeCount),
        ("no-limit-on-a-wait", Variant::NoLimitOnAWait),
        ("no-retry-of-an-index", Variant::NoRetryOfAnIndex),
        ("any-time", Variant::AnyTime),
        ("clock-not-asked", Variant::ClockNotAsked),
        ("status-not-read", Variant::StatusNotRead),
        ("order-not-asked", Variant::OrderNotAsked),
        ("decimal-not-asked", Variant::DecimalNotAsked),
        ("unit-not-asked", Variant::UnitNotAsked),
        ("constant-identity", Variant::ConstantIdentity),
        ("contradicting-identity", Variant::ContradictingIdentity),
        ("account-by-name", Variant::AccountByName),
        ("joins-not-asked", Variant::JoinsNotAsked),
        ("any-phone", Variant::AnyPhone),
        ("any-id", Variant::AnyId),
    ];

    /// Whether a guard is left out in this process.
    pub fn leaves_out(variant: Variant) -> bool {
        CHOSEN.get() == Some(&variant)
    }

    /// Leaves a guard out, by its name, for as long as the process lives.
    ///
    /// # Errors
    /// There is no such name; says which there are.
    pub fn choose(name: &str) -> Result<(), String> {
        let named = NAMES.iter().find(|(known, _)| *known == name);
        let Some((_, variant)) = named else {
            let names: Vec<&str> = NAMES.iter().map(|(known, _)| *known).collect();
            return Err(format!("{name:?} is none of {}", names.join(", ")));
        };
        let kept = CHOSEN.get_or_init(|| *variant);
        if kept == variant {
            Ok(())
        } else {
            Err(format!("{kept:?} is left out already"))
        }
    }
}
