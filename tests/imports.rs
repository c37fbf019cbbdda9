//! Imports through the database: exact counts, nothing lost, nothing half done.

mod evening;
mod exports;
mod guard;
mod hostile;
mod interrupted;
mod killed;
mod layouts;
mod quirks;
mod reconciled;
mod reordered;
mod repeated;
mod taken_back;

use makegood::config::Config;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::Office;
use makegood::outreach::import::{ImportOptions, Report};
use makegood::store::outages::{self, NewOutage};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// An office of its own with the outage of the test data.
pub struct Desk {
    pub office: Office,
    pub outage: i64,
    database: crate::harness::Database,
}

/// A file of the test data.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

/// A JSON file of the test data.
pub fn json(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(data(name)).unwrap()).unwrap()
}

fn instant(window: &Value, key: &str) -> Timestamp {
    serde_json::from_value(window[key].clone()).unwrap()
}

impl Desk {
    /// An outage with this window.
    pub fn with_window(window: &Value) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let database = runtime.block_on(crate::harness::Database::fresh());
        drop(runtime);
        let config = Config::load(&database.flags()).unwrap();
        let office = Office::open(config).unwrap();
        let new = NewOutage {
            slug: "april".into(),
            name: "April".into(),
            starts_at: instant(window, "start"),
            ends_at: instant(window, "end_exclusive"),
            time_zone: window["tz"].as_str().unwrap().into(),
            account_format: Some("T-0000000".into()),
            calling_from: 0,
            calling_until: 1440,
            holidays: String::new(),
            pool_open: true,
            agency_name: String::new(),
            help_phone: String::new(),
            pay_url: String::new(),
            caller_id: String::new(),
            names: None,
            published_import_id: 0,
            created_by: None,
            created_at: office.now(),
        };
        let outage = office.db.write(|conn| outages::add(conn, &new)).unwrap();
        Self {
            office,
            outage,
            database,
        }
    }

    /// The outage of the hand-made files.
    pub fn open() -> Self {
        Self::with_window(&json("small.truth.json")["window"])
    }

    /// Where it keeps everything.
    pub fn folder(&self) -> &Path {
        self.database.folder()
    }

    pub fn imports(&self, name: &str) -> Report {
        self.imports_with(name, &ImportOptions::default())
    }

    pub fn imports_with(&self, name: &str, options: &ImportOptions) -> Report {
        self.office
            .import_file(self.outage, &data(name), options, &mut |_| {})
            .unwrap()
    }
}
