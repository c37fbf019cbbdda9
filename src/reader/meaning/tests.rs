//! Each guard on a file that would be read wrongly without it: with the guard it is right or asked about, without it is not.

mod ends;
mod undecided;
mod whose;

use super::switch::without;
use super::{About, Around};
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::import::ImportKind;
use crate::domain::moment::Calendar;
use crate::domain::record::Record;
use crate::domain::window::Window;
use crate::reader::Hints;
use crate::reader::columns::{Name, Understood, recognise};

fn around(kind: ImportKind) -> Around {
    let zone: crate::domain::zone::Zone = "America/Denver".parse().unwrap();
    let calendar = Calendar::new(zone.clone());
    let at = |text| calendar.read(text).unwrap();
    Around {
        kind,
        window: Window {
            start: at("2026-11-10 18:40"),
            end: at("2026-11-10 19:00"),
        },
        zone,
        accounts: "T-0000000".parse().unwrap(),
    }
}

fn read(kind: ImportKind, table: &str, hints: &Hints) -> Understood {
    read_in(&around(kind), table, hints)
}

fn read_in(around: &Around, table: &str, hints: &Hints) -> Understood {
    let mut lines = table
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let names = lines.next().unwrap().into_iter().map(str::to_owned).collect();
    let rows: Vec<Record> = lines.map(|cells| Record::from_cells(1, cells)).collect();
    recognise(&Name::joined(names, &[]), (&rows, false), hints, around).unwrap()
}

fn failures(table: &str) -> Understood {
    read(ImportKind::Failed, table, &Hints::default())
}

fn header_of(understood: &Understood, field: Field) -> Option<&str> {
    let column = understood
        .columns
        .iter()
        .find(|column| column.field == Some(field));
    column.map(|column| column.header.as_str())
}

fn asked(understood: &Understood) -> Vec<(About, &str)> {
    understood
        .questions
        .iter()
        .map(|question| (question.about, question.flag.as_str()))
        .collect()
}

#[test]
fn the_time_of_the_attempt_goes_before_that_of_the_money_and_in_a_reconciliation_behind_it() {
    let table = "Paid at|Created at|email|amount\n\
                 2026-11-10T18:45:00-07:00|2026-11-10T18:41:00-07:00|a@example.com|1.50\n\
                 2026-11-10T18:55:00-07:00|2026-11-10T18:42:00-07:00|b@example.com|2.50";
    assert_eq!(header_of(&failures(table), Field::Timestamp), Some("Created at"));
    let successes = || read(ImportKind::Successes, table, &Hints::default());
    assert_eq!(header_of(&successes(), Field::Timestamp), Some("Paid at"));
    without(Variant::AnyTime, || {
        assert_eq!(header_of(&successes(), Field::Timestamp), Some("Created at"))
    });
}

/// What breaks it: receipts that count within a day (`20261110-000037`) are taken for the time of the attempt, half of them rejected.
#[test]
fn receipts_that_begin_with_a_day_and_count_are_no_times() {
    let table = "case|Paid at|email|amount\n\
                 20261110-000037|2026-11-10T18:41:00-07:00|a@example.com|1.50\n\
                 20261110-000074|2026-11-10T18:42:00-07:00|b@example.com|2.50\n\
                 20261110-000111|2026-11-10T18:43:00-07:00|c@example.com|3.50";
    assert_eq!(header_of(&failures(table), Field::Timestamp), Some("Paid at"));
    let named = table.replace("case", "Created").replace("-0000", "-1844");
    assert_eq!(header_of(&failures(&named), Field::Timestamp), Some("Created"));
}

#[test]
fn a_clock_that_nobody_names_is_asked_about_when_another_fits_better() {
    let table =
        "When|email|amount\n2026-11-11 01:42:10|a@example.com|1.50\n2026-11-11 01:47:05|b@example.com|2.50";
    assert_eq!(asked(&failures(table)), [(About::Clock, "--times-in UTC")]);
    without(Variant::ClockNotAsked, || {
        assert!(failures(table).questions.is_empty())
    });
    let by_header = failures(&table.replace("When", "When (UTC)"));
    assert!(by_header.questions.is_empty());
    assert_eq!(by_header.terms.zone.as_deref(), Some("UTC"));
    let own = table.replace("11-11 01", "11-10 18");
    assert!(failures(&own).questions.is_empty());
}

