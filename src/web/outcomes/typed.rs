//! An outcome as it is typed, and as it is meant.

use super::page::Form;
use crate::domain::outcome::{GiveUp, Group, Lane, Outcome, Retry, Rule, Scope};
use crate::domain::stage::Resolution;
use crate::outreach::outcomes::Draft;
use crate::web::fields::Fields;

/// What was typed and chosen.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The text fields and boxes.
    pub form: Form,
    /// The heading.
    pub group: Group,
    /// The rule's name: `retry`.
    pub rule: String,
    /// Why a case is closed.
    pub resolution: Resolution,
    /// The e-mail; empty for none.
    pub template: String,
    /// A choice that what follows needs and that was not made.
    pub open: Option<&'static str>,
}

impl Default for Typed {
    /// A new outcome starts as a gentle retry.
    fn default() -> Self {
        let form = Form {
            after_minutes: "180".into(),
            other_day_part: true,
            per_day: "2".into(),
            tries: "6".into(),
            days: "3".into(),
            day_parts: "3".into(),
            hours: "48".into(),
            checks: "1".into(),
            ..Form::default()
        };
        Self {
            form,
            group: Group::Reached,
            rule: "retry".into(),
            resolution: Resolution::ResolvedByCall,
            template: String::new(),
            open: None,
        }
    }
}

/// The rules by name, in the order of the page.
pub const RULES: [(&str, &str); 9] = [
    ("close", "Close the case"),
    ("retry", "Call again"),
    ("wait", "Wait for the payment, then a check call"),
    ("callback", "Book a callback"),
    ("escalate", "Hand it on"),
    ("move", "To a list of their language"),
    ("bad_number", "This number is no good"),
    ("suppress", "Do not call or contact any more"),
    ("requeue", "Back into the queue; not a try"),
];

impl Typed {
    /// What a form sent.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        let ticked = |name: &str| fields.get(name) == "yes";
        let form = Form {
            key: text("key"),
            label: text("label"),
            hint: text("hint"),
            hotkey: text("hotkey").to_lowercase(),
            after_minutes: text("after_minutes"),
            other_day_part: ticked("other_day_part"),
            per_day: text("per_day"),
            half: ticked("half"),
            tries: text("tries"),
            days: text("days"),
            day_parts: text("day_parts"),
            message_gap: text("message_gap"),
            hours: text("hours"),
            checks: text("checks"),
            supervisor: fields.get("to") == "supervisor",
            hold_mail: ticked("hold_mail"),
            all_contact: fields.get("scope") == "all",
        };
        Self {
            form,
            group: fields.get("group").parse().unwrap_or(Group::Reached),
            rule: text("rule"),
            resolution: fields
                .get("resolution")
                .parse()
                .unwrap_or(Resolution::ResolvedByCall),
            template: text("template"),
            open: open(fields),
        }
    }

    /// An outcome as it stands, to be changed.
    pub fn of(outcome: &Outcome) -> Self {
        let mut typed = Self {
            group: outcome.group,
            template: outcome.template_key.clone().unwrap_or_default(),
            ..Self::default()
        };
        typed.form.key.clone_from(&outcome.key);
        typed.form.label.clone_from(&outcome.label);
        typed.form.hint.clone_from(&outcome.hint);
        typed.form.hotkey = outcome.hotkey.map(String::from).unwrap_or_default();
        typed.fill(&outcome.rule);
        typed
    }

    fn fill(&mut self, rule: &Rule) {
        let form = &mut self.form;
        let name = match rule {
            Rule::Close { resolution } => {
                self.resolution = *resolution;
                "close"
            }
            Rule::Retry(retry) => {
                fill_retry(form, retry);
                "retry"
            }
            Rule::Wait { hours, checks } => {
                (form.hours, form.checks) = (hours.to_string(), checks.to_string());
                "wait"
            }
            Rule::Callback => "callback",
            Rule::Escalate { to, hold_mail } => {
                (form.supervisor, form.hold_mail) = (*to == Lane::Supervisor, *hold_mail);
                "escalate"
            }
            Rule::Move => "move",
            Rule::BadNumber => "bad_number",
            Rule::Suppress { scope } => {
                form.all_contact = *scope == Scope::All;
                "suppress"
            }
            Rule::Requeue => "requeue",
        };
        name.clone_into(&mut self.rule);
    }

    /// What is meant, or the field that cannot be meant.
    pub fn draft(&self) -> Result<Draft, (&'static str, String)> {
        let form = &self.form;
        if let Some(field) = self.open {
            return Err((field, "Choose one.".into()));
        }
        let mut letters = form.hotkey.chars();
        let hotkey = letters.next();
        if letters.next().is_some() {
            return Err(("hotkey", "One digit or small letter, or nothing.".into()));
        }
        Ok(Draft {
            group: self.group,
            label: form.label.clone(),
            hint: form.hint.clone(),
            hotkey,
            rule: self.meant()?,
            template_key: Some(self.template.clone()).filter(|key| !key.is_empty()),
        })
    }

    fn meant(&self) -> Result<Rule, (&'static str, String)> {
        let form = &self.form;
        Ok(match self.rule.as_str() {
            "close" => Rule::Close {
                resolution: self.resolution,
            },
            "retry" => Rule::Retry(retry(form)?),
            "wait" => Rule::Wait {
                hours: number(&form.hours, "hours")?,
                checks: number(&form.checks, "checks")?,
            },
            "callback" => Rule::Callback,
            "escalate" => Rule::Escalate {
                to: if form.supervisor {
                    Lane::Supervisor
                } else {
                    Lane::Specialists
                },
                hold_mail: form.hold_mail,
            },
            "move" => Rule::Move,
            "bad_number" => Rule::BadNumber,
            "suppress" => Rule::Suppress {
                scope: if form.all_contact {
                    Scope::All
                } else {
                    Scope::Calls
                },
            },
            "requeue" => Rule::Requeue,
            _ => return Err(("rule", "Choose what follows.".into())),
        })
    }
}

