//! Accounts of staff: who may do what.

mod compose;
pub mod page;
#[cfg(test)]
mod tests;
mod tokens;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::outreach::accounts::{NewAccount, User};
use crate::outreach::as_seen::SEEN;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use compose::WaysIn;
use page::FreshLink;

/// Rows of a page.
const ROWS: usize = 50;

#[derive(serde::Deserialize)]
struct Asked {
    /// The page, from 1.
    page: Option<i64>,
}

/// The accounts' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Admin, "/accounts", list);
    routes.get(Role::Admin, "/accounts/new", new);
    routes.post(Role::Admin, "/accounts", add);
    routes.get(Role::Admin, "/accounts/{id}", edit);
    routes.post(Role::Admin, "/accounts/{id}", change);
    routes.post(Role::Admin, "/accounts/{id}/reset", reset);
    routes.post(Role::Admin, "/accounts/{id}/disable", disable);
    routes.post(Role::Admin, "/accounts/{id}/enable", enable);
    routes.post(
        Role::Admin,
        "/accounts/{id}/tokens/{token}/revoke",
        tokens::revoke,
    );
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    show(&staff, &office, asked.page.unwrap_or(1), None).await
}

async fn show(
    staff: &Staff,
    office: &Office,
    page: i64,
    fresh: Option<FreshLink>,
) -> Result<HttpResponse, Error> {
    let (accounts, ways_in) = ask(office, |office| {
        let ways_in = WaysIn {
            tokens: office.tokens(None)?,
            invited: office.invited()?,
            now: office.now(),
        };
        Ok((office.accounts()?, ways_in))
    })
    .await?;
    let page = compose::list_page(staff, &accounts, &ways_in, page, fresh);
    Ok(answer(StatusCode::OK, &page))
}

async fn new(staff: Staff) -> Result<HttpResponse, Error> {
    let blank = NewAccount {
        email: String::new(),
        name: String::new(),
        role: Role::Caller,
        languages: Vec::new(),
        specialist: false,
    };
    Ok(answer(
        StatusCode::OK,
        &compose::form_page(staff.chrome(), None, &blank, None),
    ))
}

fn typed(fields: &Fields) -> NewAccount {
    NewAccount {
        email: fields.get("email").to_owned(),
        name: fields.get("name").to_owned(),
        role: fields.get("role").parse().unwrap_or(Role::Caller),
        languages: fields.all("language").map(str::to_owned).collect(),
        specialist: fields.get("specialist") == "yes",
    }
}

const NO_ROLE: (&str, &str) = ("role", "Choose what this person may do.");

/// Adds an account and shows the link by which its owner sets a password, this once: so this answer is the page, not
/// the way to it.
async fn add(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let (account, by) = (typed(&fields), staff.user.id);
    if fields.get("role").is_empty() {
        return Ok(without_role(&staff, None, &account));
    }
    let asked = account.clone();
    let added = ask(&office, move |office| match office.invite(&asked, Some(by)) {
        Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
        added => added.map(|(_, link)| Ok(link.into_fresh())),
    });
    match added.await? {
        Ok(link) => {
            let fresh = FreshLink {
                name: account.name,
                url: link.map(|link| link.url),
                reset: false,
            };
            show(&staff, &office, 1, Some(fresh)).await
        }
        Err(problem) => {
            let page = compose::form_page(staff.chrome(), None, &account, Some(problem));
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The form again: a role that was not chosen is none.
fn without_role(staff: &Staff, id: Option<UserId>, account: &NewAccount) -> HttpResponse {
    let problem = (NO_ROLE.0, NO_ROLE.1.to_owned());
    let page = compose::form_page(staff.chrome(), id, account, Some(problem));
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn found(office: &Office, id: UserId) -> outreach::Result<User> {
    let accounts = office.accounts()?;
    let account = accounts.into_iter().find(|user| user.id == id);
    account.ok_or(outreach::Error::NotFound("account"))
}

async fn edit(staff: Staff, office: web::Data<Office>, id: web::Path<UserId>) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let (user, tokens, newest) = ask(&office, move |office| {
        let newest = office.newest_outage()?;
        Ok((found(office, id)?, office.tokens(Some(id))?, newest))
    })
    .await?;
    let account = NewAccount {
        role: user.role(),
        languages: user.spoken().map(str::to_owned).collect(),
        specialist: user.specialist,
        email: user.email,
        name: user.name,
    };
    let page = compose::form_page(staff.chrome(), Some(id), &account, None);
    let page = compose::with_tokens(page, &tokens, (office.now(), newest.as_ref()));
    Ok(answer(StatusCode::OK, &page))
}

async fn change(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<UserId>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (id, account) = (id.into_inner(), typed(&fields));
    if fields.get("role").is_empty() {
        return Ok(without_role(&staff, Some(id), &account));
    }
    if id == staff.user.id && account.role < staff.user.role() {
        let told = "You cannot take your own role away. Ask another administrator.".to_owned();
        let page = compose::form_page(staff.chrome(), Some(id), &account, Some(("role", told)));
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let asked = account.clone();
    let changed = ask(&office, move |office| match office.change_account(id, &asked) {
        Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
        changed => changed.map(Ok),
    });
    match changed.await? {
        Ok(()) => Ok(see_other("/accounts")),
        Err(problem) => {
            let page = compose::form_page(staff.chrome(), Some(id), &account, Some(problem));
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Ends the password and shows a link by which its owner sets a new one, this once.
async fn reset(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<UserId>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (id.into_inner(), staff.user.id);
    if id == by {
        let told = "Change your own password under My account.";
        return Err(Error::Conflict(told.to_owned()));
    }
    let (name, link) = ask(&office, move |office| {
        let name = found(office, id)?.name;
        Ok((name, office.reset_by_link(id, Some(by))?.into_fresh()))
    })
    .await?;
    let fresh = FreshLink {
        name,
        url: link.map(|link| link.url),
        reset: true,
    };
    show(&staff, &office, 1, Some(fresh)).await
}

async fn disable(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<UserId>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (id, by) = (id.into_inner(), staff.user.id);
    if id == by {
        let told = "You cannot disable your own account. Ask another administrator.";
        return Err(Error::Conflict(told.to_owned()));
    }
    let said = fields.has(SEEN);
    let seen = if said { fields.number_seen() } else { 0 };
    let asked = ask(&office, move |office| {
        match office.disable_account(id, Some(by), Some(seen)) {
            Err(outreach::Error::Invalid { message, .. }) => {
                let (name, calls) = (found(office, id)?.name, office.calls_of(id)?);
                Ok(Some((name, calls, said.then_some(message))))
            }
            done => done.map(|_| None),
        }
    });
    let Some((name, calls, problem)) = asked.await? else {
        return Ok(see_other("/accounts"));
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(answer(
        status,
        &compose::off_page(&staff, id, (name, calls), problem),
    ))
}

async fn enable(office: web::Data<Office>, id: web::Path<UserId>) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    ask(&office, move |office| office.enable_account(id)).await?;
    Ok(see_other("/accounts"))
}
