use super::faults::{FaultRow, Fix};
use super::given::Given;
use super::page::{
    Bins, CheckPage, ColumnRow, ColumnsPage, HowRead, ImportRow, ListPage, Preview, PreviewPart, Progress,
    ProgressPart, Reason, RunPage, Seen, Sum, UploadPage, Use,
};
use super::phones::PhoneRow;
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};
use crate::web::show::paging::Paging;

const BASE: &str = "/outages/apr-14";
const HREF: &str = "/outages/apr-14/imports/31";

fn import_row(file: &str, state: &'static str, badge: &'static str) -> ImportRow {
    ImportRow {
        href: HREF.into(),
        file: file.into(),
        kind: "Failed payments",
        state,
        badge,
        rows: "1,284".into(),
        accepted: "1,203".into(),
        rejected: "35".into(),
        by: "Elaine Porter, 4:30 p.m.".into(),
    }
}

#[test]
fn imports_are_listed_with_their_state() {
    let page = ListPage {
        chrome: chrome(Place::Imports),
        base: BASE.into(),
        imports: vec![
            import_row("failed_txn_late.csv", "Waits for you", "badge--warn"),
            import_row("failed_txn_2027-04-14.csv", "Published", "badge--ok"),
        ],
        paging: Paging::new(1, 20, 2, "/outages/apr-14/imports", ""),
    };
    assert!(shown("imports", &page).contains("Waits for you"));
}

#[test]
fn no_import_yet_says_what_to_do() {
    let paging = Paging::new(1, 20, 0, "/outages/apr-14/imports", "");
    let page = ListPage {
        chrome: chrome(Place::Imports),
        base: BASE.into(),
        imports: Vec::new(),
        paging,
    };
    assert!(shown("imports-empty", &page).contains("Nothing imported yet"));
}

fn upload(problem: Option<&str>) -> UploadPage {
    UploadPage {
        chrome: chrome(Place::Imports),
        base: BASE.into(),
        successes: false,
        window: "April 14, 2027, 1:04 to 1:26 p.m., America/New_York".into(),
        limit: "2 GB".into(),
        problem: problem.map(str::to_owned),
    }
}

