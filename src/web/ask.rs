//! Doing a verb from a handler: verbs block on the database, handlers must not.

use super::error::Error;
use super::once;
use super::page::see_other;
use super::show::address;
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use actix_web::{HttpResponse, web};

/// Does a verb on a thread that may block, as part of what the request asks for.
pub async fn ask<T: Send + 'static>(
    office: &Office,
    verb: impl FnOnce(&Office) -> outreach::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let office = office.acting(once::act());
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

/// A field and what is wrong with what was entered there.
pub type Wrong = (&'static str, String);

/// Does what a form of an outage asks for, and leads to the outage's page `then`. If it cannot be done as the
/// form was filled in, it is `shown` again, with what is wrong.
pub async fn send_or_show_again<T>(
    office: &Office,
    slug: &str,
    then: &str,
    verb: impl FnOnce(&Office, &Outage) -> outreach::Result<T> + Send + 'static,
    shown: impl AsyncFnOnce(Wrong) -> Result<HttpResponse, Error>,
) -> Result<HttpResponse, Error> {
    let slug = slug.to_owned();
    let done = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        match verb(office, &outage) {
            Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
            done => done.map(|_| Ok(address(&outage))),
        }
    })
    .await?;
    match done {
        Ok(base) => Ok(see_other(&format!("{base}/{then}"))),
        Err(wrong) => shown(wrong).await,
    }
}
