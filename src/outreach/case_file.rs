//! Everything that is known about one case.

use super::accounts::User;
use super::editors::Editors;
use super::import::oddity_of;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, extensions};
use crate::domain::ids::CaseId;
use crate::domain::refund::Oddity;
use crate::domain::remedy::Remedy;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::cases::{self, Case};
use crate::store::claims;
use crate::store::households::Household;
use crate::store::{
    answers, call_lists, case_files, corrected_addresses, costs, decisions, households, letters, messages,
    payments, remedies, skips,
};

pub use crate::store::answers::Answer;
pub use crate::store::attempts::Attempt;
pub use crate::store::callbacks::Callback;
pub use crate::store::case_files::Payment;
pub use crate::store::corrected_addresses::CorrectedAddress;
pub use crate::store::costs::Cost;
pub use crate::store::decisions::Decision;
pub use crate::store::letters::Letter;
pub use crate::store::messages::Message;
pub use crate::store::payments::Evidence;
pub use crate::store::skips::Skip;

/// A case has a handful of failed payments; a file gone wrong may give it thousands.
const PAYMENTS: i64 = 200;
/// As many skips are shown.
const SKIPS: i64 = 20;

/// Everything that is known about one case.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The outage and its rules.
    pub book: Rulebook,
    /// When this was read.
    pub now: Timestamp,
    /// The case.
    pub case: Case,
    /// What stands behind its number, to ask for.
    pub extension: Option<String>,
    /// Its household; none without a phone.
    pub household: Option<Household>,
    /// The name of the household's call list.
    pub list: Option<String>,
    /// Everyone at the same phone, this citizen among them.
    pub people: Vec<Case>,
    /// Failed payments, oldest first.
    pub payments: Vec<Payment>,
    /// Later payments that were found to be theirs, oldest first.
    pub paid: Vec<Evidence>,
    /// What a person should look at in these.
    pub oddity: Oddity,
    /// Attempts with who made them, oldest first, those that do not count any more too.
    pub attempts: Vec<(Attempt, String)>,
    /// Who changed those attempts or took them back.
    pub editors: Editors,
    /// The household's promises, oldest first.
    pub promises: Vec<Callback>,
    /// What they answered by link, oldest first, those that do not count any more too.
    pub answers: Vec<Answer>,
    /// E-mails to this citizen, oldest first.
    pub messages: Vec<Message>,
    /// Addresses that staff put right, oldest first.
    pub corrections: Vec<CorrectedAddress>,
    /// What supervisors decided, with who did, oldest first, what was taken back too.
    pub decisions: Vec<(Decision, String)>,
    /// Letters sent, with who sent them, oldest first, those taken back too.
    pub letters: Vec<(Letter, String)>,
    /// What is owed to this citizen.
    pub remedies: Vec<Remedy>,
    /// What they say that the outage cost them, oldest first.
    pub costs: Vec<Cost>,
    /// Why the household was passed over, latest first.
    pub skips: Vec<Skip>,
}

impl Office {
    /// Everything that is known about a case, for whoever may read it: supervisors all, callers those that they have or had in
    /// hand, by a call or because the citizen rang them, and those that a search has just shown them (`found`, the word of it).
    ///
    /// # Errors
    /// There is none, or this person never had it in hand and did not find it.
    pub fn case_file_for(&self, reader: &User, id: CaseId, found: &str) -> Result<CaseFile> {
        let file = self.case_file(id)?;
        if reader.must_be(Role::Supervisor).is_err() && !self.was_found(reader, id, found) {
            let household = file.case.household_id.ok_or(Error::Forbidden)?;
            let held = self
                .db
                .read(|conn| claims::was_held_by(conn, household, reader.id))?;
            held.then_some(()).ok_or(Error::Forbidden)?;
        }
        Ok(file)
    }

    /// Everything that is known about a case, if it is visible.
    ///
    /// # Errors
    /// There is none.
    pub fn case_file(&self, id: CaseId) -> Result<CaseFile> {
        let now = self.now();
        self.db.read(|conn| {
            let case = cases::find(conn, id)?.ok_or(Error::NotFound("case"))?;
            let book = Rulebook::open(conn, case.outage_id)?;
            let published = book.outage.published_import_id;
            if case.import_id > published {
                return Err(Error::NotFound("case"));
            }
            let household = match case.household_id {
                Some(household) => households::find(conn, household)?,
                None => None,
            };
            let lists = call_lists::all(conn, case.outage_id)?;
            let attempts = case_files::attempts_of(conn, id)?;
            let on = household.as_ref().and_then(|household| household.list_id);
            let extension = extensions::of(conn, &case)?;
            Ok(CaseFile {
                extension,
                list: lists
                    .into_iter()
                    .find(|list| Some(list.id) == on)
                    .map(|list| list.name),
                people: match &household {
                    Some(household) => sharing(cases::of_household(conn, household.id, published)?, id),
                    None => Vec::new(),
                },
                promises: match &household {
                    Some(household) => case_files::promises_of(conn, household.id)?,
                    None => Vec::new(),
                },
                paid: payments::of_citizen(conn, case.outage_id, &case.identity_key)?,
                oddity: oddity_of(&payments::flows(
                    conn,
                    case.outage_id,
                    &[&case.identity_key],
                    None,
                )?),
                payments: case_files::payments(conn, &case, published, PAYMENTS)?,
                editors: Editors::of(conn, attempts.iter().map(|(attempt, _)| attempt))?,
                attempts,
                answers: answers::of_case(conn, id)?,
                messages: messages::of_case(conn, id)?,
                corrections: corrected_addresses::of_case(conn, id)?,
                decisions: decisions::of_case(conn, id)?,
                letters: letters::of_case(conn, id)?,
                costs: costs::of_case(conn, id)?,
                remedies: remedies::of_case(conn, id)?
                    .iter()
                    .filter_map(|remedy| remedy.kind.parse().ok())
                    .collect(),
                skips: match &household {
                    Some(household) => skips::of_household(conn, household.id, SKIPS)?,
                    None => Vec::new(),
                },
                household,
                book,
                now,
                case,
            })
        })
    }
}

/// Who is reached with one call, if this citizen is.
fn sharing(called: Vec<Case>, id: CaseId) -> Vec<Case> {
    match called.iter().any(|case| case.id == id) {
        true => called,
        false => Vec::new(),
    }
}
