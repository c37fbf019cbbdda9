//! What citizens are told the agency and the outage are called, in their language, and where they can ask.

use crate::harness::{App, Homes};
use diesel::prelude::*;
use makegood::domain::public_names::{Names, PublicNames};
use makegood::domain::words::Language;
use makegood::outreach::outages::NewOutageTexts;
use makegood::schema::cases;

const PAY: &str = "https://revenue.franklin.example/pay";

#[tokio::test(flavor = "multi_thread")]
async fn spanish_letters_and_pages_call_the_agency_and_the_outage_in_spanish() {
    let app = App::start().await;
    let ada = app.admin("Ada").await;
    let made = app.does(|office| {
        let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
        Ok((homes.add(office, 1, 1), homes.outage))
    });
    let (homes, outage) = made.await.unwrap();
    assert_eq!(outage.agency_name_in(Language::of("es")), "");
    let settings = ada
        .opens("/outages/april-15/edit")
        .await
        .is(200)
        .says("In Spanish");
    assert!(settings.body.contains("What stays empty is said as in English."));
    let fields = [
        ("name", "Income tax payments"),
        ("calling_from", "08:00"),
        ("calling_until", "21:00"),
        ("agency_name", "the Department of Revenue"),
        ("agency_name_es", "el Departamento de Hacienda"),
        ("name_es", "Pagos del impuesto"),
        ("help_phone", "800-555-0134"),
        ("pay_url", PAY),
    ];
    ada.sends("/outages/april-15/edit", &fields).await.is(303);
    ada.opens("/outages/april-15/edit")
        .await
        .says(r#"value="el Departamento de Hacienda""#)
        .says("Who calls, in Spanish");
    let url = app.office.citizen_link(homes[0].people[0], app.office.now());
    let link = url.strip_prefix(&app.office.base_url()).unwrap();
    let page = app.stranger().opens(&format!("{link}?lang=es")).await.is(200);
    let page = page
        .says("El Departamento de Hacienda")
        .says("Pagos del impuesto");
    assert!(!page.body.contains("Department of Revenue") && !page.body.contains("Income tax payments"));
    app.stranger().opens(link).await.says("The Department of Revenue");
    app.in_database(|conn| {
        diesel::update(cases::table)
            .set(cases::language.eq("es"))
            .execute(conn)
    })
    .await;
    let case = homes[0].people[0].to_string();
    let shown = [
        ("subject", "{{ outage_name }}"),
        ("body", "Hola.\n\n{{ agency_name }}"),
        ("case", case.as_str()),
    ];
    let preview = "/outages/april-15/templates/apology/es/preview";
    let letter = ada.sends(preview, &shown).await.is(200);
    let letter = letter.says("<title>Pagos del impuesto</title>");
    assert!(!letter.body.contains("Department of Revenue"));
    let told = letter.body.matches("El Departamento de Hacienda").count();
    assert_eq!(told, 4, "beginning, head, signature and foot");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_belong_to_no_case_name_the_agency_and_its_number() {
    let app = App::start_with(|flags| flags.base_url = Some("https://makegood.example".to_owned())).await;
    let made = app.does(|office| {
        let spanish = Names {
            agency: "el Departamento de Hacienda".to_owned(),
            ..Names::default()
        };
        let entered = NewOutageTexts {
            slug: "april-15".to_owned(),
            name: "Income tax payments".to_owned(),
            start: "2026-04-15T18:40".to_owned(),
            end: "2026-04-15T19:02".to_owned(),
            tz: "America/New_York".to_owned(),
            agency_name: Some("the Department of Revenue".to_owned()),
            names: PublicNames::default().with(Language::of("es"), spanish),
            help_phone: Some("800-555-0134".to_owned()),
            ..NewOutageTexts::default()
        };
        office.create_outage(&entered, None)
    });
    made.await.unwrap();
    let citizen = app.stranger();
    for address in ["/check", "/c/sample", "/u/sample"] {
        let page = citizen.opens(address).await;
        let page = page.says("The Department of Revenue").says("tel:8005550134");
        assert!(!page.body.contains("Makegood"), "{address}");
    }
    citizen
        .opens("/check?lang=es")
        .await
        .says("El Departamento de Hacienda");
}
