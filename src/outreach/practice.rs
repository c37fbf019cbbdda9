//! A call to invented people, so that a caller's first real one is not the first. Nothing of it is stored.

use super::accounts::User;
use super::desk::{Desk, InHand};
use super::rulebook::Rulebook;
use super::{Office, Result};
use crate::domain::callback;
use crate::domain::chance::Line;
use crate::domain::charged::Charged;
use crate::domain::facts::{Attempt, Facts};
use crate::domain::ids::{CaseId, ClaimId};
use crate::domain::progress::fold;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::outreach::record::{CallbackFor, Happened};
use crate::store::cases::Case;
use crate::store::claims::Claim;
use crate::store::desk::FailedPayment;
use crate::store::households::Household;

/// A number that belongs to nobody, for fiction.
const PHONE: &str = "+14235550142";
/// The invented people: given name, cents owed, number of their case (none has such a one).
const PEOPLE: [(&str, i64, CaseId); 2] = [("Dorothy", 128_400, -1), ("Walter", 31_250, -2)];
const FAMILY: &str = "Hensley";

impl Office {
    /// The desk with a call to invented people in an outage's own words and hours. `claim` tells one such call
    /// from another; it is below nothing.
    pub fn practice(&self, caller: &User, slug: &str, claim: ClaimId) -> Result<Desk> {
        let mut desk = self.desk(caller, slug, None)?;
        desk.call = Some(invented(&desk, caller, claim));
        Ok(desk)
    }
}

impl Desk {
    /// Where the invented people would stand after such a call.
    ///
    /// # Errors
    /// The time promised cannot be.
    pub fn practised(&self, caller: &User, happened: &Happened) -> std::result::Result<Vec<Case>, String> {
        let Some(call) = &self.call else {
            return Ok(Vec::new());
        };
        let zones = Rulebook::zones(&call.household.time_zone);
        if let Some(at) = happened.callback_at {
            let promised = callback::check(at, self.now, &zones, &self.book.hours);
            promised.map_err(|problem| super::record::sentence(&problem.to_string()))?;
        }
        let applies = |case: &&Case| {
            happened
                .cases
                .as_ref()
                .is_none_or(|cases| cases.contains(&case.id))
        };
        let people = call.people.iter().filter(applies);
        Ok(people.map(|case| self.after(case, caller, happened)).collect())
    }

    fn after(&self, case: &Case, caller: &User, happened: &Happened) -> Case {
        let attempt = Attempt {
            at: self.now,
            outcome: happened.outcome.clone(),
            phone: case.phone.clone(),
            inbound: false,
            callback_at: happened.callback_at,
            callback_for: (happened.callback_for == CallbackFor::Me).then_some(caller.id),
            language: happened.language.clone(),
            scope: happened.scope,
        };
        let facts = Facts {
            phones: case.phone.iter().cloned().collect(),
            has_email: true,
            zones: Rulebook::zones(&case.time_zone),
            line: Line::Personal,
            opened_at: case.opened_at,
            attempts: vec![attempt],
            ..Facts::default()
        };
        let progress = fold(&facts, &self.book.outcomes, &self.book.hours);
        Case {
            stage: progress.stage.as_str().to_owned(),
            due_at: progress.due_at,
            resolution: progress
                .resolution
                .map(|resolution| resolution.as_str().to_owned()),
            ..case.clone()
        }
    }
}

fn invented(desk: &Desk, caller: &User, claim: ClaimId) -> InHand {
    let (outage, now) = (&desk.book.outage, desk.now);
    let people: Vec<Case> = PEOPLE.iter().map(|one| person(desk, *one)).collect();
    InHand {
        remedies: Vec::new(),
        extension: None,
        claim: Claim {
            id: claim,
            outage_id: outage.id,
            household_id: 0,
            user_id: caller.id,
            created_at: now,
            expires_at: now.plus_hours(1),
            released_at: None,
        },
        household: Household {
            id: 0,
            outage_id: outage.id,
            import_id: 0,
            phone: PHONE.to_owned(),
            time_zone: outage.time_zone.clone(),
            language: None,
            list_id: None,
            stage: Stage::New.as_str().to_owned(),
            due_at: Some(now),
            score: 0,
            skips: 0,
            tries: 0,
            citizens: 2,
            last_called_at: None,
            callback_owner_id: None,
        },
        payments: people.iter().map(payment).collect(),
        people,
        done: Vec::new(),
        attempts: Vec::new(),
        messages: Vec::new(),
        draft: None,
        by_specialist: caller.specialist,
        answers: Vec::new(),
        taken_over: None,
    }
}

fn person(desk: &Desk, (given_name, cents, id): (&str, i64, CaseId)) -> Case {
    let outage = &desk.book.outage;
    let failed_at: Timestamp = outage.starts_at.plus_minutes(5);
    let tomorrow = outage.zone().local(desk.now).date().tomorrow();
    Case {
        id,
        outage_id: outage.id,
        import_id: 0,
        identity_key: given_name.to_owned(),
        household_id: Some(0),
        given_name: given_name.to_owned(),
        family_name: FAMILY.to_owned(),
        account_id: None,
        email: None,
        phone: Some(PHONE.to_owned()),
        phone_2: None,
        language: None,
        state: None,
        time_zone: outage.time_zone.clone(),
        amount_cents: Some(cents),
        tax_type: Some("income".to_owned()),
        charged: Charged::NotCharged.as_str().to_owned(),
        filing_deadline: tomorrow.ok().map(|day| day.to_string()),
        first_failed_at: failed_at,
        last_failed_at: failed_at,
        opened_at: outage.ends_at.min(desk.now),
        transactions: 1,
        code: "MAPLE 27".to_owned(),
        stage: Stage::New.as_str().to_owned(),
        due_at: Some(desk.now),
        resolution: None,
        resolved_at: None,
        tries: 0,
    }
}

fn payment(case: &Case) -> FailedPayment {
    FailedPayment {
        identity_key: Some(case.identity_key.clone()),
        occurred_at: case.first_failed_at,
        amount_cents: case.amount_cents,
        tax_type: case.tax_type.clone(),
        channel: None,
        error_code: Some("GATEWAY_TIMEOUT".to_owned()),
        charged: case.charged.clone(),
    }
}
