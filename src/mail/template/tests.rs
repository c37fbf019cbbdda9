use proptest::prelude::*;

use super::*;
use crate::domain::charged::Charged;
use crate::mail::texts;

fn filled(body: &str, facts: &Facts) -> Result<Content, FillError> {
    Template::parse(Language::english(), "A subject", body)
        .unwrap()
        .fill(facts)
}

fn problems(subject: &str, body: &str) -> Vec<String> {
    let found = Template::parse(Language::english(), subject, body).err().unwrap();
    found.iter().map(Problem::to_string).collect()
}

#[test]
fn a_wrong_name_is_found_at_save_with_its_place_and_the_right_ones() {
    let found = problems(
        "Hello {{ first_name }}",
        "Hello,\n\nyour {{ given_name }} {{ amount }}\n{% if surname %}x{% endif %}",
    );
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[0].starts_with("subject, line 1, character 10: `first_name`"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("body, line 3, character 26: `amount`"),
        "{found:?}"
    );
    assert!(
        found[2].starts_with("body, line 4, character 7: `surname`"),
        "{found:?}"
    );
    assert!(
        found[0].contains("did you mean `given_name`? Known: given_name, agency_name"),
        "{found:?}"
    );
}

#[test]
fn a_near_miss_gets_a_suggestion() {
    assert!(problems("x", "{{ givenname }}")[0].contains("did you mean `given_name`?"));
    assert!(problems("x", "{{ help_fone }}")[0].contains("did you mean `help_phone`?"));
}

#[test]
fn a_broken_brace_is_found_with_its_line() {
    assert!(problems("x", "Hello\n\n{{ given_name }")[0].starts_with("body, line 3"));
    assert!(problems("x", "Hello\n{% if link %}never ends")[0].starts_with("body, line"));
    assert!(problems("", " ")[0].contains("must not be empty"));
}

#[test]
fn a_loop_without_end_and_a_borrowed_function_are_refused() {
    assert!(problems("x", "{{ range(9) }}")[0].contains("`range`"));
    let rows = "[1,2,3,4,5,6,7,8,9,10]";
    let nested = format!(
        "{{% for a in {rows} %}}{{% for b in {rows} %}}{{% for c in {rows} %}}{{% for d in {rows} %}}{{% for e in {rows} %}}x{{% endfor %}}{{% endfor %}}{{% endfor %}}{{% endfor %}}{{% endfor %}}"
    );
    assert!(
        problems("x", &nested)[0].contains("leave out the loop"),
        "{:?}",
        problems("x", &nested)
    );
    assert!(!problems("x", "{{ given_name|safe }}").is_empty());
    assert!(!problems("x", "{% include 'x' %}").is_empty());
}

#[test]
fn a_missing_first_name_leaves_no_hole() {
    let content = filled("Hello {{ given_name }},\n\nwe are sorry.", &Facts::bare("Agency")).unwrap();
    assert!(
        content.text.starts_with("Hello,\n\nwe are sorry."),
        "{}",
        content.text
    );
    assert!(content.html.contains(">Hello,</p>"), "{}", content.html);
}

#[test]
fn a_missing_fact_that_nothing_replaces_must_be_asked_for_first() {
    let error = filled("Pay by {{ deadline }}.", &Facts::bare("Agency")).unwrap_err();
    assert!(error.to_string().contains("{% if deadline %}"), "{error}");
    let content = filled(
        "Pay{% if deadline %} by {{ deadline }}{% endif %}.",
        &Facts::bare("Agency"),
    )
    .unwrap();
    assert!(content.text.starts_with("Pay.\n"));
    let content = filled("Call {{ help_phone }}.", &Facts::bare("Agency")).unwrap();
    assert!(content.text.starts_with("Call the number on our website."));
}

#[test]
fn every_text_of_the_product_can_be_filled_for_a_person_we_know_much_or_nothing_about() {
    assert_eq!(texts::all().count(), texts::KEYS.len() * Language::all().count());
    for text in texts::all() {
        let template = Template::parse(text.language, text.subject, text.body)
            .unwrap_or_else(|p| panic!("{text:?}: {p:?}"));
        let rich = template.fill(&Facts::sample()).unwrap();
        let poor = template.fill(&Facts::bare("Agency")).unwrap();
        let others: Vec<Content> = Facts::samples()
            .map(|facts| template.fill(&facts).unwrap())
            .collect();
        for content in [&rich, &poor].into_iter().chain(&others) {
            let all = format!("{}\n{}", content.subject, content.text);
            for bad in [
                "{{", "{%", "**", "](", " ,", " .", "  ", ",:", ">", "el el", "al el",
            ] {
                assert!(
                    !all.contains(bad),
                    "{bad:?} in {} {:?}:\n{all}",
                    text.key,
                    text.language
                );
            }
            assert!(content.subject.chars().count() <= 70, "{}", content.subject);
            assert!(!all.contains('$'), "{all}");
        }
        assert!(
            rich.text.contains("MAPLE 27") && rich.text.contains("https://makegood."),
            "{}",
            rich.text
        );
        assert!(rich.html.contains("lang=\"en\"") == (text.language == Language::english()));
    }
}

