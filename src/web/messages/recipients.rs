//! From who would get a mailing to what the page that sends it prints.

use super::page::{Choice, Count, SendPage};
use super::send::Mailing;
use super::words::template;
use crate::config::Config;
use crate::domain::stage::Stage;
use crate::outreach::campaign::{Audience, CampaignReport};
use crate::outreach::outages::Outage;
use crate::web::ask::Wrong;
use crate::web::layout::Chrome;
use crate::web::show::count::{count as number, counted};
use crate::web::show::{address, person};

/// An audience as people say it.
pub fn words(audience: &Audience) -> String {
    match audience {
        Audience::Everyone => "Everyone who is still open".to_owned(),
        Audience::Stage(stage) => format!("Those who are “{}”", stage.words()),
        Audience::Language(code) => format!("Those who speak {}", person::language(code)),
    }
}

/// The page around a count.
pub fn send_page(
    chrome: Chrome,
    (outage, config): (&Outage, &Config),
    mailing: &Mailing,
    (keys, languages): (&[String], &[Option<String>]),
    (count, problem): (Count, Option<Wrong>),
) -> SendPage {
    let text = |key: &String| Choice {
        key: key.clone(),
        label: template(key),
        chosen: *key == mailing.template,
    };
    let stages = Stage::ALL
        .iter()
        .filter(|stage| stage.is_open())
        .map(|stage| Audience::Stage(*stage));
    let spoken = languages
        .iter()
        .flatten()
        .map(|code| Audience::Language(code.clone()));
    let filters = [Audience::Everyone].into_iter().chain(stages).chain(spoken);
    let filter = |audience: Audience| Choice {
        key: audience.to_string(),
        label: words(&audience),
        chosen: audience == mailing.audience,
    };
    SendPage {
        chrome,
        base: address(outage),
        files_only: config.smtp_url.is_none(),
        templates: keys.iter().map(text).collect(),
        filters: filters.map(filter).collect(),
        hold: mailing.hold.clone(),
        most: mailing.most.clone(),
        count,
        problem,
    }
}

/// Who would get it.
pub fn count(report: &CampaignReport) -> Count {
    let out = &report.left_out;
    let left_out = [
        ("Closed already", out.resolved),
        ("Not among those chosen", out.other_audience),
        ("No e-mail address", out.no_email),
        ("Must not be written to", out.suppressed),
        ("A supervisor decides first", out.needs_supervisor),
        ("Got this text before", out.already_written),
        ("In the next wave", out.later),
    ];
    Count {
        to_send: report.queued,
        shown: number(report.queued),
        act: format!("Send {}", counted(report.queued, "e-mail", "e-mails")),
        to_know: to_know(report),
        left_out: left_out
            .into_iter()
            .filter(|(_, citizens)| *citizens > 0)
            .map(|(reason, citizens)| (reason, number(citizens)))
            .collect(),
        problem: None,
    }
}

/// What is worth knowing before it is sent.
fn to_know(report: &CampaignReport) -> Vec<String> {
    let people = |number| counted(number, "citizen has", "citizens have");
    let named = format!(
        "{} no first name: their letter begins without",
        people(report.unnamed)
    );
    let spoken = format!(
        "{} another language: they get English",
        people(report.other_language)
    );
    let told = [(report.unnamed, named), (report.other_language, spoken)];
    told.into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(_, words)| words)
        .collect()
}
