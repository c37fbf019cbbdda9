//! What a caller sees: the call in hand with all that is known, who is next, what was recorded last.

use super::accounts::User;
use super::claim::asking;
use super::distress::{self, Distress};
use super::editors::Editors;
use super::lease::own;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, extensions, standing};
use crate::db::Conn;
use crate::domain::chance::Line;
use crate::domain::ids::{AttemptId, CallListId, CaseId, ClaimId, OutageId};
use crate::domain::score;
use crate::domain::shift::Shift;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::answers::{self, Answer};
use crate::store::attempts::{self, Attempt};
use crate::store::callbacks;
use crate::store::cases::Case;
use crate::store::claims::{self, Claim};
use crate::store::desk::{self as rows, FailedPayment};
use crate::store::households::{self, Household};
use crate::store::messages::Message;
use crate::store::note_drafts::{self, NoteDraft};
use crate::store::remedies::{self, Remedy};
use crate::store::{call_lists, outages, queue, shifts};

/// So many households are shown as coming next, and so many outcomes as recent.
const SHOWN: i64 = 5;
/// A page that closes keeps its household so long, so that one that is only reloaded does not lose it.
const GRACE_SECONDS: i64 = 45;

/// Everything the desk shows.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The outage and its rules.
    pub book: Rulebook,
    /// When this was read.
    pub now: Timestamp,
    /// The household in the caller's hands.
    pub call: Option<InHand>,
    /// Name of the caller's list; none: they work the pool.
    pub list: Option<String>,
    /// Closed households of that list (or the pool), and all of them.
    pub progress: (i64, i64),
    /// Outcomes recorded today, and in the last hour.
    pub recorded: (i64, i64),
    /// The next households, each with its people.
    pub coming: Vec<(Household, Vec<Case>)>,
    /// The caller's last outcomes.
    pub recent: Vec<Done>,
    /// The caller's callbacks that are due.
    pub due_callbacks: i64,
    /// Numbers with many citizens that wait for a call.
    pub switchboards: i64,
    /// When the caller's shift ends, and her breaks.
    pub shift: Shift,
    /// The supervisor whom the caller needs.
    pub distress: Option<Distress>,
}

/// A household in a caller's hands.
#[derive(Clone, Debug)]
pub struct InHand {
    /// The claim.
    pub claim: Claim,
    /// Whom it is about.
    pub household: Household,
    /// What stands behind its number, to ask for.
    pub extension: Option<String>,
    /// Its people, closed ones too.
    pub people: Vec<Case>,
    /// Those whose outcome this call has recorded.
    pub done: Vec<CaseId>,
    /// Their failed payments, oldest first.
    pub payments: Vec<FailedPayment>,
    /// The attempts that count, the latest first.
    pub attempts: Vec<Earlier>,
    /// E-mails, the latest first.
    pub messages: Vec<Message>,
    /// What is promised to those who are with a specialist.
    pub remedies: Vec<Remedy>,
    /// What the caller has typed so far.
    pub draft: Option<NoteDraft>,
    /// What they answered by link and still stands.
    pub answers: Vec<Answer>,
    /// The caller is a specialist, who checks whether somebody may speak for another.
    pub by_specialist: bool,
    /// The colleague who has the household now, and since when.
    pub taken_over: Option<(String, Timestamp)>,
}

/// An earlier attempt that counts.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The attempt.
    pub attempt: Attempt,
    /// Whose word it is.
    pub by: String,
    /// The cases it was about.
    pub about: Vec<CaseId>,
}

impl Earlier {
    /// Whether it was about this case.
    pub fn is_about(&self, case: CaseId) -> bool {
        self.about.contains(&case)
    }
}

/// An outcome recorded earlier, and whom it was about.
#[derive(Clone, Debug)]
pub struct Done {
    /// The attempt.
    pub attempt: Attempt,
    /// Its people.
    pub people: Vec<Case>,
    /// Who changed what the caller had recorded, if it was not the caller.
    pub changed_by: Option<String>,
}

