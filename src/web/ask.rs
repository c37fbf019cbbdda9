//! Doing a verb from a handler: verbs block on the database, handlers must not.

use super::error::Error;
use crate::outreach::{self, Office};
use actix_web::web;

/// Does a verb on a thread that may block.
pub async fn ask<T: Send + 'static>(
    office: &Office,
    verb: impl FnOnce(&Office) -> outreach::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let office = office.clone();
    let span = tracing::Span::current();
    let done = web::block(move || span.in_scope(|| verb(&office))).await;
    match done {
        Ok(answer) => answer.map_err(Error::from),
        Err(_) => {
            tracing::error!("a verb panicked");
            Err(Error::Internal)
        }
    }
}
