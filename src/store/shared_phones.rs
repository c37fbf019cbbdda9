//! Phones with so many people, or with people of so different names, that a person should look at them.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, HouseholdId, ImportId, OutageId};
use crate::domain::switchboard::SWITCHBOARD;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// One phone.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct SharedPhone {
    #[diesel(sql_type = BigInt)]
    pub household: HouseholdId,
    /// E.164.
    #[diesel(sql_type = Text)]
    pub phone: String,
    #[diesel(sql_type = BigInt)]
    pub people: i64,
    /// Different family names among them, large and small letters taken as one.
    #[diesel(sql_type = BigInt)]
    pub names: i64,
}

/// Somebody at such a phone.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct AtPhone {
    #[diesel(sql_type = BigInt)]
    pub id: CaseId,
    #[diesel(sql_type = Text)]
    pub given_name: String,
    #[diesel(sql_type = Text)]
    pub family_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub account_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub transactions: i64,
}

/// The households of an outage with their people, those of imports up to `until` and as these change them: what stands after
/// `FROM`.
fn people_of_households(outage: OutageId, until: ImportId) -> String {
    let now =
        |column: &str| format!("CASE WHEN n.case_id IS NULL THEN c.{column} ELSE n.{column} END AS {column}");
    let columns = [
        "phone",
        "given_name",
        "family_name",
        "account_id",
        "email",
        "transactions",
    ]
    .map(now)
    .join(", ");
    format!(
        "(SELECT c.id AS id, c.import_id AS import_id, n.import_id AS changed_by, {columns} FROM cases c \
         LEFT JOIN staged_changes n ON n.case_id = c.id AND n.import_id <= {until} \
         WHERE c.outage_id = {outage} AND c.import_id <= {until}) AS p \
         JOIN households h ON h.outage_id = {outage} AND h.phone = p.phone AND h.import_id <= {until}"
    )
}

const COLUMNS: &str = "h.id AS household, h.phone AS phone, COUNT(*) AS people, \
                       COUNT(DISTINCT LOWER(p.family_name)) AS names";

/// Whom no supervisor has parted from the number.
const UNPARTED: &str = "(p.id, p.phone) NOT IN (SELECT d.case_id, d.phone FROM decisions d \
                        WHERE d.phone IS NOT NULL AND d.withdrawn_at IS NULL)";

/// Phones to look at that an import brings people to, those with the most people first: of five or more people, or of
/// several none of whom shares a family name with another.
pub fn to_check(
    conn: &mut Conn,
    (outage, until): (OutageId, ImportId),
    import: ImportId,
    limit: i64,
) -> Result<Vec<SharedPhone>> {
    let from = people_of_households(outage, until);
    diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM {from} WHERE p.transactions > 0 AND {UNPARTED} GROUP BY h.id, h.phone \
         HAVING (COUNT(*) >= {SWITCHBOARD} OR (COUNT(*) > 1 AND COUNT(DISTINCT LOWER(p.family_name)) = COUNT(*) \
         AND MIN(p.family_name) <> '')) \
         AND COUNT(CASE WHEN p.import_id = {import} OR p.changed_by = {import} THEN 1 END) > 0 \
         ORDER BY people DESC, h.id LIMIT {limit}"
    ))
    .load(conn)
}

/// One phone, if anybody is at it.
pub fn find(
    conn: &mut Conn,
    (outage, until): (OutageId, ImportId),
    household: HouseholdId,
) -> Result<Option<SharedPhone>> {
    let from = people_of_households(outage, until);
    diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM {from} WHERE h.id = {household} AND p.transactions > 0 GROUP BY h.id, h.phone"
    ))
    .get_result(conn)
    .optional()
}

/// The people at one phone by name, so many after so many.
pub fn at(
    conn: &mut Conn,
    (outage, until): (OutageId, ImportId),
    household: HouseholdId,
    (offset, limit): (i64, i64),
) -> Result<Vec<AtPhone>> {
    let from = people_of_households(outage, until);
    diesel::sql_query(format!(
        "SELECT p.id AS id, p.given_name AS given_name, p.family_name AS family_name, p.account_id AS account_id, \
         p.email AS email, CAST(p.transactions AS BIGINT) AS transactions FROM {from} \
         WHERE h.id = {household} AND p.transactions > 0 ORDER BY p.family_name, p.given_name, p.id \
         LIMIT {limit} OFFSET {offset}"
    ))
    .load(conn)
}
