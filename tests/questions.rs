//! What a supervisor is asked about a file that does not say everything, and what is asked never.

use crate::harness::{App, Page, Person};
use crate::supervisor::outage;

const IMPORTS: &str = "/outages/april-15/imports";

/// Uploads a file; answers where it leads.
async fn uploaded(eve: &Person, name: &str, content: &str) -> String {
    let next = eve
        .uploads(IMPORTS, name, content.as_bytes().to_vec())
        .await
        .is(303);
    next.leads_to().to_owned()
}

/// The answers as the page has them checked, as a browser without JavaScript would send them.
fn checked(page: &Page) -> Vec<(String, String)> {
    let value = |input: &str, mark: &str| Some(input.split(mark).nth(1)?.split('"').next()?.to_owned());
    let inputs = page.body.split("<input class=\"rd\"").skip(1);
    let inputs = inputs.filter_map(|rest| rest.split('>').next());
    inputs
        .filter(|input| input.ends_with(" checked"))
        .map(|input| {
            let (name, answer) = (
                value(input, "name=\"").unwrap(),
                value(input, "value=\"").unwrap(),
            );
            (name, answer.replace("&#39;", "'").replace("&#34;", "\""))
        })
        .collect()
}

async fn sends(eve: &Person, path: &str, answers: &[(String, String)]) -> Page {
    let answers: Vec<(&str, &str)> = answers
        .iter()
        .map(|(name, answer)| (name.as_str(), answer.as_str()))
        .collect();
    eve.sends(path, &answers).await
}

/// The field by which a word gets this answer.
fn answer(page: &Page, flag: &str) -> (String, String) {
    let before = page.body.split(&format!("value=\"{flag}\"")).next().unwrap();
    let name = before
        .rsplit("name=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    (name.to_owned(), flag.to_owned())
}

async fn is_read(eve: &Person, import: &str) -> Page {
    eve.opens(&eve.waits_until_read(import).await).await.is(200)
}

/// Times on another clock than the outage's, and a word that nobody knows.
const DOUBTFUL: &str = "Made,Payer,Email,Sum,Outcome\n\
    2026-04-16 00:42:10,Ana Prueba,ana@example.com,10.50,Failed\n\
    2026-04-16 00:44:31,Ben Muster,ben@example.com,11.50,Failed\n\
    2026-04-16 00:50:22,Cleo Essai,cleo@example.com,12.50,Paid\n\
    2026-04-16 00:52:40,Dara Beeld,dara@example.com,13.50,Limbo\n";

/// What breaks it: a file that is read on the wrong clock without a word; an answer whose consequence nobody counted; a word
/// without a meaning for which the other answers are thrown away.
#[actix_web::test]
async fn a_file_is_asked_about_and_what_is_forgotten_keeps_the_rest() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let mapped = DOUBTFUL
        .replace("Made,Payer", "timestamp,name")
        .replace("Outcome", "status");
    let questions = uploaded(&eve, "doubtful.csv", &mapped).await;
    assert!(questions.ends_with("/questions"), "{questions}");
    let page = eve.opens(&questions).await.is(200);
    let page = page
        .says("Which clock are the times in timestamp on?")
        .says("Proposed: UTC")
        .says("0 of 2 failed rows in the outage")
        .says("2 of 2 failed rows in the outage")
        .says("On the list: Ana Prueba, Ben Muster")
        .says("What does each word in status mean?")
        .says("Look at Limbo: nobody knows it")
        .says("2 people failed");
    assert!(
        page.body.contains("Count again"),
        "the page counts without JavaScript"
    );
    let answers = checked(&page);
    assert!(
        !answers.iter().any(|(_, flag)| flag.contains("Limbo")),
        "nothing is chosen for it"
    );
    let again = sends(&eve, &questions, &answers).await.is(422);
    let again = again.says("Question 2 still needs an answer").says("Limbo");
    assert_eq!(checked(&again), answers, "the other answers are kept");
    let mut all = answers;
    all.push(answer(&again, "--failed Limbo"));
    let counted = sends(&eve, &questions.replace("/questions", "/weigh"), &all)
        .await
        .is(200);
    counted.says("3 people failed");
    let import = sends(&eve, &questions, &all).await.is(303).leads_to().to_owned();
    let page = is_read(&eve, &import).await;
    page.says("3 + 0 + 0 + 0 + 1 = 4");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    // The second file with these columns is asked nothing, and the page says why.
    let second = uploaded(
        &eve,
        "second.csv",
        &mapped.replace("Ana", "Eva").replace("ana@", "eva@"),
    )
    .await;
    assert!(second.ends_with("/understood"), "{second}");
    let page = eve.opens(&second).await.is(200);
    let page = page
        .says("Nothing to ask")
        .says("Times are in UTC, as was said")
        .says("Forget this");
    assert!(page.body.contains("questions?anew=yes"));
    let anew = eve
        .opens(&second.replace("/understood", "/questions?anew=yes"))
        .await
        .is(200);
    let filled = checked(&anew);
    assert!(
        filled.iter().any(|(_, flag)| flag == "--failed Limbo"),
        "{filled:?}"
    );
    assert!(
        filled.iter().any(|(_, flag)| flag == "--times-in UTC"),
        "{filled:?}"
    );
    let forgotten = eve
        .sends(&second.replace("/understood", "/forget"), &[])
        .await
        .is(303);
    assert!(forgotten.leads_to().ends_with("/questions"));
}

