//! What is asked for in one request, so that the verbs that do it know the same act when it comes again; and the addresses
//! whose acts need no key.

use crate::outreach::once::Act;
use crate::web::routes::Declared;
use actix_web::http::StatusCode;

tokio::task_local! {
    /// What the request that is being answered asks for.
    static ACT: Act;
}

/// Answers a request, for what it asks for.
pub(crate) async fn under<T>(act: Option<Act>, answering: impl Future<Output = T>) -> T {
    match act {
        Some(act) => ACT.scope(act, answering).await,
        None => answering.await,
    }
}

/// What the request that is being answered asks for; none: it need not be done once, or came without a key.
pub(crate) fn act() -> Option<Act> {
    ACT.try_with(Clone::clone).ok()
}

/// Whether a request that was answered with success was done by a verb that would know it again. It is asked in tests only, where
/// a page that forgot it shows.
pub(crate) fn was_met(act: Option<&Act>, status: StatusCode) -> bool {
    let done = [201, 202, 204, 303].contains(&status.as_u16());
    !done || act.is_none_or(Act::was_met)
}

/// Whether what is sent to an address is done once.
pub(crate) fn is_kept(declared: &Declared) -> bool {
    let needs_none = |(path, _): &(&str, &str)| *path == declared.path;
    !declared.method.is_safe() && !WITHOUT_KEY.iter().any(needs_none)
}

const READS: &str = "It looks something up and changes nothing.";
const SETS: &str = "It sets what is there twice as well as once. A page that the browser shows again must be heard: calls that are \
                    to stop have to stop.";
const HOLDS: &str = "Whoever holds a call gets that one again.";
const GOES_ON: &str = "It goes on where it broke off, and passes over what is done.";
const COUNTS: &str = "Each try counts as one, so that nobody guesses for long.";
const OWN: &str = "The key of the outcome itself does it, which the form has had since the call came up.";

/// The addresses whose acts carry no key, and why.
pub const WITHOUT_KEY: [(&str, &str); 62] = [
    (
        "/account/password",
        "The same password again is the same. It has ended the session that asked, so sent later it leads to the sign-in page.",
    ),
    ("/account/tokens/{id}/revoke", SETS),
    ("/accounts/{id}", SETS),
    ("/accounts/{id}/disable", SETS),
    ("/accounts/{id}/enable", SETS),
    ("/accounts/{id}/tokens/{token}/revoke", SETS),
    ("/api/v1/bounces", "The same report again changes nothing."),
    ("/api/v1/claims/{id}/attempts", OWN),
    ("/api/v1/imports/{id}/answers", SETS),
    ("/api/v1/outages/{slug}/claims", HOLDS),
    (
        "/c/{link}",
        "The last answer counts, and the same again is the same answer.",
    ),
    (
        "/c/{link}/cost",
        "The same cost again is the same one, as long as nobody has decided it.",
    ),
    ("/c/{link}/details", COUNTS),
    ("/c/{link}/letter", COUNTS),
    ("/cases/{id}/remedies", SETS),
    ("/check", COUNTS),
    ("/here", "It says only that somebody is there."),
    ("/look", SETS),
    ("/mail-hold", SETS),
    ("/mail-hold/release", GOES_ON),
    ("/outages/{slug}/calls", SETS),
    ("/outages/{slug}/desk/break", SETS),
    ("/outages/{slug}/desk/callback", READS),
    ("/outages/{slug}/desk/calls/{id}/extend", HOLDS),
    ("/outages/{slug}/desk/calls/{id}/leave", HOLDS),
    ("/outages/{slug}/desk/calls/{id}/next", HOLDS),
    ("/outages/{slug}/desk/calls/{id}/note", SETS),
    ("/outages/{slug}/desk/calls/{id}/outcome", OWN),
    ("/outages/{slug}/desk/claim", HOLDS),
    ("/outages/{slug}/desk/distress", SETS),
    ("/outages/{slug}/desk/households/{id}/claim", HOLDS),
    ("/outages/{slug}/desk/practice/calls/{id}/outcome", READS),
    ("/outages/{slug}/desk/shift", SETS),
    ("/outages/{slug}/desk/switchboards/{id}/claim", HOLDS),
    ("/outages/{slug}/distress/{id}", SETS),
    ("/outages/{slug}/edit", SETS),
    ("/outages/{slug}/find", READS),
    ("/outages/{slug}/imports/{id}/columns", GOES_ON),
    ("/outages/{slug}/imports/{id}/discard", GOES_ON),
    ("/outages/{slug}/imports/{id}/forget", SETS),
    ("/outages/{slug}/imports/{id}/look", READS),
    ("/outages/{slug}/imports/{id}/publish", GOES_ON),
    ("/outages/{slug}/imports/{id}/questions", GOES_ON),
    ("/outages/{slug}/imports/{id}/rejects", GOES_ON),
    ("/outages/{slug}/imports/{id}/sheet", SETS),
    ("/outages/{slug}/imports/{id}/weigh", READS),
    ("/outages/{slug}/letters", GOES_ON),
    ("/outages/{slug}/lists/order", SETS),
    ("/outages/{slug}/messages/campaigns", SETS),
    ("/outages/{slug}/messages/campaigns/{id}", SETS),
    ("/outages/{slug}/messages/find", READS),
    ("/outages/{slug}/messages/retry", GOES_ON),
    ("/outages/{slug}/paper/{id}/enter", GOES_ON),
    ("/outages/{slug}/promises/remedies/{id}", SETS),
    ("/outages/{slug}/templates/{key}/{language}/preview", READS),
    (
        "/outages/{slug}/templates/{key}/{language}/test",
        "Nothing is kept: whoever writes the text gets it, as often as they ask for it.",
    ),
    ("/outcomes/{key}", SETS),
    ("/password/{key}", "The address is good for one password."),
    ("/sign-in", COUNTS),
    ("/sign-out", SETS),
    ("/suppressions/find", READS),
    ("/u/{link}", SETS),
];
