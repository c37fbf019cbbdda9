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
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{cases, messages, suppressions};
use std::path::{Path, PathBuf};

/// An office with a bounce mailbox, and people who were written to.
pub struct Post {
    pub app: App,
    pub homes: Vec<Home>,
    pub mailbox: PathBuf,
    _folder: tempfile::TempDir,
}

/// Sends what is due.
pub async fn works_the_outbox(app: &App) {
    let worked = app.does(|office| {
        let outbox = Outbox::open(office)?;
        while let Step::Worked(_) = outbox.step()? {}
        outbox.close()
    });
    worked.await.unwrap();
}

/// A letter that went out.
pub struct Letter {
    pub id: MessageId,
    /// From where it was sent, and where reports about it go.
    pub path: String,
    /// To whom.
    pub address: String,
}

fn mailbox(folder: &Path) -> PathBuf {
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.join(part)).unwrap();
    }
    folder.to_owned()
}

impl Post {
    /// The apology went out to so many people, into files.
    pub async fn sent(people: i64) -> Self {
        Self::sent_with(people, |_| {}).await
    }

    /// The same with settings of its own.
    pub async fn sent_with(people: i64, change: impl FnOnce(&mut Flags)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mailbox = mailbox(folder.path());
        let app = App::start_with(|flags| {
            flags.bounces = Some(format!("maildir:{}", mailbox.display()));
            flags.mail_from = Some("Revenue <noreply@agency.example>".to_owned());
            change(flags);
        })
        .await;
        let homes = app.does(move |office| {
            let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
            let added = homes.add(office, people, 1);
            office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)?;
            Ok(added)
        });
        let homes = homes.await.unwrap();
        works_the_outbox(&app).await;
        Self {
            app,
            homes,
            mailbox,
            _folder: folder,
        }
    }

    /// The last message to a household's one person.
    pub async fn letter(&self, home: usize) -> Letter {
        let case = self.homes[home].people[0];
        let of_case = move |conn: &mut Conn| {
            let sent = messages::table.filter(messages::case_id.eq(case));
            let latest = sent.order(messages::id.desc());
            latest.select((messages::id, messages::to_address)).first(conn)
        };
        let (id, address) = self.app.in_database(of_case).await;
        let keys = self.app.office.config.secret_keys.bytes();
        let path = mail_id::return_path(keys[0], id, "agency.example");
        Letter { id, path, address }
    }

    /// A report about a letter arrives.
    pub fn comes_back(&self, name: &str, letter: &Letter, action: &str, status: &str) {
        let whom = (letter.address.as_str(), letter.path.as_str());
        self.is_reported(name, whom, action, &format!("Status: {status}"));
    }

    /// A report about an address arrives, with these lines about it.
    pub fn is_reported(&self, name: &str, (whom, to): (&str, &str), action: &str, lines: &str) {
        let report = format!(
            "From: MAILER-DAEMON@relay.example\nTo: <{to}>\nSubject: Undelivered Mail\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nHello.\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n\
             Final-Recipient: rfc822; {whom}\nAction: {action}\n{lines}\n\n--b--\n"
        );
        std::fs::write(self.mailbox.join("new").join(name), report).unwrap();
    }

    pub async fn state(&self, id: MessageId) -> String {
        let state = move |conn: &mut Conn| messages::table.find(id).select(messages::state).first(conn);
        self.app.in_database(state).await
    }

    pub async fn reads_mail(&self) -> Found {
        self.app.does(Office::take_bounces).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_not_written_to_again_and_one_that_may_work_is_kept() {
    let post = Post::sent(3).await;
    let (dead, full, slow) = (post.letter(0).await, post.letter(1).await, post.letter(2).await);
    post.comes_back("1", &dead, "failed", "5.1.1");
    post.comes_back("2", &full, "failed", "4.2.2");
    post.comes_back("3", &slow, "delayed", "4.4.1");
    let found = post.reads_mail().await;
    assert_eq!((found.read, found.hard, found.soft, found.ignored), (3, 1, 1, 1));
    for (letter, state) in [(dead, "bounced"), (full, "failed"), (slow, "sent")] {
        assert_eq!(post.state(letter.id).await, state);
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
    let (dead, other) = (post.letter(0).await, post.letter(1).await);
    let case = post.homes[0].people[0];
    let email = move |conn: &mut Conn| cases::table.find(case).select(cases::email).first(conn);
    let before: Option<String> = post.app.in_database(email).await;
    post.comes_back("1", &dead, "failed", "5.1.1");
    post.reads_mail().await;
    let eve = post.app.supervisor("Eve").await;
    eve.opens("/outages/april-15/messages")
        .await
        .is(200)
        .says("Correct the address");
    let address = format!("/outages/april-15/messages/{}/address", dead.id);
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
    let arrived = format!("/outages/april-15/messages/{}/address", other.id);
    eve.sends(&arrived, &[("email", "a@right.example")]).await.is(409);
    let ana = post.app.caller("Ana").await;
    ana.sends(&address, &[("email", "a@right.example")]).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_report_and_the_same_one_again_change_nothing() {
    let post = Post::sent(2).await;
    let (letter, other) = (post.letter(0).await, post.letter(1).await);
    let (own_tag, _) = letter.path.split_once('@').unwrap();
    let forged = own_tag.replacen(&letter.id.to_string(), &other.id.to_string(), 1);
    let forged = format!("{forged}@agency.example");
    let status = "Status: 5.1.1";
    post.is_reported("1", (&other.address, &forged), "failed", status);
    post.is_reported("2", (&other.address, "noreply@agency.example"), "failed", status);
    post.comes_back("3", &letter, "failed", "5.1.1");
    post.is_reported(
        "4",
        (&letter.address, &letter.path.to_uppercase()),
        "failed",
        status,
    );
    let found = post.reads_mail().await;
    assert_eq!((found.hard, found.ignored), (1, 3));
    assert_eq!(post.state(other.id).await, "sent");
    assert_eq!(post.state(letter.id).await, "bounced");
    let letter = b"From: ana@post.example\nTo: <x@agency.example>\nSubject: Thanks\n\nThank you.\n";
    let taken = post.app.does(|office| office.take_bounce(letter)).await.unwrap();
    assert_eq!(taken, Taken::NoBounce);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_and_cannot_be_read_is_for_a_person_to_decide() {
    let post = Post::sent(1).await;
    let letter = post.letter(0).await;
    let garbled = format!(
        "From: <>\nTo: <{}>\nSubject: ?\n\n\u{fffd}\u{fffd}\n",
        letter.path
    );
    std::fs::write(post.mailbox.join("new/1"), garbled).unwrap();
    let found = post.reads_mail().await;
    assert_eq!((found.read, found.unreadable), (1, 1));
    assert_eq!(post.state(letter.id).await, "uncertain");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_about_another_address_suppresses_nobody_and_is_for_a_person_to_decide() {
    let post = Post::sent(2).await;
    let (shared, passed_on) = (post.letter(0).await, post.letter(1).await);
    let dead = "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown";
    post.is_reported("1", ("old.clerk@mail.example", &shared.path), "failed", dead);
    let original = passed_on.address.to_uppercase();
    let lines = format!("{dead}\nOriginal-Recipient: rfc822; {original}");
    post.is_reported("2", ("ana@elsewhere.example", &passed_on.path), "failed", &lines);
    let found = post.reads_mail().await;
    assert_eq!((found.hard, found.unreadable), (1, 1), "{found:?}");
    assert_eq!(post.state(shared.id).await, "uncertain");
    assert_eq!(
        post.state(passed_on.id).await,
        "bounced",
        "it was about ours, under its later name"
    );
    let values = |conn: &mut Conn| {
        suppressions::table
            .select(suppressions::value)
            .load::<String>(conn)
    };
    assert_eq!(post.app.in_database(values).await, [passed_on.address]);
    let eve = post.app.supervisor("Eve").await;
    eve.opens("/outages/april-15/messages?state=uncertain")
        .await
        .says("A report about another address came back, old.clerk@mail.example: 550 5.1.1 User unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_fault_is_no_dead_address_and_the_servers_own_words_stand_on_the_page() {
    let post = Post::sent(1).await;
    let letter = post.letter(0).await;
    let helo = "Status: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 <mail.agency.example>: Helo command rejected: Host not found";
    post.is_reported("1", (&letter.address, &letter.path), "failed", helo);
    let found = post.reads_mail().await;
    assert_eq!((found.hard, found.soft), (0, 1));
    assert_eq!(post.state(letter.id).await, "failed");
    let count = |conn: &mut Conn| suppressions::table.count().get_result::<i64>(conn);
    assert_eq!(post.app.in_database(count).await, 0);
    let eve = post.app.supervisor("Eve").await;
    eve.opens("/outages/april-15/messages")
        .await
        .says("our server or our address was not let in")
        .says("Helo command rejected: Host not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn good_news_receipts_and_answers_change_nothing() {
    let post = Post::sent(4).await;
    let mut letters = Vec::new();
    for home in 0..4 {
        letters.push(post.letter(home).await);
    }
    post.comes_back("1", &letters[0], "delivered", "2.0.0");
    post.comes_back("2", &letters[1], "relayed", "2.0.0");
    let receipt = format!(
        "From: Rosa <rosa2@mail.example>\nTo: <{}>\nSubject: Not read: Your payment\nContent-Type: multipart/report; \
         report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: message/disposition-notification\n\n\
         Final-Recipient: rfc822;rosa2@mail.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n",
        letters[2].path
    );
    let answer = format!(
        "Return-Path: <>\nFrom: Rosa <rosa3@mail.example>\nTo: <{}>\nSubject: Re: Your payment\n\nI am away until Monday.\n",
        letters[3].path
    );
    std::fs::write(post.mailbox.join("new/3"), receipt).unwrap();
    std::fs::write(post.mailbox.join("new/4"), answer).unwrap();
    let found = post.reads_mail().await;
    assert_eq!((found.read, found.ignored), (4, 4), "{found:?}");
    for letter in letters {
        assert_eq!(post.state(letter.id).await, "sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_an_e_mail_spam_is_not_written_to_again() {
    let post = Post::sent(2).await;
    let (first, second) = (post.letter(0).await, post.letter(1).await);
    let complaint = |to: &str, returned: &str| {
        format!(
            "From: fbl@provider.example\nTo: <{to}>\nSubject: Complaint\nContent-Type: multipart/report; \
             report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n\
             Feedback-Type: abuse\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\nReturn-Path: <{returned}>\n\
             Subject: Your payment\n\nHello.\n--b--\n"
        )
    };
    let brought =
        |name: &str, text: String| std::fs::write(post.mailbox.join("new").join(name), text).unwrap();
    brought("1", complaint(&first.path, "x@y.example"));
    brought("2", complaint("abuse@agency.example", &second.path));
    brought("3", complaint(&first.path, "x@y.example"));
    brought(
        "4",
        complaint("abuse@agency.example", "bounce+1.0f3a1b2c3d4e5f60@agency.example"),
    );
    let found = post.reads_mail().await;
    assert_eq!((found.complaints, found.ignored), (2, 2), "{found:?}");
    for letter in [&first, &second] {
        assert_eq!(post.state(letter.id).await, "sent", "it arrived");
    }
    let rows = |conn: &mut Conn| {
        let all = suppressions::table.order(suppressions::value);
        all.select((suppressions::value, suppressions::reason))
            .load::<(String, String)>(conn)
    };
    let why = |letter: &Letter| (letter.address.clone(), "complained".to_owned());
    assert_eq!(post.app.in_database(rows).await, [why(&first), why(&second)]);
    let eve = post.app.supervisor("Eve").await;
    eve.opens("/suppressions")
        .await
        .says("They called an e-mail of ours spam");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_yet_stops_nothing_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let later = folder.path().join("not/yet");
    let place = format!("maildir:{}", later.display());
    let app = App::start_with(|flags| flags.bounces = Some(place.clone())).await;
    let found = app.does(Office::take_bounces).await.unwrap();
    assert!(found.troubles[0].contains("not there yet"), "{found:?}");
    let doctor = |app: &App| {
        let ran = app
            .program()
            .env("MAKEGOOD_BOUNCES", &place)
            .args(["--json", "doctor"])
            .output()
            .unwrap();
        let told: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
        let checks = told["checks"].as_array().unwrap().clone();
        checks
            .into_iter()
            .find(|check| check["check"] == "bounces")
            .unwrap()
    };
    assert_eq!(doctor(&app)["severity"], "warning", "{}", doctor(&app));
    std::fs::create_dir_all(&later).unwrap();
    let made = mailbox(&later);
    std::fs::write(made.join("new/1"), "From: a@b.example\n\nHello\n").unwrap();
    let found = app.does(Office::take_bounces).await.unwrap();
    assert_eq!((found.read, found.troubles.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_reads_all_that_is_new() {
    let post = Post::sent(1).await;
    for number in 0..450 {
        let letter = "From: a@b.example\nSubject: hello\n\nHello\n";
        std::fs::write(post.mailbox.join("new").join(number.to_string()), letter).unwrap();
    }
    let place = format!("maildir:{}", post.mailbox.display());
    let ran = post
        .app
        .program()
        .env("MAKEGOOD_BOUNCES", place)
        .args(["--json", "mail", "bounces"])
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let number = |name: &str| told[name].as_i64().unwrap();
    assert_eq!((number("read"), number("ignored")), (450, 450), "{told}");
}

#[test]
fn a_mailbox_that_is_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let flags = Flags {
        data_dir: Some(folder.path().join("data").to_str().unwrap().to_owned()),
        bounces: Some(format!("maildir:{}", file.display())),
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
