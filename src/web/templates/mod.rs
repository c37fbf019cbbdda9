//! Templates: the texts of e-mails, their editor, and what they say to real people.

mod page;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template as _;

use crate::domain::charged::Charged;
use crate::domain::role::Role;
use crate::mail::facts::PLACEHOLDERS;
use crate::mail::template::Problem;
use crate::mail::words::Language;
use crate::outreach::outages::Outage;
use crate::outreach::templates::{Draft, Edited, Reader, Saved};
use crate::outreach::{self, Office};
use crate::store::cases::Case;
use crate::store::templates::Template;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::messages::words::template as named;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::time::moment;
use crate::web::show::{address, person, zone};
use page::{EditorPage, LanguageTab, ListPage, PersonChoice, PreviewPage, TextRow, VersionRow};

/// The editor shows an e-mail in a frame of its own.
const EDITOR_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; \
    object-src 'none'; frame-ancestors 'none'";
/// E-mails carry their style in themselves. They may do nothing else, and be framed by us alone.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The templates' addresses.
pub fn routes(routes: &mut Routes) {
    const ONE: &str = "/outages/{slug}/templates/{key}/{language}";
    routes.get(Role::Supervisor, "/outages/{slug}/templates", list);
    routes.get(Role::Supervisor, ONE, edit);
    routes.post(Role::Admin, ONE, save);
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/templates/{key}/{language}/preview",
        preview,
    );
    routes.post(
        Role::Admin,
        "/outages/{slug}/templates/{key}/{language}/test",
        test,
    );
    routes.post(
        Role::Admin,
        "/outages/{slug}/templates/{key}/{language}/restore",
        restore,
    );
}

/// Where a text stands: its outage, its key, its language.
type TextPlace = web::Path<(String, String, String)>;

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let (outage, texts) = ask(&office, move |office| {
        Ok((office.outage_named(&slug)?, office.texts()?))
    })
    .await?;
    let (base, now) = (address(&outage), office.now());
    let row = |text: &Template| TextRow {
        href: format!("{base}/templates/{}/{}", text.key, text.language),
        name: named(&text.key),
        language: person::language(&text.language),
        subject: text.subject.clone(),
        version: text.version,
        saved: moment(text.created_at, now, &zone(&outage)),
    };
    let page = ListPage {
        chrome: frame(&office, &staff, &outage, Place::Messages).await?,
        texts: texts.iter().map(row).collect(),
        base,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// What the editor says besides the text.
#[derive(Default)]
struct Told {
    news: String,
    problems: Vec<String>,
}

async fn edit(staff: Staff, office: web::Data<Office>, place: TextPlace) -> Result<HttpResponse, Error> {
    let (slug, key, language) = place.into_inner();
    show(&staff, &office, (slug, key, language), None, Told::default()).await
}

fn draft(key: &str, language: &str, fields: &Fields) -> Draft {
    Draft {
        key: key.to_owned(),
        language: Language::of(language),
        subject: fields.get("subject").to_owned(),
        body: fields.get("body").replace("\r\n", "\n"),
        html: fields.get("html").replace("\r\n", "\n"),
    }
}

async fn save(
    staff: Staff,
    office: web::Data<Office>,
    place: TextPlace,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, key, language) = place.into_inner();
    let (by, draft) = (staff.user.clone(), draft(&key, &language, &fields));
    let (base, sent) = (fields.get("version").parse().unwrap_or_default(), draft.clone());
    let saved = ask(&office, move |office| office.save_text(&by, &draft, base)).await?;
    settle(&staff, &office, (slug, key, language), (saved, Some(sent))).await
}

async fn restore(
    staff: Staff,
    office: web::Data<Office>,
    place: TextPlace,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, key, language) = place.into_inner();
    let version = fields.get("version").parse().unwrap_or_default();
    let (by, name, spoken) = (staff.user.clone(), key.clone(), Language::of(&language));
    let saved = ask(&office, move |office| {
        office.restore_text(&by, &name, spoken, version)
    })
    .await?;
    settle(&staff, &office, (slug, key, language), (saved, None)).await
}

/// Goes on to the text that was saved, or says what stands in the way.
async fn settle(
    staff: &Staff,
    office: &Office,
    (slug, key, language): (String, String, String),
    (saved, sent): (Saved, Option<Draft>),
) -> Result<HttpResponse, Error> {
    let problems = match saved {
        Saved::Version(_) => {
            let slug = ask(office, move |office| Ok(address(&office.outage_named(&slug)?))).await?;
            return Ok(see_other(&format!("{slug}/templates/{key}/{language}")));
        }
        Saved::Wrong(problems) => problems.iter().map(Problem::to_string).collect(),
        Saved::Stale(version) => vec![format!(
            "Somebody saved version {version} meanwhile. Copy what you wrote, reload the page, and put it in again."
        )],
    };
    let told = Told {
        problems,
        ..Told::default()
    };
    show(staff, office, (slug, key, language), sent, told).await
}

