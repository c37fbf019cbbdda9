//! Names for the 64-bit row ids, so that a signature says whose id it takes.

/// An account of staff.
pub type UserId = i64;
/// One outage.
pub type OutageId = i64;
/// One uploaded file.
pub type ImportId = i64;
/// One failed transaction of a file.
pub type TransactionId = i64;
/// One affected citizen in one outage.
pub type CaseId = i64;
/// The cases of one outage that share a phone number.
pub type HouseholdId = i64;
/// A named set of households with an owner.
pub type CallListId = i64;
/// A caller's time-limited hold on a household.
pub type ClaimId = i64;
/// One try to reach a household by phone.
pub type AttemptId = i64;
/// A promise to call at a time.
pub type CallbackId = i64;
/// One e-mail to one person.
pub type MessageId = i64;
/// What mail servers say of addresses that are dead.
pub type DiagnosisId = i64;
/// A mailing to many.
pub type CampaignId = i64;
/// One later successful transaction of a file.
pub type PaymentId = i64;
/// A supervisor's word on a case.
pub type DecisionId = i64;
/// A letter that was sent.
pub type LetterId = i64;
/// What is owed to a citizen.
pub type RemedyId = i64;
/// What something cost a citizen.
pub type CostId = i64;
/// Calls that went from list to list in one step.
pub type ListMoveId = i64;
/// What a citizen answered by link.
pub type AnswerId = i64;
/// An address or a number that must not be contacted.
pub type SuppressionId = i64;
