//! Whose a column is: columns that contradict those that agree, and what is asked where that is not clear.

use super::{asked, failures, header_of, read};
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::reader::Hints;
use crate::reader::meaning::About;
use crate::reader::meaning::switch::without;

/// Rows of failures in the outage, after a header; each row's cells behind the time.
pub(super) fn table(header: &str, rows: &[&str]) -> String {
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

/// What breaks it: two people of one name are one, and nobody has a name, for *Customer* may head accounts as well.
#[test]
fn a_customer_who_is_a_name_is_nobodys_account() {
    let rows = [
        "Ana Rossi|ana@mail.example|303-555-0112",
        "Ana Rossi|ana@mail.example|303-555-0112",
        "Ana Rossi|arossi@post.example|970-555-0126",
        "Cleo Park|cleo@mail.example|720-555-0147",
    ];
    for header in ["Customer", "Taxpayer", "Contribuyente"] {
        let understood = failures(&table(&format!("{header}|Email|Phone"), &rows));
        assert_eq!(header_of(&understood, Field::FullName), Some(header));
        assert_eq!(header_of(&understood, Field::AccountId), None);
        assert!(understood.questions.is_empty(), "{header}");
    }
    let numbered = ["Ana Rossi|T-6366163", "Ben Hill|T-1185491", "Cleo Park|T-9127003"];
    let understood = failures(&table("Customer|Account", &numbered));
    assert_eq!(header_of(&understood, Field::FullName), Some("Customer"));
    assert_eq!(header_of(&understood, Field::AccountId), Some("Account"));
    let numbers = numbered.map(|row| row.split('|').next_back().unwrap());
    let understood = failures(&table("Customer", &numbers));
    assert_eq!(header_of(&understood, Field::AccountId), Some("Customer"));
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
fn one_address_in_every_row_is_asked_about_unless_it_is_written_with_the_name() {
    let rows = |address: &str, name: &str| {
        let rows = [(); 3].map(|()| format!("{address}|{name}|1.50"));
        failures(&table("Email|Name|amount", &rows.each_ref().map(String::as_str)))
    };
    let nameless = rows("taxes@agency.example", "");
    assert_eq!(asked(&nameless), [(About::Identity, "--ignore Email")]);
    let told = rows("rossi.a@mail.example", "Ana Rossi");
    assert!(told.questions.is_empty());
    let untold = rows("taxes@agency.example", "City Revenue Office");
    assert_eq!(
        asked(&untold),
        [(About::Identity, "--ignore Email --ignore Name")]
    );
    without(Variant::ConstantIdentity, || {
        assert!(
            rows("taxes@agency.example", "City Revenue Office")
                .questions
                .is_empty()
        );
    });
}

#[test]
fn in_a_file_of_two_rows_accounts_side_by_side_and_numbers_that_differ_for_one_person_are_asked_about() {
    let of_agency = failures(&table(
        "Account|Name|Email",
        &[
            "T-9900001|Ana Rossi|rossi@mail.example",
            "T-9900000|Ben Hill|hill@mail.example",
        ],
    ));
    assert_eq!(asked(&of_agency), [(About::Identity, "--map account_id=Account")]);
    let of_people = failures(&table(
        "Account|Name|Email",
        &[
            "T-9127001|Ana Rossi|rossi@mail.example",
            "T-3300480|Ben Hill|hill@mail.example",
        ],
    ));
    assert!(of_people.questions.is_empty());
    let beside = failures(&table(
        "Account|Roll",
        &["T-9900001|8184258", "T-9900000|9555064"],
    ));
    assert_eq!(asked(&beside), [(About::Identity, "--ignore Account")]);
    let alone = failures(&table("Account|amount", &["T-9900001|1.50", "T-9900000|2.50"]));
    assert!(alone.questions.is_empty());
    let counted = failures(&table(
        "Account|Name|Contact Number",
        &["T-9127001|Ana Rossi|3035550161", "T-9127001|Ana Rossi|3035550174"],
    ));
    assert_eq!(
        asked(&counted),
        [
            (About::Identity, "--ignore 'Contact Number'"),
            (About::Identity, "--map account_id=Account --map full_name=Name")
        ]
    );
    without(Variant::JoinsNotAsked, || {
        assert!(
            failures(&table(
                "Account|Name|Email",
                &[
                    "T-9900001|Ana Rossi|rossi@mail.example",
                    "T-9900000|Ben Hill|hill@mail.example",
                ],
            ))
            .questions
            .is_empty()
        );
    });
}

/// What breaks it: `--accept-guesses` drops the accounts of an honest file of two people, or takes a till for an account.
#[test]
fn of_accounts_side_by_side_that_answer_is_proposed_which_harms_nobody() {
    let proposed = |header: &str, rows: &[&str]| {
        let understood = failures(&table(header, rows));
        let flags: Vec<String> = understood.questions.iter().map(|one| one.flag.clone()).collect();
        flags.join(" and ")
    };
    let (keep, drop) = ("--map account_id=Account", "--ignore Account");
    let honest = [
        "T-9900001|Ana Rossi|rossi@mail.example",
        "T-9900002|Ben Hill|hill@mail.example",
    ];
    assert_eq!(proposed("Account|Name|Email", &honest), keep);
    // A family of one address is told apart by nothing else that counts.
    let family = [
        "9001|Ana Rossi|rossi@mail.example",
        "9002|Ivo Rossi|rossi@mail.example",
    ];
    assert_eq!(proposed("Account|Name|Email", &family), keep);
    // Numbers that count from row to row, where names and addresses tell the same people apart.
    let counted = [
        "9001|Ana Rossi|rossi@mail.example",
        "9002|Ben Hill|hill@mail.example",
    ];
    assert_eq!(proposed("Account|Name|Email", &counted), drop);
}

/// What breaks it: the agency's two accounts stand over three people, whose numbers agree with them because some are missing.
#[test]
fn accounts_side_by_side_of_which_one_stands_over_two_families_are_asked_about() {
    let understood = failures(&table(
        "Account|Name|Email|Phone",
        &[
            "T-9900000|Kofi Prueba|kofi@mail.example|303-555-0112",
            "T-9900001|Hana Primer|hana@mail.example|",
            "T-9900001|Juan Van Dyke|juan@mail.example|970-555-0126",
            "T-9900000|Kofi Prueba|kofi@mail.example|303-555-0112",
            "T-9900001|Hana Primer|hana@mail.example|",
        ],
    ));
    assert_eq!(asked(&understood), [(About::Identity, "--ignore Account")]);
}

/// What breaks it: the agency's two accounts beside a reference in which the citizens' own stand.
#[test]
fn accounts_side_by_side_beside_a_reference_that_could_be_the_citizens_are_asked_about() {
    let rows = [
        "T-9900001|8530485",
        "T-9900001|1175714",
        "T-9900002|8259592",
        "T-9900001|8530485",
        "T-9900002|4929020",
    ];
    for reference in ["citizenReference", "invoiceNumber"] {
        let understood = failures(&table(&format!("customerNo|{reference}"), &rows));
        assert_eq!(
            asked(&understood),
            [(About::Identity, "--ignore customerNo")],
            "{reference}"
        );
    }
}

/// What breaks it: the agency's own address over two people of one name becomes their family's.
#[test]
fn one_address_over_a_family_is_theirs_where_it_is_written_with_their_name() {
    let rows = |address: &str| {
        let rows = [
            "Cleo Silva|T-6263953",
            "Cleo Silva|T-6263953",
            "Ben Silva|T-6776042",
        ];
        let rows = rows.map(|row| format!("{row}|{address}"));
        failures(&table("Name|Account|Email", &rows.each_ref().map(String::as_str)))
    };
    assert_eq!(
        asked(&rows("taxes@agency.example")),
        [(About::Identity, "--ignore Email")]
    );
    assert!(rows("silva.home@mail.example").questions.is_empty());
}

/// What breaks it: the agency's own address, once a person has said that the one before it is not the citizens', becomes a family's.
#[test]
fn one_address_that_takes_the_place_of_one_that_is_not_the_citizens_is_asked_about() {
    let table = table(
        "User Email|Notification Email|Name|Account",
        &[
            "clerk0@agency.example|taxes@agency.example|Ben Hill|T-7747772",
            "clerk1@agency.example|taxes@agency.example|Ana Hill|T-9983951",
        ],
    );
    assert_eq!(
        asked(&failures(&table)),
        [(About::Identity, "--ignore 'User Email'")]
    );
    let hints = Hints {
        ignore: vec!["User Email".to_owned()],
        ..Hints::default()
    };
    let answered = read(ImportKind::Failed, &table, &hints);
    assert_eq!(
        asked(&answered),
        [(About::Identity, "--ignore 'Notification Email'")]
    );
}

#[test]
fn a_name_that_is_nobodys_is_not_followed_by_a_column_of_numbers() {
    let read = failures(&table(
        "Name|Holder|Email",
        &[
            "Tax Office|T-1000007|ana@mail.example",
            "Tax Office|T-3400002|ben@mail.example",
            "Tax Office|T-8800002|cleo@mail.example",
            "Tax Office|T-8800002|cleo@mail.example",
        ],
    ));
    assert_eq!(header_of(&read, Field::FullName), None);
}

#[test]
fn rows_of_which_only_a_column_that_was_left_out_says_whose_they_are_are_asked_about() {
    let table = table(
        "Email|Telephone|amount",
        &[
            "|970-555-0139|1.50",
            "ana@mail.example|303-555-0136|2.50",
            "ben@mail.example|303-555-0136|3.50",
            "|970-555-0139|4.50",
            "cleo@mail.example||5.50",
        ],
    );
    assert_eq!(
        asked(&failures(&table)),
        [(About::Identity, "--map phone=Telephone")]
    );
    without(Variant::JoinsNotAsked, || {
        assert!(failures(&table).questions.is_empty());
    });
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
