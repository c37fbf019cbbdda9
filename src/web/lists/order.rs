//! In what order calls are made: two choices, or every weight by itself.

use actix_web::{HttpResponse, web};

use super::page::{Choice, OrderPart, WeightRow};
use crate::domain::score::Weights;
use crate::domain::score::order::{Order, Reason};
use crate::outreach::outages::Outage;
use crate::outreach::refresh::{HEAVIEST, Refreshing};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::see_other;
use crate::web::session::Staff;
use crate::web::show::address;
use crate::web::show::count::count;

/// What the split's page says about the order.
pub(super) fn part(outage: &Outage, refreshing: Option<Refreshing>) -> OrderPart {
    let weights = outage.weights();
    let order = Order::of(&weights);
    let chosen = order.unwrap_or_default();
    OrderPart {
        first: choices(chosen.first, "As urgent as all reasons together"),
        then: choices(chosen.then, "All other reasons"),
        own: order.is_none(),
        heaviest: HEAVIEST,
        weights: weights
            .all()
            .map(|(name, weight)| WeightRow {
                name,
                label: label(name),
                weight,
            })
            .into(),
        progress: refreshing.map(|all| format!("{} of {}", count(all.done), count(all.of))),
    }
}

fn choices(chosen: Option<Reason>, none: &'static str) -> Vec<Choice> {
    let reasons = Reason::ALL.iter().map(|reason| (Some(*reason), words(*reason)));
    let all = std::iter::once((None, none)).chain(reasons);
    let choice = |(reason, label): (Option<Reason>, &'static str)| Choice {
        key: reason.map_or("", Reason::as_str),
        label,
        chosen: reason == chosen,
    };
    all.map(choice).collect()
}

const fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Deadline => "Due date, soonest",
        Reason::Amount => "Amount, largest",
        Reason::Charged => "Money that was taken",
        Reason::Failed => "Most failed attempts to pay",
        Reason::Waiting => "Waiting longest",
        Reason::NoEmail => "No e-mail on file",
    }
}

fn label(name: &str) -> &'static str {
    match name {
        "deadline" => "Due date today; halved for each day until then",
        "amount_doubling" => "Each doubling of the amount above one dollar",
        "charged_twice" => "Charged twice",
        "charged" => "Charged, but not recorded",
        "charge_unknown" => "May have been charged",
        "failed_attempt" => "Each failed attempt to pay after the first",
        "waiting_hour" => "Each hour since the payment failed",
        "no_email" => "No e-mail on file",
        _ => "Each doubling of the chance that somebody answers",
    }
}

/// Puts the calls in another order.
pub(super) async fn change(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    if fields.get("own") != "yes" {
        for part in ["first", "then"] {
            fields.must_have(part, "Choose what comes first and what comes then.")?;
        }
    }
    let (slug, by) = (slug.into_inner(), staff.user.id);
    let changed = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let set = match entered(&fields) {
            Some(weights) => office.set_weights(outage.id, &weights, Some(by)),
            None => Err(outreach::Error::invalid(
                "weights",
                "Enter each weight as a whole number.",
            )),
        };
        match set {
            Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
            set => set.map(|()| Ok(address(&outage))),
        }
    });
    match changed.await? {
        Ok(base) => Ok(see_other(&format!("{base}/lists/split"))),
        Err(message) => Err(Error::invalid("weights", message)),
    }
}

/// The weights that were chosen or typed; none: one of them is no number.
fn entered(fields: &Fields) -> Option<Weights> {
    if fields.get("own") != "yes" {
        let reason = |name: &str| fields.get(name).parse().ok();
        let order = Order {
            first: reason("first"),
            then: reason("then"),
        };
        return Some(order.weights());
    }
    let typed = Weights::default().all().map(|(name, _)| {
        let weight: Option<i64> = fields.get(name).trim().parse().ok();
        weight.map(|weight| (name.to_owned(), serde_json::Value::from(weight)))
    });
    let typed: Option<serde_json::Map<_, _>> = typed.into_iter().collect();
    serde_json::from_value(typed?.into()).ok()
}
