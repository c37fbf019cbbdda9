//! A running Makegood for one test, and people who use it.
//!
//! `let app = App::start().await; let ana = app.caller("Ana").await;` is the real server on a free
//! port with a database of its own: SQLite in a temporary folder, or PostgreSQL where
//! `MAKEGOOD_TEST_DATABASE` names a server (`postgres://…`, as somebody who may create databases).

mod database;
mod evening;
mod homes;
pub mod imap;
mod page;
mod person;
mod program;
mod relay;
mod workbook;

pub use evening::{ALWAYS, Evening, HOUR, MINUTE, call_back, evening, fresh_key, outcome};
pub use homes::{Home, Homes};
pub use page::Page;
pub use person::Person;
pub use program::{Ran, program, run};
pub use relay::Relay;
pub use workbook::{package, workbook};

pub use database::Database;
use makegood::clock::Clock;
use makegood::config::{Config, Flags};
use makegood::db::Conn;
use makegood::domain::role::Role;
use makegood::outreach::Office;
use makegood::outreach::accounts::NewAccount;
use makegood::server::Server;
use std::net::TcpListener;

/// A running Makegood. Everything of it is gone when it is dropped.
pub struct App {
    /// Where the verbs are done, for what a test does behind the pages' back.
    pub office: Office,
    /// Its time; `app.clock.advance_seconds(…)` moves it for all.
    pub clock: Clock,
    /// `http://127.0.0.1:…`
    pub base: String,
    server: Option<Server>,
    // Dropped last: the database goes after those who use it.
    database: Database,
}

impl App {
    /// Starts one with the default settings.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts one with settings of its own.
    pub async fn start_with(change: impl FnOnce(&mut Flags)) -> Self {
        let database = Database::fresh().await;
        let mut flags = database.flags();
        change(&mut flags);
        let config = Config::load(&flags).unwrap();
        let opened = tokio::task::spawn_blocking(move || Office::open(config));
        let office = opened.await.unwrap().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server::start(office.clone(), listener).unwrap();
        Self {
            base: format!("http://{}", server.address),
            clock: office.clock.clone(),
            office,
            server: Some(server),
            database,
        }
    }

    /// An account, not yet signed in.
    pub async fn hires(&self, name: &str, role: Role) -> Person {
        let account = NewAccount {
            email: format!("{}@agency.example", name.to_lowercase().replace(' ', ".")),
            name: name.to_owned(),
            role,
            languages: Vec::new(),
            specialist: false,
        };
        self.hires_as(account).await
    }

    /// An account with languages of its own, not yet signed in.
    pub async fn hires_as(&self, account: NewAccount) -> Person {
        let office = self.office.clone();
        let email = account.email.clone();
        let added = tokio::task::spawn_blocking(move || office.add_account(&account, None));
        let (id, password) = added.await.unwrap().unwrap();
        Person::new(self, id, email, password)
    }

    /// A caller who is signed in.
    pub async fn caller(&self, name: &str) -> Person {
        self.hires(name, Role::Caller).await.signs_in().await
    }

    /// A supervisor who is signed in.
    pub async fn supervisor(&self, name: &str) -> Person {
        self.hires(name, Role::Supervisor).await.signs_in().await
    }

    /// An administrator who is signed in.
    pub async fn admin(&self, name: &str) -> Person {
        self.hires(name, Role::Admin).await.signs_in().await
    }

    /// Somebody with a browser and no account.
    pub fn stranger(&self) -> Person {
        Person::new(self, 0, String::new(), String::new())
    }

    /// An outage `april` that may be called about at any hour, with so many households of one person each, on
    /// nobody's list.
    pub async fn homes(&self, households: i64) -> Homes {
        let made = self.does(move |office| {
            let mut homes = Homes::of_outage(office, "april", ALWAYS);
            homes.add(office, households, 1);
            Ok(homes)
        });
        made.await.unwrap()
    }

    /// Looks into the database, or changes it, behind everybody's back.
    pub async fn in_database<T: Send + 'static>(
        &self,
        query: impl Fn(&mut Conn) -> diesel::QueryResult<T> + Send + 'static,
    ) -> T {
        self.does(move |office| Ok(office.db.write(query)?))
            .await
            .unwrap()
    }

    /// Its database, as one of another data folder would name it.
    pub fn database_url(&self) -> String {
        match self.folder().join("makegood.db") {
            file if file.exists() => format!("sqlite:{}", file.display()),
            _ => self.database.url(),
        }
    }

    /// Its data folder.
    pub fn folder(&self) -> &std::path::Path {
        self.database.folder()
    }

    /// Does a verb as the server would.
    pub async fn does<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Office) -> makegood::outreach::Result<T> + Send + 'static,
    ) -> makegood::outreach::Result<T> {
        let office = self.office.clone();
        tokio::task::spawn_blocking(move || verb(&office)).await.unwrap()
    }

    /// Stops the server as SIGTERM does: what was accepted is finished first.
    pub async fn stops(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await.unwrap();
        }
    }
}
