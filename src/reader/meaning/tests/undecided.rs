//! Whose a column is where two contradict each other and nothing third decides: it is asked, and a true answer leads to the people.

use super::whose::table;
use super::{Around, around, asked, failures, header_of, read, read_in};
use crate::domain::account::AccountFormat;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::reader::Hints;
use crate::reader::meaning::About;

/// What was understood once a person has said of a column that it is not the citizens'.
fn told_not(header: &str, table: &str) -> crate::reader::columns::Understood {
    let hints = Hints {
        ignore: vec![header.to_owned()],
        ..Hints::default()
    };
    read(ImportKind::Failed, table, &hints)
}

/// What breaks it: the agency's own two accounts, written as the outage's are, become the citizens', and their addresses, which no
/// header calls so, are dropped in silence.
#[test]
fn accounts_that_contradict_addresses_that_nothing_calls_so_are_asked_about() {
    let rows = ["ana", "ben", "cleo", "dara"]
        .map(|own| ["T-7700001", "T-7740002"].map(|account| format!("{own}@mail.example|{account}|1.50")));
    let rows = rows.concat();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let table = table("Mailed From|Account|amount", &rows);
    assert_eq!(asked(&failures(&table)), [(About::Identity, "--ignore Account")]);
    let answered = told_not("Account", &table);
    assert_eq!(header_of(&answered, Field::Email), Some("Mailed From"));
    assert!(answered.questions.is_empty());
}

/// What breaks it: an office's three accounts, of which each stands over one person by chance, become those people's.
#[test]
fn three_accounts_side_by_side_are_asked_about_though_names_and_addresses_agree_with_them() {
    let rows = |accounts: [&str; 3]| {
        let [ana, ben, cleo] = accounts;
        let rows = [
            format!("{ana}|ana@mail.example|Ana Rossi|303-555-0112"),
            format!("{ben}|ben@mail.example|Ben Hill|970-555-0126"),
            format!("{ana}|ana@mail.example|Ana Rossi|303-555-0112"),
            format!("{cleo}|cleo@mail.example|Cleo Park|"),
            format!("{cleo}|cleo@mail.example|Cleo Park|"),
        ];
        table(
            "Ledger Account|Email|Name|Phone",
            &rows.each_ref().map(String::as_str),
        )
    };
    let of_office = rows(["T-6600002", "T-6600001", "T-6600003"]);
    assert_eq!(
        asked(&failures(&of_office)),
        [(About::Identity, "--map 'account_id=Ledger Account'")]
    );
    assert_eq!(
        header_of(&told_not("Ledger Account", &of_office), Field::AccountId),
        None
    );
    let of_people = rows(["T-6600002", "T-1083417", "T-9127003"]);
    assert!(failures(&of_people).questions.is_empty());
}

/// What breaks it: addresses are left out because they stand over several of what a person has just said is nobody's.
#[test]
fn what_a_person_said_is_nobodys_leaves_no_address_out() {
    let rows = [
        "2001|ana@mail.example|T-5500001",
        "2002|ana@mail.example|T-5540002",
        "2003|ben@mail.example|T-5500001",
        "2004|ben@mail.example|T-5580003",
        "2005|cleo@mail.example|T-5540002",
        "2006|cleo@mail.example|T-5580003",
    ];
    let table = table("Kundennr|Correo|Konto", &rows);
    let answered = told_not("Konto", &table);
    assert_eq!(header_of(&answered, Field::Email), Some("Correo"));
    assert_eq!(asked(&answered), [(About::Identity, "--ignore Kundennr")]);
}

/// What breaks it: numbers that count from row to row make each payment another citizen's, beside the accounts of those who pay. The
/// one telephone number in every row says nothing of either.
#[test]
fn of_two_columns_of_accounts_that_which_stands_in_several_rows_is_proposed() {
    let rows = [
        "2001|441752|+1 202-555-0143",
        "2002|552083|+1 202-555-0143",
        "2003|441752|+1 202-555-0143",
        "2004|610977|+1 202-555-0143",
    ];
    let table = table("Client ID|Acct No|Phone", &rows);
    let understood = failures(&table);
    assert_eq!(
        asked(&understood),
        [(About::Identity, "--map 'account_id=Acct No'")]
    );
    assert_eq!(understood.questions[0].choices.len(), 2);
    let hints = Hints {
        map: vec![(Field::AccountId, "Acct No".to_owned())],
        ..Hints::default()
    };
    let answered = read(ImportKind::Failed, &table, &hints);
    assert!(answered.questions.is_empty());
    assert_eq!(header_of(&answered, Field::Phone), None);
}

