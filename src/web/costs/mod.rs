//! What citizens say that the outage cost them, and what a supervisor decided about each.

mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::tz::TimeZone;

use crate::domain::cost::{CostDecision, CostKind};
use crate::domain::ids::CostId;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::costs::{Costs, Wanted};
use crate::outreach::{self, Office};
use crate::store::cases::Case;
use crate::store::costs::Cost;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::{Fields, missing};
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::paging::Paging;
use crate::web::show::{address, count, person, time, zone};
use page::{CostRow, CostsPage};

/// Rows of a page.
const ROWS: i64 = 50;

/// What the address asks for; a word that means nothing is passed over.
#[derive(Clone, Debug, Default, serde::Deserialize)]
struct Asked {
    /// `all`, or a word of `domain::cost::CostDecision`; else those that are open.
    #[serde(default)]
    standing: String,
    /// The page, from 1.
    #[serde(default)]
    page: Option<i64>,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        match (self.standing.as_str(), self.standing.parse()) {
            ("all", _) => Wanted::All,
            (_, Ok(decision)) => Wanted::Decided(decision),
            _ => Wanted::Open,
        }
    }
}

/// The word of a filter in an address.
const fn word(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::All => "all",
        Wanted::Open => "open",
        Wanted::Decided(decision) => decision.as_str(),
    }
}

/// The costs' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/costs", list);
    routes.post(Role::Supervisor, "/outages/{slug}/costs/{id}", decide);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    show(&staff, &office, slug.into_inner(), &asked, None).await
}

async fn show(
    staff: &Staff,
    office: &web::Data<Office>,
    slug: String,
    asked: &Asked,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let (wanted, number) = (asked.wanted(), asked.page.unwrap_or(1).clamp(1, 1_000_000));
    let user = staff.user.clone();
    let (outage, costs, now) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let costs = office.costs(&user, outage.id, wanted, ((number - 1) * ROWS, ROWS))?;
        Ok((outage, costs, office.now()))
    })
    .await?;
    let (zone, base) = (zone(&outage), address(&outage));
    let query = format!("standing={}", word(wanted));
    let status = match problem {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = CostsPage {
        chrome: frame(office, staff, &outage, Place::Promises).await?,
        filters: filters(wanted),
        rows: costs
            .rows
            .iter()
            .map(|(cost, case)| row(&base, (cost, case), &costs, (now, &zone)))
            .collect(),
        problem,
        paging: Paging::new(number, ROWS, costs.total, format!("{base}/costs"), query),
        base,
    };
    Ok(answer(status, &page))
}

/// The filters: key, words, chosen.
fn filters(wanted: Wanted) -> Vec<(&'static str, &'static str, bool)> {
    let all = [
        (Wanted::Open, "Open"),
        (Wanted::Decided(CostDecision::Settled), "Settled"),
        (Wanted::Decided(CostDecision::Refused), "Refused"),
        (Wanted::All, "All"),
    ];
    all.map(|(one, words)| (word(one), words, one == wanted)).to_vec()
}

fn row(
    base: &str,
    (cost, case): (&Cost, &Case),
    costs: &Costs,
    (now, zone): (Timestamp, &TimeZone),
) -> CostRow {
    let by = |id| costs.names.name(id).unwrap_or("Nobody");
    let stands = standing(cost, (by(cost.decided_by), by(cost.reopened_by)), (now, zone));
    CostRow {
        at: time::moment(cost.at, now, zone),
        name: person::name(&case.given_name, &case.family_name),
        href: format!("/cases/{}", case.id),
        kind: kind(cost),
        amount: count::dollars(cost.amount_cents),
        words: cost.words.clone(),
        action: format!("{base}/costs/{}", cost.id),
        is_open: cost.decision.is_none(),
        reason: match cost.decision {
            Some(_) => cost.reason.clone(),
            None => String::new(),
        },
        stands,
    }
}

/// What it was, in words.
pub fn kind(cost: &Cost) -> &'static str {
    let kind: Result<CostKind, _> = cost.kind.parse();
    kind.map_or(CostKind::Other.words(), CostKind::words)
}

/// How it stands: `Settled by Eve Stone, 7:40 p.m.`, `Open`, `Open again, by Eve Stone, 7:41 p.m.`
pub fn standing(
    cost: &Cost,
    (decided_by, reopened_by): (&str, &str),
    (now, zone): (Timestamp, &TimeZone),
) -> String {
    let at = |at: Option<Timestamp>| at.map(|at| time::moment(at, now, zone)).unwrap_or_default();
    let decision: Option<CostDecision> = cost.decision.as_deref().and_then(|word| word.parse().ok());
    match (decision, cost.reopened_at) {
        (Some(decision), _) => format!("{} by {decided_by}, {}", decision.words(), at(cost.decided_at)),
        (None, Some(_)) => format!("Open again, by {reopened_by}, {}", at(cost.reopened_at)),
        (None, None) => "Open".to_owned(),
    }
}

/// Settles or refuses a cost, or takes that back.
async fn decide(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, CostId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, id) = path.into_inner();
    let told = match fields.get("decision") {
        "open" => None,
        word => Some(
            word.parse()
                .map_err(|_| missing("decision", "Choose what becomes of it."))?,
        ),
    };
    let reason = fields.get("reason").to_owned();
    let (user, name) = (staff.user.clone(), slug.clone());
    let base = ask(&office, move |office| {
        let done = match told {
            Some(decision) => office.decide_cost(&user, id, decision, &reason),
            None => office.reopen_cost(&user, id),
        };
        match done {
            Ok(()) => Ok(Ok(address(&office.outage_named(&name)?))),
            Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
            Err(error) => Err(error),
        }
    })
    .await?;
    match base {
        Ok(base) => Ok(see_other(&format!("{base}/costs"))),
        Err(problem) => show(&staff, &office, slug, &Asked::default(), Some(problem)).await,
    }
}
