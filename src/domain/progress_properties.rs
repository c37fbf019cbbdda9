//! What holds for every history, however odd.

use proptest::prelude::*;

use super::facts::{Answer, Attempt, Choice, Decision, Facts};
use super::outcome::Scope;
use super::progress::{Progress, fold};
use super::seeded::seeded;
use super::stage::{Resolution, Stage};
use super::story::{OTHER_PHONE, PHONE, Story, on};
use super::timestamp::Timestamp;
use super::verdict::Verdict;

fn time() -> impl Strategy<Value = Timestamp> {
    (0i64..60 * 24 * 14).prop_map(|minutes| on(1, "16:00").plus_minutes(minutes))
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let keys: Vec<String> = seeded().into_iter().map(|outcome| outcome.key).collect();
    let phones = prop::option::of(prop::sample::select(vec![
        PHONE.to_owned(),
        OTHER_PHONE.to_owned(),
    ]));
    let scope = prop::option::of(prop::sample::select(Scope::ALL));
    (
        time(),
        prop::sample::select(keys),
        phones,
        any::<bool>(),
        prop::option::of(0i64..5000),
        scope,
    )
        .prop_map(|(at, outcome, phone, inbound, later, scope)| Attempt {
            at,
            outcome,
            phone,
            inbound,
            callback_at: later.map(|minutes| at.plus_minutes(minutes)),
            scope,
            ..Attempt::default()
        })
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        Just(Choice::HavePaid),
        time().prop_map(Choice::CallMe),
        Just(Choice::NeedHelp),
        Just(Choice::DontContact),
        Just(Choice::WrongPerson),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let closed = prop::sample::select(Resolution::ALL).prop_map(Verdict::Close);
    prop_oneof![
        closed,
        Just(Verdict::CallAgain),
        Just(Verdict::Write),
        Just(Verdict::NotTheirNumber)
    ]
}

prop_compose! {
    fn facts()(
        phones in 0usize..3,
        has_email: bool,
        mut attempts in prop::collection::vec(attempt(), 0..12),
        paid_at in prop::option::weighted(0.1, time()),
        not_affected_at in prop::option::weighted(0.05, time()),
        suppressed in prop::option::weighted(0.1, (time(), prop::sample::select(Scope::ALL))),
        answer in prop::option::weighted(0.2, (time(), choice())),
        decisions in prop::collection::vec((time(), verdict()), 0..2),
        mut emails_sent in prop::collection::vec(time(), 0..2),
        letter_sent_at in prop::option::weighted(0.1, time()),
    ) -> Facts {
        attempts.sort_by_key(|attempt| attempt.at);
        emails_sent.sort();
        Facts {
            phones: [PHONE, OTHER_PHONE].iter().take(phones).map(|phone| (*phone).to_owned()).collect(),
            has_email,
            attempts,
            paid_at,
            not_affected_at,
            suppressed,
            answer: answer.map(|(at, choice)| Answer { at, choice, language: None }),
            decisions: decisions.into_iter().map(|(at, verdict)| Decision { at, verdict, phone: Some("+13035550100".to_owned()) }).collect(),
            emails_sent,
            letter_sent_at,
            ..Story::new().facts
        }
    }
}

