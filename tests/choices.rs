//! A choice that was not made is none: a form with nothing but its token changes nothing and sends nothing.

use crate::harness::App;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use makegood::db::Conn;
use reqwest::Method;
use std::collections::BTreeMap;

/// What these do is said by their address alone.
const WITHOUT_CHOICES: [&str; 25] = [
    "/sign-out",
    "/here",
    "/accounts/{id}/reset",
    "/accounts/{id}/disable",
    "/accounts/{id}/enable",
    "/cases/{id}/decisions/{decision}/withdraw",
    "/cases/{id}/letters/{letter}/withdraw",
    "/outages/{slug}/desk/claim",
    "/outages/{slug}/desk/households/{id}/claim",
    "/outages/{slug}/desk/calls/{id}/next",
    "/outages/{slug}/desk/calls/{id}/extend",
    "/outages/{slug}/desk/calls/{id}/leave",
    "/outages/{slug}/desk/attempts/{id}/undo",
    "/outages/{slug}/desk/distress",
    "/outages/{slug}/desk/switchboards/{id}/claim",
    "/outages/{slug}/distress/{id}",
    "/outages/{slug}/imports/{id}/match",
    "/outages/{slug}/imports/{id}/publish",
    "/outages/{slug}/imports/{id}/discard",
    "/outages/{slug}/imports/{id}/undo",
    "/outages/{slug}/messages/{id}/retry",
    "/outages/{slug}/paper/{id}/back",
    "/outages/{slug}/templates/{key}/{language}/restore",
    "/outages/{slug}/templates/{key}/{language}/test",
    "/outages/{slug}/lists/undo",
];

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows each table has.
fn rows(conn: &mut Conn) -> diesel::QueryResult<BTreeMap<String, i64>> {
    let tables = match conn {
        Conn::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
        Conn::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'case_texts%'"
        }
    };
    let tables: Vec<Name> = sql_query(tables).load(conn)?;
    let count = |Name { name }: Name| {
        let count: Count = sql_query(format!("SELECT count(*) AS rows FROM {name}")).get_result(conn)?;
        Ok((name, count.rows))
    };
    tables.into_iter().map(count).collect()
}