impl Done {
    fn of(attempt: Attempt, people: Vec<Case>, editors: &Editors) -> Self {
        let editor = attempt.changed_by.filter(|editor| *editor != attempt.user_id);
        Self {
            changed_by: editors.name(editor).map(str::to_owned),
            attempt,
            people,
        }
    }
}

/// A promised callback, and whom it is for.
#[derive(Clone, Debug)]
pub struct Promised {
    /// When.
    pub due_at: Timestamp,
    /// Only the caller, or anyone.
    pub mine: bool,
    /// Whom to call.
    pub household: Household,
    /// Its people.
    pub people: Vec<Case>,
    /// What was noted when it was promised.
    pub note: String,
}

impl Office {
    /// What a caller's desk shows in an outage: the call in hand, or the one whose form was just sent
    /// (`sent`), even if it is no longer held: what was typed must not be lost.
    pub fn desk(&self, caller: &User, slug: &str, sent: Option<ClaimId>) -> Result<Desk> {
        let now = self.now();
        self.db.read(|conn| {
            let book = book(conn, slug)?;
            let outage = book.outage.id;
            let own_list = call_lists::of_owner(conn, outage, caller.id)?;
            Ok(Desk {
                now,
                call: in_hand(conn, &book, caller, sent)?,
                list: list_name(conn, outage, own_list)?,
                progress: rows::progress(conn, outage, book.outage.published_import_id, own_list)?,
                recorded: recorded(conn, &book, caller, now)?,
                coming: coming(conn, &book, caller, now)?,
                recent: recent(conn, outage, caller, SHOWN)?,
                switchboards: call_lists::switchboards(
                    conn,
                    (outage, book.outage.published_import_id),
                    (0, 0),
                )?
                .1,
                shift: shifts::of_user(conn, caller.id, now)?,
                distress: distress::of_caller(conn, outage, caller.id, now)?,
                due_callbacks: callbacks::counts(conn, outage, Some(caller.id), now)?.1,
                book,
            })
        })
    }

    /// One call of the caller, held or not, alone: for its form, and for news while it goes on.
    pub fn call(&self, caller: &User, slug: &str, claim: ClaimId) -> Result<(Rulebook, InHand)> {
        self.db.read(|conn| {
            let book = book(conn, slug)?;
            let call = in_hand(conn, &book, caller, Some(claim))?;
            Ok((book, call.ok_or(Error::NotFound("call"))?))
        })
    }

    /// The outage and its rules.
    pub fn rules(&self, slug: &str) -> Result<Rulebook> {
        self.db.read(|conn| book(conn, slug))
    }

    /// A caller's outcomes in an outage, the latest first.
    pub fn recorded_by(&self, caller: &User, slug: &str, limit: i64) -> Result<(Rulebook, Vec<Done>)> {
        self.db.read(|conn| {
            let book = book(conn, slug)?;
            let done = recent(conn, book.outage.id, caller, limit)?;
            Ok((book, done))
        })
    }

    /// The open callbacks that a caller promised, the first due first.
    pub fn promised_by(&self, caller: &User, slug: &str) -> Result<(Rulebook, Vec<Promised>)> {
        self.db.read(|conn| {
            let book = book(conn, slug)?;
            let open = callbacks::open(conn, book.outage.id, Some(caller.id), 200)?;
            let mut promised = Vec::with_capacity(open.len());
            for callback in open {
                let Some(household) = households::find(conn, callback.household_id)? else {
                    continue;
                };
                let attempt = callback
                    .attempt_id
                    .map(|id| attempts::find(conn, id))
                    .transpose()?
                    .flatten();
                promised.push(Promised {
                    due_at: callback.due_at,
                    mine: callback.owner_id == Some(caller.id),
                    people: rows::people(conn, &[household.id], book.outage.published_import_id)?,
                    household,
                    note: attempt.map(|attempt| attempt.note).unwrap_or_default(),
                });
            }
            Ok((book, promised))
        })
    }

