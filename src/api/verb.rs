//! Doing a verb from a handler: verbs block on the database, handlers must not.

use super::problem::Problem;
use crate::outreach::{self, Office};
use crate::web::once;
use actix_web::web;

/// Does a verb on a thread that may block, as part of what the request asks for.
pub(super) async fn done<T: Send + 'static>(
    office: &Office,
    verb: impl FnOnce(&Office) -> outreach::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let office = office.acting(once::act());
    let span = tracing::Span::current();
    match web::block(move || span.in_scope(|| verb(&office))).await {
        Ok(answer) => answer.map_err(Problem::from),
        Err(_) => {
            tracing::error!("a verb panicked");
            Err(Problem::internal())
        }
    }
}
