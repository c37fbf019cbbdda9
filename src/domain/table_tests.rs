//! Each row of the table of outcomes, as sentences.

use super::chance::Line;
use super::facts::Decision;
use super::outcome::Scope;
use super::progress::Why;
use super::seeded::{COULD_NOT_REACH, TRIED_TO_CALL};
use super::stage::{Resolution, Stage};
use super::story::{OTHER_PHONE, PHONE, Story, closed, end, on};
use super::verdict::Verdict;

#[test]
fn a_new_case_is_due_at_once_inside_calling_hours() {
    let story = Story::new();
    assert_eq!(
        (story.now().stage, story.now().why, story.due()),
        (Stage::New, Why::FirstCall, "1, 16:00".into())
    );
    let mut late = Story::new();
    late.facts.opened_at = on(1, "22:10");
    assert_eq!(late.due(), "2, 8:00");
}

#[test]
fn no_answer_is_tried_again_three_hours_later_in_another_part_of_the_day() {
    assert_eq!(Story::new().call(2, "12:30", "no_answer").due(), "2, 17:00");
    assert_eq!(Story::new().call(2, "15:30", "no_answer").due(), "2, 18:30");
}

#[test]
fn a_retry_waits_within_a_day_for_the_hour_at_which_they_are_likeliest_to_answer() {
    let from_home = |day, clock| Story::new().call(day, clock, "no_answer").due();
    assert_eq!(from_home(2, "8:30"), "2, 17:00");
    assert_eq!(from_home(1, "18:30"), "2, 12:00");
    let from_an_office = |day, clock| {
        let mut story = Story::new();
        story.facts.line = Line::Business;
        story.call(day, clock, "no_answer").due()
    };
    assert_eq!(from_an_office(2, "8:30"), "2, 14:00");
    assert_eq!(from_an_office(1, "18:30"), "2, 10:00");
}

#[test]
fn no_answer_is_tried_twice_a_day_at_most() {
    let story = Story::new()
        .call(2, "8:30", "no_answer")
        .call(2, "12:10", "no_answer");
    assert_eq!(story.due(), "3, 17:00", "the evening is the part not tried yet");
}

#[test]
fn six_tries_over_three_days_and_three_parts_of_the_day_are_enough() {
    let five = Story::new().calls_when_due(5, "no_answer");
    assert_eq!((five.now().stage, five.now().tries()), (Stage::Tried, 5));
    let six = five.calls_when_due(1, "no_answer");
    let now = six.now();
    assert_eq!(
        (now.stage, now.why, now.tries()),
        (Stage::Email, Why::TriedEnough, 6)
    );
    assert_eq!(now.send.as_deref(), Some(COULD_NOT_REACH));
    assert_eq!(now.phone, None);
    let days = six
        .facts
        .attempts
        .iter()
        .map(|attempt| attempt.at)
        .collect::<Vec<_>>();
    assert!(days[5].seconds_since(days[0]) > 2 * 86_400);
}

#[test]
fn six_tries_in_the_evenings_of_three_days_are_not_enough() {
    let mut story = Story::new();
    for day in 1..=3 {
        story = story
            .call(day, "17:10", "no_answer")
            .call(day, "20:30", "no_answer");
    }
    assert_eq!((story.now().tries(), story.now().stage), (6, Stage::Tried));
    assert_eq!(
        story.due(),
        "5, 8:00",
        "a Sunday, better than the Saturday before"
    );
}

#[test]
fn hours_that_hold_two_parts_of_the_day_ask_for_two() {
    let story = Story::new().calling("09:00-17:00").calls_when_due(6, "no_answer");
    assert_eq!(story.now().why, Why::TriedEnough);
}

#[test]
fn who_was_not_reached_and_then_written_to_is_unreachable() {
    let story = Story::new().calls_when_due(6, "no_answer").emailed(9, "9:00");
    assert_eq!(end(&story), closed(Resolution::Unreachable));
}

#[test]
fn an_apology_sent_before_the_calls_closes_nothing() {
    let story = Story::new().emailed(1, "16:05").calls_when_due(6, "no_answer");
    assert_eq!(story.now().stage, Stage::Email);
}

