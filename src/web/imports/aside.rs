//! Rejected rows that nobody will mend: set aside, and taken up again.

use actix_web::{HttpResponse, web};

use super::{href, import_of};
use crate::domain::ids::ImportId;
use crate::outreach::accounts::User;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::see_other;
use crate::web::session::Staff;

/// Sets one row aside, or all that are left.
pub(super) async fn set_aside(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    act(staff, &office, path.into_inner(), fields, Office::set_aside).await
}

/// Takes that back, of one row or of all.
pub(super) async fn take_up_again(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    act(staff, &office, path.into_inner(), fields, Office::take_up_again).await
}

/// Does it with the rows that are meant, and goes back to them.
async fn act(
    staff: Staff,
    office: &Office,
    path: (String, ImportId),
    fields: Fields,
    verb: impl FnOnce(&Office, &User, ImportId, Option<&[i64]>) -> outreach::Result<usize> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let place = ask(office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        verb(office, &staff.user, import.id, which(&fields)?.as_deref())?;
        Ok(back_to(&href(&outage, import.id), &fields))
    });
    Ok(see_other(&place.await?))
}

/// The line of the row that is meant; none: all of them.
///
/// # Errors
/// Nothing was chosen.
fn which(fields: &Fields) -> outreach::Result<Option<Vec<i64>>> {
    let asked = fields.get("which");
    match asked.parse() {
        Ok(line) => Ok(Some(vec![line])),
        Err(_) if asked == "all" => Ok(None),
        Err(_) => Err(outreach::Error::invalid("which", "Choose a row, or all of them.")),
    }
}

fn back_to(here: &str, fields: &Fields) -> String {
    let after: i64 = fields.get("after").parse().unwrap_or_default();
    format!("{here}/rejects?after={after}")
}
