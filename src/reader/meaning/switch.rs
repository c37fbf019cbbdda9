//! Leaving a guard out, so that a test can show that it is needed.

/// Something that stands between a file and a wrong list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is a file of this folder, or named in it")]
pub(crate) enum Guard {
    WhichTime,
    Clock,
    Status,
    OrderOfDay,
    Decimal,
    Unit,
    Shared,
    AccountFormat,
    Partition,
    Phone,
    TransactionId,
}

/// Whether a guard stands: always, but in a test that leaves it out.
#[cfg(not(test))]
pub(super) const fn stands(_: Guard) -> bool {
    true
}

#[cfg(test)]
pub(super) use for_tests::stands;
#[cfg(test)]
pub(crate) use for_tests::without;

#[cfg(test)]
mod for_tests {
    use super::Guard;
    use std::cell::Cell;

    thread_local! {
        static OUT: Cell<Option<Guard>> = const { Cell::new(None) };
    }

    /// Whether a guard stands on this thread.
    pub fn stands(guard: Guard) -> bool {
        OUT.get() != Some(guard)
    }

    /// Runs something without a guard.
    pub fn without<T>(guard: Guard, body: impl FnOnce() -> T) -> T {
        OUT.set(Some(guard));
        let done = body();
        OUT.set(None);
        done
    }
}
