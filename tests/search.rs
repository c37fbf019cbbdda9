//! Who rings in is found by any piece of what they tell, before and after the index knows them.

use crate::harness::{App, Homes, Person};
use crate::model::dying;
use diesel::prelude::*;
use makegood::schema::cases;

const FIND: &str = "/outages/april/find";

async fn homes(app: &App, households: i64) -> Vec<i64> {
    let office = app.office.clone();
    tokio::task::spawn_blocking(move || {
        let mut homes = Homes::of_outage(&office, "april", "00:00-24:00");
        homes
            .add(&office, households, 1)
            .iter()
            .map(|home| home.people[0])
            .collect()
    })
    .await
    .unwrap()
}

/// Every piece of what Rosa Marlow30 can tell finds her.
async fn is_found(ana: &Person, case: i64) {
    let link = format!(">Case {case}<");
    for told in [
        "Marlow30",
        "marlow30 rosa",
        "osamarlow30",
        "5550003",
        "(423) 555-0003",
        "0003",
        "T-0000030",
        "t0000030",
        "rosa30@mail",
        &format!("#{case}"),
        &format!("case {case}"),
    ] {
        let page = ana.sends(FIND, &[("q", told)]).await.is(200);
        assert!(page.body.contains(&link), "{told:?} finds nobody");
    }
    for told in ["Marlow31", "x", "", "%", "'", "Marlow30 7777"] {
        let page = ana.sends(FIND, &[("q", told)]).await.is(200);
        assert!(!page.body.contains(&link), "{told:?} finds her");
    }
}

async fn index(app: &App) {
    while app.does(|office| office.index_cases()).await.unwrap() {}
}

#[actix_web::test]
async fn any_piece_finds_a_person_at_once_and_for_good() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let rosa = homes(&app, 12).await[3];
    is_found(&ana, rosa).await;
    index(&app).await;
    is_found(&ana, rosa).await;
}

#[actix_web::test]
async fn who_is_renamed_is_found_by_the_new_name_only() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let rosa = homes(&app, 3).await[1];
    index(&app).await;
    app.in_database(move |conn| {
        diesel::update(cases::table.find(rosa))
            .set((cases::family_name.eq("Quint"), cases::folded_name.eq("rosaquint")))
            .execute(conn)
    })
    .await;
    let link = format!(">Case {rosa}<");
    assert!(
        ana.sends(FIND, &[("q", "quint")]).await.body.contains(&link),
        "before the index knows"
    );
    index(&app).await;
    assert!(ana.sends(FIND, &[("q", "quint")]).await.body.contains(&link));
    assert!(!ana.sends(FIND, &[("q", "marlow10")]).await.body.contains(&link));
}

#[actix_web::test]
async fn while_somebody_types_the_first_are_shown() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    homes(&app, 12).await;
    index(&app).await;
    let token = ana.opens("/outages/april/desk").await.field("csrf");
    let typed = ana
        .request(reqwest::Method::POST, FIND)
        .header("HX-Request", "true")
        .form(&[("csrf", token.as_str()), ("q", "marl")]);
    let part = ana
        .asks(typed)
        .await
        .is(200)
        .says("They called us")
        .says("There are more");
    assert!(!part.body.contains("<html"));
    assert_eq!(part.body.matches("found__one").count(), 8);
}

/// A database writes statements that fail or are slow into its log, without the values that are bound.
#[actix_web::test]
async fn no_statement_says_who_somebody_is_or_who_was_looked_for() {
    dying::watch();
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    dying::listen();
    let rosa = homes(&app, 12).await[3];
    is_found(&ana, rosa).await;
    index(&app).await;
    is_found(&ana, rosa).await;
    let statements = dying::heard();
    assert!(statements.iter().any(|one| one.contains("case_texts")));
    for one in &statements {
        let small = one.to_lowercase();
        for told in ["marlow30", "5550003", "t0000030", "rosa30"] {
            assert!(!small.contains(told), "{one}");
        }
    }
}
