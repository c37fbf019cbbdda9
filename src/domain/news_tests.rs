//! What happens to a case besides our calls: answers, payments, suppressions, late calls.

use super::facts::Choice;
use super::outcome::Scope;
use super::progress::Why;
use super::stage::{Resolution, Stage};
use super::story::{PHONE, Story, closed, end, on};

#[test]
fn the_citizen_answers_by_link() {
    let answers = |choice| {
        Story::new()
            .call(1, "17:00", "no_answer")
            .answers(1, "18:00", choice)
    };
    assert_eq!(
        end(&answers(Choice::HavePaid)),
        closed(Resolution::ResolvedByCitizen)
    );
    assert_eq!(answers(Choice::NeedHelp).now().stage, Stage::NeedsHelp);
    assert_eq!(
        end(&answers(Choice::DontContact)),
        closed(Resolution::DoNotContact)
    );
    let call_me = answers(Choice::CallMe(on(2, "12:30")));
    assert_eq!(
        (call_me.now().stage, call_me.due()),
        (Stage::Callback, "2, 12:30".into())
    );
    assert_eq!(
        answers(Choice::WrongPerson).now().stage,
        Stage::Tried,
        "the number may still be right"
    );
}

#[test]
fn an_email_that_reached_the_wrong_person_is_followed_by_a_letter() {
    let story = Story::new()
        .call(1, "17:00", "wrong_number")
        .emailed(1, "17:01")
        .answers(2, "9:00", Choice::WrongPerson);
    assert_eq!(story.now().stage, Stage::Letter);
}

#[test]
fn a_payment_closes_even_a_promise_but_not_what_was_settled_before() {
    let promised = Story::new()
        .promise(1, "18:00", (2, "9:00"), Some(7))
        .paid(1, "20:00");
    assert_eq!(
        (end(&promised), promised.now().callback),
        (closed(Resolution::Paid), None)
    );
    let settled = Story::new().call(1, "18:00", "all_set").paid(1, "20:00");
    assert_eq!(end(&settled), closed(Resolution::ResolvedByCall));
    let refused = Story::new().call(1, "18:00", "refused").paid(1, "20:00");
    assert_eq!(end(&refused), closed(Resolution::Paid));
    assert_eq!(refused.now().resolved_at, Some(on(1, "18:00")));
}

#[test]
fn a_late_no_answer_does_not_reopen_what_a_colleague_closed() {
    let story = Story::new()
        .call(1, "18:00", "all_set")
        .call(1, "18:05", "no_answer");
    assert_eq!(
        (end(&story), story.now().tries()),
        (closed(Resolution::ResolvedByCall), 1)
    );
}

#[test]
fn a_citizen_who_rings_back_after_closing_can_open_the_case_again() {
    let story = Story::new()
        .call(1, "18:00", "refused")
        .call_with(2, "9:00", "needs_help", |attempt| {
            (attempt.inbound, attempt.phone) = (true, None)
        });
    assert_eq!(end(&story), (Stage::NeedsHelp, None));
}

#[test]
fn who_must_not_be_called_is_written_to() {
    let story = Story::new().suppressed(1, "15:00", Scope::Calls);
    assert_eq!(
        (story.now().stage, story.now().why),
        (Stage::Email, Why::CallsSuppressed)
    );
    assert_eq!(
        end(&Story::new().suppressed(1, "15:00", Scope::All)),
        closed(Resolution::DoNotContact)
    );
}

#[test]
fn who_was_promised_help_is_not_let_go_of_when_their_number_is_stopped() {
    let story = Story::new()
        .call(1, "18:00", "needs_help")
        .suppressed(1, "18:05", Scope::Calls);
    assert_eq!(
        (story.now().stage, story.now().why),
        (Stage::NeedsSupervisor, Why::CallsSuppressed)
    );
}

#[test]
fn a_callback_asked_for_after_do_not_call_is_still_kept() {
    let story = Story::new()
        .call(1, "18:00", "do_not_call")
        .promise(2, "9:00", (2, "17:30"), None);
    assert_eq!(
        (story.now().stage, story.now().phone.as_deref()),
        (Stage::Callback, Some(PHONE))
    );
    assert_eq!(
        story.call(2, "17:30", "no_answer").now().stage,
        Stage::Email,
        "but then no calls follow"
    );
}

#[test]
fn a_promise_without_a_number_is_for_a_supervisor() {
    let story = Story::new().phones(&[]).promise(1, "18:00", (2, "9:00"), None);
    assert_eq!(
        (story.now().stage, story.now().why),
        (Stage::NeedsSupervisor, Why::NoPhone)
    );
    assert!(story.now().callback.is_some());
}

#[test]
fn who_has_no_number_is_written_to_by_the_campaign() {
    let story = Story::new().phones(&[]);
    assert_eq!(
        (story.now().stage, story.now().send.clone()),
        (Stage::Email, None)
    );
    assert_eq!(end(&story.emailed(1, "17:00")), closed(Resolution::Unreachable));
}

#[test]
fn who_wants_no_contact_gets_no_letter_after_a_callback_they_asked_for() {
    let story = Story::new()
        .call_with(1, "18:00", "do_not_call", |attempt| {
            attempt.scope = Some(Scope::All)
        })
        .promise(2, "9:00", (2, "17:30"), None)
        .call(2, "17:30", "no_answer");
    assert_eq!(end(&story), closed(Resolution::DoNotContact));
}
