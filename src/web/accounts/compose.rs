//! From accounts to what their pages print.

use super::ROWS;
use super::page::{AccountRow, Choice, Form, FormPage, FreshPassword, ListPage};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::outreach::accounts::{NewAccount, User};
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;
use crate::web::show::person;

/// Languages offered; any other code can be given on the command line.
const LANGUAGES: [&str; 12] = [
    "es", "vi", "zh", "ko", "ru", "ar", "fr", "tl", "de", "so", "am", "ne",
];

/// All accounts.
pub fn list_page(
    chrome: Chrome,
    own: UserId,
    accounts: &[User],
    page: i64,
    fresh: Option<FreshPassword>,
) -> ListPage {
    let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let paging = Paging::new(page, number(ROWS), number(accounts.len()), "/accounts", "");
    let before = usize::try_from(paging.offset()).unwrap_or_default();
    let row = |user: &User| AccountRow {
        id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role: user.role().label(),
        specialist: user.specialist,
        languages: person::languages(&["en"].into_iter().chain(user.spoken()).collect::<Vec<_>>()),
        active: user.disabled_at.is_none(),
        own: user.id == own,
    };
    ListPage {
        chrome,
        accounts: accounts.iter().skip(before).take(ROWS).map(row).collect(),
        paging,
        fresh,
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
    let others = account
        .languages
        .iter()
        .map(String::as_str)
        .filter(|code| !LANGUAGES.contains(code));
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
        languages: LANGUAGES.into_iter().chain(others).map(language).collect(),
        problem: problem.map(|(field, message)| (field.to_owned(), message)),
    }
}