    /// One outcome recorded earlier, if this person may change it.
    pub fn recorded_outcome(&self, editor: &User, id: AttemptId) -> Result<(Rulebook, Household, Done)> {
        self.outcome_of(editor, id, false)
    }

    /// The same, also of one that was changed or taken back since.
    ///
    /// # Errors
    /// There is no such outcome, or it may not be changed by this person.
    pub fn first_outcome(&self, editor: &User, id: AttemptId) -> Result<(Rulebook, Household, Done)> {
        self.outcome_of(editor, id, true)
    }

    fn outcome_of(
        &self,
        editor: &User,
        id: AttemptId,
        also_superseded: bool,
    ) -> Result<(Rulebook, Household, Done)> {
        self.db.read(|conn| {
            let found = attempts::find(conn, id)?;
            let attempt = found
                .filter(|attempt| also_superseded || attempt.superseded_at.is_none())
                .ok_or(Error::NotFound(
                    "outcome (it may have been changed or taken back)",
                ))?;
            if attempt.user_id != editor.id {
                editor.must_be(crate::domain::role::Role::Supervisor)?;
            }
            let book = Rulebook::open(conn, attempt.outage_id)?;
            let household =
                households::find(conn, attempt.household_id)?.ok_or(Error::NotFound("household"))?;
            let people = rows::people_of(conn, &[id])?
                .into_iter()
                .map(|(_, case)| case)
                .collect();
            let editors = Editors::of(conn, [&attempt].into_iter())?;
            Ok((book, household, Done::of(attempt, people, &editors)))
        })
    }

    /// The page of a call was closed: the household is soon free, unless the page comes back.
    pub fn leave_claim(&self, caller: &User, id: ClaimId) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            own(conn, id, caller)?;
            claims::extend(conn, id, now, now.plus_seconds(GRACE_SECONDS))?;
            Ok(())
        })
    }
}

fn book(conn: &mut Conn, slug: &str) -> Result<Rulebook> {
    let outage = outages::with_slug(conn, slug)?.ok_or(Error::NotFound("outage"))?;
    Rulebook::of(conn, outage)
}

fn in_hand(conn: &mut Conn, book: &Rulebook, caller: &User, sent: Option<ClaimId>) -> Result<Option<InHand>> {
    let published = book.outage.published_import_id;
    let claim = match sent {
        Some(id) => Some(own(conn, id, caller)?).filter(|claim| claim.outage_id == book.outage.id),
        None => claims::of_caller(conn, book.outage.id, caller.id)?,
    };
    let Some(claim) = claim else { return Ok(None) };
    let Some(household) = households::find(conn, claim.household_id)? else {
        return Ok(None);
    };
    let people = rows::people(conn, &[household.id], published)?;
    let ids: Vec<CaseId> = people.iter().map(|case| case.id).collect();
    let keys: Vec<&str> = people.iter().map(|case| case.identity_key.as_str()).collect();
    let done = attempts::cases_done_by_claim(conn, &claim)?;
    Ok(Some(InHand {
        extension: extensions::of_phone(conn, &people, &household.phone)?,
        payments: rows::failed_payments(conn, book.outage.id, published, &keys)?,
        attempts: earlier(conn, &ids)?,
        messages: rows::messages(conn, &ids)?,
        answers: answers::standing_of(conn, &ids)?,
        draft: note_drafts::of_claim(conn, claim.id, done.len())?,
        remedies: owed(conn, &people)?,
        done,
        by_specialist: caller.specialist,
        taken_over: rows::taken_over_by(conn, household.id, claim.id)?,
        claim,
        household,
        people,
    }))
}

