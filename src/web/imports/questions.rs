//! Step 2: what the file does not say.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::{Asking, AskingPart, QuestionsPage};
use super::cards::{Telling, answered, number, whole};
use super::lane::span;
use super::{first_step, href, import_of};
use crate::domain::ids::ImportId;
use crate::domain::window::Window;
use crate::outreach::import::{Hints, Import, ImportKind, ImportState, Then, Weighed};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page_or_fragment, see_other};
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};
use crate::web::show::{address, outage_window, zone};

type Path = web::Path<(String, ImportId)>;

/// Fields of answers: `answer_0` and so on.
const FIELDS: usize = 300;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// Anything here: what was answered is asked again.
    anew: Option<String>,
}

/// What a person has said on the page.
#[derive(Clone, Default)]
struct Said {
    /// In the words of the command line; nothing was said yet.
    answers: Option<Vec<String>>,
    anew: bool,
    /// They want to go on.
    sent: bool,
}

impl Said {
    fn read(fields: &Fields, sent: bool) -> Self {
        let flag = |index: usize| match fields.get(&format!("answer_{index}")) {
            "" => None,
            "other" => Some(format!("--times-in {}", fields.get("zone"))),
            flag => Some(flag.to_owned()),
        };
        Self {
            answers: Some((0..FIELDS).filter_map(flag).collect()),
            anew: fields.has("anew"),
            sent,
        }
    }
}

/// The questions, with what is proposed.
pub(super) async fn show(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let said = Said {
        anew: asked.anew.is_some(),
        ..Said::default()
    };
    render(&request, &staff, &office, path.into_inner(), said).await
}

/// Counts again with the answers as they stand. Nothing is kept.
pub(super) async fn weigh(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let said = Said::read(&fields, false);
    render(&request, &staff, &office, path.into_inner(), said).await
}

/// Keeps the answers, and reads the file if nothing is left to ask.
pub(super) async fn keep(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    render(
        &request,
        &staff,
        &office,
        path.into_inner(),
        Said::read(&fields, true),
    )
    .await
}

async fn render(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    path: (String, ImportId),
    said: Said,
) -> Result<HttpResponse, Error> {
    let asked = said.clone();
    let (outage, import, weighed) = ask(office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        let waits = import.state() == ImportState::Received;
        let weighed = waits.then(|| office.weigh_import(import.id, asked.answers.as_deref(), asked.anew));
        Ok((outage, import, weighed.transpose()?))
    })
    .await?;
    let here = href(&outage, import.id);
    let Some(weighed) = weighed else {
        return Ok(see_other(&here));
    };
    let telling = Telling {
        weighed: &weighed,
        zone: &zone(&outage),
        window: Window {
            start: outage.starts_at,
            end: outage.ends_at,
        },
        sent: said.sent,
    };
    let asking = asking(&telling, (&outage, &import), said.anew);
    match (said.sent, &asking.missing) {
        (true, None) => return go_on(office, (here, import.id), said.answers.unwrap_or_default()).await,
        (false, _) if asking.cards.is_empty() => {
            return Ok(see_other(&format!("{here}/{}", first_step(&weighed.layout))));
        }
        _ => {}
    }
    let status = match asking.missing {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let part = AskingPart {
        href: here.clone(),
        base: address(&outage),
        csrf: staff.form_token.clone(),
        asking: asking.clone(),
    };
    let page = QuestionsPage {
        chrome: frame(office, staff, &outage, Place::Imports).await?,
        base: address(&outage),
        href: here,
        successes: import.kind() == ImportKind::Successes,
        asking,
    };
    Ok(page_or_fragment(request, status, &page, &part))
}

/// Keeps the answers; then come further questions, or the check.
async fn go_on(
    office: &Office,
    (here, id): (String, ImportId),
    answers: Vec<String>,
) -> Result<HttpResponse, Error> {
    let next = ask(office, move |office| {
        let layout = office.answer_import(id, &answers)?;
        if !layout.questions.is_empty() || layout.problem().is_some() {
            return Ok(format!("{here}/{}", first_step(&layout)));
        }
        office.start_import(id, Hints::default(), Then::Check)?;
        super::columns::await_begin(office, id)?;
        outreach::Result::Ok(here)
    });
    Ok(see_other(&next.await?))
}

fn asking(telling: &Telling<'_>, (outage, import): (&Outage, &Import), anew: bool) -> Asking {
    let weighed = telling.weighed;
    let cards = telling.cards();
    let (file, questions) = (
        &import.file_name,
        counted(number(cards.len()), "question", "questions"),
    );
    let later = i64::try_from(weighed.later).unwrap_or(i64::MAX);
    let mut asking = Asking {
        heading: match anew {
            true => format!("What was understood of {file}"),
            false => format!("{questions} about {file}"),
        },
        summary: summary(weighed),
        window: format!("{}, {}", outage_window(outage, telling.zone), outage.time_zone),
        anew,
        outside: outside(telling),
        answered: weighed
            .answered
            .iter()
            .map(|one| answered(weighed, one))
            .collect(),
        cards,
        sum: sum(weighed),
        counted: in_how_many(weighed),
        later: (later > 0).then(|| counted(later, "more question follows", "more questions follow")),
        ..Asking::default()
    };
    asking.missing = telling.missing(&asking).filter(|_| telling.sent);
    asking
}

/// The file's size, and how much of it is read without asking.
pub(super) fn summary(weighed: &Weighed) -> String {
    let columns = &weighed.layout.columns;
    let used = columns.iter().filter(|column| column.field.is_some()).count();
    let rows = counted(whole(weighed.rows), "row", "rows");
    format!(
        "{}{rows}, {}: {used} are used.",
        if weighed.whole { "" } else { "More than " },
        counted(number(columns.len()), "column", "columns"),
    )
}

/// In how many rows was counted.
pub(super) fn in_how_many(weighed: &Weighed) -> String {
    let rows = count(whole(weighed.rows));
    match weighed.whole {
        true => format!("Counted in all {rows} rows of the file."),
        false => format!("Counted in the first {rows} rows; the check counts all."),
    }
}

/// No answer puts a row in the outage.
fn outside(telling: &Telling<'_>) -> Option<String> {
    let weighed = telling.weighed;
    let answers = weighed
        .questions
        .iter()
        .flat_map(|weight| weight.outcomes.iter().flatten());
    let inside: u64 = answers
        .chain([&weighed.outcome])
        .map(|outcome| outcome.inside + outcome.paid_inside)
        .sum();
    let is_empty = weighed.outcome.failed_at.is_empty();
    (inside == 0 && !is_empty && weighed.whole).then(|| span(&weighed.outcome, telling.zone))
}

/// What the answers do together.
pub(super) fn sum(weighed: &Weighed) -> String {
    let outcome = &weighed.outcome;
    if outcome.failed_at.is_empty() && outcome.people == 0 {
        let paid = number(outcome.paid_at.len());
        return format!("{} that can close cases.", counted(paid, "payment", "payments"));
    }
    let since = match outcome.paid_since {
        0 => "none of them has paid since".to_owned(),
        paid => format!(
            "{} of them {} paid since",
            count(whole(paid)),
            if paid == 1 { "has" } else { "have" }
        ),
    };
    format!(
        "{} failed, {since}, {} to make.",
        counted(whole(outcome.people), "person", "people"),
        counted(whole(outcome.calls), "call", "calls"),
    )
}
