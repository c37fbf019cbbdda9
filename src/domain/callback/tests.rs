use super::*;
use crate::domain::calling_hours::Window;
use crate::domain::story::{denver, on};
use jiff::civil::date;

fn hours() -> CallingHours {
    CallingHours::new(Window::DEFAULT, denver())
}

fn asked(day: i8, clock: &str) -> Result<(), String> {
    let told = check(on(day, clock), on(1, "19:44"), &denver().into(), &hours());
    told.map_err(|problem| problem.to_string().replace('\u{a0}', " "))
}

#[test]
fn a_time_ahead_inside_calling_hours_can_be_promised() {
    assert_eq!(asked(1, "20:59"), Ok(()));
    assert_eq!(asked(2, "8:00"), Ok(()));
}

#[test]
fn what_cannot_be_promised_is_told_in_the_citizens_time() {
    assert_eq!(
        asked(1, "18:00").unwrap_err(),
        "6:00 p.m. has passed; it is 7:44 p.m. there now"
    );
    assert_eq!(
        asked(2, "7:30").unwrap_err(),
        "Thursday, April 16, at 7:30 a.m. is outside calling hours there (8:00 a.m. to 9:00 p.m.); \
         the next time is Thursday, April 16, at 8:00 a.m."
    );
    let far = check(
        on(1, "12:00").plus_hours(24 * 100),
        on(1, "12:00"),
        &denver().into(),
        &hours(),
    );
    assert!(matches!(far, Err(BadCallback::TooFar { .. })));
}

#[test]
fn the_hours_told_to_an_unknown_place_are_business_hours() {
    let problem = check(on(2, "18:00"), on(1, "12:00"), &Zones::unknown(), &hours()).unwrap_err();
    assert!(
        problem.to_string().contains("9:00 a.m. to 5:00 p.m."),
        "{problem}"
    );
}

#[test]
fn the_quick_picks_are_times_of_the_citizens_clock() {
    let new_york: Zones = "America/New_York".parse().unwrap();
    let clock = |(pick, at): (QuickPick, Timestamp)| (pick.as_str(), hours().home(&new_york).clock(at));
    let picks: Vec<_> = quick_picks(on(1, "14:00"), &new_york, &hours())
        .into_iter()
        .map(clock)
        .collect();
    let times = [
        ("1h", "5:00 p.m."),
        ("t9", "9:00 a.m."),
        ("t12", "12:30 p.m."),
        ("t17", "5:30 p.m."),
    ];
    assert_eq!(picks, times.map(|(pick, time)| (pick, time.to_owned())));
}

#[test]
fn an_hour_from_now_is_not_offered_when_calling_ends_before() {
    let picks = quick_picks(on(1, "20:30"), &denver().into(), &hours());
    assert_eq!(picks.first().unwrap().0, QuickPick::TomorrowMorning);
}

#[test]
fn a_time_the_clocks_skip_is_told_and_of_a_doubled_one_the_first_is_meant() {
    let always = CallingHours::new(Window::ALWAYS, denver());
    let zones = denver().into();
    let spring = denver().at(date(2026, 3, 7).at(12, 0, 0, 0)).instant();
    let skipped = at_local(date(2026, 3, 8).at(2, 30, 0, 0), spring, &zones, &always).unwrap_err();
    assert_eq!(
        skipped.to_string().replace('\u{a0}', " "),
        "2:30 a.m. does not exist there: the clocks go forward; the next time is Sunday, March 8, at 3:30 a.m."
    );
    let autumn = denver().at(date(2026, 10, 31).at(12, 0, 0, 0)).instant();
    let first = at_local(date(2026, 11, 1).at(1, 30, 0, 0), autumn, &zones, &always).unwrap();
    assert_eq!(first.seconds_since(autumn), (13 * 60 + 30) * 60);
}

#[test]
fn a_personal_promise_falls_to_the_team_after_a_quarter_of_an_hour() {
    let promise = Promise {
        due_at: on(1, "18:00"),
        owner: Some(7),
        made_at: on(1, "16:00"),
    };
    assert_eq!(promise.owner_at(on(1, "18:14")), Some(7));
    assert_eq!(promise.owner_at(on(1, "18:15")), None);
}

#[test]
fn a_promise_is_kept_late_or_broken() {
    let due = on(1, "18:00");
    assert_eq!(standing(due, None, on(1, "18:10")), Kept::Open);
    assert_eq!(standing(due, Some(on(1, "18:15")), on(2, "9:00")), Kept::OnTime);
    assert_eq!(standing(due, Some(on(1, "18:16")), on(2, "9:00")), Kept::Late);
    assert_eq!(standing(due, None, on(1, "18:16")), Kept::Broken);
    assert!(keeps(due, on(1, "17:45")) && !keeps(due, on(1, "17:44")));
}

#[test]
fn promised_calls_begin_early_when_they_are_more_than_the_callers_can_keep() {
    let now = on(1, "17:00");
    assert_eq!(offered_until(now, 16, 8), now);
    assert_eq!(offered_until(now, 17, 8), on(1, "17:15"));
}
