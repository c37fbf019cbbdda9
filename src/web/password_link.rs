//! The page of a link by which somebody sets their own password. Opening it changes nothing, so that a mail scanner that
//! looks first does not use it up. The log names its pattern, not its key; no page names it to another site.

use super::ask::ask;
use super::error::Error;
use super::look::Look;
use super::routes::Routes;
use super::{page, session};
use crate::outreach::password_links::Joined;
use crate::outreach::{self, Office};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

pub(super) fn routes(routes: &mut Routes) {
    routes.open_get("/password/{key}", show);
    routes.open_post("/password/{key}", join);
}

/// The form, or that the link has ended.
#[derive(Template)]
#[template(path = "password_link.html")]
pub struct PasswordLinkPage {
    /// How it looks to this person.
    pub look: Look,
    /// Whose password it is: name and address; none: the link has ended.
    pub owner: Option<(String, String)>,
    /// Why the password cannot be used.
    pub problem: Option<String>,
}

async fn show(
    request: HttpRequest,
    office: web::Data<Office>,
    key: web::Path<String>,
) -> Result<HttpResponse, Error> {
    page_of(&request, &office, key.into_inner(), None).await
}

async fn page_of(
    request: &HttpRequest,
    office: &Office,
    key: String,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let owner = ask(office, move |office| office.link_owner(&key)).await?;
    let status = match (&owner, &problem) {
        (None, _) => StatusCode::GONE,
        (Some(_), Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (Some(_), None) => StatusCode::OK,
    };
    let form = PasswordLinkPage {
        look: Look::of(request),
        owner: owner.map(|owner| (owner.name, owner.email)),
        problem,
    };
    Ok(page::page(status, &form))
}

#[derive(serde::Deserialize)]
struct Entered {
    #[serde(default)]
    password: String,
}

/// Sets the password and signs in. The link's key is the form's token: nobody else knows it.
async fn join(
    request: HttpRequest,
    office: web::Data<Office>,
    key: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Error> {
    let (key, password) = (key.into_inner(), entered.into_inner().password);
    let asked = key.clone();
    let joined = ask(&office, move |office| {
        match office.join_by_link(&asked, &password) {
            Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
            joined => joined.map(Ok),
        }
    });
    match joined.await? {
        Ok(Joined::Welcome { key }) => {
            let mut answer = page::see_other("/");
            let cookie = session::cookie(&key, office.config.is_https());
            answer.add_cookie(&cookie).map_err(|_| Error::Internal)?;
            Ok(answer)
        }
        Ok(Joined::Ended) => page_of(&request, &office, key, None).await,
        Err(problem) => page_of(&request, &office, key, Some(problem)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(owner: Option<(String, String)>, problem: Option<&str>) -> String {
        let page = PasswordLinkPage {
            look: Look::default(),
            owner,
            problem: problem.map(str::to_owned),
        };
        page.render().unwrap()
    }

    #[test]
    fn the_form_says_whose_password_it_is_and_what_is_wrong_with_it() {
        let owner = ("Uyen Pham".to_owned(), "uyen@agency.example".to_owned());
        let html = shown(Some(owner), Some("This password is a row of keys."));
        assert!(html.contains("Uyen Pham") && html.contains(r#"id="password-problem">This password"#));
        assert!(!html.contains("action="), "the form goes to where it stands");
    }

    #[test]
    fn a_link_that_has_ended_says_whom_to_ask() {
        let html = shown(None, None);
        assert!(html.contains("administrator") && !html.contains("<form"));
    }
}
