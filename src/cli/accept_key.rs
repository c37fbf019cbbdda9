//! `makegood accept-key`

use super::{Answer, Result};
use crate::config::Config;
use crate::outreach::Office;
use crate::outreach::known_key::Accepted;
use serde_json::json;

pub(super) fn run(config: Config) -> Result<Answer> {
    let (text, ended) = match Office::open_with_new_key(config)? {
        Accepted::Known => ("The database knows this key. Nothing has ended.", false),
        Accepted::InPlaceOfAnother => (
            "The database is used with this key from now on. Links in e-mails sent so far have ended, also those to \
             unsubscribe, and what comes back from them is no longer known by its return address. Pages that are open have to \
             be loaded again. Give every other node this key and start it again.",
            true,
        ),
    };
    Ok(Answer::new(text, json!({"accepted": true, "links_ended": ended})))
}
