//! Whose a column is: columns that contradict those that agree, and what is asked where that is not clear.

use super::{asked, failures, header_of, read};
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::reader::Hints;
use crate::reader::meaning::About;
use crate::reader::meaning::switch::without;

/// Rows of failures in the outage, after a header; each row's cells behind the time.
fn table(header: &str, rows: &[&str]) -> String {
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(at, row)| format!("\n2026-11-10T18:4{at}:10-07:00|{row}"));
    format!("Created|{header}{}", rows.collect::<String>())
}

#[test]
fn an_address_that_contradicts_name_and_account_alike_is_left_out_for_the_next_that_is_called_so() {
    let table = table(
        "Email|Account ID|Name|Receipt Email",
        &[
            "clerk0@agency.example|T-1000007|Ana Rossi|ana@mail.example",
            "clerk1@agency.example|T-1000007|Ana Rossi|ana@mail.example",
            "clerk0@agency.example|T-3400002|Ben Hill|ben@mail.example",
            "clerk2@agency.example|T-8800002|Cleo Park|",
        ],
    );
    let understood = failures(&table);
    assert_eq!(header_of(&understood, Field::Email), Some("Receipt Email"));
    assert_eq!(header_of(&understood, Field::AccountId), Some("Account ID"));
    assert!(understood.questions.is_empty());
    without(Variant::ContradictingIdentity, || {
        assert_eq!(header_of(&failures(&table), Field::Email), Some("Email"));
    });
}

#[test]
fn where_two_columns_contradict_each_other_and_nothing_backs_either_it_is_asked() {
    let table = table(
        "Merchant Account|External|amount",
        &[
            "T-9900001|2106336|1.50",
            "T-9900000|2106336|2.50",
            "T-9900001|1085444|3.50",
            "T-9900000|1085444|4.50",
        ],
    );
    let understood = failures(&table);
    assert_eq!(
        asked(&understood),
        [(About::Identity, "--ignore 'Merchant Account'")]
    );
    without(Variant::ContradictingIdentity, || {
        assert!(failures(&table).questions.is_empty());
    });
}

#[test]
fn one_address_in_every_row_of_a_file_without_names_is_asked_about() {
    let rows = |names: [&str; 3]| {
        let rows = names.map(|name| format!("taxes@agency.example|{name}|1.50"));
        table("Email|Name|amount", &rows.each_ref().map(String::as_str))
    };
    let nameless = failures(&rows(["", "", ""]));
    assert_eq!(asked(&nameless), [(About::Identity, "--ignore Email")]);
    let one_person = failures(&rows(["Ana Rossi", "Ana Rossi", "Ana Rossi"]));
    assert!(one_person.questions.is_empty());
}

#[test]
fn numbered_boxes_of_an_office_are_asked_about_and_people_with_numbers_are_not() {
    let rows = |addresses: [&str; 3]| {
        let [ana, also_ben, ben] = addresses;
        table(
            "Customer No|Email",
            &[
                &format!("T-2592880|{ana}"),
                &format!("T-6336274|{also_ben}"),
                &format!("T-6336274|{ben}"),
            ],
        )
    };
    let boxes = failures(&rows([
        "clerk1@agency.example",
        "clerk0@agency.example",
        "clerk0@agency.example",
    ]));
    assert_eq!(asked(&boxes), [(About::Identity, "--ignore Email")]);
    let people = failures(&rows([
        "ana7@mail.example",
        "ben12@mail.example",
        "ben12@mail.example",
    ]));
    assert!(people.questions.is_empty());
}

#[test]
fn of_two_columns_called_the_same_that_which_stands_over_fewer_people_is_proposed() {
    let table = table(
        "Email|Name|Client Email",
        &[
            "desk@agency.example|Zoe Rossi|",
            "desk@agency.example|Zoe Rossi|zoe@mail.example",
            "front@agency.example|Uma Hill|uma@mail.example",
            "desk@agency.example|Ivo Park|ivo@mail.example",
            "back@agency.example|Lena Ng|lena@mail.example",
        ],
    );
    assert_eq!(
        asked(&failures(&table)),
        [(About::Identity, "--map 'email=Client Email'")]
    );
}

#[test]
fn a_file_that_says_nothing_else_of_anybody_asks_instead_of_being_refused() {
    let understood = failures(&table(
        "Roll|amount",
        &["8184258|1.50", "9555064|2.50", "8184258|3.50"],
    ));
    assert_eq!(asked(&understood), [(About::Identity, "--map account_id=Roll")]);
}

#[test]
fn a_household_of_one_address_asks_about_a_column_that_numbers_its_people() {
    let table = table(
        "Roll|Mobile|Email",
        &[
            "3025573|415.555.0103|home@mail.example",
            "0320590|212.555.0104|home@mail.example",
            "3025573|415.555.0103|home@mail.example",
            "8013542|719.555.0186|home@mail.example",
            "8013542|719.555.0186|home@mail.example",
            "9555064|212.555.0152|ivo@mail.example",
            "9555064|212.555.0152|ivo@mail.example",
            "1846729||tess@mail.example",
            "1846729||tess@mail.example",
        ],
    );
    assert_eq!(
        asked(&failures(&table)),
        [(About::Identity, "--map account_id=Roll")]
    );
    without(Variant::JoinsNotAsked, || {
        assert!(failures(&table).questions.is_empty());
    });
}

#[test]
fn in_a_reconciliation_the_time_of_the_money_counts_though_only_paid_rows_have_it() {
    let table = "Initiated|Payout Date|Status|email\n\
                 2026-11-11T05:29:00-07:00||Unsuccessful|a@example.com\n\
                 2026-11-11T06:29:00-07:00||Declined|c@example.com\n\
                 2026-11-11T13:49:00-07:00|2026-11-12T05:13:00-07:00|Captured|b@example.com";
    let understood = read(ImportKind::Successes, table, &Hints::default());
    assert_eq!(header_of(&understood, Field::Timestamp), Some("Payout Date"));
    without(Variant::AnyTime, || {
        let understood = read(ImportKind::Successes, table, &Hints::default());
        assert_eq!(header_of(&understood, Field::Timestamp), Some("Initiated"));
    });
}
