//! What the doctor finds: each fault is named with its place and with what to do.

use crate::harness::{App, Database, Homes, evening, outcome, program, run};
use serde_json::Value;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// What the doctor says, and whether all is well.
struct Told(Value);

impl Told {
    fn by(command: &mut Command) -> Self {
        let ran = run(command.args(["--json", "--listen", "127.0.0.1:0", "doctor"]), "");
        let told = ran.json();
        let code = if told["ok"] == true { 0 } else { 1 };
        assert_eq!(ran.code, Some(code), "{told}");
        Self(told)
    }

    fn of(app: &App, settings: &[(&str, &str)]) -> Self {
        Self::by(app.program().envs(settings.iter().copied()))
    }

    /// Insists on a finding of this severity that says all of these words.
    #[track_caller]
    fn finds(&self, check: &str, severity: &str, words: &[&str]) -> &Self {
        let checks = self.0["checks"].as_array().unwrap();
        let found = checks.iter().any(|found| {
            let detail = found["detail"].as_str().unwrap();
            found["check"] == check
                && found["severity"] == severity
                && found["ok"] == (severity != "problem")
                && words.iter().all(|word| detail.contains(word))
        });
        assert!(found, "no {severity} of {check} with {words:?}: {:#}", self.0);
        if severity == "problem" {
            assert_eq!(self.0["ok"], false);
        }
        self
    }
}

#[tokio::test]
async fn a_real_mail_server_wants_a_real_sender_and_links_that_others_can_open() {
    let app = App::start().await;
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp = format!("smtp://{}", relay.local_addr().unwrap());
    let smtp = ("MAKEGOOD_SMTP_URL", smtp.as_str());
    Told::of(&app, &[smtp])
        .finds("mail", "ok", &["answers"])
        .finds("sender", "problem", &["noreply@localhost", "MAKEGOOD_MAIL_FROM"])
        .finds("links", "problem", &["127.0.0.1", "MAKEGOOD_BASE_URL"]);
    let from = (
        "MAKEGOOD_MAIL_FROM",
        "Department of Revenue <notices@agency.example>",
    );
    Told::of(
        &app,
        &[
            smtp,
            from,
            ("MAKEGOOD_BASE_URL", "http://outreach.agency.example"),
        ],
    )
    .finds("sender", "ok", &["notices@agency.example"])
    .finds("links", "warning", &["in the clear"]);
    let well = [
        smtp,
        from,
        ("MAKEGOOD_BASE_URL", "https://outreach.agency.example"),
    ];
    let well = Told::of(&app, &well);
    well.finds("links", "ok", &["https://outreach.agency.example"]);
    assert_eq!(well.0["ok"], true, "{:#}", well.0);
}

#[tokio::test]
async fn names_that_no_citizen_knows_are_told() {
    let app = App::start().await;
    Told::of(&app, &[]).finds("sender", "warning", &["Makegood", "MAKEGOOD_MAIL_FROM"]);
    app.homes(1).await;
    Told::of(&app, &[]).finds("names", "warning", &["Spanish", "april"]);
    app.in_database(|conn| {
        use diesel::prelude::*;
        use makegood::schema::outages;
        let names = r#"{"es":{"agency":"Departamento de Hacienda","outage":"Pagos"}}"#;
        diesel::update(outages::table)
            .set(outages::names.eq(names))
            .execute(conn)
    })
    .await;
    let told = Told::of(&app, &[]).0.to_string();
    assert!(!told.contains("Spanish names"), "{told}");
}

