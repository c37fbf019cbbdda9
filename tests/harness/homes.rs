//! Households to call, written straight into the database: a test that is about calls should not
//! wait for an import.

use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::{CaseId, HouseholdId, ImportId, OutageId};
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::Office;
use makegood::outreach::outages::{NewOutageTexts, Outage};
use makegood::schema::{cases, imports, transactions};
use makegood::store::households::{self, Entry};
use makegood::store::{bulk, outages};

/// The households of one outage, in the order in which they are called.
pub struct Homes {
    pub outage: Outage,
    import: ImportId,
    made: i64,
}

/// One household and its people.
#[derive(Clone, Debug)]
pub struct Home {
    pub id: HouseholdId,
    pub phone: String,
    pub people: Vec<CaseId>,
}

impl Homes {
    /// An outage that may be called about at any hour, or at `hours`.
    pub fn of_outage(office: &Office, slug: &str, hours: &str) -> Self {
        let entered = NewOutageTexts {
            slug: slug.to_owned(),
            name: "Income tax payments".to_owned(),
            start: "2026-04-15T18:40".to_owned(),
            end: "2026-04-15T19:02".to_owned(),
            tz: "America/New_York".to_owned(),
            calling_hours: Some(hours.to_owned()),
            ..NewOutageTexts::default()
        };
        let outage = office.create_outage(&entered, None).unwrap();
        let now = office.now();
        let import = office.db.write(|conn| published(conn, outage.id, now)).unwrap();
        Self {
            outage,
            import,
            made: 0,
        }
    }

    /// The next household has this number, and a phone and people of its own in all outages.
    pub const fn begins_at(&mut self, number: i64) {
        self.made = number;
    }

    /// So many more households of so many people each, whose numbers are in Tennessee.
    pub fn add(&mut self, office: &Office, households: i64, people: i64) -> Vec<Home> {
        let opened = office.now().plus_hours(-1);
        let (outage, import, first) = (self.outage.id, self.import, self.made);
        self.made += households;
        let added = office.db.write(|conn| -> QueryResult<Vec<Home>> {
            households::add_zones(conn, outage, ZONE)?;
            (first..first + households)
                .map(|number| household(conn, (outage, import), number, people, opened))
                .collect()
        });
        added.unwrap()
    }
}

const ZONE: &str = "America/New_York";

fn published(conn: &mut Conn, outage: OutageId, now: Timestamp) -> QueryResult<ImportId> {
    let id = diesel::insert_into(imports::table)
        .values((
            imports::outage_id.eq(outage),
            imports::kind.eq("failed"),
            imports::file_name.eq("failed.csv"),
            imports::file_hash.eq("0"),
            imports::size_bytes.eq(0),
            imports::state.eq("published"),
            imports::bytes_read.eq(0),
            imports::rows_read.eq(0),
            imports::created_at.eq(now),
            imports::published_at.eq(now),
        ))
        .returning(imports::id)
        .get_result(conn)?;
    outages::publish(conn, outage, id)?;
    Ok(id)
}

fn household(
    conn: &mut Conn,
    (outage, import): (OutageId, ImportId),
    number: i64,
    people: i64,
    opened: Timestamp,
) -> QueryResult<Home> {
    let phone = format!("+1423{:07}", 5_550_000 + number);
    let id = households::add(conn, outage, import, &phone)?;
    let people: QueryResult<Vec<CaseId>> = (0..people)
        .map(|one| {
            case(
                (&mut *conn, outage, import),
                (id, &phone),
                number * 10 + one,
                opened,
            )
        })
        .collect();
    let people = people?;
    let entry = Entry {
        time_zone: ZONE.to_owned(),
        language: None,
        stage: "new".to_owned(),
        due_at: Some(opened),
        score: 1_000_000 - number, // the first made is called first
        tries: 0,
        citizens: i32::try_from(people.len()).unwrap(),
        callback_owner_id: None,
        waits_until: None,
    };
    bulk::set_entries(conn, &[(id, entry)])?;
    Ok(Home { id, phone, people })
}

fn case(
    (conn, outage, import): (&mut Conn, OutageId, ImportId),
    (household, phone): (HouseholdId, &str),
    number: i64,
    opened: Timestamp,
) -> QueryResult<CaseId> {
    let key = format!("A:T-{number:07}");
    diesel::insert_into(transactions::table)
        .values((
            transactions::outage_id.eq(outage),
            transactions::import_id.eq(import),
            transactions::line.eq(number + 2),
            transactions::bin.eq("accepted"),
            transactions::dedupe_key.eq(number.to_be_bytes().repeat(2)),
            transactions::external_id.eq(format!("TX-{number}")),
            transactions::occurred_at.eq(opened),
            transactions::given_name.eq("Rosa"),
            transactions::family_name.eq(format!("Marlow{number}")),
            transactions::folded_name.eq(format!("rosamarlow{number}")),
            transactions::amount_cents.eq(128_400),
            transactions::tax_type.eq("income"),
            transactions::charged.eq("not_charged"),
            transactions::identity_key.eq(&key),
        ))
        .execute(conn)?;
    diesel::insert_into(cases::table)
        .values((
            (
                cases::outage_id.eq(outage),
                cases::import_id.eq(import),
                cases::identity_key.eq(&key),
                cases::household_id.eq(household),
                cases::given_name.eq("Rosa"),
                cases::family_name.eq(format!("Marlow{number}")),
                cases::folded_name.eq(format!("rosamarlow{number}")),
                cases::account_id.eq(format!("T-{number:07}")),
                cases::email.eq(format!("rosa{number}@mail.example")),
                cases::phone.eq(phone),
                cases::time_zone.eq(ZONE),
                cases::amount_cents.eq(128_400),
            ),
            (
                cases::tax_type.eq("income"),
                cases::charged.eq("not_charged"),
                cases::first_failed_at.eq(opened),
                cases::last_failed_at.eq(opened),
                cases::opened_at.eq(opened),
                cases::transactions.eq(1),
                cases::code.eq("MAPLE 27"),
                cases::stage.eq("new"),
                cases::due_at.eq(opened),
                cases::tries.eq(0),
            ),
        ))
        .returning(cases::id)
        .get_result(conn)
}
