//! Texts of e-mails: written, checked where they are wrong, looked at, tried, and brought back.

use crate::harness::{App, Homes};
use makegood::outreach::campaign::Audience;
use makegood::outreach::outbox::{Outbox, Step};

const APOLOGY: &str = "/outages/april-15/templates/apology/en";

async fn office() -> App {
    let app = App::start().await;
    app.does(|office| Ok(Homes::of_outage(office, "april-15", "00:00-24:00").add(office, 1, 1)))
        .await
        .unwrap();
    app
}

fn letter(app: &App) -> String {
    let folder = std::fs::read_dir(app.folder().join("mail")).unwrap();
    let files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    std::fs::read_to_string(&files[0]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_changed_used_at_once_and_brought_back() {
    let app = office().await;
    let eve = app.admin("Eve").await;
    eve.opens("/outages/april-15/templates")
        .await
        .is(200)
        .says("Tried to call")
        .says("Spanish");
    let editor = eve
        .opens(APOLOGY)
        .await
        .is(200)
        .says("Save as version 2")
        .says("given_name");
    assert_eq!(editor.field("version"), "1");
    let draft = [
        ("version", "1"),
        ("subject", "We are sorry, {{ given_name }}"),
        ("body", "Hello.\r\n\r\nSorry."),
    ];
    eve.sends(APOLOGY, &draft).await.is(303);
    eve.opens(APOLOGY)
        .await
        .says("Version 2")
        .says("Use again")
        .says("Eve");
    eve.sends(APOLOGY, &draft)
        .await
        .is(422)
        .says("Somebody saved version 2 meanwhile");
    app.does(|office| {
        let outage = office.outage_named("april-15")?;
        office.send_campaign(outage.id, "apology", &Audience::default(), None, false)?;
        let outbox = Outbox::open(office)?;
        while let Step::Worked(_) = outbox.step()? {}
        outbox.close()
    })
    .await
    .unwrap();
    assert!(letter(&app).contains("Subject: We are sorry, Rosa"));
    eve.sends(&format!("{APOLOGY}/restore"), &[("version", "1")])
        .await
        .is(303);
    eve.opens(APOLOGY)
        .await
        .says("Version 3")
        .says("did not go through");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_is_found_at_save_with_its_place_and_what_was_typed_stays() {
    let app = office().await;
    let eve = app.admin("Eve").await;
    let wrong = [
        ("version", "1"),
        ("subject", "Hello"),
        ("body", "One line.\n\nDear {{ first_name }},"),
    ];
    eve.sends(APOLOGY, &wrong)
        .await
        .is(422)
        .says("body, line 3, character")
        .says("Dear {{ first_name }},");
    for disclosing in ["{{ amount }}", "{{ family_name }}", "{{ account }}"] {
        let wrong = [("version", "1"), ("subject", disclosing), ("body", "x")];
        eve.sends(APOLOGY, &wrong)
            .await
            .is(422)
            .says("subject, line 1, character");
    }
    eve.opens(APOLOGY).await.is(200).says("Version 1,");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_looked_at_with_a_real_case_and_tried_on_oneself() {
    let app = office().await;
    let eve = app.admin("Eve").await;
    let case: i64 = app
        .in_database(|conn| {
            use diesel::prelude::*;
            use makegood::schema::cases;
            cases::table.select(cases::id).first(conn)
        })
        .await;
    let case = case.to_string();
    let text = [
        ("subject", "For {{ given_name }}"),
        ("body", "Code {{ code }}\n\n[Go]({{ link }})"),
    ];
    let seen = [text[0], text[1], ("case", case.as_str())];
    let preview = format!("{APOLOGY}/preview");
    let page = eve.sends(&preview, &seen).await.is(200).says("27").says("/c/");
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'none'")
    );
    let plain = [text[0], text[1], ("as", "text")];
    eve.sends(&preview, &plain)
        .await
        .is(200)
        .says("Subject: For Dorothy");
    eve.sends(&preview, &[("subject", "x"), ("body", "{{ nothing }}")])
        .await
        .is(200)
        .says("body, line 1");
    let editor = eve
        .sends(&format!("{APOLOGY}/test"), &text)
        .await
        .is(200)
        .says("on its way to eve@agency.example");
    assert!(
        editor.body.contains("For {{ given_name }}"),
        "what was typed stays"
    );
    let letter = letter(&app);
    assert!(letter.contains("To: eve@agency.example") && letter.contains("Subject: [Test] For Dorothy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_reads_and_previews_but_only_an_administrator_saves() {
    let app = office().await;
    let sam = app.supervisor("Sam").await;
    let page = sam
        .opens(APOLOGY)
        .await
        .is(200)
        .says("An administrator can save changes");
    assert!(!page.body.contains("Save as version"));
    let draft = [("version", "1"), ("subject", "x"), ("body", "x")];
    sam.sends(APOLOGY, &draft).await.is(403);
    sam.sends(&format!("{APOLOGY}/test"), &draft).await.is(403);
    sam.sends(&format!("{APOLOGY}/restore"), &[("version", "1")])
        .await
        .is(403);
    sam.sends(&format!("{APOLOGY}/preview"), &draft).await.is(200);
    app.caller("Ana")
        .await
        .opens("/outages/april-15/templates")
        .await
        .is(403);
    sam.opens("/outages/april-15/templates/nothing/en").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_signed_and_says_where_answers_go() {
    let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mail");
    let app = App::start_with(|flags| {
        flags.mail_from = Some("Revenue <noreply@agency.example>".to_owned());
        flags.mail_reply_to = Some("help@agency.example".to_owned());
        flags.dkim = Some(format!("s1:agency.example:{keys}/dkim-rsa.pem"));
    })
    .await;
    app.does(|office| {
        let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
        homes.add(office, 1, 1);
        office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)?;
        let outbox = Outbox::open(office)?;
        while let Step::Worked(_) = outbox.step()? {}
        outbox.close()
    })
    .await
    .unwrap();
    let letter = letter(&app);
    assert!(
        letter.starts_with("DKIM-Signature: v=1; a=rsa-sha256;"),
        "{letter}"
    );
    assert!(
        letter.contains("\r\nReply-To: help@agency.example\r\n"),
        "{letter}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn html_of_its_own_is_saved_as_a_version_and_what_cannot_be_sent_is_refused_with_its_line() {
    let app = office().await;
    let ada = app.admin("Ada").await;
    let saves = |html: &'static str, version: &'static str| {
        let fields = [
            ("version", version),
            ("subject", "Hello"),
            ("body", "Hello you."),
            ("html", html),
        ];
        let ada = &ada;
        async move { ada.sends(APOLOGY, &fields).await }
    };
    saves("<p>fine</p>\n<script>x()</script>", "1")
        .await
        .is(422)
        .says("html, line 2");
    saves("<h2>Dear {{ given_name }}</h2>", "1").await.is(303);
    let editor = ada.opens(APOLOGY).await.is(200).says("Version 2");
    assert!(
        editor
            .body
            .contains("&#60;h2&#62;Dear {{ given_name }}&#60;/h2&#62;"),
        "{}",
        editor.body
    );
    let fields = [
        ("subject", "Hello"),
        ("body", "Hello you."),
        ("html", "<h2>Dear {{ given_name }}</h2>"),
    ];
    let shown = ada.sends(&format!("{APOLOGY}/preview"), &fields).await.is(200);
    assert!(shown.body.contains("<h2>Dear "), "{}", shown.body);
    let policy = shown.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("script-src"),
        "{policy}"
    );
    saves("", "2").await.is(303);
    ada.opens(APOLOGY).await.is(200).says("Version 3");
}
