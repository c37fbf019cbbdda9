//! A backup that is put into place again must not write to everybody a second time.

use crate::harness::{App, Homes, program, run};
use diesel::prelude::*;
use makegood::config::{Config, Flags};
use makegood::domain::ids::OutageId;
use makegood::outreach::Office;
use makegood::outreach::campaign::Audience;
use makegood::outreach::mail_hold::Release;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{mail_holds, messages};
use std::path::Path;
use std::process::Command;

/// An outage with so many people to whom the apology is queued.
fn queued(office: &Office, people: i64) -> makegood::outreach::Result<OutageId> {
    let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
    homes.add(office, people, 1);
    office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)?;
    Ok(homes.outage.id)
}

fn work(office: &Office) -> makegood::outreach::Result<Step> {
    let outbox = Outbox::open(office)?;
    let step = loop {
        match outbox.step()? {
            Step::Worked(_) => {}
            step => break step,
        }
    };
    outbox.close()?;
    Ok(step)
}

fn on_folder(folder: &Path, arguments: &[&str]) -> crate::harness::Ran {
    let mut command: Command = program();
    command.env("MAKEGOOD_DATA_DIR", folder);
    run(command.args(arguments), "")
}

fn letters(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("mail")).map_or(0, Iterator::count)
}

/// A data folder of SQLite's with so many queued e-mails, and nobody at work on it.
fn folder_with(people: i64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags {
        data_dir: Some(folder.path().to_str().unwrap().to_owned()),
        ..Flags::default()
    };
    let office = Office::open(Config::load(&flags).unwrap()).unwrap();
    queued(&office, people).unwrap();
    folder
}

#[test]
fn a_restored_backup_sends_nothing_until_somebody_says_so() {
    let folder = folder_with(3);
    let backup = folder.path().join("evening.backup");
    let name = backup.to_str().unwrap();
    let made = on_folder(folder.path(), &["--json", "backup", name])
        .ends_with(0)
        .json();
    assert_eq!(
        (
            made["contents"]["cases"].as_i64(),
            made["contents"]["messages_waiting"].as_i64()
        ),
        (Some(3), Some(3))
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&backup).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    on_folder(folder.path(), &["backup", name]).ends_with(1); // an older one is not written over
    on_folder(folder.path(), &["mail", "work", "--until-empty"]).ends_with(0);
    assert_eq!(letters(folder.path()), 3);

    let restored = on_folder(folder.path(), &["--json", "restore", name])
        .ends_with(0)
        .json();
    assert_eq!(restored["contents"]["messages_waiting"], 3);
    assert!(
        Path::new(restored["kept"].as_str().unwrap()).is_file(),
        "what was there is kept"
    );
    std::fs::remove_dir_all(folder.path().join("mail")).unwrap();
    let refused = on_folder(folder.path(), &["mail", "work", "--until-empty"]).ends_with(1);
    assert!(
        refused.stderr.contains("makegood mail release"),
        "{}",
        refused.stderr
    );
    assert_eq!(letters(folder.path()), 0);
    let asked = on_folder(folder.path(), &["mail", "release"]).ends_with(0);
    assert!(
        asked.stdout.contains("3 apology") && asked.stdout.contains("Nothing was released"),
        "{}",
        asked.stdout
    );
    let doctor = on_folder(folder.path(), &["doctor"]).ends_with(1);
    assert!(doctor.stdout.contains("all e-mail is held"), "{}", doctor.stdout);
    let released = on_folder(folder.path(), &["--json", "mail", "release", "--withdraw"])
        .ends_with(0)
        .json();
    assert_eq!(
        (released["withdrawn"].as_i64(), released["held"].as_bool()),
        (Some(3), Some(false))
    );
    on_folder(folder.path(), &["mail", "work", "--until-empty"]).ends_with(0);
    assert_eq!(letters(folder.path()), 0, "they had been sent");
}

#[test]
fn a_copied_folder_and_an_older_file_put_into_place_by_hand_are_noticed() {
    let folder = folder_with(2);
    let copy = tempfile::tempdir().unwrap();
    for file in ["makegood.db", "instance", "secret.key"] {
        std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    on_folder(folder.path(), &["mail", "work", "--until-empty"]).ends_with(0);
    assert_eq!(letters(folder.path()), 2);
    let elsewhere = on_folder(copy.path(), &["mail", "work", "--until-empty"]).ends_with(1);
    assert!(elsewhere.stderr.contains("held"), "{}", elsewhere.stderr);
    assert_eq!(letters(copy.path()), 0);
    // The older content in the same file: only the folder remembers that the database was further.
    let older = std::fs::read(copy.path().join("makegood.db")).unwrap();
    let flags = Flags {
        data_dir: Some(folder.path().to_str().unwrap().to_owned()),
        ..Flags::default()
    };
    assert!(
        Office::open(Config::load(&flags).unwrap())
            .unwrap()
            .mail_hold()
            .unwrap()
            .is_none(),
        "a restart is no restore"
    );
    let database = folder.path().join("makegood.db");
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("makegood.db{end}")));
    }
    std::fs::write(&database, older).unwrap();
    let ran = on_folder(folder.path(), &["--json", "mail", "release"])
        .ends_with(0)
        .json();
    assert_eq!(
        (ran["held"].as_bool(), ran["waiting"].as_i64()),
        (Some(true), Some(2)),
        "{ran}"
    );
}