/// All that a form could have changed here.
async fn standing(app: &App) -> String {
    let rows = app.in_database(rows).await;
    let kept = app.does(|office| {
        Ok((
            office.outages()?,
            office.accounts()?,
            office.outcomes()?.offered().count(),
        ))
    });
    format!("{rows:?} {:?}", kept.await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_nothing_but_its_token_changes_nothing() {
    let app = App::start().await;
    let eve = app.admin("Eve").await;
    let homes = app.homes(3).await;
    eve.sends("/outages/april/calls", &[("stop", "yes")])
        .await
        .is(303);
    let before = standing(&app).await;
    let routes = makegood::server::declared();
    let forms = routes
        .iter()
        .filter(|route| route.method == "POST" && route.least.is_some());
    for route in forms.filter(|route| !WITHOUT_CHOICES.contains(&route.path)) {
        let path = route
            .path
            .replace("{slug}", &homes.outage.slug)
            .replace("{id}", "1")
            .replace(
                "{key}",
                if route.path.contains("/templates/") {
                    "apology"
                } else {
                    "no_answer"
                },
            )
            .replace("{language}", "en");
        let page = eve.sends(&path, &[]).await;
        assert_eq!(standing(&app).await, before, "{path}: {}", page.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_was_not_made_is_named() {
    let app = App::start().await;
    let eve = app.admin("Eve").await;
    app.homes(3).await;
    for (path, told) in [
        ("/outages/april/messages/send", "Choose which text is sent."),
        (
            "/outages/april/messages/campaigns",
            "Choose whether the mailings are held",
        ),
        (
            "/outages/april/messages/campaigns/1",
            "Choose whether the mailing is held",
        ),
        (
            "/outages/april/messages/1/settle",
            "Choose whether it counts as sent",
        ),
        ("/outages/april/messages/retry", "Choose which e-mails"),
        ("/outages/april/calls", "Choose whether calls stop"),
        ("/outages/april/letters", "Tick the letters"),
        ("/outages/april/lists/split", "Choose how calls are dealt"),
        ("/outages/april/lists/rebalance", "Choose whose calls are moved"),
        ("/outages/april/lists/order", "Choose what comes first"),
        ("/outages/april/paper", "Choose who makes the calls"),
        ("/outages/april/desk/shift", "Enter when your shift ends"),
        ("/outages/april/desk/break", "Choose how many minutes"),
        ("/outages/april/promises/remedies/1", "Choose whether it is done"),
        ("/cases/1/remedies", "Tick what is owed"),
        ("/accounts", "Choose what this person may do"),
        ("/accounts/1", "Choose what this person may do"),
        ("/mail-hold", "Say why all e-mail is to be held"),
        ("/look", "Choose the colors"),
    ] {
        eve.sends(path, &[]).await.is(422).says(told);
    }
    let text = [("template", "apology")];
    eve.sends("/outages/april/messages/send", &text)
        .await
        .is(422)
        .says("Choose to whom it is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailing_says_how_many_and_how_long_calls_wait_and_what_cannot_be_read_is_not_everyone() {
    let app = App::start().await;
    let eve = app.admin("Eve").await;
    app.homes(3).await;
    let before = standing(&app).await;
    let sends = |only: &'static str, more: &'static [(&'static str, &'static str)]| {
        let fields = [&[("template", "apology"), ("only", only)], more].concat();
        let eve = &eve;
        async move { eve.sends("/outages/april/messages/send", &fields).await.is(422) }
    };
    sends("everyone", &[]).await.says("nothing: then calls go on");
    sends("everyone", &[("hold", "")]).await.says("nothing: then all");
    sends("everyone", &[("hold", ""), ("most", "0")])
        .await
        .says("1 or more");
    sends("everyone", &[("hold", ""), ("most", "ten")])
        .await
        .says("1 or more");
    sends("everyone", &[("hold", "a day"), ("most", "")])
        .await
        .says("whole hours");
    sends("everyone", &[("hold", "999"), ("most", "")])
        .await
        .says("up to 168 hours");
    let page = sends("everybody", &[("hold", ""), ("most", "")]).await;
    let (entries, _) = page.body.split_once("id=\"count\"").unwrap();
    assert!(
        entries.contains("is no filter"),
        "it is said where it was entered"
    );
    assert_eq!(standing(&app).await, before, "nothing was sent");
    let whole = [
        ("template", "apology"),
        ("only", "everyone"),
        ("hold", ""),
        ("most", ""),
    ];
    eve.counts_and_sends("/outages/april/messages/send", &whole)
        .await
        .is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_to_nobodys_list_only_where_that_is_said() {
    let app = App::start().await;
    let (eve, ana) = (app.admin("Eve").await, app.caller("Ana").await);
    app.homes(3).await;
    let id = ana.id.to_string();
    let deal = [("by", "even"), ("caller", id.as_str())];
    eve.counts_and_sends("/outages/april/lists/split", &deal)
        .await
        .is(303);
    let path = "/outages/april/lists/rebalance";
    let shown = eve.opens(&format!("{path}?from={id}")).await.is(200);
    assert_eq!(shown.field("to"), "pool", "the page says what it shows");
    let before = standing(&app).await;
    let from = ("from", id.as_str());
    for to in [
        &[][..],
        &[("to", "")],
        &[("to", "everybody")],
        &[("to", "pool"), ("to", "x")],
    ] {
        let fields = [&[from], to].concat();
        eve.sends(path, &fields)
            .await
            .is(422)
            .says("Choose who takes the calls");
    }
    assert_eq!(standing(&app).await, before, "nothing was moved");
    eve.counts_and_sends(path, &[from, ("to", "pool")]).await.is(303);
    let lists = eve.opens("/outages/april/lists").await.is(200);
    lists.says("Ana: 0 of 0 calls done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_says_nothing_does_nothing_to_many() {
    let app = App::start().await;
    let eve = app.admin("Eve").await;
    app.homes(3).await;
    let token = eve.token().await;
    for (path, body, field) in [
        (
            "/api/v1/outages/april/campaigns",
            "{\"template\":\"apology\"}",
            "only",
        ),
        (
            "/api/v1/outages/april/campaigns",
            "{\"template\":\"apology\",\"at_most\":null}",
            "only",
        ),
        (
            "/api/v1/outages/april/campaigns",
            "{\"template\":\"apology\",\"only\":\"everyone\"}",
            "at_most",
        ),
        ("/api/v1/mail-hold", "{}", "why"),
        ("/api/v1/mail-hold", "{\"why\":\" \"}", "why"),
        ("/api/v1/mail-hold/release", "{}", "how"),
        ("/api/v1/shift", "{}", "ends_at"),
        ("/api/v1/break", "{}", "minutes"),
    ] {
        let request = eve.request(Method::POST, path).bearer_auth(&token).body(body);
        let page = eve.asks(request).await.is(422);
        assert!(page.body.contains(field), "{path}: {}", page.body);
    }
}

/// What breaks it: an act that does what an older preview counted instead of what stands in the fields, or another number than the
/// button says.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_does_what_stands_in_the_fields_and_asks_where_that_is_another_number() {
    let app = App::start().await;
    let (eve, ana) = (app.admin("Eve").await, app.caller("Ana").await);
    app.homes(5).await;
    let id = ana.id.to_string();
    for (path, fields, all, fewer) in [
        (
            "/outages/april/messages/send",
            vec![("template", "apology"), ("only", "everyone"), ("hold", "")],
            ("most", ""),
            ("most", "3"),
        ),
        (
            "/outages/april/lists/split",
            vec![("by", "even"), ("caller", id.as_str())],
            ("x", ""),
            ("x", ""),
        ),
        (
            "/outages/april/lists/rebalance",
            vec![("from", id.as_str()), ("to", "pool")],
            ("x", ""),
            ("x", ""),
        ),
    ] {
        let counted = eve
            .sends(path, &[&fields[..], &[all, ("go", "count")]].concat())
            .await;
        let number = counted.is(200).field("seen");
        assert_eq!(number, "5", "{path}");
        let before = standing(&app).await;
        let seen = if fewer == all { "4" } else { "5" };
        let sent = [&fields[..], &[fewer, ("seen", seen)]].concat();
        let asked = eve.sends(path, &sent).await.is(422).says("Nothing was done yet");
        eve.sends(path, &[&fields[..], &[fewer]].concat()).await.is(422);
        assert_eq!(standing(&app).await, before, "{path}");
        let now = asked.field("seen");
        assert_eq!(now, if fewer == all { "5" } else { "3" }, "{path}");
        eve.sends(path, &[&fields[..], &[fewer, ("seen", now.as_str())]].concat())
            .await
            .is(303);
        assert_ne!(standing(&app).await, before, "{path}");
    }
}