async fn test(
    staff: Staff,
    office: web::Data<Office>,
    place: TextPlace,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, key, language) = place.into_inner();
    let (to, sent) = (staff.user.clone(), draft(&key, &language, &fields));
    let tried = sent.clone();
    let done = ask(&office, move |office| match office.send_test(&to, &tried) {
        Err(outreach::Error::Invalid { message, .. } | outreach::Error::Conflict(message)) => {
            Ok(Err(message))
        }
        done => done.map(Ok),
    });
    let told = match done.await? {
        Ok(_) => Told {
            news: format!(
                "The test is on its way to {}. It was not saved.",
                staff.user.email
            ),
            ..Told::default()
        },
        Err(problem) => Told {
            problems: vec![problem],
            ..Told::default()
        },
    };
    show(&staff, &office, (slug, key, language), Some(sent), told).await
}

async fn show(
    staff: &Staff,
    office: &Office,
    (slug, key, code): (String, String, String),
    sent: Option<Draft>,
    told: Told,
) -> Result<HttpResponse, Error> {
    let language = Language::of(&code);
    let (outage, edited) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let edited = office.text(outage.id, &key, language)?;
        Ok((outage, edited))
    })
    .await?;
    let status = if told.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let chrome = frame(office, staff, &outage, Place::Messages).await?;
    let may_save = staff.must_be(Role::Admin).is_ok();
    let page = editor((chrome, may_save), (&outage, office), &edited, sent, told);
    let mut answer = answer(status, &page);
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(EDITOR_POLICY),
    );
    Ok(answer)
}

fn editor(
    (chrome, may_save): (Chrome, bool),
    (outage, office): (&Outage, &Office),
    edited: &Edited,
    sent: Option<Draft>,
    told: Told,
) -> EditorPage {
    let (latest, now) = (&edited.latest, office.now());
    let base = format!("{}/templates/{}", address(outage), latest.key);
    let saved = |text: &Template| {
        let who = text.created_by.and_then(|id| edited.staff.get(&id));
        let who = who.map_or("with the program", String::as_str);
        format!("{}, {who}", moment(text.created_at, now, &zone(outage)))
    };
    let tab = |language: Language| LanguageTab {
        label: person::language(language.code()),
        href: format!("{base}/{}", language.code()),
        current: language.code() == latest.language,
    };
    let version = |text: &Template| VersionRow {
        version: text.version,
        saved: saved(text),
        subject: text.subject.clone(),
        current: text.version == latest.version,
    };
    let (subject, body, html) = match sent {
        Some(draft) => (draft.subject, draft.body, draft.html),
        None => {
            let html = latest.html.clone().unwrap_or_default();
            (latest.subject.clone(), latest.body.clone(), html)
        }
    };
    EditorPage {
        name: named(&latest.key),
        action: format!("{base}/{}", latest.language),
        list: format!("{}/templates", address(outage)),
        version: latest.version,
        saved: saved(latest),
        tabs: Language::all().map(tab).collect(),
        from: office.config.mail_from.clone(),
        answers_to: office
            .config
            .mail_reply_to
            .clone()
            .unwrap_or_else(|| "the sender".to_owned()),
        subject,
        body,
        html,
        names: PLACEHOLDERS
            .iter()
            .map(|known| (known.name, known.label))
            .collect(),
        people: people(&edited.cases),
        versions: edited.versions.iter().map(version).collect(),
        news: told.news,
        problems: told.problems,
        chrome,
        may_save,
    }
}

/// Whom a text can be looked at with: real people, and the invented one in the states of money that few are in.
fn people(cases: &[Case]) -> Vec<PersonChoice> {
    let real = cases.iter().map(|case| PersonChoice {
        value: case.id.to_string(),
        name: person::name(&case.given_name, &case.family_name),
    });
    let invented = [
        (Charged::Unknown, "An invented person, nobody knows if charged"),
        (Charged::Charged, "An invented person, charged"),
        (Charged::ChargedTwice, "An invented person, charged twice"),
    ];
    let invented = invented.map(|(state, name)| PersonChoice {
        value: state.as_str().to_owned(),
        name: name.to_owned(),
    });
    real.chain(invented).collect()
}

/// Whom that field means.
fn reader(field: &str) -> Reader {
    match field.parse() {
        Ok(case) => Reader::Case(case),
        Err(_) => Reader::Invented(field.parse().unwrap_or(Charged::NotCharged)),
    }
}

async fn preview(office: web::Data<Office>, place: TextPlace, fields: Fields) -> Result<HttpResponse, Error> {
    let (slug, key, language) = place.into_inner();
    let draft = draft(&key, &language, &fields);
    let (reader, plain) = (reader(fields.get("case")), fields.get("as") == "text");
    let shown = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.preview(outage.id, &draft, reader)
    })
    .await?;
    let html = match shown {
        Ok(content) if !plain => content.html,
        Ok(content) => rendered(&PreviewPage {
            subject: content.subject,
            text: content.text,
            problems: Vec::new(),
        })?,
        Err(problems) => rendered(&PreviewPage {
            subject: String::new(),
            text: String::new(),
            problems: problems.iter().map(Problem::to_string).collect(),
        })?,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, PREVIEW_POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .content_type(header::ContentType::html())
        .body(html))
}

fn rendered(page: &PreviewPage) -> Result<String, Error> {
    page.render().map_err(|_| Error::Internal)
}
