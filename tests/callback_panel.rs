//! When to call back: the page says in words what will be saved, and nothing else is.

use crate::desk::{DESK, evening, form, run, takes};
use crate::harness::{App, Page, Person};
use diesel::prelude::*;
use makegood::outreach::Error;
use makegood::schema::callbacks;
use makegood::store::households;

/// Where everybody lives from now on; the agency is in Denver.
async fn lives(app: &App, zone: &'static str) {
    app.does(move |office| {
        let outage = office.outage_named("apr-14")?.id;
        office.db.write(|conn| -> Result<(), Error> {
            run(conn, &format!("UPDATE households SET time_zone = '{zone}'"))?;
            households::add_zones(conn, outage, zone)?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

async fn booked(app: &App) -> Vec<i64> {
    app.in_database(|conn| callbacks::table.select(callbacks::due_at).load(conn))
        .await
}

/// Presses *Call back later*; where the form is sent to, and the page with the panel.
async fn asks(ana: &Person) -> (String, Page) {
    let call = takes(ana).await;
    let action = form(&call);
    let fields = [("outcome", "call_back"), ("key", &call.field("key"))];
    (
        action.clone(),
        ana.sends(&action, &fields).await.is(200).says("Call back when?"),
    )
}

/// Ana asks Dorothy of New York when to call back.
async fn asks_dorothy(app: &App) -> (Person, String, Page) {
    evening(app, &[&["Dorothy"]]).await;
    lives(app, "America/New_York").await;
    let ana = app.caller("Ana").await;
    let (action, asked) = asks(&ana).await;
    (ana, action, asked)
}

/// Saves what a page asks, with these fields.
async fn saves(ana: &Person, (action, page): (&str, &Page), fields: &[(&str, &str)]) -> Page {
    let key = page.field("key");
    let mut all = vec![("chosen", "call_back"), ("go", "save"), ("key", key.as_str())];
    all.extend(fields);
    ana.sends(action, &all).await
}

/// What the page's script asks while the fields change.
async fn looks(ana: &Person, page: &Page, fields: &[(&str, &str)]) -> Page {
    let (zones, whom) = (page.field("callback_zones"), page.field("callback_whom"));
    let mut all = vec![
        ("chosen", "call_back"),
        ("callback_zones", &zones),
        ("callback_whom", &whom),
    ];
    all.extend(fields);
    ana.sends(&format!("{DESK}/callback"), &all).await.is(200)
}

/// What is read out to them, in the language of the call, is the time that will be saved; nothing is said back of a mere wish.
#[tokio::test]
async fn a_callback_is_said_back_in_the_language_of_the_call() {
    let app = App::start().await;
    let (ana, action, asked) = asks_dorothy(&app).await;
    let asked = asked
        .says("“We will call you today at ")
        .says("at the number ending in 0100.”");
    let noon = asked.pressed("Tomorrow 12:30");
    let (lang, digits) = (asked.field("callback_lang"), asked.field("callback_digits"));
    let aloud = |lang: String| {
        vec![
            ("callback_quick", noon.clone()),
            ("callback_lang", lang),
            ("callback_digits", digits.clone()),
            ("callback_code", "MAPLE 27".to_owned()),
        ]
    };
    for (lang, said) in [
        (
            lang,
            " at 12:30 p.m., your time, at the number ending in 0100. The caller tells you the code MAPLE 27 first.”",
        ),
        (
            "es".to_owned(),
            " a las 12:30 p. m., hora suya, al número que termina en 0100. Quien llame le dirá primero el código MAPLE 27.”",
        ),
    ] {
        let fields = aloud(lang);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let looked = looks(&ana, &asked, &fields).await;
        let looked = looked.body.replace('\u{a0}', " ");
        assert!(looked.contains(said), "{said} is not in {looked}");
    }
    let spanish = action.replace("/outcome", "/outcome?script=live&lang=es");
    let fields = [("outcome", "call_back"), ("key", &asked.field("key"))];
    ana.sends(&spanish, &fields)
        .await
        .is(200)
        .says("“Le llamaremos hoy a la");
    let wish = [("outcome", "needs_help"), ("key", &asked.field("key"))];
    let wish = ana
        .sends(&action, &wish)
        .await
        .is(200)
        .says("A good time for the specialist?");
    assert!(!wish.body.contains("Say it back"), "a wish is no promise");
}

#[tokio::test]
async fn what_the_panel_says_is_what_is_saved_and_nothing_else() {
    let app = App::start().await;
    let (ana, action, asked) = asks_dorothy(&app).await;
    let asked = asked
        .says("<b>We will call Dorothy today, ")
        .says(" there</b> (")
        .says(" here).")
        .says("You keep it. If you are late, anyone on the team gets it at ");
    let (first, noon) = (asked.pressed("In 1 hour"), asked.pressed("Tomorrow 12:30"));
    assert_eq!(
        asked.field("callback_said"),
        format!("{first} America/New_York me")
    );

    // Another time than the page said: nothing is saved, and the difference is told.
    let said = asked.field("callback_said");
    let other = [
        ("callback_quick", noon.as_str()),
        ("callback_said", &said),
        ("callback_for", "me"),
    ];
    let again = saves(&ana, (&action, &asked), &other).await.is(422);
    let again = again
        .says("Nothing is saved yet. The page said today, ")
        .says("at 12:30 p.m. (Eastern). Read the sentence below")
        .says("12:30 p.m. there</b> (10:30 a.m. here).");
    // Nor is what no page said at all, nor with another keeper.
    saves(&ana, (&action, &asked), &[("callback_quick", &noon)])
        .await
        .is(422);
    let said = again.field("callback_said");
    let keeper = [
        ("callback_quick", noon.as_str()),
        ("callback_said", &said),
        ("callback_for", "anyone"),
    ];
    saves(&ana, (&action, &again), &keeper)
        .await
        .is(422)
        .says("The page said that you keep it, what you sent means that anyone keeps it.");
    assert_eq!(booked(&app).await, Vec::<i64>::new());
    let right = [
        ("callback_quick", noon.as_str()),
        ("callback_said", &said),
        ("callback_for", "me"),
    ];
    saves(&ana, (&action, &again), &right).await.is(200);
    assert_eq!(booked(&app).await, vec![noon.parse::<i64>().unwrap()]);
}

#[tokio::test]
async fn whoever_has_moved_to_another_zone_meanwhile_is_promised_nothing() {
    let app = App::start().await;
    let (ana, action, asked) = asks_dorothy(&app).await;
    lives(&app, "America/Los_Angeles").await;
    let (noon, said) = (asked.pressed("Tomorrow 12:30"), asked.field("callback_said"));
    let said = said.replace(&asked.pressed("In 1 hour"), &noon);
    let fields = [
        ("callback_quick", noon.as_str()),
        ("callback_said", &said),
        ("callback_for", "me"),
    ];
    saves(&ana, (&action, &asked), &fields)
        .await
        .is(422)
        .says("12:30 p.m. (Eastern), what you sent means ")
        .says("9:30 a.m. (Pacific)");
    assert_eq!(booked(&app).await, Vec::<i64>::new());
}

#[tokio::test]
async fn the_sentence_follows_the_fields_and_full_times_are_not_offered() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Walter"]]).await;
    let ana = app.caller("Ana").await;
    let (action, asked) = asks(&ana).await;
    let noon = asked.pressed("Tomorrow 12:30");
    let pressed = looks(
        &ana,
        &asked,
        &[("callback_quick", &noon), ("callback_for", "anyone")],
    )
    .await;
    let pressed = pressed
        .says(" at 12:30 p.m.</b></p>") // one clock only, where both show the same
        .says("Anyone on the team keeps it.")
        .says("hx-swap-oob"); // another day: its free times come along
    let date = pressed.field("callback_day");
    let typed = [
        ("callback_quick", "at"),
        ("callback_date", date.as_str()),
        ("callback_time", "12:45"),
        ("callback_day", &date),
    ];
    let same_day = looks(&ana, &asked, &typed).await.says(" at 12:45 p.m.</b></p>");
    assert!(
        !same_day.body.contains("hx-swap-oob"),
        "the same day's times stay as they are"
    );
    let past = [
        ("callback_quick", "at"),
        ("callback_date", "2020-01-01"),
        ("callback_time", "09:00"),
    ];
    let past = looks(&ana, &asked, &past)
        .await
        .says("Nothing can be saved with this time.");
    assert!(!past.body.contains("callback_said"), "{}", past.body);

    // One caller keeps one promise in a quarter of an hour.
    let said = pressed.field("callback_said");
    let fields = [
        ("callback_quick", noon.as_str()),
        ("callback_said", &said),
        ("callback_for", "anyone"),
    ];
    saves(&ana, (&action, &asked), &fields).await.is(303);
    let desk = ana.opens(DESK).await;
    let key = desk.field("key");
    let walter = ana
        .sends(&form(&desk), &[("outcome", "call_back"), ("key", &key)])
        .await;
    looks(&ana, &walter, &[("callback_quick", &noon)])
        .await
        .says("12:30<small>full</small>")
        .says("Nearest free: 12:15 p.m.");
}