#[test]
fn what_is_no_backup_leaves_everything_as_it_was() {
    let folder = folder_with(1);
    let wrong = folder.path().join("wrong");
    std::fs::write(&wrong, "no database").unwrap();
    let told = on_folder(folder.path(), &["restore", wrong.to_str().unwrap()])
        .ends_with(1)
        .stderr;
    assert!(told.contains("not a backup"), "{told}");
    on_folder(folder.path(), &["mail", "work", "--until-empty"]).ends_with(0);
    assert_eq!(letters(folder.path()), 1);
    let left = std::fs::read_dir(folder.path()).unwrap();
    let left: Vec<_> = left
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(left.iter().all(|name| !name.contains("restoring")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_sees_what_waits_on_every_page_and_releases_it() {
    let app = App::start().await;
    app.does(|office| queued(office, 2)).await.unwrap();
    let eve = app.supervisor("Eve").await;
    let ana = app.caller("Ana").await;
    eve.sends("/mail-hold", &[("why", "the texts are wrong")])
        .await
        .is(303);
    eve.sends("/mail-hold", &[("why", "again")]).await.is(422);
    assert_eq!(app.does(work).await.unwrap(), Step::Held);
    eve.opens("/outages/april-15/board")
        .await
        .is(200)
        .says("All e-mail is held");
    let desk = ana.opens("/outages/april-15/desk").await.is(200);
    assert!(
        !desk.body.contains("All e-mail is held"),
        "a caller can do nothing about it"
    );
    assert_eq!(ana.opens("/mail-hold").await.status, 403);
    let page = eve.opens("/mail-hold").await.is(200).says("the texts are wrong");
    assert!(
        page.body.contains("Send 2 e-mails") && page.body.contains("Apology"),
        "{}",
        page.body
    );
    eve.sends("/mail-hold/release", &[("how", "")]).await.is(422);
    eve.sends("/mail-hold/release", &[("how", "send")]).await.is(303);
    assert!(matches!(app.does(work).await.unwrap(), Step::Idle(_)));
    let states = app
        .in_database(|conn| messages::table.select(messages::state).load::<String>(conn))
        .await;
    assert_eq!(states, ["sent", "sent"]);
    let by = app
        .in_database(|conn| {
            mail_holds::table
                .select(mail_holds::released_by)
                .first::<Option<i64>>(conn)
        })
        .await;
    assert_eq!(by, Some(eve.id), "who released it is kept");
    eve.opens("/mail-hold")
        .await
        .is(200)
        .says("Nothing is held")
        .says("Eve");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_lies_elsewhere_than_it_did_holds_its_mail() {
    let app = App::start().await;
    app.does(|office| queued(office, 1)).await.unwrap();
    let moved = |conn: &mut makegood::db::Conn| {
        use makegood::schema::instances;
        diesel::update(instances::table)
            .set(instances::home.eq("another server/1"))
            .execute(conn)
    };
    app.in_database(moved).await; // as if a dump of that one had been restored here
    let config = (*app.office.config).clone();
    let office = tokio::task::spawn_blocking(move || Office::open(config).unwrap())
        .await
        .unwrap();
    let held = app.does(|office| office.mail_hold()).await.unwrap().unwrap();
    assert!(held.hold.because.contains("restored"), "{}", held.hold.because);
    assert_eq!(held.messages(), 1);
    let withdrawn = app
        .does(|office| office.release_mail(None, Release::Withdraw))
        .await
        .unwrap();
    assert_eq!(withdrawn, 1);
    drop(office);
    let config = (*app.office.config).clone();
    tokio::task::spawn_blocking(move || Office::open(config).unwrap())
        .await
        .unwrap();
    assert!(
        app.does(|office| office.mail_hold()).await.unwrap().is_none(),
        "told once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_while_people_work_and_postgres_is_told_its_own_tools() {
    let app = App::start().await;
    app.does(|office| queued(office, 2)).await.unwrap();
    let target = app.folder().join("b.backup");
    let made = app.does(move |office| office.back_up(&target)).await;
    if app.runs(&["--json", "doctor"]).stdout.contains("postgres://") {
        let told = made.unwrap_err().to_string();
        assert!(
            told.contains("pg_dump") && told.contains("makegood mail release"),
            "{told}"
        );
        let told = app.runs(&["restore", "x"]).ends_with(1).stderr;
        assert!(told.contains("pg_restore"), "{told}");
    } else {
        assert_eq!(made.unwrap().cases, 2);
        let taken = std::fs::File::create(app.folder().join("serving.lock")).unwrap();
        taken.lock_shared().unwrap();
        let backup = app.folder().join("b.backup");
        let told = app
            .runs(&["restore", backup.to_str().unwrap()])
            .ends_with(1)
            .stderr;
        assert!(told.contains("Stop it first"), "{told}");
    }
}
