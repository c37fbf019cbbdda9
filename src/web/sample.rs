//! For tests of pages: a frame to render in, and the promises every page keeps.

use askama::Template;

use super::layout::{Chrome, OutageTab, Place, Viewer};
use super::look::Look;

/// A supervisor at a place of a sample outage.
pub fn chrome(place: Place) -> Chrome {
    let viewer = Viewer {
        name: "Elaine Porter".into(),
        email: "elaine@revenue.example".into(),
        supervises: true,
        administers: true,
    };
    let outage = OutageTab {
        slug: "apr-14".into(),
        name: "April 14 payment outage".into(),
    };
    Chrome::new(viewer, "sample-token".into(), Look::default()).at(outage, place)
}

/// Renders a page, checks what must hold for all of them, and leaves it in `target/pages` to look at.
pub fn shown(name: &str, page: &impl Template) -> String {
    let html = page.render().unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name).with_extension("html"), &html).unwrap();
    assert!(
        !html.contains(" style="),
        "{name}: the policy forbids inline style"
    );
    assert!(
        !html.contains("<script>"),
        "{name}: the policy forbids inline script"
    );
    assert_eq!(
        html.matches("<h1").count(),
        1,
        "{name}: one heading says what the page is"
    );
    for table in html.split("<table").skip(1) {
        let named = table.contains("<caption") || table.split('>').next().unwrap().contains("aria-label");
        assert!(named, "{name}: a table says what it lists");
    }
    for form in html
        .split("<form")
        .skip(1)
        .filter(|form| form.split('>').next().unwrap().contains(r#"method="post""#))
        // there is no session to belong to
        .filter(|form| !form.contains(r#"action="/sign-in""#) && !form.contains(r#"action="/c/"#))
    {
        let form = form.split("</form>").next().unwrap();
        assert!(
            form.contains(r#"name="csrf""#),
            "{name}: a form that changes something carries its token"
        );
    }
    html
}
