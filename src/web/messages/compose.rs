//! From messages to what the log prints.

use super::ROWS;
use super::filter::Asked;
use super::page::{CampaignRow, Choice, LogPage, MessageRow, QuestionRow, StateFilter, Total};
use super::recipients::words;
use super::words::{shown, template};
use crate::config::Config;
use crate::domain::message::MessageState;
use crate::domain::reply::Reply;
use crate::domain::timestamp::Timestamp;
use crate::outreach::diagnoses::Question;
use crate::outreach::message_log::MessageLog;
use crate::outreach::outages::Outage;
use crate::store::bounce_boxes::BounceBox;
use crate::store::campaigns::Campaign;
use crate::store::mail_servers::MailServer;
use crate::store::message_log::Logged;
use crate::web::layout::Chrome;
use crate::web::show::count::{count as number, counted};
use crate::web::show::paging::Paging;
use crate::web::show::time::moment;
use crate::web::show::{address, person, zone};

/// One view of the log.
pub struct Log<'a> {
    /// Whose messages.
    pub outage: &'a Outage,
    /// What was found.
    pub found: &'a MessageLog,
    /// What is asked for.
    pub asked: &'a Asked,
    /// The name or address that is sought; empty: none.
    pub sought: &'a str,
    /// What stands in the way at the mail server.
    pub stands: Option<&'a MailServer>,
    /// What supervisors are asked about addresses.
    pub questions: &'a [Question],
    /// Where what comes back cannot be read.
    pub troubles: &'a [BounceBox],
    /// When.
    pub now: Timestamp,
}

fn question(asked: &Question) -> QuestionRow {
    let waiting = counted(asked.waiting, "e-mail waits", "e-mails wait");
    QuestionRow {
        id: asked.diagnosis.id,
        cause: asked.diagnosis.cause.clone(),
        told: match asked.dead {
            0 => format!("{waiting} for your decision."),
            dead => format!(
                "{waiting} for your decision, {} held to be gone for it already.",
                number(dead)
            ),
        },
    }
}