/// What is owed to those who are with a specialist.
fn owed(conn: &mut Conn, people: &[Case]) -> Result<Vec<Remedy>> {
    let with_specialist = people
        .iter()
        .filter(|case| case.stage == Stage::NeedsHelp.as_str());
    let ids: Vec<CaseId> = with_specialist.map(|case| case.id).collect();
    match ids.as_slice() {
        [] => Ok(Vec::new()),
        ids => Ok(remedies::of_cases(conn, ids)?),
    }
}

fn earlier(conn: &mut Conn, people: &[CaseId]) -> Result<Vec<Earlier>> {
    let attempts = rows::attempts(conn, people)?;
    let ids: Vec<AttemptId> = attempts.iter().map(|(attempt, _)| attempt.id).collect();
    let about = attempts::about(conn, &ids)?;
    let cases = |id: AttemptId| about.iter().filter(move |(attempt, _)| *attempt == id);
    let earlier = attempts.into_iter().map(|(attempt, by)| Earlier {
        about: cases(attempt.id).map(|(_, case)| *case).collect(),
        attempt,
        by,
    });
    Ok(earlier.collect())
}

fn list_name(conn: &mut Conn, outage: OutageId, own: Option<CallListId>) -> Result<Option<String>> {
    let lists = call_lists::all(conn, outage)?;
    Ok(lists
        .into_iter()
        .find(|list| Some(list.id) == own)
        .map(|list| list.name))
}

fn recorded(conn: &mut Conn, book: &Rulebook, caller: &User, now: Timestamp) -> Result<(i64, i64)> {
    let zone = book.outage.zone();
    let today = zone.at(zone.local(now).date().at(0, 0, 0, 0)).instant();
    let since = |conn: &mut Conn, from| rows::recorded_since(conn, book.outage.id, caller.id, from);
    Ok((since(conn, today)?, since(conn, now.plus_hours(-1))?))
}

fn coming(
    conn: &mut Conn,
    book: &Rulebook,
    caller: &User,
    now: Timestamp,
) -> Result<Vec<(Household, Vec<Case>)>> {
    let asking = asking(conn, &book.outage, caller, now)?;
    let ids = queue::next_up(conn, &asking, SHOWN)?;
    let found = rows::households(conn, &ids)?;
    let people = rows::people(conn, &ids, book.outage.published_import_id)?;
    let in_order = ids
        .iter()
        .filter_map(|id| found.iter().find(|household| household.id == *id));
    let with_people = in_order.map(|household| {
        let theirs = people
            .iter()
            .filter(|case| case.household_id == Some(household.id));
        (household.clone(), theirs.cloned().collect())
    });
    Ok(with_people.collect())
}

fn recent(conn: &mut Conn, outage: OutageId, caller: &User, limit: i64) -> Result<Vec<Done>> {
    let done = attempts::recent(conn, outage, caller.id, limit)?;
    let ids: Vec<AttemptId> = done.iter().map(|attempt| attempt.id).collect();
    let about = rows::people_of(conn, &ids)?;
    let editors = Editors::of(conn, done.iter())?;
    let with_people = done.into_iter().map(|attempt| {
        let theirs = about.iter().filter(|(id, _)| *id == attempt.id);
        let people = theirs.map(|(_, case)| case.clone()).collect();
        Done::of(attempt, people, &editors)
    });
    Ok(with_people.collect())
}

/// Why this case comes now, one of so many people at its number: why it presses, the weightiest reason first,
/// then what speaks for the hour.
pub fn reasons(book: &Rulebook, case: &Case, people: usize, now: Timestamp) -> Vec<score::Part> {
    let mut parts = score::parts(&standing::pressing(book, case, now), &book.weights, now);
    parts.push(score::together(people, &book.weights));
    parts.sort_by_key(|part| std::cmp::Reverse(part.points));
    let line = Line::of_tax(case.tax_type.as_deref());
    let zones = Rulebook::zones(&case.time_zone);
    parts.push(score::hour(line, &zones, &book.hours, &book.weights, now));
    parts.retain(|part| part.points != 0);
    parts
}
