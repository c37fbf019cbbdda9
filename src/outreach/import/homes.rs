//! Where citizens live: every phone has one household in an outage, of this import or an earlier one.

use super::people::People;
use super::work::Terms;
use crate::domain::charged::Charged;
use crate::domain::queue;
use crate::domain::score::{self, Pressing};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::outreach::Result;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::standing::together;
use crate::store::arriving::{self, Member};
use crate::store::staging::NewHousehold;
use crate::store::{households, scratch_rows};
use std::collections::HashMap;

/// Members that are read at once.
const PAGE: i64 = 2_000;

/// A household while its members come in.
struct Home {
    phone: String,
    zones: Zones,
    /// Of the most urgent of its newcomers.
    first: Option<(Stage, Option<Timestamp>)>,
    language: Option<String>,
    score: i64,
    citizens: i32,
}

impl Home {
    fn new(phone: String) -> Self {
        Self {
            phone,
            zones: Zones::unknown(),
            first: None,
            language: None,
            score: 0,
            citizens: 0,
        }
    }

    /// One more member. Whose case counts already says where it stands when the import counts.
    fn admit(&mut self, terms: &Terms, member: Member) {
        let book = &terms.book;
        let stage: Option<Stage> = member.stage.as_deref().and_then(|stage| stage.parse().ok());
        let Some(stage) = stage else { return };
        let zones = Rulebook::zones(&member.time_zone);
        if stage.is_open() {
            let points = points(book, &member, &zones);
            self.score = if self.citizens == 0 {
                points
            } else {
                self.score.max(points)
            };
            self.citizens += 1;
            self.language = self.language.take().or(member.language);
        }
        let urgent = (stage, member.due_at);
        let pressing = |(stage, due)| queue::urgency(stage, due, terms.opened_at);
        self.first = Some(match self.first {
            Some(first) if pressing(first) <= pressing(urgent) => first,
            _ => urgent,
        });
        self.zones = std::mem::take(&mut self.zones).and(zones);
    }

    fn into_row(self, terms: &Terms) -> NewHousehold {
        let (stage, due_at) = self.first.unwrap_or((Stage::Closed, None));
        NewHousehold {
            outage_id: terms.import.outage_id,
            import_id: terms.id(),
            phone: self.phone,
            time_zone: self.zones.to_string(),
            language: self.language.filter(|language| language != "en"),
            stage: stage.as_str(),
            due_at,
            score: self.score + together(&terms.book, usize::try_from(self.citizens).unwrap_or_default()),
            skips: 0,
            tries: 0,
            citizens: self.citizens,
        }
    }
}

/// Finds everybody's household, when all people are there.
pub(super) fn house(people: &mut People) -> Result<()> {
    arriving::sort_by_phone(&mut people.scratch)?;
    let (mut after, mut open, mut full) = (0, None::<Home>, Vec::new());
    loop {
        let page = arriving::members(people.scratch.conn(), after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for member in page {
            if open.as_ref().is_none_or(|home| home.phone != member.phone) {
                full.extend(open.replace(Home::new(member.phone.clone())));
            }
            if let Some(home) = &mut open {
                home.admit(&people.terms, member);
            }
        }
        keep(people, std::mem::take(&mut full))?;
    }
    keep(people, open.into_iter().collect())
}

/// Keeps new ones; those that are there already are looked at again when the import counts.
fn keep(people: &mut People, homes: Vec<Home>) -> Result<()> {
    let there = if people.terms.is_first {
        HashMap::new()
    } else {
        let phones: Vec<&str> = homes.iter().map(|home| home.phone.as_str()).collect();
        let (db, outage) = (&people.terms.office.db, people.terms.import.outage_id);
        let found = db.read(|conn| households::of_phones(conn, outage, &phones))?;
        found.into_iter().collect()
    };
    let (mut new, mut noted) = (Vec::new(), Vec::new());
    for home in homes {
        match there.get(&home.phone) {
            Some(id) => noted.push(*id),
            None => new.push(home.into_row(&people.terms)),
        }
    }
    people.zones.extend(new.iter().map(|home| home.time_zone.clone()));
    scratch_rows::add(people.scratch.conn(), &new)?;
    people.note(&noted)
}

/// As `outreach::standing` scores a case that is there already.
fn points(book: &Rulebook, member: &Member, zones: &Zones) -> i64 {
    let end = book.outage.ends_at;
    let pressing = Pressing {
        days_to_deadline: book.days_to(member.filing_deadline.as_deref(), zones, end),
        amount_cents: member.amount_cents,
        charged: member.charged.parse().unwrap_or(Charged::Unknown),
        failed_attempts: u32::try_from(member.transactions).unwrap_or_default(),
        failed_at: member.first_failed_at,
        half_tries: 0,
        has_email: member.email.is_some(),
    };
    score::score(&pressing, &book.weights, end)
}
