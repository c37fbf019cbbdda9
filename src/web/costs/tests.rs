//! The list of costs, rendered. The page is left in `target/pages` to look at.

use askama::Template;
use std::path::Path;

use super::page::{CostRow, CostsPage};
use crate::domain::cost::CostDecision;
use crate::outreach::costs::Wanted;
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

fn rendered(name: &str, rows: Vec<CostRow>) -> String {
    let page = CostsPage {
        chrome: Chrome::default(),
        base: "/outages/apr-14".into(),
        filters: super::filters(Wanted::Open),
        paging: Paging::new(1, 50, rows.len() as i64, "/outages/apr-14/costs", "standing=open"),
        rows,
        problem: None,
    };
    let html = page.render().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.html")), &html).unwrap();
    html
}

#[test]
fn a_cost_is_decided_with_a_word_and_a_decision_is_taken_back() {
    let row = CostRow {
        at: "Tue, Apr 14, 7:40 p.m.".into(),
        name: "Ben <i>Lindqvist</i>".into(),
        href: "/cases/8".into(),
        kind: "Bank or card fee",
        amount: "$35.00".into(),
        words: "Overdraft because you took it twice".into(),
        action: "/outages/apr-14/costs/3".into(),
        is_open: true,
        stands: "Open".into(),
        reason: String::new(),
    };
    let decided = CostRow {
        is_open: false,
        stands: "Refused by Eve Stone, 8:02 p.m.".into(),
        reason: "No statement shows it".into(),
        action: "/outages/apr-14/costs/4".into(),
        ..row.clone()
    };
    let html = rendered("costs", vec![row, decided]);
    assert!(html.contains("value=\"settled\"") && html.contains("value=\"open\""));
    assert!(html.contains("No statement shows it") && !html.contains("<i>Lindqvist"));
    assert!(rendered("costs-none", Vec::new()).contains("No cost is here"));
}

#[test]
fn the_filter_of_an_address_is_the_one_that_is_chosen() {
    for (word, wanted) in [
        ("", Wanted::Open),
        ("nonsense", Wanted::Open),
        ("all", Wanted::All),
        ("refused", Wanted::Decided(CostDecision::Refused)),
    ] {
        let asked = super::Asked {
            standing: word.into(),
            page: None,
        };
        assert_eq!(asked.wanted(), wanted, "{word}");
        let chosen = super::filters(wanted).into_iter().filter(|filter| filter.2);
        assert_eq!(
            chosen.map(|filter| filter.0).collect::<Vec<_>>(),
            [super::word(wanted)]
        );
    }
}
