//! Reading what came back. On a thread of its own: a mail server that does not answer must not keep e-mails waiting.

use crate::config::BounceBox;
use crate::outreach::Office;
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(60);

/// Reads the bounce mailboxes once a minute for as long as the process lives. Nobody waits for it at the end: a report
/// whose reading breaks off is read again, and changes nothing the second time.
pub(super) fn read_now_and_then(office: &Office) -> std::io::Result<()> {
    let has_any = office.config.bounces.iter();
    if !has_any.clone().any(|place| !matches!(place, BounceBox::Webhook)) {
        return Ok(());
    }
    let office = office.clone();
    let read = move || {
        loop {
            if let Err(error) = office.take_bounces() {
                tracing::warn!(%error, "what came back could not be noted; trying again in a minute");
            }
            std::thread::sleep(LOOK);
        }
    };
    std::thread::Builder::new()
        .name("bounces".to_owned())
        .spawn(read)?;
    Ok(())
}
