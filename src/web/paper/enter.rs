//! Entering what was written on paper: many lines at once, each saved by itself.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use std::collections::HashMap;

use super::page::{EnterPage, EnterRow, WhomOption};
use super::{names, outcomes, read};
use crate::domain::ids::{CallListId, HouseholdId};
use crate::domain::outcome::Ask;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::outreach::outages::Outage;
use crate::outreach::paper::{OnPaper, PaperList};
use crate::outreach::record::{CallbackFor, Happened};
use crate::outreach::{self, Office};
use crate::store::cases::Case;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page as answer;
use crate::web::session::Staff;
use crate::web::show::{address, person, time, zone};

/// Languages that can be chosen for who speaks another.
const LANGUAGES: [&str; 8] = ["es", "vi", "zh", "ko", "ru", "ar", "fr", "tl"];

type Target = web::Path<(String, CallListId)>;

/// What was typed on a line, and what is wrong with it.
#[derive(Clone, Debug, Default)]
struct Line {
    outcome: String,
    at: String,
    callback: String,
    language: String,
    note: String,
    whom: String,
    problem: String,
}

impl Line {
    fn read(fields: &Fields, id: HouseholdId) -> Self {
        let text = |name: &str| fields.get(&format!("{name}_{id}")).to_owned();
        Self {
            outcome: text("outcome"),
            at: text("at"),
            callback: text("callback"),
            language: text("language"),
            note: text("note"),
            whom: text("whom"),
            problem: String::new(),
        }
    }

    /// What is meant, or what cannot be meant.
    fn meant(&self, paper: &PaperList, household: HouseholdId, now: Timestamp) -> Result<OnPaper, String> {
        let outage = &paper.book.outage;
        let asks = paper
            .book
            .outcomes
            .get(&self.outcome)
            .map(|outcome| outcome.rule.asks());
        let at = local(outage, &self.at).ok_or("Enter when they were called.")?;
        let promised = matches!(asks, Some(Ask::When))
            || (matches!(asks, Some(Ask::BestTime)) && !self.callback.is_empty());
        let callback_at = match promised {
            true => Some(local(outage, &self.callback).ok_or("Enter the time that was promised.")?),
            false => None,
        };
        Ok(OnPaper {
            household,
            at: at.min(now), // minutes on paper, seconds on the clock
            happened: Happened {
                outcome: self.outcome.clone(),
                note: self.note.clone(),
                callback_at,
                callback_for: CallbackFor::Anyone,
                language: (asks == Some(Ask::Language)).then(|| self.language.clone()),
                cases: self.whom.parse().ok().map(|case| vec![case]),
                ..Happened::default()
            },
        })
    }
}

/// `2027-04-14T19:44` on the agency's clock.
fn local(outage: &Outage, typed: &str) -> Option<Timestamp> {
    let typed: jiff::civil::DateTime = typed.parse().ok()?;
    Some(outage.zone().at(typed).instant())
}

/// The lines that have no result yet.
pub async fn show(staff: Staff, office: web::Data<Office>, target: Target) -> Result<HttpResponse, Error> {
    shown(&staff, &office, target.into_inner().1, HashMap::new(), 0).await
}

/// Saves every line with an outcome; those with something wrong stay as they were typed.
pub async fn save(
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (id, user) = (target.into_inner().1, staff.user.clone());
    let saved = ask(&office, move |office| {
        let (paper, now) = (office.paper_list(id)?, office.now());
        let (mut lines, mut saved) = (HashMap::new(), 0);
        for (household, _) in &paper.calls {
            let mut line = Line::read(&fields, household.id);
            if line.outcome.is_empty() {
                lines.insert(household.id, line);
                continue;
            }
            let entered = match line.meant(&paper, household.id, now) {
                Ok(meant) => office.enter_paper(&user, id, &meant),
                Err(problem) => Err(outreach::Error::invalid("line", problem)),
            };
            match entered {
                Ok(_) => saved += 1,
                Err(outreach::Error::ForWhom) => {
                    line.problem = "Several people share this number. Choose for whom it is.".to_owned();
                    lines.insert(household.id, line);
                }
                Err(outreach::Error::Invalid { message, .. }) => {
                    line.problem = message;
                    lines.insert(household.id, line);
                }
                Err(error) => return Err(error),
            }
        }
        Ok((lines, saved))
    });
    let (lines, saved) = saved.await?;
    shown(&staff, &office, id, lines, saved).await
}

async fn shown(
    staff: &Staff,
    office: &Office,
    id: CallListId,
    mut lines: HashMap<HouseholdId, Line>,
    saved: usize,
) -> Result<HttpResponse, Error> {
    let (paper, caller) = read(office, id).await?;
    let outage = &paper.book.outage;
    let wrong = lines.values().any(|line| !line.problem.is_empty());
    let printed = time::input(paper.list.created_at, &zone(outage));
    let row = |(household, people): &(crate::store::households::Household, Vec<Case>)| {
        let line = lines.remove(&household.id).unwrap_or_default();
        EnterRow {
            household: household.id,
            people: names(people),
            phone: person::phone(&household.phone),
            outcome: line.outcome,
            at: if line.at.is_empty() {
                printed.clone()
            } else {
                line.at
            },
            callback: line.callback,
            language: line.language,
            note: line.note,
            whom: choices(people, &line.whom),
            problem: line.problem,
        }
    };
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = EnterPage {
        calls: paper.calls.iter().map(row).collect(),
        chrome: frame(office, staff, outage, Place::Lists).await?,
        base: address(outage),
        list: id,
        caller,
        outcomes: outcomes(&paper),
        languages: person::spoken(&LANGUAGES)
            .into_iter()
            .map(|code| (code, person::language(code)))
            .collect(),
        saved,
    };
    Ok(answer(status, &page))
}

/// The open people at a number to choose one from, where there are several.
fn choices(people: &[Case], chosen: &str) -> Vec<WhomOption> {
    let open: Vec<&Case> = people
        .iter()
        .filter(|case| case.stage != Stage::Closed.as_str())
        .collect();
    if open.len() < 2 {
        return Vec::new();
    }
    let option = |case: &Case| WhomOption {
        case: case.id,
        name: case.full_name(),
        chosen: chosen == case.id.to_string(),
    };
    open.into_iter().map(option).collect()
}