/// Words that ask somebody to pay, that call a payment lost, or that name a last day.
const ASKS_TO_PAY: [&str; 10] = [
    "lease pay by",
    "can pay now",
    "can still pay",
    "did not go through",
    "April 20",
    "pague a más tardar",
    "puede pagar",
    "no se completó",
    "20 de abril",
    "cuando quiera",
];

fn letter_to(text: &texts::Text, facts: &Facts) -> Content {
    let template = Template::parse(text.language, text.subject, text.body).unwrap();
    template.fill(facts).unwrap()
}

#[test]
fn every_letter_tells_the_four_states_of_the_money_apart() {
    let words = |state: Charged| match state {
        Charged::NotCharged => ["did not take your money", "o le cobramos nada"],
        Charged::Unknown => ["lease wait before you pay", "espere antes de pagar"],
        Charged::Charged => ["have your money", "Tenemos su dinero"],
        Charged::ChargedTwice => ["took your payment two times", "Le cobramos dos veces"],
    };
    for text in texts::all() {
        for facts in Facts::samples().take(Charged::ALL.len()) {
            let content = letter_to(&text, &facts);
            let all = format!("{}\n{}\n{}", content.subject, content.text, content.html);
            let all = all.replace('\u{a0}', " ");
            for state in Charged::ALL {
                let said = words(*state).iter().any(|words| all.contains(words));
                assert_eq!(said, *state == facts.charged, "{state:?} in {facts:?}:\n{all}");
            }
            let taken = ["do not pay again", "no pague otra vez"];
            assert_eq!(
                taken.iter().any(|words| all.contains(words)),
                facts.charged.was_taken()
                    || (facts.charged == Charged::Unknown && text.key != "callback_reminder"),
                "{all}"
            );
            for asking in ASKS_TO_PAY.iter().filter(|_| !facts.charged.may_ask_to_pay()) {
                assert!(!all.contains(asking), "{asking:?} to {:?}:\n{all}", facts.charged);
            }
        }
    }
}

#[test]
fn a_due_date_that_has_passed_is_told_as_passed() {
    let late = Facts::samples().last().unwrap();
    for text in texts::all() {
        let told = letter_to(&text, &late).text.replace('\u{a0}', " ");
        assert!(told.contains("has passed") || told.contains("ya pasó"), "{told}");
        for asking in ["lease pay by", "pague a más tardar"] {
            assert!(!told.contains(asking), "{told}");
        }
    }
}

/// As the product's own text was before the states were told apart, and as administrators may have saved it.
#[test]
fn a_text_of_before_names_no_last_day_to_who_was_charged_or_is_late() {
    let body = "{% if not_charged %}Pay now.{% else %}Look.{% endif %}{% if deadline %} Please pay by {{ deadline }}.{% endif %}";
    for facts in Facts::samples() {
        let told = filled(body, &facts).unwrap().text;
        let in_time = facts.charged.may_ask_to_pay() && facts.due.unwrap().ahead().is_some();
        assert_eq!(told.contains("Please pay by"), in_time, "{facts:?}");
    }
}

#[test]
fn a_text_that_some_cannot_get_is_found_before_it_is_saved() {
    let text = |body: &str| Template::parse(Language::english(), "Hello", body).unwrap();
    let problem = text("Pay by {{ deadline }}.").problem_for_anybody().unwrap();
    assert!(problem.message.contains("{% if deadline %}"), "{problem}");
    assert_eq!(text("Hello.").problem_for_anybody(), None);
}

