//! The pages: one folder per screen (handler, form, page struct), `templates/` mirrors it.
//!
//! A handler reads *who, what, do, show*: who is signed in, what they sent, the verb of
//! `outreach`, the page. No rule and no query stands here.

pub mod account;
pub mod accounts;
mod alarms;
pub mod arriving;
pub mod ask;
pub mod assets;
pub mod board;
pub mod cases;
pub mod citizen;
mod costs;
pub mod desk;
mod device;
mod door;
pub mod error;
mod exports;
pub mod fields;
pub mod form_token;
pub mod frame;
pub mod headers;
pub mod health;
pub mod help;
pub mod imports;
pub mod layout;
mod letters;
pub mod lists;
pub mod log;
pub mod look;
mod lost;
mod mail_hold;
pub mod messages;
pub mod once;
pub mod outages;
pub mod outcomes;
pub mod page;
pub mod paper;
mod password_link;
pub mod promises;
mod refusals;
pub mod routes;
#[cfg(test)]
pub mod sample;
mod session;
pub mod show;
pub mod sign_in;
mod source;
mod start;
mod suppressions;
mod templates;

/// All pages, with who may open them.
pub fn routes() -> routes::Routes {
    let mut all = routes::Routes::behind(session::guarded);
    let routes = &mut all;
    health::routes(routes);
    door::routes(routes);
    password_link::routes(routes);
    outages::routes(routes); // `/outages/new` before `/outages/{slug}`
    start::routes(routes);
    desk::routes(routes);
    account::routes(routes);
    accounts::routes(routes);
    outcomes::routes(routes);
    alarms::routes(routes);
    board::routes(routes);
    cases::routes(routes);
    citizen::routes(routes);
    letters::routes(routes);
    exports::routes(routes);
    imports::routes(routes);
    lists::routes(routes);
    messages::routes(routes);
    paper::routes(routes);
    costs::routes(routes);
    promises::routes(routes);
    suppressions::routes(routes);
    mail_hold::routes(routes);
    templates::routes(routes);
    all
}
