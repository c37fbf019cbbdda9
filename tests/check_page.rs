//! What a supervisor mends and looks at on the check page, before the file counts and after.

use crate::harness::{App, Page, Person};
use crate::supervisor::{chosen_columns, outage};

const IMPORTS: &str = "/outages/april-15/imports";
/// Where the row without a time and the one without a contact stand.
const NO_TIME: &str = "36";
const NO_CONTACT: &str = "37";
const CARD: &str = "4111 1111 1111 1111";

/// Thirty people of a tax preparer, a family, two people whose names do not fit, and two rows that cannot be read.
fn evening() -> String {
    let row = |id: usize, at: &str, who: &str| format!("PAY-{id},{at},{who},250.00\n");
    let at = "2026-04-15T18:51:40-06:00";
    let clients = (0..30).map(|n| {
        let who = format!("T-20000{n:02},Pia{n:02},Tax,pia{n}@example.com,303-555-0100");
        row(n, at, &who)
    });
    let others = [
        (at, "T-3000001,Dorothy,Hensley,dorothy@example.com,970-555-0142"),
        (at, "T-3000002,Walter,Hensley,walter@example.com,970-555-0142"),
        (at, "T-3000003,Ivy,Stone,ivy@example.com,720-555-0188"),
        (at, "T-3000004,Bo,Ek,bo@example.com,720-555-0188"),
        ("", "T-3000005,Tom,Void,tom@example.com,307-555-0124"),
        (at, ",Ola,Nord,,55501"),
    ];
    let others = others
        .iter()
        .enumerate()
        .map(|(n, (at, who))| row(100 + n, at, who));
    let header = "transaction_id,timestamp,account_id,given_name,family_name,email,phone,amount\n";
    std::iter::once(header.to_owned())
        .chain(clients)
        .chain(others)
        .collect()
}

async fn is_read(eve: &Person, import: &str) -> Page {
    eve.opens(&eve.waits_until_read(import).await).await.is(200)
}

/// Brings the evening up to its check; answers the import's address.
async fn checked(eve: &Person) -> (String, Page) {
    outage(eve).await;
    let next = eve
        .uploads(IMPORTS, "evening.csv", evening().into_bytes())
        .await
        .is(303);
    let (import, _) = next.leads_to().rsplit_once('/').unwrap();
    let columns = format!("{import}/columns");
    let chosen = chosen_columns(&eve.opens(&columns).await.is(200));
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&columns, &chosen).await.is(303);
    let page = is_read(eve, import).await;
    (import.to_owned(), page)
}

/// What breaks it: a row that is mended by what cannot be read; a card number that is kept; a value that was typed before the
/// file counted and is gone when it does.
#[actix_web::test]
async fn a_rejected_row_is_mended_by_the_one_value_that_is_faulty() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (import, page) = checked(&eve).await;
    page.says("Tom Void")
        .says("No time")
        .says("Phone has 5 digits")
        .says("Phone or e-mail for line 37");
    let (check, mend) = (format!("{import}/check"), format!("{import}/rejects/mend"));
    let types = async |line: &str, typed: &str| {
        let field = format!("typed_{line}");
        eve.sends(&mend, &[("line", line), (&field, typed)]).await
    };
    types(NO_TIME, "yesterday")
        .await
        .is(422)
        .says("value=\"yesterday\"")
        .says("aria-invalid");
    let page = types(NO_CONTACT, CARD)
        .await
        .is(422)
        .says("This is a card number");
    assert!(!page.body.contains("1111"), "it is shown");
    let page = eve.opens(&check).await.is(200);
    assert!(!page.body.contains("Corrected"), "nothing is kept so far");
    assert!(!page.body.contains("1111"), "it is kept");
    eve.sends(&mend, &[]).await.is(422);
    // Typed before the file counts, it is kept until it does.
    let kept = types(NO_CONTACT, "ola@example.com").await.is(303);
    eve.opens(kept.leads_to())
        .await
        .is(200)
        .says("Corrected")
        .says("value=\"ola@example.com\"");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    let next = types(NO_TIME, "2026-04-15T18:50:00-06:00").await.is(303);
    let next = next.leads_to().to_owned();
    is_read(&eve, &next).await.says("2 + 0 + 0 + 0 = 2");
    eve.sends(&format!("{next}/publish"), &[]).await.is(303);
    eve.opens(&check).await.is(200).says("No rejected rows");
    // A row that is in is not mended again.
    types(NO_TIME, "2026-04-15T18:55:00-06:00")
        .await
        .is(422)
        .says("came in or was set aside");
}