#[tokio::test]
async fn what_keeps_the_server_from_starting_is_a_problem() {
    let app = App::start().await;
    for (setting, value, check) in [
        ("MAKEGOOD_MAIL_FROM", "not an address", "sender"),
        ("MAKEGOOD_MAIL_REPLY_TO", "not an address", "sender"),
        ("MAKEGOOD_DKIM", "s:agency.example:/nowhere/at/all.pem", "sender"),
        (
            "MAKEGOOD_SECRET_KEY",
            "another key for tests and nothing else",
            "secret key",
        ),
    ] {
        Told::of(&app, &[(setting, value)]).finds(check, "problem", &[]);
        let mut serve = app.program();
        serve
            .env(setting, value)
            .args(["serve", "--listen", "127.0.0.1:0"]);
        run(&mut serve, "").ends_with(1);
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = app.runs(&["--json", "--listen", &address, "doctor"]).ends_with(1);
    Told(told.json()).finds("listen", "problem", &[&address, "in use", "MAKEGOOD_LISTEN"]);
    app.runs(&["serve", "--listen", &address]).ends_with(1);
}

#[tokio::test]
async fn a_mistyped_variable_and_a_secret_in_sight_are_told() {
    let app = App::start().await;
    Told::of(&app, &[("MAKEGOOD_SMPT_URL", "smtp://mail.example")]).finds(
        "settings",
        "warning",
        &["MAKEGOOD_SMPT_URL", "did you mean MAKEGOOD_SMTP_URL?"],
    );
    let key = "a key for tests and for nothing else";
    let mut in_sight = app.program();
    in_sight
        .env_remove("MAKEGOOD_SECRET_KEY")
        .args(["--secret-key", key]);
    let told = Told::by(&mut in_sight);
    told.finds("settings", "warning", &["MAKEGOOD_SECRET_KEY_FILE", "`ps`"]);
    assert!(!told.0.to_string().contains(key));
    let path = app.folder().join("key");
    std::fs::write(&path, format!("{key}\n")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let mut in_file = app.program();
    in_file
        .env_remove("MAKEGOOD_SECRET_KEY")
        .env("MAKEGOOD_SECRET_KEY_FILE", &path);
    let told = Told::by(&mut in_file);
    told.finds("settings", "ok", &[])
        .finds("secret key", "ok", &["used with"])
        .finds("rights", "warning", &["/key (0644)"]);
    let settings = told.0["settings"].as_array().unwrap();
    let origin = settings
        .iter()
        .find(|s| s["setting"] == "MAKEGOOD_SECRET_KEY")
        .unwrap();
    assert_eq!(
        (&origin["value"], origin["file"].as_str()),
        (&"(hidden)".into(), path.to_str())
    );
}

#[tokio::test]
async fn a_folder_that_others_can_read_is_told() {
    let app = App::start().await;
    let open = |mode| {
        std::fs::set_permissions(app.folder(), PermissionsExt::from_mode(mode)).unwrap();
        Told::of(&app, &[])
    };
    open(0o777).finds("rights", "warning", &["(0777)", "chmod"]);
    assert!(!open(0o700).0.to_string().contains("(0700)"));
}

#[tokio::test]
async fn a_damaged_file_is_told_before_anybody_meets_the_damage() {
    let app = App::start().await;
    let file = app.folder().join("makegood.db");
    if !file.exists() {
        return; // PostgreSQL looks at its own pages
    }
    let homes = app.does(|office| Ok(Homes::of_outage(office, "april", "00:00-24:00").add(office, 300, 2)));
    homes.await.unwrap();
    Told::of(&app, &[]).finds("file", "ok", &["is whole"]);
    let copy = tempfile::tempdir().unwrap();
    let backup = copy.path().join("makegood.db");
    app.runs(&["backup", backup.to_str().unwrap()]).ends_with(0);
    let mut bytes = std::fs::read(&backup).unwrap();
    let half = bytes.len() / 2 / 4096 * 4096;
    bytes[half..half + 3 * 4096].fill(0xa5);
    std::fs::write(&backup, bytes).unwrap();
    let mut damaged = app.program();
    damaged.env("MAKEGOOD_DATA_DIR", copy.path());
    let told = Told::by(&mut damaged);
    // Where the damage lies in what opening a database needs, it is not looked through any more.
    let opens = told.0["checks"]
        .as_array()
        .unwrap()
        .iter()
        .any(|found| found["check"] == "file");
    told.finds(
        if opens { "file" } else { "database" },
        "problem",
        &["damaged", "makegood restore"],
    );
}

#[tokio::test]
async fn a_database_that_takes_no_changes_is_told() {
    let Some(database) = Database::empty_on_postgres().await else {
        return; // a file that cannot be written is told by the rights of its folder
    };
    let node = || {
        let mut node = program();
        node.env("MAKEGOOD_DATA_DIR", database.folder())
            .env("MAKEGOOD_DATABASE_URL", database.url());
        node
    };
    run(node().arg("migrate"), "").ends_with(0);
    Told::by(&mut node())
        .finds("writing", "ok", &["taken back"])
        .finds("letters", "ok", &["UTF-8"])
        .finds("nodes", "ok", &["sticky", "session"])
        .finds("clock", "ok", &[]);
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let name: String = client
        .query_one("SELECT current_database()::TEXT", &[])
        .await
        .unwrap()
        .get(0);
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    client.batch_execute(&read_only).await.unwrap();
    Told::by(&mut node()).finds("writing", "problem", &["nothing can be changed", "standby"]);
}

#[tokio::test]
async fn a_database_that_cannot_keep_every_name_or_is_reached_in_the_clear_is_told() {
    let Some(database) = Database::empty_on_postgres().await else {
        return; // a file of SQLite's is UTF-8, and crosses no network
    };
    let node = |url: &str| {
        let mut node = program();
        node.env("MAKEGOOD_DATA_DIR", database.folder())
            .env("MAKEGOOD_DATABASE_URL", url);
        node
    };
    let url = database.url();
    run(node(&url).arg("migrate"), "").ends_with(0);
    // This machine under a name that is none of its own.
    let across = url
        .replace("127.0.0.1", "0.0.0.0")
        .replace("localhost", "0.0.0.0");
    if across != url {
        let in_the_clear = ["in the clear", "sslmode=verify-full"];
        Told::by(&mut node(&across)).finds("encryption", "warning", &in_the_clear);
    }
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let name = url.rsplit('/').next().unwrap();
    let latin = format!("{name}_latin");
    let made =
        format!("CREATE DATABASE {latin} ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    client.batch_execute(&made).await.unwrap();
    let there = url.replace(name, &latin);
    Told::by(&mut node(&there)).finds("database", "problem", &["LATIN1", "UTF8"]);
    let gone = format!("DROP DATABASE {latin} WITH (FORCE)");
    client.batch_execute(&gone).await.unwrap();
}

#[tokio::test]
async fn calls_that_lie_ahead_of_now_are_told() {
    evening("00:00-24:00", |mut evening| {
        let ana = evening.hires("Ana");
        evening.households(1, 1);
        evening.passes(86_400);
        let claim = evening.claims(&ana);
        evening.records(&ana, &claim, &outcome("no_answer"));
        let right = makegood::clock::Clock::default();
        let office = makegood::outreach::Office::new(
            evening.office.db.clone(),
            right,
            (*evening.office.config).clone(),
        );
        let fault = office.clock_fault().unwrap();
        assert!(
            matches!(fault, Some(makegood::outreach::checkup::ClockFault::Recorded(seconds)) if seconds > 86_000),
            "{fault:?}"
        );
    })
    .await;
}
