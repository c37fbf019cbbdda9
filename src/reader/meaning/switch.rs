//! Guards that a test leaves out, to show that it would notice.

use crate::broken::{Variant, leaves_out};

/// Whether a guard stands: always, but in a program or a test that leaves it out.
pub(super) fn stands(guard: Variant) -> bool {
    #[cfg(test)]
    if for_tests::is_out(guard) {
        return false;
    }
    !leaves_out(guard)
}

#[cfg(test)]
pub(super) use for_tests::without;

#[cfg(test)]
mod for_tests {
    use super::Variant;
    use std::cell::Cell;

    thread_local! {
        static OUT: Cell<Option<Variant>> = const { Cell::new(None) };
    }

    /// Whether a guard is left out on this thread.
    pub fn is_out(guard: Variant) -> bool {
        OUT.get() == Some(guard)
    }

    /// Runs something without a guard.
    pub fn without<T>(guard: Variant, body: impl FnOnce() -> T) -> T {
        OUT.set(Some(guard));
        let done = body();
        OUT.set(None);
        done
    }
}
