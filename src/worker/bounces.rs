//! Reading what came back. On a thread of its own: a mail server that does not answer must not keep e-mails waiting.

use crate::config::BounceBox;
use crate::outreach::Office;
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(60);
/// Before it is tried again to note what came back.
const AGAIN: Duration = Duration::from_secs(10);
/// Before the next ones are read of a mailbox that has many.
const MORE: Duration = Duration::from_secs(1);

/// Reads the bounce mailboxes once a minute for as long as the process lives. Nobody waits for it at the end: a report
/// whose reading breaks off is read again, and changes nothing the second time.
pub(super) fn read_now_and_then(office: &Office) -> std::io::Result<()> {
    let mut places = office.config.bounces.iter();
    if places.all(|place| matches!(place, BounceBox::Webhook)) {
        return Ok(());
    }
    let office = office.clone();
    let read = move || {
        loop {
            let nap = match office.take_bounces() {
                Ok(found) if found.read > 0 => MORE,
                Ok(_) => LOOK,
                Err(error) => {
                    tracing::warn!(%error, "what came back could not be noted; trying again soon");
                    AGAIN
                }
            };
            std::thread::sleep(nap);
        }
    };
    std::thread::Builder::new()
        .name("bounces".to_owned())
        .spawn(read)?;
    Ok(())
}