#[test]
fn a_payment_without_a_zone_is_asked_about_when_it_could_lie_on_the_other_side_of_the_outage() {
    let table = "paid_at|email|amount\n2026-11-10 20:10:00|a@example.com|1.50";
    let read = |table: &str| read(ImportKind::Successes, table, &Hints::default());
    assert_eq!(asked(&read(table)), [(About::Clock, "--times-in America/Denver")]);
    assert!(read(&table.replace("11-10", "11-13")).questions.is_empty());
}

#[test]
fn zones_beside_times_are_the_clocks_and_not_the_citizens() {
    let table = "When|TimeZone|email|amount\n2026-11-11 02:42:10|CET|a@example.com|1.50";
    let clock = failures(table);
    assert_eq!(header_of(&clock, Field::TimestampZone), Some("TimeZone"));
    assert!(clock.questions.is_empty());
    let people = failures(&table.replace("TimeZone", "Customer TimeZone"));
    assert_eq!(header_of(&people, Field::TimestampZone), None);
    let with_offset = failures("When|TimeZone|email\n2026-11-10T18:42:10-07:00|CET|a@example.com");
    assert_eq!(header_of(&with_offset, Field::TimeZone), None);
}

#[test]
fn a_column_of_ends_is_the_status_and_one_of_codes_is_not() {
    let table = "When|Outcome|Card CVC Status|email|amount\n\
                 2026-11-10T18:42:10-07:00|DECLINED|pass|a@example.com|1.50\n\
                 2026-11-10T18:43:10-07:00|APPROVED|pass|b@example.com|2.50";
    assert_eq!(header_of(&failures(table), Field::Status), Some("Outcome"));
    without(Variant::StatusNotRead, || {
        assert_eq!(header_of(&failures(table), Field::Status), None)
    });
    let unnamed = failures(&table.replace("Outcome", "Applications"));
    assert_eq!(asked(&unnamed), [(About::Status, "--map status=Applications")]);
    let codes = "When|Error Code|email|amount\n2026-11-10T18:42:10-07:00|GATEWAY_ERROR|a@example.com|1.50";
    assert_eq!(header_of(&failures(codes), Field::Status), None);
    let two = "When|Status|Result|email\n2026-11-10T18:42:10-07:00|paid|declined|a@example.com";
    assert_eq!(failures(two).questions.len(), 1);
}