/// What breaks it: a family that is told as one to check; a phone of thirty people shown as a page of thirty rows; people of a
/// file that is given up.
#[actix_web::test]
async fn phones_of_many_people_or_of_names_that_do_not_fit_are_looked_at() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (import, page) = checked(&eve).await;
    let page = page
        .says("Households to check")
        .says("(303) 555-0100, 30 people")
        .says("(720) 555-0188, 2 people")
        .says("2 family names: perhaps not one household");
    assert!(!page.body.contains("(970) 555-0142, 2"), "they are a family");
    let phone = page.body.split(&format!("{import}/phones/")).nth(1).unwrap();
    let phone = format!("{import}/phones/{}", phone.split('"').next().unwrap());
    let people = eve.opens(&phone).await.is(200);
    let people = people.says("Pia00 Tax").says("1 to 25 of 30");
    assert!(!people.body.contains("Pia25 Tax"), "that is the next page");
    assert!(!people.body.contains("/cases/"), "no case counts yet");
    eve.opens(&format!("{phone}?page=2"))
        .await
        .is(200)
        .says("Pia25 Tax")
        .says("26 to 30 of 30");
    eve.opens(&format!("{import}/phones/999999")).await.is(404);
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    eve.opens(&phone).await.is(200).says("/cases/");
    eve.opens(&format!("{import}/check"))
        .await
        .says("(303) 555-0100, 30 people");
}

/// The field of a person on the page of a phone.
fn field_of(page: &Page, who: &str) -> String {
    let before = page
        .body
        .split(&format!("Not the number of {who}<"))
        .next()
        .unwrap();
    let value = before.rsplit("name=\"case\" value=\"").next().unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// What breaks it: somebody who is called at a stranger's number for ever; one who is lost when it is said that it is not
/// theirs; a split that cannot be taken back, or that nobody made.
#[actix_web::test]
async fn who_does_not_share_a_number_is_split_off_and_that_can_be_taken_back() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (import, page) = checked(&eve).await;
    let phone = page.body.split("<b>(720) 555-0188").nth(1).unwrap();
    let phone = phone.split("href=\"").nth(1).unwrap();
    let phone = phone.split('"').next().unwrap().to_owned();
    let before = eve.opens(&phone).await.is(200).says("Once the file counts");
    assert!(!before.body.contains("type=\"checkbox\""), "no case counts yet");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    eve.sends(&phone, &[])
        .await
        .is(422)
        .says("Choose between one and 25");
    let page = eve.opens(&phone).await.is(200);
    let bo = field_of(&page, "Bo Ek");
    let ana = app.caller("Ana").await;
    ana.sends(&phone, &[("case", &bo)]).await.is(403);
    eve.sends(&phone, &[("case", &bo)]).await.is(303);
    eve.sends(&phone, &[("case", &bo)]).await.is(303); // pressed again: it is so already
    let case = format!("/cases/{bo}");
    eve.opens(&case)
        .await
        .is(200)
        .says("Decided: not their number")
        .says("To be written to, no phone");
    let ivy = field_of(&eve.opens(&phone).await.is(200), "Ivy Stone");
    let ivy = eve.opens(&format!("/cases/{ivy}")).await.is(200);
    assert!(!ivy.body.contains("Bo Ek"), "who calls her does not speak of him");
    let check = format!("{import}/check");
    let listed = async || eve.opens(&check).await.is(200).body.contains("(720) 555-0188");
    assert!(!listed().await, "nobody else is at it");
    let page = eve.opens(&phone).await.is(200).says("Eve, ");
    let decision = page.body.split("name=\"decision\" value=\"").nth(1).unwrap();
    let decision = decision.split('"').next().unwrap();
    assert_eq!(
        page.body.matches("name=\"decision\"").count(),
        1,
        "it was decided once"
    );
    eve.sends(&format!("{phone}/take-back"), &[("decision", decision)])
        .await
        .is(303);
    assert!(listed().await, "they share it again");
    eve.opens(&case)
        .await
        .is(200)
        .says("They are reached with one call")
        .says("taken back by Eve");
}