#[test]
fn who_was_not_reached_and_has_no_address_gets_a_letter() {
    let mut story = Story::new().without_email().calls_when_due(6, "no_answer");
    assert_eq!((story.now().stage, story.now().send), (Stage::Letter, None));
    story.facts.letter_sent_at = Some(on(9, "9:00"));
    assert_eq!(end(&story), closed(Resolution::LetterSent));
}

#[test]
fn busy_is_tried_again_in_twenty_minutes_and_counts_half() {
    let story = Story::new().call(2, "9:00", "busy");
    assert_eq!(
        (story.due(), story.now().half_tries, story.now().tries()),
        ("2, 9:20".into(), 1, 0)
    );
}

#[test]
fn busy_is_tried_three_times_a_day_at_most() {
    let story = Story::new().call(2, "9:00", "busy").call(2, "9:20", "busy");
    assert_eq!(story.due(), "2, 9:40");
    assert_eq!(story.call(2, "9:40", "busy").due(), "3, 8:00");
}

#[test]
fn busy_for_ever_ends_in_writing() {
    let story = Story::new().calls_when_due(24, "busy");
    assert_eq!(story.now().stage, Stage::Email);
}

#[test]
fn after_a_voicemail_a_day_passes_and_an_email_goes_out() {
    let story = Story::new().call(2, "9:00", "voicemail");
    assert_eq!(
        story.due(),
        "3, 17:00",
        "after 24 hours, and not in the morning again"
    );
    assert_eq!(story.now().send.as_deref(), Some(TRIED_TO_CALL));
    assert_eq!(story.now().no_voicemail_until, Some(on(5, "9:00")));
}

#[test]
fn within_three_days_no_second_message_goes_out() {
    let second = Story::new()
        .call(2, "9:00", "voicemail")
        .call(3, "12:00", "voicemail");
    assert_eq!(second.now().send, None);
    assert_eq!(
        second.now().no_voicemail_until,
        Some(on(5, "9:00")),
        "the first message decides"
    );
    let later = second.call(5, "17:00", "voicemail");
    assert_eq!(later.now().send.as_deref(), Some(TRIED_TO_CALL));
}

#[test]
fn all_set_closes_as_resolved_by_call() {
    let story = Story::new().call(1, "18:00", "all_set");
    assert_eq!(end(&story), closed(Resolution::ResolvedByCall));
    assert_eq!(
        (story.now().due_at, story.now().resolved_at),
        (None, Some(on(1, "18:00")))
    );
}

#[test]
fn who_will_pay_is_left_alone_for_48_hours() {
    let story = Story::new().call(1, "18:00", "will_pay");
    assert_eq!(
        (story.now().stage, story.due()),
        (Stage::AwaitingPayment, "3, 18:00".into())
    );
    assert_eq!(end(&story.paid(2, "10:00")), closed(Resolution::Paid));
}

#[test]
fn one_check_call_follows_and_no_hunt() {
    let check = || Story::new().call(1, "18:00", "will_pay");
    for outcome in ["will_pay", "all_set"] {
        let story = check().call(3, "18:00", outcome);
        assert_eq!(end(&story), closed(Resolution::ResolvedByCall), "{outcome}");
    }
    // Nobody who was not reached was "resolved by call": they are written to.
    for outcome in ["no_answer", "voicemail", "someone_else"] {
        let story = check().call(3, "18:00", outcome);
        assert_eq!(story.now().stage, Stage::Email, "{outcome}");
        assert_eq!(story.now().send.as_deref(), Some("could_not_reach"), "{outcome}");
    }
    let busy = check().call(3, "18:00", "busy");
    assert_eq!(
        (busy.now().stage, busy.due()),
        (Stage::AwaitingPayment, "3, 18:20".into())
    );
}

#[test]
fn who_needs_help_is_due_today_with_the_specialists() {
    let story = Story::new().call(1, "18:00", "needs_help");
    assert_eq!(
        (story.now().stage, story.due()),
        (Stage::NeedsHelp, "1, 18:00".into())
    );
    let again = story.call(1, "18:30", "no_answer");
    assert_eq!(
        (again.now().stage, again.due()),
        (Stage::NeedsHelp, "2, 12:00".into())
    );
    let helped = again.call(2, "8:10", "all_set");
    assert_eq!(end(&helped), closed(Resolution::ResolvedByCall));
}

