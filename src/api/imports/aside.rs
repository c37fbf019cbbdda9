//! `/api/v1/imports/{id}/set-aside` and `…/take-up-again`: rejected rows that nobody will mend.

use super::super::body::Json;
use super::super::problem::Problem;
use super::super::token::Owner;
use super::super::verb::done;
use super::Answer;
use crate::domain::role::Role;
use crate::outreach::accounts::User;
use crate::outreach::{self, Office};
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

pub(super) fn routes(routes: &mut Routes) {
    routes.post(Role::Supervisor, "/api/v1/imports/{id}/set-aside", set_aside);
    routes.post(
        Role::Supervisor,
        "/api/v1/imports/{id}/take-up-again",
        take_up_again,
    );
}

/// Which rejected rows.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(in crate::api) struct Lines {
    /// Where they start in the file.
    lines: Option<Vec<i64>>,
    /// All that are left, instead.
    #[serde(default)]
    all: bool,
}

impl Lines {
    /// The lines; none: all of them.
    ///
    /// # Errors
    /// Neither is said.
    fn chosen(self) -> outreach::Result<Option<Vec<i64>>> {
        match (self.lines, self.all) {
            (Some(lines), false) => Ok(Some(lines)),
            (None, true) => Ok(None),
            _ => Err(outreach::Error::invalid(
                "lines",
                "Name the rows in \"lines\", or say \"all\": true.",
            )),
        }
    }
}

/// Set rejected rows aside
///
/// Nobody will mend them: they leave the board. The import's report counts them as `set_aside`, in `rejected` too.
#[utoipa::path(post, path = "/api/v1/imports/{id}/set-aside", tag = "imports", request_body = Lines,
    params(("id" = i64, Path, description = "The import's number")),
    responses((status = 200, description = "`rows` counts those that were not set aside before", body = Object),
              (status = 404, description = "There is none", body = Problem),
              (status = 409, description = "The import does not count", body = Problem),
              (status = 422, description = "No row is named", body = Problem)))]
pub(in crate::api) async fn set_aside(
    office: web::Data<Office>,
    owner: Owner,
    id: web::Path<i64>,
    which: Json<Lines>,
) -> Answer {
    act(&office, owner, id.into_inner(), which.0, Office::set_aside).await
}

/// Take back that rejected rows were set aside
#[utoipa::path(post, path = "/api/v1/imports/{id}/take-up-again", tag = "imports", request_body = Lines,
    params(("id" = i64, Path, description = "The import's number")),
    responses((status = 200, description = "`rows` counts those that were set aside", body = Object),
              (status = 404, description = "There is none", body = Problem),
              (status = 409, description = "The import does not count", body = Problem),
              (status = 422, description = "No row is named", body = Problem)))]
pub(in crate::api) async fn take_up_again(
    office: web::Data<Office>,
    owner: Owner,
    id: web::Path<i64>,
    which: Json<Lines>,
) -> Answer {
    act(&office, owner, id.into_inner(), which.0, Office::take_up_again).await
}

/// Does it with the rows that are meant; answers how many it changed.
async fn act(
    office: &Office,
    owner: Owner,
    id: i64,
    which: Lines,
    verb: impl FnOnce(&Office, &User, i64, Option<&[i64]>) -> outreach::Result<usize> + Send + 'static,
) -> Answer {
    let lines = which.chosen()?;
    let rows = done(office, move |office| verb(office, &owner.0, id, lines.as_deref()));
    Ok(HttpResponse::Ok().json(serde_json::json!({"rows": rows.await?})))
}
