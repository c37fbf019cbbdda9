//! Ends a program that was told to stop and hangs: on another machine, on a disk, on whatever.

use std::time::Duration;

/// So long what was begun may take to end. It is less than the half minute after which those who stop services kill them.
const PATIENCE: Duration = Duration::from_secs(28);

/// From here on the program ends within so long, after a drain of `drain`; on a thread of its own that waits for nothing
/// else.
pub(super) fn begin(drain: Duration) {
    let watch = move || {
        std::thread::sleep(drain + PATIENCE);
        tracing::error!(
            seconds = PATIENCE.as_secs(),
            "what was begun did not end in time: stopping all the same; what was not answered is undone or lapses"
        );
        std::process::exit(1);
    };
    if let Err(error) = std::thread::Builder::new()
        .name("watchdog".to_owned())
        .spawn(watch)
    {
        tracing::error!(%error, "nobody watches that the program ends");
    }
}