#[test]
fn a_file_is_asked_for_with_its_token_before_it() {
    let html = shown("import-upload", &upload(None));
    let (token, file) = (
        html.find(r#"name="csrf""#).unwrap(),
        html.find(r#"type="file""#).unwrap(),
    );
    assert!(
        token < file,
        "the token must arrive before the first byte of the file"
    );
}

#[test]
fn a_refused_file_says_why_at_its_field() {
    let html = shown(
        "import-refused",
        &upload(Some("It is a PDF. Export the payments as CSV or XLSX.")),
    );
    assert!(html.contains(r#"aria-invalid="true" aria-describedby="file-problem""#));
}

fn uses(chosen: &str) -> Vec<Use> {
    [
        ("", "Leave out"),
        ("transaction_id", "Transaction ID"),
        ("timestamp", "Time of the attempt"),
        ("full_name", "Full name"),
        ("phone", "Phone"),
        ("amount", "Amount, in dollars"),
    ]
    .into_iter()
    .map(|(key, label)| Use {
        key,
        label,
        chosen: key == chosen,
    })
    .collect()
}

fn column(
    index: usize,
    header: &str,
    samples: &[&str],
    looks: &str,
    (chosen, result): (&str, &str),
) -> ColumnRow {
    ColumnRow {
        index,
        header: header.into(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
        looks: looks.into(),
        uses: uses(chosen),
        result: result.into(),
        unsure: chosen == "amount",
        left_out: chosen.is_empty(),
        blocked: result.starts_with("Masked"),
    }
}

fn preview() -> Preview {
    Preview {
        href: HREF.into(),
        row: 2,
        heading: "Dorothy M Hensley".into(),
        lines: vec![
            ("Phone", "(423) 555-0142".into()),
            ("Email", "d.hensley@mail.example".into()),
            ("Language", "English".into()),
            ("Failed at", "1:09 p.m.".into()),
            ("Amount", "$1,284.00".into()),
        ],
        rejected: None,
        previous: 2,
        next: 3,
    }
}

#[test]
fn each_column_shows_what_it_looks_like_and_what_it_becomes() {
    let page = ColumnsPage {
        chrome: chrome(Place::Imports),
        base: BASE.into(),
        successes: false,
        href: HREF.into(),
        summary: "failed_txn_2027-04-14.csv, comma separated, UTF-8. 4 columns are used, 2 are left out. One needs a look.".into(),
        complete: true,
        asks: None,
        problem: None,
        remembered: false,
        asked: 1,
        sheets: Vec::new(),
        columns: vec![
            column(0, "txn_id", &["FR-20270414-88121", "FR-20270414-88122"], "Text, all different", ("transaction_id", "Sure: the header says it")),
            column(1, "txn_ts", &["04/14/2027 13:09:22"], "Date and time", ("timestamp", "Month/day/year, 24 hour")),
            column(2, "payer_nm", &["HENSLEY, DOROTHY M", ""], "Name, last first", ("full_name", "Shown as Dorothy M Hensley")),
            column(3, "ph_1", &["4235550142", "(423) 555-0119"], "US phone, 96% valid", ("phone", "Sure: header and values")),
            column(4, "amt", &["128400", "31250"], "Whole number", ("amount", "Dollars or cents?")),
            column(5, "pan_last", &["••••4242"], "Card numbers", ("", "Masked, cannot be imported")),
        ],
        doubts: vec!["Two columns could be the e-mail; the first is read.".into()],
        preview: preview(),
    };
    let html = shown("import-columns", &page);
    assert!(html.contains(r#"<option value="phone" selected>Phone</option>"#));
    assert!(html.contains("Please check"));
    assert!(html.contains("Dorothy M Hensley"));
}

#[test]
fn the_preview_alone_is_one_card() {
    let part = PreviewPart {
        preview: Preview {
            rejected: Some("No readable time.".into()),
            ..preview()
        },
    };
    let html = askama::Template::render(&part).unwrap();
    assert!(html.starts_with("<section"));
    assert!(html.contains("Would be rejected"));
}

fn fault(line: i64, found: &str, problem: &str, wrong: Option<&str>) -> FaultRow {
    FaultRow {
        line,
        shown_line: line.to_string(),
        who: "Olivia Mitchell".into(),
        headers: "TEL_NO".into(),
        found: vec![found.into()],
        problem: problem.into(),
        became: None,
        fix: Some(Fix {
            asks: "Phone or e-mail",
            typed: String::new(),
            wrong: wrong.map(str::to_owned),
        }),
        whole: None,
    }
}

fn whole_line(line: i64) -> FaultRow {
    FaultRow {
        fix: None,
        whole: Some(format!("{HREF}/rejects?after={}", line - 1)),
        ..fault(line, "FR-88201,04/14/2027", "11 fields, not 12", None)
    }
}

fn check(published: bool) -> CheckPage {
    CheckPage {
        chrome: chrome(Place::Imports),
        base: "/outages/apr-14".into(),
        href: HREF.into(),
        summary: "failed_txn_2027-04-14.csv: 1,284 rows were read in 0.4 seconds.".into(),
        how: HowRead {
            answers: vec![Given {
                about: "Clock",
                said: "UTC".into(),
                step: "questions",
            }],
            remembered: false,
            dialect: "comma, UTF-8, header in line 1".into(),
            certainty: "Likely: have a look at what was decided",
            doubtful: true,
            doubts: vec!["3 lines above the header are passed over.".into()],
            columns: vec![("Phone", "TEL_NO".into())],
        },
        published,
        timeline: None,
        bins: Bins {
            rows: "1,284".into(),
            accepted: "1,150".into(),
            duplicates: "46".into(),
            outside: "53".into(),
            outside_note: "21 before it began, 32 after it ended.".into(),
            span: Some("The file goes from 2027-04-14 12:00:00 to 2027-04-14 15:00:00, the outage from 2027-04-14 13:00:00 to 2027-04-14 14:00:00 (America/New_York).".into()),
            told: Vec::new(),
            left_out_note: None,
            rejected: "35".into(),
            stay_out: Some("35 rejected rows stay out and can be fixed later".into()),
            sum: "1,150 + 46 + 53 + 35 = 1,284".into(),
            card_numbers: "9".into(),
            any_card_numbers: true,
        },
        reasons: vec![
            Reason {
                label: "All 35".into(),
                href: format!("{HREF}/check"),
                current: true,
            },
            Reason {
                label: "No contact 14".into(),
                href: format!("{HREF}/check?reason=no_identity"),
                current: false,
            },
            Reason {
                label: "Time 21".into(),
                href: format!("{HREF}/check?reason=bad_timestamp"),
                current: false,
            },
        ],
        rejects: vec![
            fault(214, "55501", "Phone has 5 digits", None),
            fault(402, "", "No phone and no e-mail", Some("Not a phone.")),
            whole_line(655),
        ],
        show_all: Some((format!("{HREF}/check?all=yes"), "Show all 35".into())),
        all: false,
        only: String::new(),
        after: 0,
        phones: vec![PhoneRow {
            href: format!("{HREF}/phones/12"),
            phone: "(303) 555-0100".into(),
            people: "26 people".into(),
            why: "5 or more people share it. It is called as a switchboard.".into(),
        }],
        first: None,
        next: Some(format!("{HREF}/check?reason=&after=655")),
        sums: vec![
            Sum {
                label: "People whose payment failed",
                value: "968".into(),
                strong: true,
            },
            Sum {
                label: "By phone",
                value: "925".into(),
                strong: false,
            },
        ],
        payments: vec![("Pay for someone who failed and close the case", "12".into())],
        odd: Some("3 people paid twice.".into()),
        seen: vec![Seen {
            name: "seen_calls",
            value: 861,
        }],
        changed: None,
        alarm: None,
        warnings: vec![
            ("E-mail invalid".into(), "12".into()),
            ("Phone missing".into(), "31".into()),
        ],
        nothing: false,
        pays_for: None,
        can_match_anew: true,
        confirm: "Import and make 861 calls".into(),
    }
}

#[test]
fn the_check_accounts_for_every_row() {
    let html = shown("import-check", &check(false));
    assert!(html.contains("1,150 + 46 + 53 + 35 = 1,284"));
    assert!(html.contains("/rejects.csv"));
    assert!(html.contains("Import and make 861 calls"));
}

#[test]
fn the_report_of_a_published_import_asks_for_nothing() {
    let html = shown("import-report", &check(true));
    assert!(!html.contains("/publish"));
}

#[test]
fn a_file_with_nothing_new_says_so_and_cannot_be_confirmed() {
    let page = CheckPage {
        nothing: true,
        pays_for: None,
        ..check(false)
    };
    let html = shown("import-nothing-new", &page);
    assert!(!html.contains("/publish"));
    assert!(html.contains("There is nothing new in this file"));
}

fn progress(running: bool) -> Progress {
    Progress {
        href: HREF.into(),
        doing: if running {
            "Reading the rows".into()
        } else {
            "Done".into()
        },
        running,
        can_stop: running,
        published: !running,
        percent: if running { "64%".into() } else { "100%".into() },
        so_far: if running {
            "551 of 861 rows".into()
        } else {
            "1,284 rows".into()
        },
        bar: Some(if running { (551, 861) } else { (1, 1) }),
        started: "Started 4:30:52 p.m. by Elaine Porter".into(),
        can_undo: !running,
        undo: "Undo this import",
        news: None,
        undo_note: if running {
            String::new()
        } else {
            "It can be undone until the first call is recorded.".into()
        },
        problem: None,
        csrf: "sample-token".into(),
    }
}

fn run(running: bool) -> RunPage {
    RunPage {
        chrome: chrome(Place::Imports),
        base: BASE.into(),
        heading: if running {
            "Reading failed_txn_2027-04-14.csv"
        } else {
            "861 calls are ready"
        }
        .into(),
        lead: "You can leave this page. The import goes on.".into(),
        step: if running { 3 } else { 4 },
        successes: false,
        progress: progress(running),
        report: vec![
            ("Accepted", "1,150".into()),
            ("Duplicates", "46".into()),
            ("Outside the window", "53".into()),
            ("Rejected", "35".into()),
        ],
        rejects: true,
    }
}

#[test]
fn a_running_import_is_asked_every_second_and_can_be_stopped() {
    let html = shown("import-run", &run(true));
    assert!(html.contains(r#"hx-trigger="every 1s""#));
    assert!(html.contains(r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#));
    assert!(html.contains("Stop and give it up"));
}

#[test]
fn a_file_that_does_not_count_leads_on_and_has_no_steps() {
    let ended = Progress {
        published: false,
        can_undo: false,
        ..progress(false)
    };
    let page = RunPage {
        step: 0,
        progress: ended,
        report: Vec::new(),
        ..run(false)
    };
    let html = shown("import-undone", &page);
    assert!(!html.contains(r#"aria-label="Import steps""#));
    assert!(html.contains("The same file can be uploaded again"));
    assert!(html.contains(r#"href="/outages/apr-14/imports/new""#));
}

#[test]
fn a_done_import_offers_what_comes_next_and_the_way_back() {
    let html = shown("import-done", &run(false));
    assert!(!html.contains("every 1s"));
    assert!(html.contains(r#"href="/outages/apr-14/imports/31/undo""#));
    let part = askama::Template::render(&ProgressPart {
        progress: progress(false),
    })
    .unwrap();
    assert!(part.contains(r#"id="progress""#));
}