impl Log<'_> {
    fn in_state(&self, state: MessageState) -> i64 {
        self.found
            .counts
            .iter()
            .find(|(known, _)| *known == state)
            .map_or(0, |(_, messages)| *messages)
    }

    fn all(&self) -> i64 {
        self.found.counts.iter().map(|(_, messages)| messages).sum()
    }

    /// The page.
    pub fn page(&self, chrome: Chrome, config: &Config) -> LogPage {
        let base = address(self.outage);
        LogPage {
            chrome,
            channel: match config.smtp_url {
                Some(_) => format!(
                    "Sent over the mail server, at most {} each second.",
                    config.mail_rate
                ),
                None => "Written to files.".to_owned(),
            },
            files_only: config.smtp_url.is_none(),
            campaigns: self
                .found
                .campaigns
                .iter()
                .map(|campaign| self.campaign(campaign))
                .collect(),
            running: self.has_campaign("running"),
            paused: self.has_campaign("paused"),
            totals: self.totals(),
            states: self.states(&base),
            texts: self.texts(),
            mailings: self.mailings(),
            asked: self.asked.clone(),
            narrowed: self.asked.narrows() || !self.sought.is_empty(),
            sought: self.sought.to_owned(),
            query: self.asked.query(None),
            again: self.again(),
            stands: self
                .stands
                .map(|server| self.since(&server.trouble, server.trouble_since)),
            questions: self.questions.iter().map(question).collect(),
            troubles: self.troubles(),
            messages: self
                .found
                .messages
                .iter()
                .map(|logged| self.row(logged))
                .collect(),
            paging: self.paging(&base),
            base,
        }
    }

    fn has_campaign(&self, state: &str) -> bool {
        let mut campaigns = self.found.campaigns.iter();
        campaigns.any(|campaign| campaign.state == state)
    }

    fn campaign(&self, campaign: &Campaign) -> CampaignRow {
        let audience = campaign.audience.parse().unwrap_or_default();
        let paused = match campaign.state.as_str() {
            "paused" => ", on hold",
            "stopped" => ", stopped",
            _ => "",
        };
        let (done, all, told) = self.progress(campaign);
        CampaignRow {
            id: campaign.id,
            state: campaign.state.clone(),
            progress: (done, all),
            told,
            template: template(&campaign.template_key),
            by: format!("{}{paused}", words(&audience)),
            begun: moment(campaign.created_at, self.now, &zone(self.outage)),
        }
    }

    /// Messages that do not wait any more, all of them, and the words for both.
    fn progress(&self, campaign: &Campaign) -> (i64, i64, String) {
        let own = self.found.progress.iter().filter(|(id, ..)| *id == campaign.id);
        let of = |states: &[MessageState]| {
            let of_state = own
                .clone()
                .filter(|(_, word, _)| states.iter().any(|state| state.as_str() == word));
            of_state.map(|(.., count)| count).sum::<i64>()
        };
        let waiting = of(&[MessageState::Queued, MessageState::Sending]);
        let (sent, all) = (of(&[MessageState::Sent]), of(&MessageState::ALL));
        let held = campaign
            .calls_held_until
            .filter(|until| *until > self.now)
            .map(|until| {
                format!(
                    " Calls wait until {}",
                    moment(until, self.now, &zone(self.outage))
                )
            })
            .unwrap_or_default();
        let told = format!(
            "{} of {} sent, {} waiting.{held}",
            number(sent),
            number(all),
            number(waiting)
        );
        (all - waiting, all, told)
    }

    fn totals(&self) -> Vec<Total> {
        use MessageState::{Bounced, Failed, Queued, Sending, Sent, Uncertain};
        let total = |label, dot, states: &[MessageState]| Total {
            label,
            dot,
            value: number(states.iter().map(|state| self.in_state(*state)).sum()),
        };
        vec![
            total("Sent", "reached", &[Sent]),
            total("Waiting", "new", &[Queued, Sending]),
            total("Came back or failed", "help", &[Bounced, Failed]),
            total("Uncertain", "callback", &[Uncertain]),
            Total {
                label: "Answered by link",
                dot: "self",
                value: number(self.found.answered),
            },
        ]
    }

    /// A search has one page: its address must not carry what is sought.
    fn paging(&self, base: &str) -> Paging {
        let found = self.found.found;
        match self.sought {
            "" => Paging::new(
                self.asked.page(),
                ROWS,
                found,
                format!("{base}/messages"),
                self.asked.query(None),
            ),
            _ => Paging::new(1, found.max(1), found, format!("{base}/messages"), ""),
        }
    }

    fn texts(&self) -> Vec<Choice> {
        let choice = |key: &String| Choice {
            key: key.clone(),
            label: template(key),
            chosen: *key == self.asked.template,
        };
        self.found.texts.iter().map(choice).collect()
    }

    fn mailings(&self) -> Vec<Choice> {
        let choice = |campaign: &Campaign| Choice {
            key: campaign.id.to_string(),
            label: format!(
                "{}, {}",
                template(&campaign.template_key),
                moment(campaign.created_at, self.now, &zone(self.outage))
            ),
            chosen: Some(campaign.id) == self.asked.campaign(),
        };
        self.found.campaigns.iter().map(choice).collect()
    }

    /// What the button says that tries all of them again, where there is something to try.
    fn again(&self) -> Option<String> {
        let found = self.found.found;
        match self.asked.state() {
            _ if found == 0 || !self.sought.is_empty() => None,
            Some(MessageState::Failed) => Some(format!("Send {} again", counted(found, "e-mail", "e-mails"))),
            Some(MessageState::Queued) => Some(format!("Try {} now", counted(found, "e-mail", "e-mails"))),
            _ => None,
        }
    }

    fn troubles(&self) -> Vec<String> {
        let told = |place: &BounceBox| {
            let since = place.trouble_since.unwrap_or(place.looked_at);
            let trouble = place.trouble.as_deref().unwrap_or_default();
            self.since(&format!("{}: {trouble}", place.place), since)
        };
        self.troubles.iter().map(told).collect()
    }

    fn since(&self, told: &str, since: Timestamp) -> String {
        format!("{told} Since {}.", moment(since, self.now, &zone(self.outage)))
    }

    /// What the citizen answered by link, once the e-mail was sent.
    fn answered(&self, logged: &Logged) -> Option<String> {
        let sent = logged.message.sent_at?;
        let answer = self
            .found
            .answers
            .iter()
            .find(|answer| answer.case_id == logged.case)?;
        let reply: Reply = answer.choice.parse().ok()?;
        let at = moment(answer.at, self.now, &zone(self.outage));
        (answer.at >= sent).then(|| format!("Answered: “{}”, {at}", reply.words()))
    }

    fn states(&self, base: &str) -> Vec<StateFilter> {
        let all = StateFilter {
            label: format!("All {}", number(self.all())),
            href: format!("{base}/messages?{}", self.asked.query(Some(""))),
            current: self.asked.state().is_none(),
        };
        let state = |(state, messages): &(MessageState, i64)| StateFilter {
            label: format!("{} {}", shown(*state).1, number(*messages)),
            href: format!("{base}/messages?{}", self.asked.query(Some(state.as_str()))),
            current: self.asked.state() == Some(*state),
        };
        [all]
            .into_iter()
            .chain(self.found.counts.iter().map(state))
            .collect()
    }

    fn row(&self, logged: &Logged) -> MessageRow {
        let message = &logged.message;
        let zone = zone(self.outage);
        let (dot, state) = super::words::fate(&message.state);
        let next = message
            .due_at
            .filter(|at| message.state == "queued" && *at > self.now);
        let reply = message.reply.clone().unwrap_or_default();
        MessageRow {
            id: message.id,
            at: moment(message.queued_at, self.now, &zone),
            name: person::name(&logged.given_name, &logged.family_name),
            href: format!("/cases/{}", logged.case),
            address: person::masked(&message.to_address),
            template: template(&message.template_key),
            language: person::language(&message.language),
            dot,
            state,
            detail: match (next, self.answered(logged)) {
                (Some(at), _) if reply.is_empty() => format!("Goes out {}", moment(at, self.now, &zone)),
                (Some(at), _) => format!("{reply} Next try {}", moment(at, self.now, &zone)),
                (None, Some(answered)) => answered,
                (None, None) => reply,
            },
            astray: [MessageState::Bounced, MessageState::Failed]
                .iter()
                .any(|state| state.as_str() == message.state),
            retry: next.is_some() || message.state == MessageState::Failed.as_str(),
            tries: number(i64::from(message.tries)),
            uncertain: message.state == MessageState::Uncertain.as_str(),
        }
    }
}
