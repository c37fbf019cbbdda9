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
    const NAMES: [(&str, Variant); 4] = [
        ("no-queue", Variant::NoQueue),
        ("hash-before-count", Variant::HashBeforeCount),
        ("no-limit-on-a-wait", Variant::NoLimitOnAWait),
        ("no-retry-of-an-index", Variant::NoRetryOfAnIndex),
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