/// What breaks it: a form of thirty rows, or rows of a rare word that are read as failures.
#[actix_web::test]
async fn of_many_words_that_nobody_knows_the_commonest_are_asked_about_and_all_others_together() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let mut file = "timestamp,email,status\n".to_owned();
    let words = [
        "Zig", "Zag", "Zog", "Zug", "Zyg", "Zeg", "Zap", "Zip", "Zup", "Zep", "Failed", "Paid",
    ];
    for (at, word) in words.iter().enumerate() {
        for row in 0..=(words.len() - at) {
            file.push_str(&format!(
                "2026-04-15T18:{}:0{}-06:00,p{at}.{row}@example.com,{word}\n",
                41 + at,
                row % 10
            ));
        }
    }
    let questions = uploaded(&eve, "words.csv", &file).await;
    let page = eve.opens(&questions).await.is(200);
    let page = page
        .says("8 words that nobody knows")
        .says("All others")
        .says("2 words");
    let mut all = checked(&page);
    for word in words.iter().take(8) {
        all.push(answer(&page, &format!("--leave-out {word}")));
    }
    let open = sends(&eve, &questions, &all).await.is(422);
    open.says("All other words still need an answer");
    all.push(answer(&page, "--leave-out-others"));
    let import = sends(&eve, &questions, &all).await.is(303).leads_to().to_owned();
    let check = is_read(&eve, &import).await.says("Left out");
    check
        .says("All other words")
        .says("Left out: Zup in 5 rows, Zep in 4 rows")
        .says("Zig, Zag, Zog, Zug, Zyg, Zeg and 2 more");
}

/// What breaks it: a check that does not say by whose word a file is read so; an answer that can only be changed by giving the
/// file up and answering everything again.
#[actix_web::test]
async fn answers_stand_on_the_check_and_each_can_be_changed() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let mapped = DOUBTFUL
        .replace("Made,Payer", "timestamp,name")
        .replace("Outcome", "status");
    let questions = uploaded(&eve, "doubtful.csv", &mapped).await;
    let page = eve.opens(&questions).await.is(200);
    let mut all = checked(&page);
    all.push(answer(&page, "--failed Limbo"));
    let import = sends(&eve, &questions, &all).await.is(303).leads_to().to_owned();
    let page = is_read(&eve, &import).await;
    let page = page.says("Clock</dt><dd>UTC").says("Failed, Limbo");
    assert!(page.body.contains("Change<span class=\"sr\"> Clock</span>"));
    let anew = eve
        .sends(&format!("{import}/match"), &[("step", "questions")])
        .await
        .is(303);
    let questions = anew.leads_to().to_owned();
    assert!(questions.ends_with("/questions?anew=yes"), "{questions}");
    let page = eve.opens(&questions).await.is(200);
    let mut all = checked(&page);
    assert!(all.iter().any(|(_, flag)| flag == "--times-in UTC"), "{all:?}");
    // Limbo is left out now, and the rest is as it was.
    let (limbo, _) = answer(&page, "--failed Limbo");
    all.retain(|(name, _)| *name != limbo);
    all.push((limbo, "--leave-out Limbo".to_owned()));
    let questions = questions.replace("?anew=yes", "");
    let import = sends(&eve, &questions, &all).await.is(303).leads_to().to_owned();
    let page = is_read(&eve, &import).await;
    page.says("2 + 0 + 0 + 0 + 1 + 1 = 4")
        .says("Rows left out</dt><dd>Limbo");
    // What is asked for by nobody leads to the columns, as before.
    let columns = eve
        .sends(&format!("{import}/match"), &[("step", "//evil.example")])
        .await
        .is(303);
    assert!(columns.leads_to().ends_with("/columns"));
}