/// Of each of these people the payment failed; then came what stands here.
const PAID: &str = "transaction_id,timestamp,account_id,name,email,amount,status\n\
    P-1,2026-04-15T18:45:00-06:00,T-4000001,Anh Tran,anh@example.com,250.00,Failed\n\
    P-2,2026-04-15T19:02:00-06:00,T-4000001,Anh Tran,anh@example.com,250.00,Paid\n\
    P-3,2026-04-15T19:05:00-06:00,T-4000001,Anh Tran,anh@example.com,250.00,Paid\n\
    P-4,2026-04-15T18:46:00-06:00,T-4000002,Dara Beeld,dara@example.com,100.00,Failed\n\
    P-5,2026-04-15T19:10:00-06:00,T-4000002,Dara Beeld,dara@example.com,100.00,Paid\n\
    P-6,2026-04-15T19:40:00-06:00,T-4000002,Dara Beeld,dara@example.com,40.00,Refunded\n\
    P-7,2026-04-15T18:47:00-06:00,T-4000003,Ola Nord,ola@example.com,80.00,Failed\n\
    P-8,2026-04-15T19:11:00-06:00,T-4000003,Ola Nord,ola@example.com,30.00,Paid\n\
    P-9,2026-04-15T19:12:00-06:00,T-4000003,Ola Nord,ola@example.com,50.00,Paid\n";

/// What breaks it: somebody from whom money was taken twice, of whom nobody hears because their case is closed; a refund that is
/// told as a payment.
#[actix_web::test]
async fn who_paid_twice_or_got_a_part_back_is_shown_to_a_supervisor() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let next = eve
        .uploads(IMPORTS, "paid.csv", PAID.as_bytes().to_vec())
        .await
        .is(303);
    let (import, _) = next.leads_to().rsplit_once('/').unwrap();
    let columns = format!("{import}/columns");
    let chosen = chosen_columns(&eve.opens(&columns).await.is(200));
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&columns, &chosen).await.is(303);
    let told = "1 person paid twice. Of 1 person a payment went back in part.";
    let page = is_read(&eve, import).await.says(told);
    let look = format!("{import}/payments-to-look-at");
    assert!(page.body.contains(&look));
    let page = eve.opens(&look).await.is(200).says(told);
    let page = page
        .says("Paid twice: two payments of $250.00 stand")
        .says("Refunded in part: $60.00 of a payment remain")
        .says("$40.00 went back");
    assert!(
        !page.body.contains("Ola Nord"),
        "two payments of two amounts are no double"
    );
    assert!(!page.body.contains("/cases/"), "no case counts yet");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    let page = eve.opens(&look).await.is(200);
    let dara = page
        .body
        .split("/cases/")
        .find(|rest| rest.contains(">Dara Beeld<"))
        .unwrap();
    let dara = format!("/cases/{}", dara.split('"').next().unwrap());
    eve.opens(&dara)
        .await
        .is(200)
        .says("Refunded in part: $60.00 of a payment remain")
        .says("Found that money went back");
    let ana = app.caller("Ana").await;
    ana.opens(&look).await.is(403);
}

