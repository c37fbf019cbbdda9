//! Sending a text to many: counted first, then queued.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::page::CountPart;
use super::recipients;
use crate::outreach::campaign::{Audience, CampaignReport, Wave};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::{ask, send_or_show_again};
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page_or_fragment;
use crate::web::session::Staff;

/// What is to be sent, and to whom.
#[derive(Clone, Debug)]
pub(super) struct Mailing {
    /// The text's key.
    pub(super) template: String,
    /// To whom.
    pub(super) audience: Audience,
    /// Hours for which calls wait; none: they do not.
    pub(super) hold_hours: Option<u16>,
    /// No more than so many.
    pub(super) at_most: Option<i64>,
}

impl Mailing {
    fn read(fields: &Fields) -> Self {
        let template = match fields.get("template") {
            "" => "apology",
            key => key,
        };
        Self {
            template: template.chars().take(60).collect(),
            audience: fields.get("only").parse().unwrap_or_default(),
            hold_hours: fields.get("hold").parse().ok().filter(|hours| *hours > 0),
            at_most: fields.get("most").parse().ok().filter(|most| *most > 0),
        }
    }

    fn wave(&self) -> Wave {
        Wave {
            template: self.template.clone(),
            audience: self.audience.clone(),
            hold_hours: self.hold_hours,
            at_most: self.at_most,
        }
    }
}

/// Shows who would get it. Nothing is sent.
pub(super) async fn count(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    let mailing = Mailing::read(&Fields(query.into_inner()));
    show(&request, &staff, &office, slug.into_inner(), mailing, None).await
}

type Counted = (
    Outage,
    Vec<String>,
    Vec<Option<String>>,
    Result<CampaignReport, String>,
);

fn counted(office: &Office, slug: &str, mailing: &Mailing) -> outreach::Result<Counted> {
    let outage = office.outage_named(slug)?;
    let report = match office.send_wave(outage.id, &mailing.wave(), None, true) {
        Err(outreach::Error::Invalid { message, .. }) => Err(message),
        report => Ok(report?),
    };
    let languages = office
        .cases(outage.id, &outreach::cases::Filter::default(), 0, 0)?
        .languages;
    Ok((outage, office.template_keys()?, languages, report))
}

async fn show(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    slug: String,
    mailing: Mailing,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let asked = mailing.clone();
    let (outage, keys, languages, report) = ask(office, move |office| counted(office, &slug, &asked)).await?;
    let report = problem.map_or(report, Err);
    let status = match report {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let count = recipients::count(&mailing, report);
    let part = CountPart { count: count.clone() };
    let chrome = frame(office, staff, &outage, Place::Messages).await?;
    let page = recipients::send_page(
        chrome,
        (&outage, &office.config),
        &mailing,
        (&keys, &languages),
        count,
    );
    Ok(page_or_fragment(request, status, &page, &part))
}

/// Queues what was counted.
pub(super) async fn send(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, mailing, by) = (slug.into_inner(), Mailing::read(&fields), staff.user.id);
    if let Some(problem) = not_chosen(&fields) {
        return show(&request, &staff, &office, slug, mailing, Some(problem)).await;
    }
    let wave = mailing.wave();
    let send = move |office: &Office, outage: &Outage| office.send_wave(outage.id, &wave, Some(by), false);
    let again = show(&request, &staff, &office, slug.clone(), mailing, None);
    send_or_show_again(&office, &slug, "messages", send, again).await
}

/// What must be said before anything is sent: a text and to whom. The page shows a first choice of both; a form that names neither
/// does not mean it.
fn not_chosen(fields: &Fields) -> Option<String> {
    let choices = [
        ("template", "Choose which text is sent."),
        (
            "only",
            "Choose to whom it is sent; \u{201c}everyone\u{201d} is a choice.",
        ),
    ];
    let open = choices.iter().find(|(name, _)| fields.get(name).is_empty());
    open.map(|(name, advice)| format!("Nothing was sent. {advice} (The field {name:?} is missing.)"))
}