/// What breaks it: a clerk's box of each row becomes the citizen's, beside addresses that no header calls so.
#[test]
fn numbered_boxes_are_asked_about_beside_addresses_that_nothing_calls_so() {
    let rows = [
        "desk5@agency.example|ana@mail.example|303-555-0112",
        "desk3@agency.example||",
        "desk1@agency.example|ben@mail.example|970-555-0126",
        "desk4@agency.example|ana@mail.example|303-555-0112",
        "desk0@agency.example|cleo@mail.example|",
    ];
    let table = table("User Email|Mailed To Them|Phone", &rows);
    assert_eq!(
        asked(&failures(&table)),
        [(About::Identity, "--ignore 'User Email'")]
    );
    let answered = told_not("User Email", &table);
    assert_eq!(header_of(&answered, Field::Email), Some("Mailed To Them"));
}

/// What breaks it: *Contact* is another in each row, so every address and number stands over several of them and is dropped.
#[test]
fn references_that_begin_with_a_day_leave_out_no_address() {
    let rows = [
        "20261110-000037|ana@mail.example|303-555-0112|9301",
        "20261110-000074|ana@mail.example|303-555-0112|9302",
        "20261110-000111|ben@mail.example|970-555-0126|9303",
        "20261110-000148|ben@mail.example|970-555-0126|9304",
    ];
    let understood = failures(&table("Contact|Email|Phone|Account", &rows));
    assert_eq!(header_of(&understood, Field::Email), Some("Email"));
    assert_eq!(header_of(&understood, Field::Phone), Some("Phone"));
    assert_eq!(asked(&understood), [(About::Identity, "--ignore Account")]);
}

/// What breaks it: an id of each payment that is called an account leaves out the addresses and numbers of those who pay, though these
/// agree, and makes each payment another citizen's.
#[test]
fn addresses_and_numbers_that_agree_are_kept_beside_an_account_that_is_another_in_each_row() {
    let rows = [
        "77120384|ana@mail.example|303-555-0112",
        "10448213|ben@mail.example|970-555-0126",
        "90317755|ana@mail.example|303-555-0112",
        "38800461|cleo@mail.example|",
        "52219047|ben@mail.example|970-555-0126",
        "61093382|cleo@mail.example|",
    ];
    let table = table("Customer|Email|Phone", &rows);
    let understood = failures(&table);
    assert_eq!(header_of(&understood, Field::Email), Some("Email"));
    assert_eq!(header_of(&understood, Field::Phone), Some("Phone"));
    assert_eq!(asked(&understood), [(About::Identity, "--ignore Customer")]);
}

/// What breaks it: of a file of four rows each has a box of its own, so that nothing but the number in it tells that it is an office's.
#[test]
fn numbered_boxes_of_which_each_stands_in_one_row_are_asked_about() {
    let rows = |boxes: [&str; 4]| {
        let people = [
            "T-1372868|Rossi",
            "T-0473070|Hill",
            "T-2943582|Park",
            "T-1505904|Ng",
        ];
        let rows: Vec<String> = people
            .iter()
            .zip(boxes)
            .map(|(person, address)| format!("{person}|{address}"))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        failures(&table("Account|Surname|Noted By", &rows))
    };
    let boxes = rows([
        "desk4@agency.example",
        "desk2@agency.example",
        "desk3@agency.example",
        "desk1@agency.example",
    ]);
    assert_eq!(asked(&boxes), [(About::Identity, "--ignore 'Noted By'")]);
    let people = rows([
        "ana4@mail.example",
        "b.hill2@mail.example",
        "cleo3@mail.example",
        "dara1@mail.example",
    ]);
    assert!(people.questions.is_empty());
}

/// What breaks it: two who share a number take it from a third, of whom nothing else is known, and only a number of orders is offered
/// for the account: who says truly that it is none loses that payment.
#[test]
fn a_number_in_bare_digits_that_alone_says_whose_a_row_is_is_asked_about() {
    let rows = [
        "7031|ana@mail.example|2125550124",
        "7001|ben@mail.example|2125550124",
        "7031|ana@mail.example|2125550124",
        "7020||9705550114",
    ];
    let table = table("Order Number|Email|Daytime Phone", &rows);
    assert_eq!(
        asked(&failures(&table)),
        [(About::Identity, "--map 'phone=Daytime Phone'")]
    );
}

