//! What became of each payment, where the words of a status are known to nobody.

use super::{asked, failures, header_of};
use crate::domain::field::Field;
use crate::reader::meaning::{About, flag};

/// What breaks it: *Estado* is a state of the country, so that a payment that waits is a failure, and nobody is asked what the other
/// word means.
#[test]
fn a_status_that_is_called_as_states_are_is_asked_about() {
    let table = "Momento|Estado|correo|importe\n\
                 2026-11-10T18:42:10-07:00|Colgado|ana@mail.example|1.50\n\
                 2026-11-10T18:43:10-07:00|Pendiente|ben@mail.example|2.50\n\
                 2026-11-10T18:44:10-07:00|Colgado|cleo@mail.example|3.50";
    let understood = failures(table);
    assert_eq!(header_of(&understood, Field::Status), Some("Estado"));
    assert_eq!(
        asked(&understood),
        [
            (About::Status, "--failed Colgado"),
            (About::Status, "--failed Pendiente")
        ]
    );
    let of_places = failures(&table.replace("Colgado", "Jalisco").replace("Pendiente", "Oaxaca"));
    assert_eq!(header_of(&of_places, Field::State), Some("Estado"));
    assert!(of_places.questions.is_empty());
}

/// What breaks it: a question too many, for the header says in Spanish what its words say.
#[test]
fn a_situation_of_payments_is_their_status() {
    let table = "Fecha|Situación|correo\n\
                 2026-11-10T18:42:10-07:00|Rechazado|ana@mail.example\n\
                 2026-11-10T18:43:10-07:00|Cobrado|ben@mail.example";
    let understood = failures(table);
    assert_eq!(header_of(&understood, Field::Status), Some("Situación"));
    assert!(understood.questions.is_empty());
}

/// What breaks it: one code of most rows makes the status a column of codes, so that a payment that came is a failure.
#[test]
fn a_status_of_one_code_and_one_word_is_asked_about() {
    let table = "When|Charge Status|email|amount\n\
                 2026-11-10T18:42:10-07:00|R17|ana@mail.example|1.50\n\
                 2026-11-10T18:43:10-07:00|Money here|ben@mail.example|2.50\n\
                 2026-11-10T18:44:10-07:00|R17|cleo@mail.example|3.50";
    let asked: Vec<_> = failures(table)
        .questions
        .into_iter()
        .map(|question| question.value)
        .collect();
    assert_eq!(asked, [Some("R17".to_owned()), Some("Money here".to_owned())]);
    let codes = failures(&table.replace("Money here", "GATEWAY_17"));
    assert!(codes.questions.is_empty());
}

/// Four payments of three people under a reference that two of them share, with the words of one more column, and how it is called.
fn of_few_rows(header: &str, words: [&str; 4]) -> String {
    let [first, second, third, fourth] = words;
    format!(
        "When|{header}|email|reference|amount\n\
         2026-11-10T18:42:10-07:00|{first}|ana@mail.example|7755081|1.50\n\
         2026-11-10T18:43:10-07:00|{second}|ben@mail.example|3586932|2.50\n\
         2026-11-10T18:44:10-07:00|{third}|cleo@mail.example|3085233|3.50\n\
         2026-11-10T18:45:10-07:00|{fourth}|ben@mail.example|3586932|4.50"
    )
}

/// What breaks it: of few rows each has another word, so that the words are the ids of the payments, and all of them failed.
#[test]
fn words_that_are_another_in_each_row_say_what_became_of_payments() {
    let words = ["Not approved", "Paid in full", "Approved", "Transaction Failed"];
    for header in [
        "state of payment",
        "Order State",
        "Transaction Outcome (web)",
        "Invoice Result",
        "Estado de la orden",
    ] {
        let understood = failures(&of_few_rows(header, words));
        assert_eq!(header_of(&understood, Field::Status), Some(header));
        assert_eq!(header_of(&understood, Field::TransactionId), None, "{header}");
        assert!(understood.questions.is_empty(), "{header}");
    }
    let unknown = failures(&of_few_rows(
        "state of payment",
        ["Hung", "Banked", "Lodged", "Gone"],
    ));
    assert_eq!(header_of(&unknown, Field::Status), Some("state of payment"));
    assert_eq!(unknown.questions.len(), 4);
}