/// What breaks it: the specialist who leaves it to another one, and gets it back as her next call.
#[test]
fn help_that_a_specialist_leaves_to_another_does_not_come_straight_back() {
    let story = Story::new().call(1, "17:00", "needs_help");
    let again = story.call(1, "17:30", "needs_help");
    assert_eq!(
        (again.now().stage, again.due()),
        (Stage::NeedsHelp, "1, 19:30".into())
    );
}

/// What breaks it: a specialist who does not speak their language gets them straight back.
#[test]
fn help_in_another_language_does_not_come_straight_back() {
    let story = Story::new().call(1, "17:00", "needs_help");
    let again = story.call_with(1, "17:30", "other_language", |attempt| {
        attempt.language = Some("es".to_owned())
    });
    assert_eq!(
        (again.now().stage, again.due()),
        (Stage::NeedsHelp, "1, 19:30".into())
    );
}

/// What breaks it: an outcome that was changed to *do not call* counts at its own time, as the housemate's does that stays: they
/// were to be written to, and nothing was written.
#[test]
fn whose_number_is_stopped_at_the_instant_of_their_own_try_is_written_to() {
    let story = Story::new()
        .call(1, "17:00", "no_answer")
        .suppressed(1, "17:00", Scope::Calls);
    assert_eq!(story.now().send.as_deref(), Some("could_not_reach"));
    assert!(story.now().stage.is_written());
}

#[test]
fn help_comes_at_the_time_that_suits() {
    let story = Story::new().call_with(1, "18:00", "needs_help", |attempt| {
        attempt.callback_at = Some(on(2, "17:30"))
    });
    assert_eq!(story.due(), "2, 17:30");
}

#[test]
fn a_callback_is_due_at_its_time_and_belongs_to_who_promised() {
    let story = Story::new().promise(1, "18:00", (2, "9:00"), Some(7));
    let promise = story.now().callback.unwrap();
    assert_eq!(
        (story.now().stage, story.due(), promise.owner),
        (Stage::Callback, "2, 9:00".into(), Some(7))
    );
}

#[test]
fn an_unanswered_callback_was_kept_and_becomes_a_retry() {
    let story = Story::new()
        .promise(1, "18:00", (2, "9:00"), None)
        .call(2, "8:50", "no_answer");
    assert_eq!(
        (story.now().stage, story.now().callback, story.due()),
        (Stage::Tried, None, "2, 17:00".into())
    );
}

#[test]
fn a_stray_call_before_its_time_does_not_lose_a_callback() {
    for outcome in [
        "no_answer",
        "voicemail",
        "busy",
        "someone_else",
        "technical",
        "other_language",
    ] {
        let story = Story::new()
            .promise(1, "18:00", (2, "9:00"), Some(7))
            .call(1, "19:00", outcome);
        assert_eq!(
            (story.now().stage, story.due()),
            (Stage::Callback, "2, 9:00".into()),
            "{outcome}"
        );
    }
}

#[test]
fn a_technical_problem_at_the_promised_time_does_not_keep_the_promise() {
    let story = Story::new()
        .promise(1, "18:00", (2, "9:00"), Some(7))
        .call(2, "9:00", "technical");
    assert_eq!(
        (story.now().stage, story.due()),
        (Stage::Callback, "2, 9:00".into())
    );
}

#[test]
fn someone_else_means_another_try_at_the_time_they_named() {
    assert_eq!(Story::new().call(2, "9:00", "someone_else").due(), "2, 17:00");
    let named = Story::new().call_with(2, "9:00", "someone_else", |attempt| {
        attempt.callback_at = Some(on(2, "18:00"))
    });
    assert_eq!(
        (named.now().stage, named.due()),
        (Stage::Tried, "2, 18:00".into())
    );
}

#[test]
fn another_language_moves_the_case_and_is_not_a_try() {
    let story = Story::new().call_with(1, "18:00", "other_language", |attempt| {
        attempt.language = Some("es".to_owned())
    });
    let now = story.now();
    assert_eq!(
        (now.stage, now.language.as_deref(), now.half_tries),
        (Stage::Tried, Some("es"), 0)
    );
    assert_eq!(story.due(), "1, 18:00");
}

#[test]
fn who_refuses_is_declined() {
    assert_eq!(
        end(&Story::new().call(1, "18:00", "refused")),
        closed(Resolution::Declined)
    );
}

