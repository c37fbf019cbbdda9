//! E-mails that come back: whom they were for is told by the address they came back to.

use crate::harness::{App, Home, Homes};
use diesel::prelude::*;
use makegood::config::{Config, Flags};
use makegood::db::Conn;
use makegood::domain::ids::MessageId;
use makegood::domain::mail_id;
use makegood::outreach::Office;
use makegood::outreach::bounce_boxes::Found;
use makegood::outreach::bounces::Taken;
use makegood::outreach::campaign::Audience;
use makegood::schema::{cases, messages, suppressions};
use std::path::{Path, PathBuf};

/// An office with a bounce mailbox, and people who were written to.
struct Post {
    app: App,
    homes: Vec<Home>,
    mailbox: PathBuf,
    _folder: tempfile::TempDir,
}

fn mailbox(folder: &Path) -> PathBuf {
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.join(part)).unwrap();
    }
    folder.to_owned()
}

impl Post {
    /// The apology went out to so many people, into files.
    async fn sent(people: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mailbox = mailbox(folder.path());
        let app = App::start_with(|flags| {
            flags.bounces = Some(format!("maildir:{}", mailbox.display()));
            flags.mail_from = Some("Revenue <noreply@agency.example>".to_owned());
        })
        .await;
        let homes = app.does(move |office| {
            let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
            let added = homes.add(office, people, 1);
            office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)?;
            let outbox = makegood::outreach::outbox::Outbox::open(office)?;
            while let makegood::outreach::outbox::Step::Worked(_) = outbox.step()? {}
            outbox.close()?;
            Ok(added)
        });
        let homes = homes.await.unwrap();
        Self {
            app,
            homes,
            mailbox,
            _folder: folder,
        }
    }

    /// The message to a household's one person, and the address from which it was sent.
    async fn message(&self, home: usize) -> (MessageId, String) {
        let case = self.homes[home].people[0];
        let of_case = move |conn: &mut Conn| {
            let sent = messages::table.filter(messages::case_id.eq(case));
            sent.select(messages::id).first(conn)
        };
        let id = self.app.in_database(of_case).await;
        let keys = self.app.office.config.secret_keys.bytes();
        (id, mail_id::return_path(keys[0], id, "agency.example"))
    }

    /// A report arrives.
    fn comes_back(&self, name: &str, to: &str, action: &str, status: &str) {
        let report = format!(
            "From: MAILER-DAEMON@relay.example\nTo: <{to}>\nSubject: Undelivered Mail\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nHello.\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n\
             Final-Recipient: rfc822; somebody@post.example\nAction: {action}\nStatus: {status}\n\n--b--\n"
        );
        std::fs::write(self.mailbox.join("new").join(name), report).unwrap();
    }

    async fn state(&self, id: MessageId) -> String {
        let state = move |conn: &mut Conn| messages::table.find(id).select(messages::state).first(conn);
        self.app.in_database(state).await
    }

    async fn reads_mail(&self) -> Found {
        self.app.does(Office::take_bounces).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_not_written_to_again_and_one_that_may_work_is_kept() {
    let post = Post::sent(3).await;
    let (dead, dead_path) = post.message(0).await;
    let (full, full_path) = post.message(1).await;
    let (slow, slow_path) = post.message(2).await;
    post.comes_back("1", &dead_path, "failed", "5.1.1");
    post.comes_back("2", &full_path, "failed", "4.2.2");
    post.comes_back("3", &slow_path, "delayed", "4.4.1");
    let found = post.reads_mail().await;
    assert_eq!((found.read, found.hard, found.soft, found.ignored), (3, 1, 1, 1));
    for (id, state) in [(dead, "bounced"), (full, "failed"), (slow, "sent")] {
        assert_eq!(post.state(id).await, state);
    }
    let case = post.homes[0].people[0];
    let address = move |conn: &mut Conn| cases::table.find(case).select(cases::email).first(conn);
    let address: Option<String> = post.app.in_database(address).await;
    let suppressed = |conn: &mut Conn| {
        let both = (suppressions::value, suppressions::reason);
        suppressions::table.select(both).load(conn)
    };
    let suppressed: Vec<(String, String)> = post.app.in_database(suppressed).await;
    assert_eq!(suppressed, [(address.unwrap(), "bounced".to_owned())]);
    assert_eq!(post.reads_mail().await.read, 0, "what was read is not read again");
    assert_eq!(std::fs::read_dir(post.mailbox.join("cur")).unwrap().count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_corrects_an_address_that_was_dead_and_the_letter_goes_there_once() {
    let post = Post::sent(2).await;
    let (dead, path) = post.message(0).await;
    let (other, _) = post.message(1).await;
    let case = post.homes[0].people[0];
    let email = move |conn: &mut Conn| cases::table.find(case).select(cases::email).first(conn);
    let before: Option<String> = post.app.in_database(email).await;
    post.comes_back("1", &path, "failed", "5.1.1");
    post.reads_mail().await;
    let eve = post.app.supervisor("Eve").await;
    eve.opens("/outages/april-15/messages")
        .await
        .is(200)
        .says("Correct the address");
    let address = format!("/outages/april-15/messages/{dead}/address");
    for (wrong, status) in [("rosa", 422), (before.as_deref().unwrap(), 422)] {
        eve.sends(&address, &[("email", wrong)]).await.is(status);
    }
    for _ in 0..2 {
        eve.sends(&address, &[("email", "Rosa.M@right.example")])
            .await
            .is(303);
    }
    let written = move |conn: &mut Conn| {
        let all = (messages::template_key, messages::to_address, messages::state);
        let of_case = messages::table.filter(messages::case_id.eq(case));
        of_case.select(all).order(messages::id).load(conn)
    };
    let written: Vec<(String, String, String)> = post.app.in_database(written).await;
    let once = |to: &str, state: &str| ("apology".to_owned(), to.to_owned(), state.to_owned());
    let right = "rosa.m@right.example";
    assert_eq!(
        written,
        [once(&before.unwrap(), "bounced"), once(right, "queued")]
    );
    assert_eq!(
        post.app.in_database(email).await,
        Some(right.to_owned()),
        "and from now on"
    );
    eve.opens(&format!("/cases/{case}"))
        .await
        .says("E-mail address put right");
    let arrived = format!("/outages/april-15/messages/{other}/address");
    eve.sends(&arrived, &[("email", "a@right.example")]).await.is(409);
    let ana = post.app.caller("Ana").await;
    ana.sends(&address, &[("email", "a@right.example")]).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_report_and_the_same_one_again_change_nothing() {
    let post = Post::sent(2).await;
    let (id, path) = post.message(0).await;
    let (other, _) = post.message(1).await;
    let (own_tag, _) = path.split_once('@').unwrap();
    let forged = format!(
        "{}@agency.example",
        own_tag.replacen(&id.to_string(), &other.to_string(), 1)
    );
    post.comes_back("1", &forged, "failed", "5.1.1");
    post.comes_back("2", "noreply@agency.example", "failed", "5.1.1");
    post.comes_back("3", &path, "failed", "5.1.1");
    post.comes_back("4", &path.to_uppercase(), "failed", "5.1.1");
    let found = post.reads_mail().await;
    assert_eq!((found.hard, found.ignored), (1, 3));
    assert_eq!(post.state(other).await, "sent");
    assert_eq!(post.state(id).await, "bounced");
    let letter = b"From: ana@post.example\nTo: <x@agency.example>\nSubject: Thanks\n\nThank you.\n";
    let taken = post.app.does(|office| office.take_bounce(letter)).await.unwrap();
    assert_eq!(taken, Taken::NoBounce);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_and_cannot_be_read_is_for_a_person_to_decide() {
    let post = Post::sent(1).await;
    let (id, path) = post.message(0).await;
    let garbled = format!("From: <>\nTo: <{path}>\nSubject: ?\n\n\u{fffd}\u{fffd}\n");
    std::fs::write(post.mailbox.join("new/1"), garbled).unwrap();
    let found = post.reads_mail().await;
    assert_eq!((found.read, found.unreadable), (1, 1));
    assert_eq!(post.state(id).await, "uncertain");
}

#[test]
fn a_mailbox_that_is_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags {
        data_dir: Some(folder.path().join("data").to_str().unwrap().to_owned()),
        bounces: Some(format!("maildir:{}", folder.path().display())),
        ..Flags::default()
    };
    let error = Config::load(&flags).unwrap_err().to_string();
    assert!(
        error.contains("MAKEGOOD_BOUNCES") && error.contains("new and cur"),
        "{error}"
    );
}

#[test]
fn the_command_says_one_line_of_json_a_file_and_needs_no_database() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bounces/lhost-gmail-01.eml");
    let mut command = crate::harness::program();
    command.args(["mail", "classify", file.to_str().unwrap(), file.to_str().unwrap()]);
    let ran = crate::harness::run(&mut command, "").ends_with(0);
    let lines: Vec<serde_json::Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["recipient"], "userunknown@example.jp");
    assert_eq!(
        (&lines[0]["bounce"], &lines[0]["hard"]),
        (&true.into(), &true.into())
    );
}