#[test]
fn a_word_that_nobody_knows_is_asked_about() {
    let table = "When|Status|email|amount\n\
                 2026-11-10T18:42:10-07:00|FAILED|a@example.com|1.50\n\
                 2026-11-10T18:43:10-07:00|PENDING|b@example.com|2.50";
    assert_eq!(asked(&failures(table)), [(About::Status, "--leave-out PENDING")]);
    let only = failures(&table.replace("FAILED", "Q7X").replace("PENDING", "Q7X"));
    assert_eq!(
        header_of(&only, Field::ErrorCode),
        Some("Status"),
        "codes of errors are no words"
    );
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_column_or_asked_about() {
    let table =
        "When|email|amount\n10/11/2026 18:42:10|a@example.com|1.50\n09/11/2026 18:45:00|b@example.com|2.50";
    assert_eq!(asked(&failures(table)), [(About::OrderOfDay, "--day-first When")]);
    without(Variant::OrderNotAsked, || {
        assert!(failures(table).questions.is_empty())
    });
    let decided = failures(&table.replace("09/11", "13/11"));
    assert!(decided.questions.is_empty() && !decided.terms.orders.is_empty());
}

#[test]
fn whole_amounts_may_be_cents() {
    let table = "When|email|amount\n2026-11-10T18:42:10-07:00|a@example.com|128407\n2026-11-10T18:43:10-07:00|b@example.com|31251";
    assert_eq!(
        asked(&failures(table)),
        [(About::Unit, "--map amount_cents=amount")]
    );
    without(Variant::UnitNotAsked, || {
        assert!(failures(table).questions.is_empty())
    });
}

#[test]
fn three_digits_behind_a_sign_are_decimals_where_all_others_are() {
    let table = "When|email|amount\n2026-11-10T18:42:10-07:00|a@example.com|12.50\n2026-11-10T18:43:10-07:00|b@example.com|1.234";
    assert!(failures(table).terms.decimal.is_some());
    without(Variant::DecimalNotAsked, || {
        assert!(failures(table).terms.decimal.is_none())
    });
    let both = failures(&format!("{table}\n2026-11-10T18:44:10-07:00|c@example.com|7,50"));
    assert_eq!(
        both.questions
            .iter()
            .map(|question| question.about)
            .collect::<Vec<_>>(),
        [About::Decimal]
    );
}

const PEOPLE: &str = "Account|When|full_name|Column A|Column B|amount\n\
                      T-0000001|2026-11-10T18:41:10-07:00|Ana Prueba|billing@vendor.example|ana@example.com|1.50\n\
                      T-0000001|2026-11-10T18:42:10-07:00|Ben Muster|billing@vendor.example|ben@example.org|2.50\n\
                      T-0000001|2026-11-10T18:43:10-07:00|Dara Voorbeeld|billing@vendor.example|dara@mail.example|3.50";

#[test]
fn one_value_over_people_of_different_names_is_nobodys() {
    let people = failures(PEOPLE);
    assert_eq!(header_of(&people, Field::AccountId), None);
    assert_eq!(header_of(&people, Field::Email), Some("Column B"));
    without(Variant::ConstantIdentity, || {
        let people = failures(PEOPLE);
        assert_eq!(header_of(&people, Field::AccountId), Some("Account"));
        assert_eq!(header_of(&people, Field::Email), Some("Column A"));
    });
}

const FAMILY: &str = "Txn Ref|When|TPID|First|Last|Email Address|amount\n\
                      X10|2026-11-10T18:41:10-07:00|T-4200001|John|Hill|hill@example.net|1.50\n\
                      X20|2026-11-10T18:42:10-07:00|T-4200002|June|Hill|hill@example.net|2.50\n\
                      X30|2026-11-10T18:43:10-07:00|T-4200003|Jack|Hill|hill@example.net|3.50";

#[test]
fn a_column_in_the_format_of_accounts_is_the_account_and_another_that_parts_people_is_asked_about() {
    assert_eq!(header_of(&failures(FAMILY), Field::AccountId), Some("TPID"));
    assert_eq!(
        header_of(&failures(FAMILY), Field::Email),
        Some("Email Address"),
        "a family shares it"
    );
    without(Variant::AccountByName, || {
        assert_eq!(
            asked(&failures(FAMILY)),
            [(About::Identity, "--map account_id=TPID")]
        );
    });
    let digits = FAMILY.replace("T-4200", "4200");
    assert_eq!(
        asked(&failures(&digits)),
        [(About::Identity, "--map account_id=TPID")],
        "digits alone say nothing"
    );
    without(Variant::JoinsNotAsked, || {
        assert!(failures(&digits).questions.is_empty())
    });
}

#[test]
fn a_reference_is_no_phone() {
    let table = "Case Reference|When|Name|Mail|Number to ring\n\
                 TAX-2026-000001|2026-11-10T18:41:10-07:00|Ana Prueba|ana@example.com|+1 303-555-0111\n\
                 TAX-2026-000002|2026-11-10T18:42:10-07:00|Ben Muster|ben@example.org|(303) 555-0112";
    assert_eq!(header_of(&failures(table), Field::Phone), Some("Number to ring"));
    without(Variant::AnyPhone, || {
        assert_eq!(header_of(&failures(table), Field::Phone), Some("Case Reference"))
    });
}

#[test]
fn an_order_that_several_attempts_share_is_no_id_of_theirs() {
    let table = "order_id|payment_id|When|email\n\
                 7001|p1|2026-11-10T18:41:10-07:00|a@example.com\n\
                 7001|p2|2026-11-10T18:42:10-07:00|a@example.com\n\
                 7002|p3|2026-11-10T18:43:10-07:00|b@example.com";
    assert_eq!(
        header_of(&failures(table), Field::TransactionId),
        Some("payment_id")
    );
    without(Variant::AnyId, || {
        assert_eq!(
            header_of(&failures(table), Field::TransactionId),
            Some("order_id")
        );
    });
}

/// What breaks it: clerks, or a spouse, on the list in place of the citizens.
#[test]
fn addresses_of_clerks_and_numbers_of_others_are_nobodys() {
    let mut table = "Email|When|full_name|Buyer Mail|Spouse Phone\n".to_owned();
    let people = [
        "Ana Prueba",
        "Ben Muster",
        "Cleo Essai",
        "Dara Voorbeeld",
        "Emil Primer",
        "Fay Hill",
    ];
    for (at, name) in people.iter().enumerate() {
        table += &format!(
            "clerk{}@agency.example|2026-11-10T18:4{at}:10-07:00|{name}|p{at}@example.com|(505) 555-011{at}\n",
            at % 2
        );
    }
    let people = failures(&table);
    assert_eq!(header_of(&people, Field::Email), Some("Buyer Mail"));
    assert_eq!(header_of(&people, Field::Phone), None);
    assert!(people.questions.is_empty());
}

/// What breaks it: half of those affected left out, by whoever takes what is proposed. Zones beside times may be those of people's homes.
#[test]
fn of_two_clocks_that_which_puts_more_rows_into_the_outage_is_proposed() {
    let table = "When|full_name|email|time_zone\n\
                 2026-11-10 18:41:10|Ana Prueba|a@example.com|America/Denver\n\
                 2026-11-10 18:43:10|Ben Muster|b@example.com|America/New_York";
    assert_eq!(
        asked(&failures(table)),
        [(About::Clock, "--map time_zone=time_zone")]
    );
}

/// What breaks it: whoever has paid is called, for a column of charges is no status.
#[test]
fn a_charge_status_that_says_what_came_through_is_the_status() {
    let table = "When|full_name|email|Charge Status\n\
                 2026-11-10T18:41:10-07:00|Ana Prueba|a@example.com|Failed\n\
                 2026-11-10T18:42:10-07:00|Ben Muster|b@example.com|Completed\n\
                 2026-11-10T18:43:10-07:00|Cleo Essai|c@example.com|Failed";
    assert_eq!(header_of(&failures(table), Field::Status), Some("Charge Status"));
    let charged = table
        .replace("Failed", "not charged")
        .replace("Completed", "charged");
    assert_eq!(
        header_of(&failures(&charged), Field::Charged),
        Some("Charge Status")
    );
}

/// What breaks it: nobody is affected, because the day on which an account was opened is taken for the payment's.
#[test]
fn a_time_that_puts_nobody_into_the_outage_is_asked_about_where_another_does() {
    let table = "Created|full_name|email|Payment date\n\
                 2024-02-10T10:41:10-07:00|Ana Prueba|a@example.com|2026-11-10T18:41:10-07:00\n\
                 2025-03-11T11:43:10-07:00|Ben Muster|b@example.com|2026-11-10T18:43:10-07:00";
    assert_eq!(
        asked(&failures(table)),
        [(About::Column, "--map 'timestamp=Payment date'")]
    );
}

/// What breaks it: people whose rows hold nothing but a number of theirs are rejected without a word.
#[test]
fn a_column_that_alone_says_whose_some_rows_are_is_asked_about() {
    let table = "When|Holder|email\n\
                 2026-11-10T18:41:10-07:00|5344970|a@example.com\n\
                 2026-11-10T18:42:10-07:00|0606505|\n\
                 2026-11-10T18:43:10-07:00|0606505|\n\
                 2026-11-10T18:44:10-07:00|7604232|b@example.com";
    assert_eq!(
        asked(&failures(table)),
        [(About::Identity, "--map account_id=Holder")]
    );
    without(Variant::JoinsNotAsked, || {
        assert!(failures(table).questions.is_empty())
    });
}

/// What breaks it: a hundred times the amount, or a receipt's number dialled.
#[test]
fn a_header_says_the_small_unit_and_a_contact_that_counts_is_no_phone() {
    let table = "When|full_name|email|Contact|Valor (centavos)\n\
                 2026-11-10T18:41:10-07:00|Ana Prueba|a@example.com|3035550111|710228\n\
                 2026-11-10T18:42:10-07:00|Ben Muster|b@example.com|3035550112|862648\n\
                 2026-11-10T18:43:10-07:00|Cleo Essai|c@example.com|3035550113|826385";
    let understood = failures(table);
    assert_eq!(
        header_of(&understood, Field::AmountCents),
        Some("Valor (centavos)")
    );
    assert_eq!(header_of(&understood, Field::Phone), None);
    assert_eq!(
        header_of(&failures(&table.replace("Contact", "Phone")), Field::Phone),
        Some("Phone")
    );
}

/// What breaks it: attempts of one order, or of one person, counted once.
#[test]
fn what_several_attempts_share_is_no_id_of_theirs() {
    let with = |shared: &str, more: &str| {
        let table = format!(
            "When|full_name|email|{shared}{}\n\
             2026-11-10T18:41:10-07:00|Ana Prueba|a@example.com|7050{}\n\
             2026-11-10T18:42:10-07:00|Ana Prueba|a@example.com|7050{}\n\
             2026-11-10T18:43:10-07:00|Ben Muster|b@example.com|7020{}",
            if more.is_empty() {
                String::new()
            } else {
                format!("|{more}")
            },
            if more.is_empty() { "" } else { "|TX-1" },
            if more.is_empty() { "" } else { "|TX-2" },
            if more.is_empty() { "" } else { "|TX-3" },
        );
        header_of(&failures(&table), Field::TransactionId).map(str::to_owned)
    };
    assert_eq!(with("orderId", "txnRef").as_deref(), Some("txnRef"));
    assert_eq!(with("Order ID", ""), None);
    assert_eq!(with("Reference", ""), None);
    assert_eq!(with("Filer Number", ""), None);
    assert_eq!(with("Transaction ID", "").as_deref(), Some("Transaction ID"));
}

/// What breaks it: a letter to "Prueba", and two of one family who are one.
#[test]
fn a_name_beside_family_names_is_the_given_one() {
    let table = "When|Nome|Cognome|email\n\
                 2026-11-10T18:41:10-07:00|Ana|Prueba|a@example.com\n\
                 2026-11-10T18:43:10-07:00|Ben|Muster|b@example.com";
    let understood = failures(table);
    assert_eq!(header_of(&understood, Field::GivenName), Some("Nome"));
    assert_eq!(header_of(&understood, Field::FamilyName), Some("Cognome"));
}

/// What breaks it: letters about the 0.00 payment.
#[test]
fn amounts_are_no_kind_of_tax() {
    let with = |tax: &str| {
        let table = format!(
            "When|full_name|email|Tax\n2026-11-10T18:41:10-07:00|Ana Prueba|a@example.com|{tax}\n\
             2026-11-10T18:43:10-07:00|Ben Muster|b@example.com|{tax}"
        );
        header_of(&failures(&table), Field::TaxType).map(str::to_owned)
    };
    assert_eq!(with("0.00"), None);
    assert_eq!(with("0"), None);
    assert_eq!(with("Individual Income"), Some("Tax".to_owned()));
    assert_eq!(with("1040"), Some("Tax".to_owned()));
}

/// What breaks it: as many citizens as rows, because a number of the row is called an account.
#[test]
fn an_account_that_counts_rows_is_asked_about() {
    let table = "Account|When|full_name|email\n\
                 1|2026-11-10T18:41:10-07:00|Ana Prueba|a@example.com\n\
                 2|2026-11-10T18:42:10-07:00|Ana Prueba|a@example.com\n\
                 3|2026-11-10T18:43:10-07:00|Ben Muster|b@example.com";
    assert_eq!(asked(&failures(table)), [(About::Identity, "--ignore Account")]);
    without(Variant::JoinsNotAsked, || {
        assert!(failures(table).questions.is_empty())
    });
}