/// The choice that was not made, of those that what follows needs.
fn open(fields: &Fields) -> Option<&'static str> {
    let of_rule = match fields.get("rule") {
        "close" => Some("resolution"),
        "escalate" => Some("to"),
        "suppress" => Some("scope"),
        _ => None,
    };
    let needed = ["group"].into_iter().chain(of_rule);
    needed.into_iter().find(|name| fields.get(name).is_empty())
}

fn fill_retry(form: &mut Form, retry: &Retry) {
    form.after_minutes = retry.after_minutes.to_string();
    form.other_day_part = retry.other_day_part;
    form.per_day = retry.per_day.map(|most| most.to_string()).unwrap_or_default();
    form.half = retry.halves == 1;
    form.message_gap = retry
        .message_gap_hours
        .map(|gap| gap.to_string())
        .unwrap_or_default();
    if let Some(limit) = retry.give_up {
        form.tries = limit.tries.to_string();
        form.days = limit.days.to_string();
        form.day_parts = limit.day_parts.to_string();
    }
}

fn retry(form: &Form) -> Result<Retry, (&'static str, String)> {
    let filled = |text: &String| !text.is_empty();
    Ok(Retry {
        after_minutes: number(&form.after_minutes, "after_minutes")?,
        other_day_part: form.other_day_part,
        per_day: Some(&form.per_day)
            .filter(|text| filled(text))
            .map(|text| number(text, "per_day"))
            .transpose()?,
        halves: if form.half { 1 } else { 2 },
        give_up: Some(GiveUp {
            tries: number(&form.tries, "tries")?,
            days: number(&form.days, "days")?,
            day_parts: number(&form.day_parts, "day_parts")?,
        }),
        message_gap_hours: Some(&form.message_gap)
            .filter(|text| filled(text))
            .map(|text| number(text, "message_gap"))
            .transpose()?,
    })
}

fn number<N: std::str::FromStr>(text: &str, field: &'static str) -> Result<N, (&'static str, String)> {
    text.parse()
        .map_err(|_| (field, "Write a whole number.".to_owned()))
}
