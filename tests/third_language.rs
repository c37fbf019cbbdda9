//! A language that nobody has thought of, added by one file: citizens read it, callers speak it, letters are written in it.

use crate::desk::{DESK, evening, run, takes};
use crate::harness::App;
use diesel::prelude::*;
use makegood::domain::words::Language;
use makegood::mail::texts;
use makegood::schema::cases;
use std::path::Path;
use toml::Value;

/// The English texts as somebody might say them who has no `a`, `e`, `i`, `o` and `u`; what stands in braces is left alone.
fn translated(text: &str) -> String {
    let mut depth = 0;
    let spoken = |letter: char| match letter {
        'a' => 'ä',
        'e' => 'ë',
        'i' => 'ï',
        'o' => 'ö',
        'u' => 'ü',
        'A' => 'Ä',
        'E' => 'Ë',
        'I' => 'Ï',
        'O' => 'Ö',
        'U' => 'Ü',
        other => other,
    };
    let letter = |letter: char| {
        depth += match letter {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth > 0 { letter } else { spoken(letter) }
    };
    text.chars().map(letter).collect()
}

fn translate(key: &str, value: &mut Value) {
    match value {
        Value::String(text) if key != "outcome" => *text = translated(text),
        Value::Array(items) => items.iter_mut().for_each(|item| translate(key, item)),
        Value::Table(table) => table.iter_mut().for_each(|(key, value)| translate(key, value)),
        _ => {}
    }
}

/// A folder with the language `qq` in it.
fn folder(at: &Path) -> String {
    let folder = at.join("languages");
    std::fs::create_dir_all(&folder).unwrap();
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en.toml");
    let english = std::fs::read_to_string(english).unwrap();
    let mut texts: Value = toml::from_str(&english).unwrap();
    translate("", &mut texts);
    std::fs::write(folder.join("qq.toml"), toml::to_string(&texts).unwrap()).unwrap();
    folder.to_str().unwrap().to_owned()
}

/// The words that can be read on a page, without those of its head and with their signs taken off.
fn words(html: &str) -> Vec<String> {
    let shown = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut text = String::new();
    for part in shown
        .split('<')
        .map(|part| part.split_once('>').unwrap_or(("", part)).1)
    {
        text.push_str(part);
        text.push(' ');
    }
    let parts = text.split(|letter: char| letter.is_whitespace() || letter == '\u{a0}');
    let bare = parts.map(|word| {
        word.trim_matches(|letter: char| !letter.is_alphabetic())
            .to_owned()
    });
    bare.filter(|word| !word.is_empty()).collect()
}

/// The words that are English, but for names and what is no word.
fn english(html: &str, names: &[&str]) -> Vec<String> {
    let is_english = |word: &String| word.contains(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    let is_name = |word: &String| names.iter().any(|name| name.contains(word.as_str()));
    words(html)
        .into_iter()
        .filter(|word| is_english(word) && !is_name(word))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_added_by_one_file_and_nothing_is_left_of_english() {
    let scratch = tempfile::tempdir().unwrap();
    let languages = folder(scratch.path());
    let app = App::start_with(|flags| flags.locales = Some(languages)).await;
    assert_eq!(Language::of("qq-QQ").name(), "Ënglïsh");
    evening(&app, &[&["Dorothy"]]).await;
    app.does(|office| {
        office.db.write(|conn| {
            run(conn, "UPDATE cases SET language = 'qq', stage = 'open'")?;
            run(conn, "UPDATE households SET language = 'qq'")
        })
    })
    .await
    .unwrap();
    let ada = app.admin("Ada").await;
    let settings = "/outages/apr-14/edit";
    ada.opens(settings).await.is(200).says("In Ënglïsh");
    let fields = [
        ("name", "Payments"),
        ("calling_from", "00:00"),
        ("calling_until", "24:00"),
        ("agency_name", "the Department of Revenue"),
        ("agency_name_qq", "thë Dëpt"),
        ("name_qq", "Pÿmts"),
        ("pool_open", "yes"),
    ];
    ada.sends(settings, &fields).await.is(303);
    ada.opens(settings).await.says("Who calls, in Ënglïsh");

    // The citizen's pages, in every state of the money and after an answer.
    let (case, code) = app
        .in_database(|conn| {
            cases::table
                .select((cases::id, cases::code))
                .first::<(i64, String)>(conn)
        })
        .await;
    let names = [
        "Dorothy",
        code.as_str(),
        "Español",
        "English",
        "EDT",
        "EST",
        "revenue.franklin.example/pay",
    ];
    let url = app.office.citizen_link(case, app.office.now());
    let link = url.strip_prefix(&app.office.base_url()).unwrap().to_owned();
    let citizen = app.stranger();
    for charged in ["not_charged", "unknown", "charged", "charged_twice"] {
        app.in_database(move |conn| {
            diesel::update(cases::table)
                .set(cases::charged.eq(charged))
                .execute(conn)
        })
        .await;
        let page = citizen
            .opens(&link)
            .await
            .is(200)
            .says(r#"<html lang="qq">"#)
            .says("Thë Dëpt");
        assert_eq!(english(&page.body, &names), Vec::<String>::new(), "{charged}");
    }
    citizen
        .opens(&format!("{link}?lang=en"))
        .await
        .says("About your payment");
    citizen
        .opens(&format!("{link}?lang=es"))
        .await
        .says("Sobre su pago");
    citizen
        .opens(&format!("{link}?lang=xx"))
        .await
        .says(r#"<html lang="en">"#);
    let wrong = citizen.sends_as_it_is(&link, &[("lang", "qq")]).await.is(422);
    assert_eq!(english(&wrong.body, &names), Vec::<String>::new());
    for address in ["/check?lang=qq", "/c/nobody?lang=qq"] {
        let page = citizen.opens(address).await;
        let page = page.says(r#"<html lang="qq">"#);
        let agency = "The Department of Revenue MAPLE";
        assert_eq!(
            english(&page.body, &[agency, "Español", "English"]),
            Vec::<String>::new(),
            "{address}"
        );
    }

    // The script.
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let (_, script) = call
        .body
        .split_once(r#"<ol class="script script--tight" lang="qq">"#)
        .unwrap();
    let (script, _) = script.split_once("</ol>").unwrap();
    let script = script
        .replace(r#"<span class="b" lang="en">Or</span>"#, "")
        .replace(r#"<span class="b" lang="en">If not</span>"#, "");
    assert!(script.contains("Hëllö"), "{script}");
    assert_eq!(
        english(&script, &["Ana", "Dorothy Hensley", code.as_str()]),
        Vec::<String>::new()
    );
    assert!(call.body.contains(&format!("{DESK}?script=live&#38;lang=es")) || call.body.contains("lang=es"));

    // The letters.
    for key in texts::KEYS {
        let editor = format!("/outages/apr-14/templates/{key}/qq");
        ada.opens(&editor).await.is(200).says("Ënglïsh");
        let text = texts::find(key, Language::of("qq")).unwrap();
        let case = case.to_string();
        let shown = [
            ("subject", text.subject),
            ("body", text.body),
            ("case", case.as_str()),
        ];
        let preview = format!("/outages/apr-14/templates/{key}/qq/preview");
        let letter = ada
            .sends(&preview, &shown)
            .await
            .is(200)
            .says(r#"<html lang="qq""#);
        let english = english(
            &letter.body,
            &["Dorothy Hensley", code.as_str(), "EDT", "EST", "http://127.0.0.1"],
        );
        assert_eq!(english, Vec::<String>::new(), "{key}");
    }

    // Answered at last.
    let done = citizen
        .sends_as_it_is(&link, &[("lang", "qq"), ("choice", "need_help")])
        .await
        .is(303);
    let done = citizen.opens(done.leads_to()).await.is(200);
    assert_eq!(english(&done.body, &names), Vec::<String>::new());
}

#[test]
fn a_file_that_lacks_a_text_is_refused_whole_and_says_which() {
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en.toml");
    let english = std::fs::read_to_string(english).unwrap();
    let read = |text: &str| makegood::domain::locale::Locale::read("qq.toml", text, &english).map(|_| ());
    assert_eq!(read(&english), Ok(()));
    let told = |text: String| read(&text).unwrap_err().to_string();
    let lacking = told(english.replace("pay_now = ", "pay_soon = "));
    assert_eq!(
        lacking,
        "the texts in qq.toml: citizen.pay_soon is not in en.toml"
    );
    let changed = told(english.replace("{minutes} min", "{hours} h"));
    assert_eq!(
        changed,
        "the texts in qq.toml: citizen.too_often: {hours} is not filled in there"
    );
}