#[actix_web::test]
async fn a_file_of_another_day_says_that_no_answer_puts_a_row_in_the_outage() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let file = "timestamp,email,status\n2026-02-01T10:00:00-07:00,a@example.com,Failed\n\
                2026-02-01T10:05:00-07:00,b@example.com,Limbo\n";
    let questions = uploaded(&eve, "february.csv", file).await;
    let page = eve.opens(&questions).await.is(200);
    page.says("No row is in the outage, by any answer")
        .says("Choose another file")
        .says("Correct the window");
}

/// What breaks it: a refund is told as a payment that was made, for its word is the same; rows that are left out without a word
/// why.
#[actix_web::test]
async fn a_known_layout_tells_which_rows_give_money_back() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let file = include_str!("data/layouts/paypal.csv").replace("11/24/2026", "04/15/2026");
    let understood = uploaded(&eve, "activity.csv", &file).await;
    assert!(understood.ends_with("/understood"), "{understood}");
    eve.opens(&understood)
        .await
        .is(200)
        .says("PayPal: activity. Nothing to ask.")
        .says("Completed in 3 rows means paid. 1 row gives money back.")
        .says("of 7 payments lie in the outage")
        .says("7 of 7 payments have one that works");
    let import = understood.replace("/understood", "");
    eve.sends(&format!("{import}/questions"), &[]).await.is(303);
    let check = is_read(&eve, &import).await;
    let check = check.says("Left out are refunds, and rows that count for nothing");
    assert!(!check.body.contains("rows stay out"), "none is rejected");
    let unsaid = DOUBTFUL
        .replace("Made,Payer", "timestamp,name")
        .replace("Outcome", "status")
        .replace("2026-04-16 00:", "2026-04-15 18:");
    let questions = uploaded(&eve, "unsaid.csv", &unsaid).await;
    let asked = eve.opens(&questions).await.is(200);
    asked.says("Times carry no zone: they are in the outage");
}

/// What breaks it: a wall of questions.
#[actix_web::test]
async fn at_most_three_questions_stand_on_the_page_and_the_others_follow() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    // Clock, word, day and month, dollars or cents.
    let file = "timestamp,name,email,amount,status\n\
        04/05/2026 00:42,Ana Prueba,ana@example.com,128400,Failed\n\
        04/05/2026 00:44,Ben Muster,ben@example.com,231099,Limbo\n\
        04/05/2026 18:47,Cleo Essai,cleo@example.com,128455,Failed\n\
        04/05/2026 00:52,Dara Beeld,dara@example.com,120001,Failed\n\
        05/04/2026 00:55,Emil Modelo,emil@example.com,128403,Failed\n";
    let questions = uploaded(&eve, "many.csv", file).await;
    let mut asked = 0;
    let mut at = questions.clone();
    while at.ends_with("/questions") && asked < 4 {
        let page = eve.opens(&at).await.is(200);
        let cards = page.body.matches("class=\"card ask\"").count();
        assert!((1..=3).contains(&cards), "{cards}");
        let mut all = checked(&page);
        if page.body.contains("--leave-out Limbo") {
            all.push(answer(&page, "--leave-out Limbo"));
        }
        at = sends(&eve, &at, &all).await.is(303).leads_to().to_owned();
        asked += 1;
    }
    assert!(!at.ends_with("/questions"), "the questions come to an end");
}