#[test]
fn a_letter_loads_nothing_from_elsewhere() {
    for text in texts::all() {
        let html = Template::parse(text.language, text.subject, text.body)
            .unwrap()
            .fill(&Facts::sample())
            .unwrap()
            .html;
        for bad in ["<img", "src=", "@import", "url(", "<script"] {
            assert!(!html.contains(bad), "{bad} in {}", text.key);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_fact_holds_it_stays_text(value in "[\\PC<>\"'&`*_\\[\\]()\\n{}%#-]{0,60}") {
        let facts = Facts {
            given_name: Some(value.clone()), code: Some(value.clone()), outage_name: Some(value), ..Facts::bare("Agency")
        };
        let body = "Hello {{ given_name }},\n\n> {{ outage_name }}\n\n{% if code %}`{{ code }}` **{{ code }}**{% endif %}";
        let content = filled(body, &facts).unwrap();
        let plain = filled(body, &Facts { given_name: Some("a".into()), code: facts.code.as_ref().map(|_| "a".into()), outage_name: Some("a".into()), ..facts.clone() }).unwrap();
        let tags = |html: &str| html.matches('<').count();
        let has_all = [&facts.given_name, &facts.code].iter().all(|fact| !one_line(fact.as_deref().unwrap_or(""), 300).is_empty());
        prop_assert!(!has_all || tags(&content.html) == tags(&plain.html), "{}", content.html);
    }

    #[test]
    fn no_source_makes_the_check_panic(subject in "\\PC{0,80}", body in "[\\PC{}%\\n]{0,200}") {
        let _ = Template::parse(Language::of("es"), &subject, &body);
    }
}

#[test]
fn html_written_by_itself_is_framed_and_the_text_still_comes_from_the_message() {
    let html = "<h2>Dear {{ given_name }}</h2>\n<p><a href=\"{{ link }}\">Tell us</a></p>";
    let template =
        Template::with_html(Language::english(), "Hello", "Hello {{ given_name }}.", html).unwrap();
    let facts = Facts {
        given_name: Some("<b>Ana</b>".to_owned()),
        ..Facts::sample()
    };
    let content = template.fill(&facts).unwrap();
    assert!(
        content.html.contains("<h2>Dear &lt;b&gt;Ana&lt;/b&gt;</h2>"),
        "{}",
        content.html
    );
    assert!(content.html.contains(&facts.agency_name), "the frame stays");
    assert!(content.text.starts_with("Hello <b>Ana</b>."));
}

#[test]
fn html_that_cannot_be_sent_is_found_at_save_with_its_line() {
    let html = "<p>fine</p>\n<p>{{ givn_name }}</p>\n<img src=\"x\">";
    let Err(problems) = Template::with_html(Language::english(), "Hello", "Hello.", html) else {
        panic!("it was taken");
    };
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        told[0].starts_with("html, line 2") && told[0].contains("given_name"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("html, line 3") && told[1].contains("<img>"),
        "{told:?}"
    );
}

#[test]
fn who_would_get_half_a_page_gets_the_message_instead() {
    let html = "{% if deadline %}<p>{% endif %}By {{ deadline }}</p>";
    let template = Template::with_html(Language::english(), "Hello", "Hello you.", html);
    let facts = Facts {
        due: None,
        ..Facts::sample()
    };
    let Ok(template) = template else { return };
    assert!(template.fill(&facts).unwrap().html.contains("Hello you."));
}

#[test]
fn an_agency_that_is_called_the_department_signs_with_a_capital_letter() {
    let template = Template::parse(Language::english(), "Hello", "Hello.\n\n{{ agency_name }}").unwrap();
    let content = template.fill(&Facts::bare("the Department of Revenue")).unwrap();
    assert!(
        content.text.starts_with("Hello.\n\nThe Department of Revenue\n"),
        "{}",
        content.text
    );
    assert!(!content.html.contains(">the Department"), "{}", content.html);
}

#[test]
fn a_text_that_would_grow_beyond_all_bounds_is_refused_at_save_before_it_grows() {
    let bomb = r#"{{ "x"*20000000 }} {{ link }}"#;
    assert_eq!(
        problems("x", bomb),
        ["body, line 1, character 4: `*` repeats a text; write out what you mean"]
    );
    assert!(problems(bomb, "Hello.")[0].starts_with("subject, line 1"));
    let html = Template::with_html(Language::english(), "x", "Hello.", &format!("<p>{bomb}</p>"));
    assert!(html.err().unwrap()[0].to_string().starts_with("html, line 1"));
    let many = "{{ link }}".repeat(4000);
    assert!(
        problems("x", &many)[0].contains("body, line 1")
            && problems("x", &many)[0].contains("longer than 200 KB")
    );
}

#[test]
fn a_letter_that_grows_too_long_for_one_person_names_its_part() {
    let template = Template::parse(Language::english(), "Hello", &"{{ given_name }} ".repeat(300)).unwrap();
    let facts = Facts {
        given_name: Some("Wolfeschlegelsteinhausen".repeat(12)),
        ..Facts::sample()
    };
    let error = template.fill(&facts).err().unwrap().to_string();
    assert!(error.contains("body: it becomes longer than 200 KB"), "{error}");
}