#[test]
fn a_wrong_number_leads_to_the_next_number_then_email() {
    for outcome in ["wrong_number", "disconnected"] {
        let first = Story::new()
            .phones(&[PHONE, OTHER_PHONE])
            .call(1, "18:00", outcome);
        assert_eq!(
            (first.now().stage, first.now().why),
            (Stage::Tried, Why::NextNumber)
        );
        assert_eq!(
            (first.now().phone.as_deref(), first.due()),
            (Some(OTHER_PHONE), "1, 18:00".into())
        );
        let second = first.call(1, "18:01", outcome);
        assert_eq!(
            (second.now().stage, second.now().why),
            (Stage::Email, Why::NumbersBad)
        );
        assert_eq!(second.now().send.as_deref(), Some(COULD_NOT_REACH));
        assert_eq!(second.now().bad_phones, [PHONE, OTHER_PHONE]);
    }
}

#[test]
fn a_wrong_number_without_anything_else_leads_to_a_letter() {
    let story = Story::new().without_email().call(1, "18:00", "wrong_number");
    assert_eq!(story.now().stage, Stage::Letter);
}

#[test]
fn a_number_that_was_wrong_stays_wrong_when_later_calls_fail() {
    let story = Story::new()
        .phones(&[PHONE, OTHER_PHONE])
        .call(1, "18:00", "wrong_number")
        .call(1, "18:05", "no_answer");
    assert_eq!(story.now().phone.as_deref(), Some(OTHER_PHONE));
}

#[test]
fn do_not_call_ends_calls_and_leaves_email_open() {
    let story = Story::new().call(1, "18:00", "do_not_call");
    assert_eq!(end(&story), closed(Resolution::DoNotContact));
    assert_eq!(
        (story.now().suppress, story.now().may_email),
        (Some(Scope::Calls), true)
    );
}

#[test]
fn no_contact_at_all_ends_email_too() {
    let story = Story::new().call_with(1, "18:00", "do_not_call", |attempt| {
        attempt.scope = Some(Scope::All)
    });
    assert_eq!(
        (story.now().suppress, story.now().may_email),
        (Some(Scope::All), false)
    );
}

#[test]
fn who_has_died_is_for_a_supervisor_and_nothing_goes_out() {
    let mut story = Story::new().call(1, "18:00", "deceased");
    let now = story.now();
    assert_eq!(
        (now.stage, now.may_email, now.send),
        (Stage::NeedsSupervisor, false, None)
    );
    let verdict = Verdict::Close(Resolution::DoNotContact);
    story.facts.decisions.push(Decision {
        at: on(2, "9:00"),
        verdict,
        phone: None,
    });
    assert_eq!(end(&story), closed(Resolution::DoNotContact));
}

/// What breaks it: a number that a later file brings and nobody has decided about, not dialled.
#[test]
fn who_is_parted_from_a_number_is_called_at_the_next_or_written_to_and_stays_closed_when_closed() {
    let parted = |phones: &[&str], story: Story| {
        let mut story = story;
        story.facts.phones = phones.iter().map(|phone| (*phone).to_owned()).collect();
        story.facts.decisions.push(Decision {
            at: on(2, "9:00"),
            verdict: Verdict::NotTheirNumber,
            phone: Some("+13035550100".to_owned()),
        });
        let now = story.now();
        (now.stage, now.phone, now.half_tries)
    };
    let next = Some("+13035550199".to_owned());
    let both = ["+13035550100", "+13035550199"];
    assert_eq!(parted(&both, Story::new()), (Stage::New, next.clone(), 0));
    assert_eq!(parted(&["+13035550100"], Story::new()), (Stage::Email, None, 0));
    assert_eq!(
        parted(&["+13035550199", "+13035550100"], Story::new()),
        (Stage::New, next, 0)
    );
    let done = Story::new().call(1, "18:00", "all_set");
    assert_eq!(parted(&both, done).0, Stage::Closed);
}

#[test]
fn our_technical_problem_is_not_a_try() {
    let story = Story::new().call(1, "18:00", "technical");
    assert_eq!(
        (story.now().stage, story.now().half_tries, story.due()),
        (Stage::New, 0, "1, 16:00".into())
    );
}

#[test]
fn an_outcome_nobody_knows_goes_to_a_supervisor() {
    assert_eq!(
        Story::new().call(1, "18:00", "abducted").now().why,
        Why::UnknownOutcome
    );
}
