//! Which messages the log shows, as its address says it. What is sought by name or address is personal and never stands
//! in an address.

use crate::domain::ids::{CampaignId, CaseId};
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::outreach::message_log::Filter;
use crate::web::fields::Fields;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What is asked for. What cannot be read asks for nothing.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Asked {
    /// A state.
    #[serde(default)]
    pub state: String,
    /// A text's key.
    #[serde(default)]
    pub template: String,
    /// A mailing's number.
    #[serde(default)]
    pub campaign: String,
    /// The first day, in the outage's zone, as `2027-04-14`.
    #[serde(default)]
    pub from: String,
    /// The last day.
    #[serde(default)]
    pub to: String,
    /// A case's number.
    #[serde(default)]
    pub case: String,
    /// The page, from 1.
    #[serde(default)]
    pub page: String,
}

impl Asked {
    /// From a form that changes what it shows.
    pub fn of(fields: &Fields) -> Self {
        let field = |name: &str| fields.get(name).to_owned();
        Self {
            state: field("state"),
            template: field("template"),
            campaign: field("campaign"),
            from: field("from"),
            to: field("to"),
            case: field("case"),
            page: String::new(),
        }
    }

    /// The page, from 1.
    pub fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 1_000_000)
    }

    /// The state asked for.
    pub fn state(&self) -> Option<MessageState> {
        self.state.parse().ok()
    }

    /// A mailing's number.
    pub fn campaign(&self) -> Option<CampaignId> {
        self.campaign.parse().ok()
    }

    /// The same as a filter, with days of this zone.
    pub fn filter(&self, zone: &TimeZone) -> Filter {
        let begin = |text: &str, days: i64| {
            let day: Date = text.parse().ok()?;
            let day = day.checked_add(jiff::Span::new().days(days)).ok()?;
            let at = day.to_zoned(zone.clone()).ok()?.timestamp();
            Some(Timestamp::from_micros(at.as_microsecond()))
        };
        Filter {
            state: self.state(),
            template: Some(self.template.clone()).filter(|key| !key.is_empty()),
            campaign: self.campaign(),
            since: begin(&self.from, 0),
            until: begin(&self.to, 1),
            case: self.case.parse::<CaseId>().ok(),
            part: None,
        }
    }

    /// What stands in an address, but for the page and, if `state` is given, with that state instead of the own one.
    pub fn query(&self, state: Option<&str>) -> String {
        let plain = |text: &str| -> String {
            let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            text.chars().filter(safe).take(60).collect()
        };
        let parts = [
            ("state", state.unwrap_or(&self.state)),
            ("template", &self.template),
            ("campaign", &self.campaign),
            ("from", &self.from),
            ("to", &self.to),
            ("case", &self.case),
        ];
        let said = parts.iter().filter(|(_, value)| !plain(value).is_empty());
        let said: Vec<String> = said
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect();
        said.join("&")
    }

    /// Anything but a state is asked for.
    pub fn narrows(&self) -> bool {
        !self.query(Some("")).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            state: "failed".to_owned(),
            from: "2027-04-14".to_owned(),
            to: "2027-04-14".to_owned(),
            template: "apology\"><b>".to_owned(),
            ..Asked::default()
        }
    }

    #[test]
    fn a_day_is_a_day_of_the_outage() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let filter = asked().filter(&zone);
        assert_eq!(filter.since.unwrap().rfc3339(), "2027-04-14T04:00:00.000Z");
        assert_eq!(filter.until.unwrap().rfc3339(), "2027-04-15T04:00:00.000Z");
        assert_eq!(filter.state, Some(MessageState::Failed));
    }

    #[test]
    fn an_address_holds_no_more_than_plain_words() {
        assert_eq!(
            asked().query(None),
            "state=failed&template=apologyb&from=2027-04-14&to=2027-04-14"
        );
        assert_eq!(
            asked().query(Some("")),
            "template=apologyb&from=2027-04-14&to=2027-04-14"
        );
        assert_eq!(Asked::default().query(Some("sent")), "state=sent");
        assert!(!Asked::default().narrows() && asked().narrows());
    }
}