/// What breaks it: rejected rows of which only ten can be found; a key that gives the file up.
#[actix_web::test]
async fn more_than_ten_rejected_rows_are_all_to_be_had_and_enter_checks_what_was_typed() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let mut file = "transaction_id,timestamp,account_id,email\n".to_owned();
    for row in 0..42 {
        let at = if row < 12 {
            "never"
        } else {
            "2026-04-15T18:41:00-06:00"
        };
        file.push_str(&format!("P-{row},{at},T-10000{row:02},p{row}@example.com\n"));
    }
    let next = eve.uploads(IMPORTS, "never.csv", file.into_bytes()).await.is(303);
    let (import, _) = next.leads_to().rsplit_once('/').unwrap();
    let columns = format!("{import}/columns");
    let chosen = chosen_columns(&eve.opens(&columns).await.is(200));
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&columns, &chosen).await.is(303);
    let page = is_read(&eve, import).await.says("Show all 12").says("More rows");
    let form = page
        .body
        .split("/rejects/mend\"")
        .nth(1)
        .unwrap()
        .split("</form>")
        .next()
        .unwrap();
    assert_eq!(
        form.matches("type=\"submit\"").count(),
        1,
        "Enter in a field can mean one thing only"
    );
    let lines: Vec<i64> = form
        .split("name=\"typed_")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(
        lines.len() == 10 && lines.is_sorted(),
        "Tab goes by lines: {lines:?}"
    );
    assert!(!form.contains("tabindex=\"1"), "and nothing else decides it");
    assert!(page.body.contains("after=0&#38;all=yes"));
    let all = format!("{import}/check?reason=&after=0&all=yes");
    let page = eve.opens(&all).await.is(200);
    assert_eq!(page.body.matches("name=\"typed_").count(), 12);
    // What is typed for the last of them is kept, and all stay in sight.
    let typed = [
        ("line", "13"),
        ("typed_13", "2026-04-15T18:42:00-06:00"),
        ("all", "yes"),
    ];
    let kept = eve.sends(&format!("{import}/rejects/mend"), &typed).await.is(303);
    assert_eq!(kept.leads_to(), all);
    eve.opens(&all).await.is(200).says("Corrected");
}

/// What breaks it: a picture without its numbers; an outage that went on for minutes that nobody sees.
#[actix_web::test]
async fn failures_just_after_the_outage_are_seen_beside_it_by_five_minutes() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let mut file = "transaction_id,timestamp,account_id,status,email\n".to_owned();
    let rows = [
        ("18:41", "failed", 8),
        ("18:58", "failed", 4),
        ("19:03", "failed", 6),
        ("20:10", "failed", 3),
        ("19:20", "paid", 2),
    ];
    let all = rows
        .iter()
        .flat_map(|(at, status, times)| (0..*times).map(move |n| (at, status, n)));
    for (id, (at, status, n)) in all.enumerate() {
        let minute = &at[3..];
        file.push_str(&format!(
            "P-{id},2026-04-15T{at}:{n:02}-06:00,T-10{minute}0{n:02},{status},p{id}@example.com\n"
        ));
    }
    file.push_str("P-900,2026-04-14T09:00:00-06:00,T-1090001,failed,early@example.com\n");
    let next = eve
        .uploads(IMPORTS, "timeline.csv", file.into_bytes())
        .await
        .is(303);
    let (import, _) = next.leads_to().rsplit_once('/').unwrap();
    let columns = format!("{import}/columns");
    let chosen = chosen_columns(&eve.opens(&columns).await.is(200));
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&columns, &chosen).await.is(303);
    let page = is_read(&eve, import).await;
    let page = page
        .says("12 failed in the outage, 6:40 to 7:00 p.m.")
        .says("10 failed outside it: 1 before, 9 after.")
        .says("6 failed from 7:00 to 7:05 p.m., just after the outage ended at 7:00 p.m.")
        .says("Correct the window")
        .says("1 row is too far from the outage to be drawn.");
    assert!(page.body.contains("<th scope=\"row\">All</th><td class=\"num\">12</td><td class=\"num\">9</td><td class=\"num\">2</td>"), "the numbers stand beside it");
    assert_eq!(
        page.body.matches("<rect class=\"tk--f\"").count(),
        2,
        "one bar a stretch"
    );
    assert!(!page.body.contains(" style="), "the picture carries no style");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    eve.opens(&format!("{import}/check"))
        .await
        .says("12 failed in the outage")
        .says("Take this import back");
    eve.opens(&format!("{import}/payments-to-look-at"))
        .await
        .is(200)
        .says("Nobody paid twice or got a part back");
}