/// What breaks it: the office's one number is nobody's, and what takes its place as a *Contact* counts from row to row.
#[test]
fn numbers_that_count_do_not_take_the_place_of_one_number_over_all() {
    let rows = [
        "ana@mail.example|Tax Office|3035550121|+1 202-555-0143",
        "ben@mail.example|Tax Office|3035550122|+1 202-555-0143",
        "cleo@mail.example|Tax Office|3035550123|+1 202-555-0143",
        "ana@mail.example|Tax Office|3035550124|+1 202-555-0143",
    ];
    let understood = failures(&table("Mailed From|Payee|Contact|Mobile", &rows));
    assert_eq!(header_of(&understood, Field::Email), Some("Mailed From"));
    assert_eq!(header_of(&understood, Field::Phone), None);
}

/// What breaks it: numbers that count from row to row make each payment another citizen's, beside references that stand in several
/// rows, as people do; numbers of orders do as well.
#[test]
fn accounts_that_are_another_in_each_row_are_asked_about_beside_references_that_are_not() {
    let any_form = Around {
        accounts: AccountFormat::any(),
        ..around(ImportKind::Failed)
    };
    let beside = |header: &str| {
        let rows = [
            "4003|R-5959389|8.50",
            "4001|R-8136482|1.50",
            "4002|R-5959389|2.50",
            "4004|R-4003855|3.50",
            "4005|R-2572481|4.50",
            "4006|R-8136482|5.50",
        ];
        let table = table(&format!("Kundennr.|{header}|amount"), &rows);
        read_in(&any_form, &table, &Hints::default())
    };
    assert_eq!(
        asked(&beside("Reference")),
        [(About::Identity, "--map account_id=Reference")]
    );
    let beside = beside("Order Number");
    assert_eq!(asked(&beside), [(About::Identity, "--ignore Kundennr.")]);
}

/// What breaks it: the office's number is everybody's, because the two who pay bear one family's name. An address with that name
/// over all of them shows a home.
#[test]
fn one_number_over_a_whole_file_is_asked_about_unless_its_address_is_a_familys_too() {
    let with = |address: &str| {
        let rows = ["T-6366163|Ivo", "T-1185491|Gus", "T-6366163|Ivo"]
            .map(|row| format!("{row} Okafor|{address}|+1 202-555-0100"));
        failures(&table(
            "Account|Name|E-mail|Phone",
            &rows.each_ref().map(String::as_str),
        ))
    };
    assert_eq!(asked(&with("")), [(About::Identity, "--ignore Phone")]);
    assert!(with("okafor.family@mail.example").questions.is_empty());
}

/// What breaks it: an address and a number over two payments are left out in silence, for accounts that only count say that two people
/// pay.
#[test]
fn one_address_and_number_over_accounts_that_count_are_asked_about() {
    let rows = [
        "T-9900000|303-555-0118|ben@mail.example",
        "T-9900001|303-555-0118|ben@mail.example",
    ];
    let understood = failures(&table("Customer No|Contact Number|Email", &rows));
    assert!(!understood.questions.is_empty());
    let answered = told_not("Customer No", &table("Customer No|Contact Number|Email", &rows));
    assert_eq!(header_of(&answered, Field::Email), Some("Email"));
}

/// What breaks it: an address column without an address bears out that the office's name is the citizen's.
#[test]
fn nothing_is_borne_out_by_a_column_without_values() {
    let rows = [
        "T-6366163|303-555-0133||City Revenue Office",
        "T-6366163|303-555-0133||City Revenue Office",
    ];
    let understood = failures(&table("Account|Phone|E-mail|Name", &rows));
    let all = understood.questions.iter().flat_map(|question| &question.choices);
    let flags: Vec<_> = all.map(|choice| choice.flag.as_str()).collect();
    assert!(
        flags.iter().any(|flag| flag.ends_with("--ignore Name")),
        "{flags:?}"
    );
}

/// What breaks it: ids that begin with a word of a status are asked about, and a program's file waits for an answer.
#[test]
fn ids_that_begin_with_a_word_of_a_status_are_ids() {
    let rows: Vec<String> = (0..12)
        .map(|row| format!("OK-{row}|T-{}|p{row}@mail.example", 1_185_491 + row * 7))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let understood = failures(&table("transaction_id|account_id|email", &rows));
    assert_eq!(asked(&understood), []);
    assert_eq!(
        header_of(&understood, Field::TransactionId),
        Some("transaction_id")
    );
}
