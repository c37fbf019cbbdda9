use super::*;
use crate::domain::seeded::seeded;

fn changed(key: &str, change: impl FnOnce(&mut Outcome)) -> Result<(), BadOutcomes> {
    let mut outcomes = seeded();
    change(outcomes.iter_mut().find(|outcome| outcome.key == key).unwrap());
    check(&outcomes)
}

fn words(key: &str) -> String {
    seeded()
        .into_iter()
        .find(|outcome| outcome.key == key)
        .unwrap()
        .rule
        .words()
}

#[test]
fn a_rule_reads_as_a_sentence() {
    assert_eq!(
        words("no_answer"),
        "Calls again after 3 hours, in another part of the day, at most 2 a day; after 6 tries over 3 days and \
         3 parts of the day an email, else a letter."
    );
    assert_eq!(
        words("will_pay"),
        "Waits 2 days for the payment, then one check call."
    );
    assert!(words("busy").starts_with("Calls again after 20 minutes, at most 3 a day, counting half a try;"));
    assert!(words("voicemail").ends_with("No second message within 3 days."));
}

#[test]
fn the_seeded_set_can_be_used() {
    assert_eq!(check(&seeded()), Ok(()));
}

#[test]
fn a_key_on_the_desk_does_one_thing() {
    let same = changed("busy", |busy| busy.hotkey = Some('1')).unwrap_err();
    assert_eq!(
        same.to_string(),
        "No answer and Busy both have the key 1 on the desk"
    );
    assert!(matches!(
        changed("busy", |busy| busy.hotkey = Some('u')),
        Err(BadOutcomes::TakenHotkey { .. })
    ));
    assert_eq!(changed("no_answer", |outcome| outcome.retired = true), Ok(()));
}

#[test]
fn outcomes_are_told_apart_and_have_words() {
    assert_eq!(
        changed("busy", |busy| busy.key = "voicemail".into()),
        Err(BadOutcomes::SameKey("voicemail".into()))
    );
    assert_eq!(
        changed("busy", |busy| busy.key = "Bu sy".into()),
        Err(BadOutcomes::BadKey("Bu sy".into()))
    );
    assert_eq!(
        changed("busy", |busy| busy.label = " ".into()),
        Err(BadOutcomes::NoLabel("busy".into()))
    );
}

#[test]
fn a_retry_has_to_end() {
    for change in [
        (|retry| retry.halves = 0) as fn(&mut Retry),
        |retry| retry.after_minutes = 0,
        |retry| retry.per_day = Some(0),
        |retry| retry.give_up = None,
    ] {
        let problem = changed("busy", |busy| match &mut busy.rule {
            Rule::Retry(retry) => change(retry),
            _ => panic!("not a retry"),
        });
        assert_eq!(problem, Err(BadOutcomes::EndlessRetry("Busy".into())));
    }
}