fn flag_for(header: &str) -> String {
    flag("--map", &format!("status={header}"))
}

/// What breaks it: the same under a header that means an id, a time, an account or money: nobody is asked whether those paid.
#[test]
fn words_under_a_header_of_something_else_are_asked_about() {
    let words = ["Failed", "Paid in full", "Approved", "Declined"];
    for header in [
        "Transaction",
        "Payment ID",
        "Captured",
        "Settled At",
        "Amount Paid",
        "Receipt",
    ] {
        let understood = failures(&of_few_rows(header, words));
        assert_eq!(
            asked(&understood).first(),
            Some(&(About::Status, flag_for(header).as_str())),
            "{header}"
        );
    }
}

/// What breaks it: a processor's answer is a message or a code, so that whom it approved is called.
#[test]
fn answers_that_say_that_some_payments_came_are_asked_about_where_no_status_is() {
    let words = ["Declined", "Approved", "Approved", "Insufficient funds"];
    for header in [
        "Response Message",
        "Decline Reason",
        "Gateway Answer",
        "Tax Payment Status",
        "Bank Result",
    ] {
        let table = of_few_rows(header, words);
        let understood = failures(&table);
        assert_eq!(header_of(&understood, Field::Status), Some(header));
        assert_eq!(asked(&understood), [(About::Status, flag_for(header).as_str())]);
        let beside = table.replace("|amount", "|Outcome|amount");
        let beside = beside
            .replace("|1.50", "|Failed|1.50")
            .replace("|2.50", "|Paid|2.50");
        let beside = beside
            .replace("|3.50", "|Paid|3.50")
            .replace("|4.50", "|Failed|4.50");
        let understood = failures(&beside);
        assert_eq!(header_of(&understood, Field::Status), Some("Outcome"));
        assert!(understood.questions.is_empty(), "{header}");
    }
    let codes = failures(&of_few_rows(
        "Decline Reason",
        ["Declined", "do_not_honor", "Declined", "DB_LOCK"],
    ));
    assert!(codes.questions.is_empty());
    let checks = failures(&of_few_rows("Address Check", words));
    assert!(checks.questions.is_empty());
}

/// What breaks it: what counts lines, cards and money is an id of payments in a file of few rows, and the next file's payments of the
/// same number are left out as if they had been there before.
#[test]
fn what_is_numbered_anew_in_each_file_is_no_id() {
    for (header, cells) in [
        ("Line No", ["1", "2", "3", "4"]),
        ("Card Last4", ["4242", "1881", "0005", "1117"]),
        ("Order Total (whole)", ["1284", "312", "990", "52"]),
        ("Order Window", ["18:42", "18:43", "18:44", "18:45"]),
        (
            "Order Placed",
            ["2026-11-07", "2026-11-08", "2026-11-09", "2026-11-06"],
        ),
        ("Payment Kind", ["1040", "941", "720", "2290"]),
        ("Order Note", ["no 1", "no 2", "no 3", "no 4"]),
        ("Invoice Share", ["1.50", "2.50", "3.25", "4.75"]),
    ] {
        let understood = failures(&of_few_rows(header, cells));
        assert_eq!(header_of(&understood, Field::TransactionId), None, "{header}");
    }
    let numbers = failures(&of_few_rows(
        "Receipt Trace",
        ["20261110-37", "20261110-74", "20261110-111", "20261110-148"],
    ));
    assert_eq!(header_of(&numbers, Field::TransactionId), Some("Receipt Trace"));
}
