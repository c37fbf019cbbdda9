//! Sending a text to many: counted first, then queued.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::page::{Count, CountPart};
use super::recipients;
use crate::outreach::as_seen::SEEN;
use crate::outreach::campaign::{Audience, CampaignReport, Wave};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::{Wrong, ask, send_or_show_again};
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page_or_fragment;
use crate::web::session::Staff;
use std::str::FromStr;

/// What is to be sent, and to whom.
#[derive(Clone, Debug)]
pub(super) struct Mailing {
    /// The text's key.
    pub(super) template: String,
    /// To whom.
    pub(super) audience: Audience,
    /// Hours for which calls wait, as typed.
    pub(super) hold: String,
    /// No more than so many, as typed.
    pub(super) most: String,
    /// Hours for which calls wait; none: they do not.
    hold_hours: Option<u16>,
    /// No more than so many.
    at_most: Option<i64>,
}

impl Mailing {
    /// What was entered, as far as it can be read, and what cannot be: that is never taken for the widest choice.
    fn read(fields: &Fields) -> (Self, Option<Wrong>) {
        let template = match fields.get("template") {
            "" => "apology",
            key => key,
        };
        let audience = fields.get("only").parse().map_err(|told| ("only", told));
        let hold = number(fields, "hold", 0, HOLD_ADVICE);
        let most = number(fields, "most", 1, MOST_ADVICE);
        let wrong = [
            audience.as_ref().err().cloned(),
            hold.as_ref().err().cloned(),
            most.as_ref().err().cloned(),
        ];
        let typed = |name: &str| fields.get(name).chars().take(20).collect();
        let mailing = Self {
            template: template.chars().take(60).collect(),
            audience: audience.unwrap_or_default(),
            hold: typed("hold"),
            most: typed("most"),
            hold_hours: hold.unwrap_or_default().filter(|hours| *hours > 0),
            at_most: most.unwrap_or_default(),
        };
        (mailing, wrong.into_iter().flatten().next())
    }

    fn wave(&self) -> Wave {
        Wave {
            template: self.template.clone(),
            audience: self.audience.clone(),
            hold_hours: self.hold_hours,
            at_most: self.at_most,
            seen: None,
        }
    }
}

const HOLD_ADVICE: &str = "Enter whole hours, or nothing: then calls go on.";
const MOST_ADVICE: &str = "Enter how many citizens at most, 1 or more, or nothing: then all.";

/// A whole number of at least so much, or (none) nothing was entered.
fn number<N: FromStr + PartialOrd>(
    fields: &Fields,
    name: &'static str,
    least: N,
    advice: &str,
) -> Result<Option<N>, Wrong> {
    let typed = fields.get(name);
    if typed.is_empty() {
        return Ok(None);
    }
    let read = typed.parse().ok().filter(|number| *number >= least);
    read.map(Some).ok_or_else(|| (name, advice.to_owned()))
}

/// Shows who would get it. Nothing is sent.
pub(super) async fn count(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    let (mailing, wrong) = Mailing::read(&Fields(query.into_inner()));
    show(&request, &staff, &office, slug.into_inner(), mailing, wrong).await
}

type Counted = (
    Outage,
    Vec<String>,
    Vec<Option<String>>,
    Result<CampaignReport, Wrong>,
);

fn counted(office: &Office, slug: &str, mailing: &Mailing) -> outreach::Result<Counted> {
    let outage = office.outage_named(slug)?;
    let report = match office.send_wave(outage.id, &mailing.wave(), None, true) {
        Err(outreach::Error::Invalid { field, message }) => Err((field, message)),
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
    wrong: Option<Wrong>,
) -> Result<HttpResponse, Error> {
    let asked = mailing.clone();
    let (outage, keys, languages, report) = ask(office, move |office| counted(office, &slug, &asked)).await?;
    let (report, problem) = match (report, wrong) {
        (Ok(report), Some((SEEN, asked))) => (report, Some((SEEN, asked))),
        (_, Some(wrong)) | (Err(wrong), None) => (CampaignReport::default(), Some(wrong)),
        (Ok(report), None) => (report, None),
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let count = recipients::count(&report);
    let part = CountPart {
        count: Count {
            problem: problem.clone().map(|(_, told)| told),
            ..count.clone()
        },
    };
    let chrome = frame(office, staff, &outage, Place::Messages).await?;
    let page = recipients::send_page(
        chrome,
        (&outage, &office.config),
        &mailing,
        (&keys, &languages),
        (count, problem),
    );
    Ok(page_or_fragment(request, status, &page, &part))
}

/// Queues what stands in the form, if it is as many as the button said; or only counts them.
pub(super) async fn send(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, by) = (slug.into_inner(), staff.user.id);
    let (mailing, wrong) = Mailing::read(&fields);
    if fields.only_counts() {
        return show(&request, &staff, &office, slug, mailing, wrong).await;
    }
    if let Some(wrong) = not_chosen(&fields).or(wrong) {
        return show(&request, &staff, &office, slug, mailing, Some(wrong)).await;
    }
    let wave = Wave {
        seen: Some(fields.number_seen()),
        ..mailing.wave()
    };
    let send = move |office: &Office, outage: &Outage| office.send_wave(outage.id, &wave, Some(by), false);
    let again = async |wrong| show(&request, &staff, &office, slug.clone(), mailing, Some(wrong)).await;
    send_or_show_again(&office, &slug, "messages", send, again).await
}

/// What must be said before anything is sent: a text, to whom, for how long calls wait and how many at most, the last two perhaps
/// with nothing in them. The page shows a first choice of all four; a form that leaves one out does not mean it.
fn not_chosen(fields: &Fields) -> Option<Wrong> {
    let choices = [
        ("template", "Choose which text is sent."),
        (
            "only",
            "Choose to whom it is sent; \u{201c}everyone\u{201d} is a choice.",
        ),
    ];
    let open = choices.into_iter().find(|(name, _)| fields.get(name).is_empty());
    let entries = [("hold", HOLD_ADVICE), ("most", MOST_ADVICE)];
    let left_out = || entries.into_iter().find(|(name, _)| !fields.has(name));
    let (name, advice) = open.or_else(left_out)?;
    let told = format!("Nothing was sent. {advice} (The field {name:?} is missing.)");
    Some((name, told))
}
