//! Rows of cases, ready to be written.

use super::citizen::Citizen;
use super::work::Terms;
use crate::domain::charged::Charged;
use crate::domain::ids::ImportId;
use crate::domain::person_name;
use crate::domain::progress::Progress;
use crate::domain::stage::Resolution;
use crate::domain::trust_code::trust_code;
use crate::store::cases::Case;
use crate::store::staging::{Change, Known, NewCase};

/// The row of a new case; its household is known when it is written.
pub(super) fn case(terms: &Terms, citizen: Citizen, progress: &Progress) -> NewCase {
    NewCase {
        outage_id: terms.import.outage_id,
        import_id: terms.id(),
        household_id: None,
        account_id: citizen.account_id().map(str::to_owned),
        code: code(terms, &citizen.key),
        identity_key: citizen.key,
        given_name: citizen.given_name,
        family_name: citizen.family_name,
        folded_name: citizen.folded_name,
        email: citizen.email,
        phone: citizen.phone,
        phone_2: citizen.phone_2,
        language: citizen.language,
        state: citizen.state,
        time_zone: citizen.zones.to_string(),
        amount_cents: citizen.amount_cents,
        tax_type: citizen.tax_type,
        charged: citizen.charged.as_str(),
        filing_deadline: citizen.filing_deadline,
        first_failed_at: citizen.first_failed_at,
        last_failed_at: citizen.last_failed_at,
        opened_at: terms.opened_at,
        transactions: citizen.transactions,
        stage: progress.stage.as_str(),
        due_at: progress.due_at,
        resolution: progress.resolution.map(Resolution::as_str),
        resolved_at: progress.resolved_at,
        tries: 0,
    }
}

/// The call-back code: the same for the same citizen of the outage, and known to this installation only.
fn code(terms: &Terms, key: &str) -> String {
    let message = format!("{}|{key}", terms.import.outage_id);
    let tag = terms
        .office
        .config
        .secret_keys
        .sign("call-back code", message.as_bytes());
    let seed = tag
        .iter()
        .take(8)
        .fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
    trust_code(seed)
}

/// What becomes of a case that counts.
pub(super) fn change(import_id: ImportId, known: &Known, citizen: Citizen) -> Change {
    Change {
        case_id: known.id,
        import_id,
        household_id: None,
        account_id: citizen.account_id().map(str::to_owned),
        identity_key: citizen.key,
        given_name: citizen.given_name,
        family_name: citizen.family_name,
        folded_name: citizen.folded_name,
        email: citizen.email,
        phone: citizen.phone,
        phone_2: citizen.phone_2,
        language: citizen.language,
        state: citizen.state,
        time_zone: citizen.zones.to_string(),
        amount_cents: citizen.amount_cents,
        tax_type: citizen.tax_type,
        charged: citizen.charged.as_str(),
        filing_deadline: citizen.filing_deadline,
        first_failed_at: citizen.first_failed_at,
        last_failed_at: citizen.last_failed_at,
        transactions: citizen.transactions,
    }
}

/// A case without records stays, with all that happened in it; it is nobody's any more.
pub(super) fn without_records(case: Case, import_id: ImportId) -> Change {
    Change {
        case_id: case.id,
        import_id,
        identity_key: case.identity_key,
        household_id: case.household_id,
        folded_name: person_name::folded(&case.given_name, &case.family_name),
        given_name: case.given_name,
        family_name: case.family_name,
        account_id: case.account_id,
        email: case.email,
        phone: case.phone,
        phone_2: case.phone_2,
        language: case.language,
        state: case.state,
        time_zone: case.time_zone,
        amount_cents: case.amount_cents,
        tax_type: case.tax_type,
        charged: case.charged.parse().map_or("unknown", Charged::as_str),
        filing_deadline: case.filing_deadline,
        first_failed_at: case.first_failed_at,
        last_failed_at: case.last_failed_at,
        transactions: 0,
    }
}
