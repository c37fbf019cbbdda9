//! From accounts to what their pages print.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::ROWS;
use super::page::{AccountRow, Choice, Form, FormPage, FreshLink, ListPage, OffPage};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::accounts::{NewAccount, User};
use crate::outreach::api_tokens::ApiToken;
use crate::outreach::outages::Outage;
use crate::web::account::token_rows;
use crate::web::layout::Chrome;
use crate::web::session::Staff;
use crate::web::show::count::counted;
use crate::web::show::paging::Paging;
use crate::web::show::person;
use crate::web::show::zone;

/// Languages offered; any other code can be given on the command line.
const LANGUAGES: [&str; 12] = [
    "es", "vi", "zh", "ko", "ru", "ar", "fr", "tl", "de", "so", "am", "ne",
];

/// By what people come in, besides their passwords.
pub struct WaysIn {
    /// All tokens.
    pub tokens: Vec<(ApiToken, User)>,
    /// Who has a link that still works.
    pub invited: BTreeMap<UserId, Timestamp>,
    /// The time by which they are good.
    pub now: Timestamp,
}

/// All accounts.
pub fn list_page(
    staff: &Staff,
    accounts: &[User],
    ways_in: &WaysIn,
    page: i64,
    fresh: Option<FreshLink>,
) -> ListPage {
    let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let paging = Paging::new(page, number(ROWS), number(accounts.len()), "/accounts", "");
    let before = usize::try_from(paging.offset()).unwrap_or_default();
    let own = staff.user.id;
    let shown = accounts.iter().skip(before).take(ROWS);
    ListPage {
        chrome: staff.chrome(),
        accounts: shown.map(|user| row(user, own, ways_in)).collect(),
        paging,
        fresh,
    }
}

fn row(user: &User, own: UserId, ways_in: &WaysIn) -> AccountRow {
    let tokens = ways_in.tokens.iter();
    let good = tokens.filter(|(token, owner)| owner.id == user.id && token.is_good(ways_in.now));
    AccountRow {
        id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role: user.role().label(),
        specialist: user.specialist,
        languages: person::languages(&["en"].into_iter().chain(user.spoken()).collect::<Vec<_>>()),
        active: user.disabled_at.is_none(),
        invited: ways_in.invited.contains_key(&user.id),
        tokens: good.count(),
        own: user.id == own,
    }
}

/// The form with the tokens of the account that still open something, their times by the clock of the newest outage.
pub fn with_tokens(
    page: FormPage,
    tokens: &[(ApiToken, User)],
    (now, outage): (Timestamp, Option<&Outage>),
) -> FormPage {
    FormPage {
        tokens: token_rows(tokens, now, &outage.map_or(TimeZone::UTC, zone)),
        ..page
    }
}

/// The form of an account, new without an id.
pub fn form_page(
    chrome: Chrome,
    id: Option<UserId>,
    account: &NewAccount,
    problem: Option<(&'static str, String)>,
) -> FormPage {
    let roles = [
        (Role::Caller, "Calls citizens from their list"),
        (
            Role::Supervisor,
            "Imports, splits, watches and sends e-mails as well",
        ),
        (Role::Admin, "Manages accounts as well"),
    ];
    let role = |(role, note): (Role, &'static str)| Choice {
        key: role.as_str().to_owned(),
        label: role.label().to_owned(),
        note,
        chosen: role == account.role,
    };
    let offered = person::spoken(&LANGUAGES);
    let others = account
        .languages
        .iter()
        .map(String::as_str)
        .filter(|code| !offered.contains(code));
    let language = |code: &str| Choice {
        key: code.to_owned(),
        label: person::language(code),
        note: "",
        chosen: account.languages.iter().any(|spoken| spoken == code),
    };
    FormPage {
        chrome,
        action: id.map_or_else(|| "/accounts".to_owned(), |id| format!("/accounts/{id}")),
        new: id.is_none(),
        form: Form {
            name: account.name.clone(),
            email: account.email.clone(),
            specialist: account.specialist,
        },
        roles: roles.into_iter().map(role).collect(),
        languages: offered.iter().copied().chain(others).map(language).collect(),
        problem: problem.map(|(field, message)| (field.to_owned(), message)),
        tokens: Vec::new(),
        token_base: id.map_or_else(String::new, |id| format!("/accounts/{id}/tokens")),
    }
}

/// The question before an account with calls on its lists is switched off.
pub fn off_page(
    staff: &Staff,
    id: UserId,
    (name, calls): (String, usize),
    problem: Option<String>,
) -> OffPage {
    OffPage {
        chrome: staff.chrome(),
        id,
        name,
        calls,
        in_words: counted(i64::try_from(calls).unwrap_or(i64::MAX), "call", "calls"),
        problem,
    }
}