fn progress(facts: &Facts) -> Progress {
    let story = Story::new();
    fold(facts, &story.outcomes, &story.hours)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn every_case_has_a_next_step_or_a_resolution(facts in facts()) {
        let now = progress(&facts);
        prop_assert_eq!(now.stage == Stage::Closed, now.resolution.is_some());
        prop_assert_eq!(now.stage == Stage::Closed, now.resolved_at.is_some());
        prop_assert_eq!(now.stage == Stage::Closed, now.due_at.is_none());
        prop_assert_eq!(now.stage == Stage::Callback, now.callback.is_some() && now.stage != Stage::NeedsSupervisor);
    }

    #[test]
    fn a_call_that_comes_next_has_a_number_that_is_not_bad(facts in facts()) {
        let now = progress(&facts);
        if now.stage.is_call() && now.stage != Stage::NeedsHelp {
            let phone = now.phone.clone();
            prop_assert!(phone.is_some_and(|phone| facts.phones.contains(&phone) && !now.bad_phones.contains(&phone)));
        } else if !now.stage.is_call() {
            prop_assert_eq!(now.phone, None);
        }
    }

    #[test]
    fn a_call_we_choose_the_time_of_is_due_inside_calling_hours(facts in facts()) {
        let now = progress(&facts);
        let story = Story::new();
        if now.stage.is_call() && now.stage != Stage::Callback {
            prop_assert!(story.hours.open_at(now.due_at.unwrap(), &facts.zones));
        }
    }

    #[test]
    fn undoing_the_last_attempt_gives_the_state_before(facts in facts()) {
        let mut before = facts.clone();
        before.attempts.pop();
        let mut again = before.clone();
        again.attempts.extend(facts.attempts.last().cloned());
        prop_assert_eq!(progress(&again), progress(&facts));
        again.attempts.truncate(before.attempts.len());
        prop_assert_eq!(progress(&again), progress(&before));
    }

    #[test]
    fn who_is_only_ever_not_reached_is_written_to_after_finitely_many_tries(
        phones in 1usize..3,
        has_email: bool,
        tries in prop::collection::vec(
            prop::sample::select(vec!["no_answer", "busy", "voicemail", "someone_else", "wrong_number"]), 40),
    ) {
        let mut story = Story::new().phones([PHONE, OTHER_PHONE].get(..phones).unwrap());
        story.facts.has_email = has_email;
        for outcome in tries {
            let now = story.now();
            if !now.stage.is_call() { break }
            let last = story.facts.attempts.last().map(|attempt| attempt.at);
            prop_assert!(last.is_none_or(|last| now.due_at.unwrap() >= last));
            let (at, phone) = (now.due_at.unwrap(), now.phone);
            story.facts.attempts.push(Attempt { at, phone, outcome: outcome.to_owned(), ..Attempt::default() });
        }
        let stage = story.now().stage;
        prop_assert_eq!(stage, if has_email { Stage::Email } else { Stage::Letter });
    }

    #[test]
    fn who_never_answers_is_tried_decently(
        zones in prop::sample::select(vec![
            "America/Denver", "America/New_York,America/Chicago", "Pacific/Guam", "",
            "America/Whitehorse,America/Edmonton,America/Winnipeg,America/Toronto,America/Vancouver",
        ]),
        window in prop::sample::select(vec!["08:00-21:00", "09:00-17:00", "10:00-20:30", "00:00-24:00"]),
        opened in 0i64..60 * 24 * 300,
        outcome in prop::sample::select(vec!["no_answer", "someone_else", "voicemail"]),
    ) {
        let mut story = Story::new().calling(window);
        story.facts.zones = zones.parse().unwrap();
        story.facts.opened_at = on(1, "0:00").plus_minutes(opened);
        let story = story.calls_when_due(20, outcome);
        let home = story.hours.home(&story.facts.zones);
        let tries: Vec<Timestamp> = story.facts.attempts.iter().map(|attempt| attempt.at).collect();
        prop_assert_eq!(story.now().stage, Stage::Email);
        prop_assert!((6..=12).contains(&tries.len()), "{} tries", tries.len());
        for pair in tries.windows(2) {
            let part = |at| story.hours.day_part(at, &story.facts.zones);
            prop_assert!(pair[1].seconds_since(pair[0]) >= 3 * 3600);
            prop_assert!(part(pair[0]) != part(pair[1]), "{} {}", home.local(pair[0]), home.local(pair[1]));
        }
        for at in &tries {
            let day = home.local(*at).date();
            prop_assert!(story.hours.open_at(*at, &story.facts.zones));
            prop_assert!(tries.iter().filter(|other| home.local(**other).date() == day).count() <= 2);
        }
    }
}
