//! `/api/v1/cases`: finding people, and one of them with their history.

use super::Answer;
use super::claims::FailedPayment;
use super::problem::Problem;
use super::verb::done;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::case_file::{Attempt, Callback, CaseFile, Message};
use crate::outreach::cases::Case;
use crate::outreach::editors::Editors;
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

/// Cases of one page, unless fewer are asked for; and the most.
const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Caller, "/api/v1/cases", search);
    routes.get(Role::Caller, "/api/v1/cases/{id}", read);
}

/// Who is sought.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Sought {
    /// Pieces of a name, phone number, account, e-mail address or case number; `#` and a number is that case.
    q: Option<String>,
    /// At least four digits of a phone number.
    phone: Option<String>,
    /// The slug of one outage; none: all.
    outage: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Cases of a page: 1 to 200, 50 if not said.
    limit: Option<i64>,
}

impl Sought {
    fn text(&self) -> Result<String, Problem> {
        match (&self.q, &self.phone) {
            (Some(q), None) => Ok(q.clone()),
            (None, Some(phone)) => {
                let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
                match digits.len() {
                    0..4 => Err(Problem::invalid("phone", "Write at least four digits.")),
                    _ => Ok(digits),
                }
            }
            _ => Err(Problem::invalid("q", "Send q or phone, one of them.")),
        }
    }

    fn after(&self) -> Result<i64, Problem> {
        let cursor = self.cursor.as_deref().unwrap_or("0");
        let wrong = || Problem::invalid("cursor", "Send next of the page before as it came.");
        cursor.parse().map_err(|_| wrong())
    }

    fn limit(&self) -> Result<i64, Problem> {
        let limit = self.limit.unwrap_or(PAGE);
        if (1..=LARGEST_PAGE).contains(&limit) {
            Ok(limit)
        } else {
            Err(Problem::invalid(
                "limit",
                format!("Ask for 1 to {LARGEST_PAGE} cases."),
            ))
        }
    }
}

/// A citizen in one outage.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CaseJson {
    id: i64,
    /// The outage's slug.
    outage: String,
    name: String,
    account_id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    phone_2: Option<String>,
    language: Option<String>,
    /// What the case waits for; `closed` if for nothing more.
    stage: String,
    /// Since or from when on that is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// Why it is closed.
    resolution: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
}

impl From<(Case, String)> for CaseJson {
    fn from((case, outage): (Case, String)) -> Self {
        Self {
            id: case.id,
            outage,
            name: case.full_name(),
            account_id: case.account_id,
            email: case.email,
            phone: case.phone,
            phone_2: case.phone_2,
            language: case.language,
            stage: case.stage,
            due_at: case.due_at,
            resolution: case.resolution,
            resolved_at: case.resolved_at,
        }
    }
}

/// One page of what was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Found {
    cases: Vec<CaseJson>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// Find people
///
/// In the order of their numbers, page by page.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(Sought),
    responses((status = 200, description = "Those found", body = Found),
              (status = 404, description = "There is no such outage", body = Problem),
              (status = 422, description = "Too little to go by", body = Problem)))]
pub(super) async fn search(office: web::Data<Office>, sought: web::Query<Sought>) -> Answer {
    let (text, after, limit) = (sought.text()?, sought.after()?, sought.limit()?);
    let outage = sought.into_inner().outage;
    let found = done(&office, move |office| {
        office.search(&text, outage.as_deref(), after, limit + 1)
    });
    let mut found = found.await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let last = found.last().map(|(case, _)| case.id.to_string());
    Ok(HttpResponse::Ok().json(Found {
        cases: found.into_iter().map(CaseJson::from).collect(),
        next: last.filter(|_| more),
    }))
}

/// A citizen with everything that is known.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CaseFileJson {
    #[serde(flatten)]
    case: CaseJson,
    /// The call list their household is on; none: the pool.
    list: Option<String>,
    /// The failed payments, oldest first.
    transactions: Vec<FailedPayment>,
    /// Calls, oldest first, those taken back or changed too.
    attempts: Vec<PastAttempt>,
    /// Promises to call the household, oldest first.
    callbacks: Vec<CallbackJson>,
    /// E-mails, oldest first.
    messages: Vec<MessageJson>,
}

/// A call that was made or came in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PastAttempt {
    id: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who called.
    by: String,
    phone: String,
    outcome: String,
    note: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    callback_at: Option<Timestamp>,
    inbound: bool,
    late: bool,
    /// When it was taken back or changed; it counts no more.
    #[schema(value_type = Option<String>, format = DateTime)]
    superseded_at: Option<Timestamp>,
    /// Whose word it is, if it took the place of what the caller recorded.
    changed_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    changed_at: Option<Timestamp>,
    /// Who took it back or changed it.
    taken_back_by: Option<String>,
}

impl PastAttempt {
    fn of((attempt, by): (Attempt, String), editors: &Editors) -> Self {
        let name = |id| editors.name(id).map(str::to_owned);
        Self {
            changed_by: name(attempt.changed_by),
            changed_at: attempt.changed_at,
            taken_back_by: name(attempt.taken_back_by),
            id: attempt.id,
            at: attempt.at,
            by,
            phone: attempt.phone,
            outcome: attempt.outcome,
            note: attempt.note,
            callback_at: attempt.callback_at,
            inbound: attempt.inbound,
            late: attempt.late,
            superseded_at: attempt.superseded_at,
        }
    }
}

/// A promise to call.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CallbackJson {
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// The account of who promised; none: anyone keeps it.
    owner: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    kept_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

impl From<Callback> for CallbackJson {
    fn from(callback: Callback) -> Self {
        Self {
            due_at: callback.due_at,
            owner: callback.owner_id,
            kept_at: callback.kept_at,
            withdrawn_at: callback.withdrawn_at,
        }
    }
}

/// An e-mail.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MessageJson {
    id: i64,
    template: String,
    language: String,
    to: String,
    /// Its fate: `queued`, `sending`, `sent`, `uncertain`, `bounced`, `failed`, `withdrawn`, `suppressed`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    queued_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
}

impl From<Message> for MessageJson {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            template: message.template_key,
            language: message.language,
            to: message.to_address,
            state: message.state,
            queued_at: message.queued_at,
            sent_at: message.sent_at,
        }
    }
}

impl From<CaseFile> for CaseFileJson {
    fn from(file: CaseFile) -> Self {
        let past = |attempt| PastAttempt::of(attempt, &file.editors);
        let attempts = file.attempts.into_iter().map(past);
        Self {
            case: CaseJson::from((file.case, file.book.outage.slug)),
            list: file.list,
            transactions: file.payments.into_iter().map(FailedPayment::from).collect(),
            attempts: attempts.collect(),
            callbacks: file.promises.into_iter().map(CallbackJson::from).collect(),
            messages: file.messages.into_iter().map(MessageJson::from).collect(),
        }
    }
}

/// Read a case with its history
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    params(("id" = i64, Path, description = "The case's number")),
    responses((status = 200, description = "The case", body = CaseFileJson),
              (status = 404, description = "There is none", body = Problem)))]
pub(super) async fn read(office: web::Data<Office>, id: web::Path<i64>) -> Answer {
    let id = id.into_inner();
    let file = done(&office, move |office| office.case_file(id)).await?;
    Ok(HttpResponse::Ok().json(CaseFileJson::from(file)))
}
