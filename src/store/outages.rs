//! Incidents.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{HouseholdId, ImportId, OutageId, UserId};
use crate::domain::public_names::PublicNames;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::schema::outages;
use diesel::prelude::*;

/// One outage and its settings.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outages)]
#[allow(missing_docs)]
pub struct Outage {
    pub id: OutageId,
    /// Its name in addresses and on the command line.
    pub slug: String,
    pub name: String,
    pub starts_at: Timestamp,
    /// Not included.
    pub ends_at: Timestamp,
    /// IANA name of the agency's zone.
    pub time_zone: String,
    /// Such as `T-0000000`.
    pub account_format: Option<String>,
    /// Minutes after local midnight from which, and until which, citizens may be called.
    pub calling_from: i32,
    pub calling_until: i32,
    /// Whether callers may take households that are on nobody's list.
    pub pool_open: bool,
    /// Who calls, and what a doubting citizen is told.
    pub agency_name: String,
    pub help_phone: String,
    pub pay_url: String,
    pub caller_id: String,
    /// Since when no new call is given out.
    pub calls_stopped_at: Option<Timestamp>,
    /// `domain::holiday::Holidays` as text.
    pub holidays: String,
    /// `domain::score::Weights` as JSON; none: as the product has them.
    pub weights: Option<String>,
    /// Up to which household the calls stand as the settings say; none: all of them.
    pub refreshed_to: Option<HouseholdId>,
    /// Cases and households of imports up to this one are visible.
    pub published_import_id: ImportId,
    pub created_at: Timestamp,
    /// `domain::public_names::PublicNames` as JSON; none: in every language as in English.
    pub names: Option<String>,
}

impl Outage {
    /// What the agency and the outage are called in other languages.
    pub fn public_names(&self) -> PublicNames {
        PublicNames::read(self.names.as_deref())
    }

    /// Who calls, as it is said in a language; empty where nobody has said it in any.
    pub fn agency_name_in(&self, language: Language) -> String {
        or_english(self.public_names().of(language).agency, &self.agency_name)
    }

    /// The outage's public name in a language.
    pub fn name_in(&self, language: Language) -> String {
        or_english(self.public_names().of(language).outage, &self.name)
    }
}

/// What was entered for a language, else what is said in English.
fn or_english(entered: String, english: &str) -> String {
    match entered.is_empty() {
        true => english.to_owned(),
        false => entered,
    }
}

/// What a new outage is made of; the fields are those of [`Outage`].
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = outages)]
#[diesel(treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct NewOutage {
    pub slug: String,
    pub name: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub time_zone: String,
    pub account_format: Option<String>,
    pub calling_from: i32,
    pub calling_until: i32,
    pub holidays: String,
    pub pool_open: bool,
    pub agency_name: String,
    pub help_phone: String,
    pub pay_url: String,
    pub caller_id: String,
    pub names: Option<String>,
    pub published_import_id: ImportId,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
}

/// Adds an outage; a unique violation means that the slug is taken.
pub fn add(conn: &mut Conn, outage: &NewOutage) -> Result<OutageId> {
    diesel::insert_into(outages::table)
        .values((outage.clone(), outages::refreshed_to.eq(None::<HouseholdId>)))
        .returning(outages::id)
        .get_result(conn)
}

/// The outage with an id.
pub fn find(conn: &mut Conn, id: OutageId) -> Result<Option<Outage>> {
    outages::table
        .find(id)
        .select(Outage::as_select())
        .first(conn)
        .optional()
}

/// Up to which import its cases count.
pub fn published(conn: &mut Conn, id: OutageId) -> Result<Option<ImportId>> {
    outages::table
        .find(id)
        .select(outages::published_import_id)
        .first(conn)
        .optional()
}

/// The outage with a slug.
pub fn with_slug(conn: &mut Conn, slug: &str) -> Result<Option<Outage>> {
    outages::table
        .filter(outages::slug.eq(slug))
        .select(Outage::as_select())
        .first(conn)
        .optional()
}

/// All outages, the newest incident first.
pub fn all(conn: &mut Conn) -> Result<Vec<Outage>> {
    outages::table
        .order((outages::starts_at.desc(), outages::id.desc()))
        .select(Outage::as_select())
        .load(conn)
}

/// What a supervisor may change after the outage was made; the window only as long as no rows were sorted by it.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = outages, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct OutageChanges {
    pub name: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub calling_from: i32,
    pub calling_until: i32,
    pub holidays: String,
    pub pool_open: bool,
    pub agency_name: String,
    pub help_phone: String,
    pub pay_url: String,
    pub caller_id: String,
    pub names: Option<String>,
}

/// Changes an outage's settings.
pub fn update(conn: &mut Conn, id: OutageId, changes: &OutageChanges) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(changes.clone())
        .execute(conn)
}

/// Sets what puts a call before others (`domain::score::Weights` as JSON).
pub fn set_weights(conn: &mut Conn, id: OutageId, weights: Option<&str>) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(outages::weights.eq(weights))
        .execute(conn)
}

/// No call stands as the settings say any more.
pub fn refresh_from_the_first(conn: &mut Conn, id: OutageId) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(outages::refreshed_to.eq(Some(0)))
        .execute(conn)
}

/// The calls after one household and up to another stand as the settings say; up to none: so do all that are left.
pub fn go_on_refreshing(
    conn: &mut Conn,
    id: OutageId,
    from: HouseholdId,
    to: Option<HouseholdId>,
) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .filter(outages::refreshed_to.eq(from))
        .set(outages::refreshed_to.eq(to))
        .execute(conn)
}

/// An outage whose calls do not all stand as the settings say.
pub fn to_refresh(conn: &mut Conn) -> Result<Option<OutageId>> {
    outages::table
        .filter(outages::refreshed_to.is_not_null())
        .order(outages::id.desc())
        .select(outages::id)
        .first(conn)
        .optional()
}

/// Stops all calls, or lets them go on with `None`.
pub fn set_calls_stopped(conn: &mut Conn, id: OutageId, at: Option<Timestamp>) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(outages::calls_stopped_at.eq(at))
        .execute(conn)
}

/// How the calls of an outage were dealt last (JSON), if they were.
pub fn dealt_by(conn: &mut Conn, id: OutageId) -> Result<Option<String>> {
    outages::table.find(id).select(outages::dealt_by).first(conn)
}

/// Opens the pool to every caller, or closes it.
pub fn set_pool_open(conn: &mut Conn, id: OutageId, open: bool) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(outages::pool_open.eq(open))
        .execute(conn)
}

/// Keeps how the calls were dealt; none: they were not.
pub fn set_dealt_by(conn: &mut Conn, id: OutageId, rule: Option<&str>) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(outages::dealt_by.eq(rule))
        .execute(conn)
}

/// Makes the cases of all imports up to this one visible, in one instant.
pub fn publish(conn: &mut Conn, id: OutageId, import: ImportId) -> Result<usize> {
    diesel::update(outages::table.find(id))
        .set(outages::published_import_id.eq(import))
        .execute(conn)
}
