//! What a household waits for: the most pressing of its cases speaks for all.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::calling_hours::CallingHours;
use super::ids::{HouseholdId, UserId};
use super::progress::{Progress, Why};
use super::stage::Stage;
use super::text_enum::text_enum;
use super::timestamp::Timestamp;
use super::zone::Zones;

/// A household in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueEntry {
    /// The stage of the case that decides; closed when all are.
    pub stage: Stage,
    /// From when it may be called, or handled; none when closed.
    pub due_at: Option<Timestamp>,
    /// The number to call next.
    pub phone: Option<String>,
    /// Whom a callback was promised by.
    pub owner: Option<UserId>,
    /// The language asked for.
    pub language: Option<String>,
}

/// What the household of these cases waits for at `now`: calls come before writing and before the supervisor, a promise
/// whose time is near before calls that may wait, and of several alike the one that is due first.
pub fn household<'a>(cases: impl IntoIterator<Item = &'a Progress>, now: Timestamp) -> QueueEntry {
    let first = cases
        .into_iter()
        .min_by_key(|case| urgency(case.stage, case.due_at, now));
    let Some(case) = first else {
        return QueueEntry {
            stage: Stage::Closed,
            due_at: None,
            phone: None,
            owner: None,
            language: None,
        };
    };
    QueueEntry {
        stage: case.stage,
        due_at: case.due_at,
        phone: case.phone.clone(),
        owner: case.callback.and_then(|promise| promise.owner),
        language: case.language.clone(),
    }
}

/// Between two calls to one phone at least so many minutes pass.
pub const PHONE_GAP_MINUTES: i64 = 120;

/// From when a case may be called whose phone rang last at `rang`: the outcome of the case's own last call says
/// when it may ring again for it, and a promise, a wish and a plea for help do not wait; any other call does,
/// such as one to the next member of a household, or to somebody of a later file who lives there.
pub fn apart(case: &Progress, own_call: Option<Timestamp>, rang: Timestamp) -> Option<Timestamp> {
    let may_wait = matches!(
        case.why,
        Why::FirstCall | Why::NotReachedYet | Why::CheckPayment | Why::NextNumber
    );
    let timed_by_its_call = own_call.is_some_and(|own| own >= rang);
    let earliest = rang.plus_minutes(PHONE_GAP_MINUTES);
    case.due_at.map(|due| {
        if may_wait && !timed_by_its_call {
            due.max(earliest)
        } else {
            due
        }
    })
}

/// So many hours before a promised call its number is not called for the others there: the one call is for all of them.
/// A promise that is farther away does not keep them waiting.
pub const CALLBACK_HOURS: i64 = 24;

/// How urgent a case is beside the others of its household at `now`: the smallest speaks for all.
pub fn urgency(stage: Stage, due_at: Option<Timestamp>, now: Timestamp) -> (u8, Option<Timestamp>) {
    let within = |time: Timestamp| due_at.is_some_and(|due| due <= time);
    let rank = match stage {
        Stage::Callback if within(now.plus_minutes(PHONE_GAP_MINUTES)) => 0,
        Stage::Callback if within(now.plus_hours(CALLBACK_HOURS)) => 1,
        Stage::NeedsHelp => 1,
        Stage::NeedsSupervisor => 3,
        Stage::Email => 4,
        Stage::Letter => 5,
        Stage::Closed => 6,
        _ => 2,
    };
    (rank, due_at)
}

/// Whose turn it is within a group of the queue, the first being the least: who was skipped less often,
/// then who has more points, then the older household. The database picks and the simulation plays by
/// this one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    skips: i32,
    points: Reverse<i64>,
    /// Whose.
    pub household: HouseholdId,
}

impl Turn {
    /// The turn of a household with its stored skips and score; `hour` are the points of the present hour.
    pub const fn new(household: HouseholdId, skips: i32, score: i64, hour: i64) -> Self {
        Self {
            skips,
            points: Reverse(score.saturating_add(hour)),
            household,
        }
    }

    /// The same with the points of an hour added.
    pub const fn with_hour(self, hour: i64) -> Self {
        let Reverse(score) = self.points;
        Self::new(self.household, self.skips, score, hour)
    }
}

/// So many households are looked at for the one that the present hour suits best: as many as one reading
/// of the database brings.
pub const LOOK_AHEAD: usize = 128;

/// In the order in which they are called now. `stored` stand in the order of their stored scores; the first
/// of them are sorted by their scores with the points that the hour gives to their kind of place and number.
/// Answers the turns as they are stored.
pub fn at_this_hour<K: Ord>(
    stored: impl IntoIterator<Item = (Turn, K)>,
    points: impl Fn(&K) -> i64,
) -> Vec<Turn> {
    let mut known: BTreeMap<K, i64> = BTreeMap::new();
    let mut stored = stored.into_iter();
    let mut turns: Vec<(Turn, Turn)> = Vec::with_capacity(LOOK_AHEAD);
    for (turn, kind) in stored.by_ref().take(LOOK_AHEAD) {
        let hour = known.get(&kind).copied().unwrap_or_else(|| points(&kind));
        known.insert(kind, hour);
        turns.push((turn.with_hour(hour), turn));
    }
    turns.sort_unstable();
    let first = turns.into_iter().map(|(_, stored)| stored);
    first.chain(stored.map(|(turn, _)| turn)).collect()
}

text_enum! {
    /// Why a household is not offered to a caller now.
    pub enum Waiting {
        /// Its next try is later.
        RetryLater = "retry_later",
        /// It may not be called at this hour.
        OutsideHours = "outside_hours",
        /// A colleague has it.
        ClaimedByOthers = "claimed_by_others",
        /// A callback is promised for later, or to a colleague.
        CallbackLater = "callback_later",
        /// They will pay; the check call is later.
        AwaitingPayment = "awaiting_payment",
        /// It is on another caller's, another language's or the specialists' list.
        OtherList = "other_list",
        /// A supervisor has to decide.
        NeedsSupervisor = "needs_supervisor",
        /// There is no number to call.
        NoPhone = "no_phone",
    }
}

/// How the household stands towards the caller who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// A colleague has a live claim on it.
    pub claimed_by_other: bool,
    /// It is on a list this caller does not work.
    pub on_other_list: bool,
    /// The caller.
    pub caller: UserId,
}

/// Why the household cannot be called by this caller now; none if it can (or is closed).
pub fn waiting(
    entry: &QueueEntry,
    reach: Reach,
    now: Timestamp,
    zones: &Zones,
    hours: &CallingHours,
) -> Option<Waiting> {
    let later = entry.due_at.is_some_and(|due| due > now);
    let closed = !hours.open_at(now, zones);
    match entry.stage {
        Stage::Closed => None,
        Stage::NeedsSupervisor => Some(Waiting::NeedsSupervisor),
        Stage::Email | Stage::Letter => Some(Waiting::NoPhone),
        _ if reach.claimed_by_other => Some(Waiting::ClaimedByOthers),
        Stage::Callback if later || belongs_to_other(entry, reach.caller, now) => {
            Some(Waiting::CallbackLater)
        }
        Stage::AwaitingPayment if later => Some(Waiting::AwaitingPayment),
        Stage::Tried | Stage::NeedsHelp if later => Some(Waiting::RetryLater),
        Stage::New if later && !closed => Some(Waiting::RetryLater),
        _ if closed || later => Some(Waiting::OutsideHours),
        _ if reach.on_other_list => Some(Waiting::OtherList),
        _ => None,
    }
}

fn belongs_to_other(entry: &QueueEntry, caller: UserId, now: Timestamp) -> bool {
    let falls_to_team = entry
        .due_at
        .map(|due| due.plus_minutes(super::callback::PERSONAL_MINUTES));
    entry.owner.is_some_and(|owner| owner != caller) && falls_to_team.is_some_and(|team| now < team)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::story::{OTHER_PHONE, PHONE, Story, denver, on};

    fn waits(story: &Story, day: i8, clock: &str, reach: Reach) -> Option<Waiting> {
        waiting(
            &household([&story.now()], on(day, clock)),
            reach,
            on(day, clock),
            &denver().into(),
            &story.hours,
        )
    }

    fn me() -> Reach {
        Reach {
            caller: 7,
            ..Reach::default()
        }
    }

    #[test]
    fn the_call_that_is_due_first_speaks_for_the_household() {
        let tried = Story::new().call(1, "17:00", "no_answer").now();
        let promised = Story::new().promise(1, "17:00", (1, "19:00"), Some(7)).now();
        let done = Story::new().call(1, "17:00", "all_set").now();
        let entry = household([&tried, &done, &promised], on(1, "17:00"));
        assert_eq!(
            (entry.stage, entry.due_at, entry.owner),
            (Stage::Callback, Some(on(1, "19:00")), Some(7))
        );
    }

    #[test]
    fn a_promise_for_today_keeps_the_number_quiet_for_who_can_wait_and_one_for_next_week_does_not() {
        let stage =
            |case: &Progress, day, clock| household([case, &Story::new().now()], on(day, clock)).stage;
        let tonight = Story::new().promise(1, "16:30", (1, "20:30"), None).now();
        assert_eq!(stage(&tonight, 1, "16:31"), Stage::Callback);
        let later = Story::new().promise(1, "16:30", (4, "18:00"), None).now();
        assert_eq!(stage(&later, 1, "16:31"), Stage::New);
        assert_eq!(stage(&later, 3, "18:00"), Stage::Callback);
    }

    #[test]
    fn who_was_promised_a_specialist_waits_for_a_callback_only_when_it_is_near() {
        let help = Story::new().call(1, "16:30", "needs_help").now();
        let promised = Story::new().promise(1, "16:30", (1, "20:30"), None).now();
        let stage = |clock| household([&help, &promised], on(1, clock)).stage;
        assert_eq!(stage("16:31"), Stage::NeedsHelp);
        assert_eq!(stage("18:30"), Stage::Callback);
    }

    #[test]
    fn a_household_is_done_when_all_its_cases_are() {
        let done = Story::new().call(1, "17:00", "all_set").now();
        let letter = Story::new()
            .without_email()
            .call(1, "17:00", "wrong_number")
            .now();
        assert_eq!(household([&done, &letter], on(1, "17:00")).stage, Stage::Letter);
        assert_eq!(household([&done], on(1, "17:00")).stage, Stage::Closed);
        assert_eq!(household([], on(1, "17:00")).stage, Stage::Closed);
    }

    #[test]
    fn the_next_number_of_a_person_is_the_one_to_call() {
        let story = Story::new()
            .phones(&[PHONE, OTHER_PHONE])
            .call(1, "17:00", "disconnected");
        assert_eq!(
            household([&story.now()], on(1, "17:00")).phone.as_deref(),
            Some(OTHER_PHONE)
        );
    }

    #[test]
    fn a_new_household_can_be_called_inside_calling_hours() {
        assert_eq!(waits(&Story::new(), 1, "16:30", me()), None);
        assert_eq!(
            waits(&Story::new(), 1, "21:30", me()),
            Some(Waiting::OutsideHours)
        );
    }

    #[test]
    fn every_reason_to_wait_has_its_word() {
        let retry = Story::new().call(1, "17:00", "no_answer");
        assert_eq!(waits(&retry, 1, "17:10", me()), Some(Waiting::RetryLater));
        let will_pay = Story::new().call(1, "17:00", "will_pay");
        assert_eq!(waits(&will_pay, 1, "17:10", me()), Some(Waiting::AwaitingPayment));
        let gone = Story::new().call(1, "17:00", "deceased");
        assert_eq!(waits(&gone, 1, "17:10", me()), Some(Waiting::NeedsSupervisor));
        let dead = Story::new().call(1, "17:00", "disconnected");
        assert_eq!(waits(&dead, 1, "17:10", me()), Some(Waiting::NoPhone));
        let taken = Reach {
            claimed_by_other: true,
            ..me()
        };
        assert_eq!(
            waits(&Story::new(), 1, "17:10", taken),
            Some(Waiting::ClaimedByOthers)
        );
        let elsewhere = Reach {
            on_other_list: true,
            ..me()
        };
        assert_eq!(
            waits(&Story::new(), 1, "17:10", elsewhere),
            Some(Waiting::OtherList)
        );
    }

    #[test]
    fn a_colleagues_callback_is_theirs_until_it_is_a_quarter_of_an_hour_late() {
        let story = Story::new().promise(1, "17:00", (1, "18:00"), Some(8));
        assert_eq!(waits(&story, 1, "18:14", me()), Some(Waiting::CallbackLater));
        assert_eq!(waits(&story, 1, "18:15", me()), None);
        let theirs = Reach {
            caller: 8,
            ..Reach::default()
        };
        assert_eq!(waits(&story, 1, "17:59", theirs), Some(Waiting::CallbackLater));
        assert_eq!(waits(&story, 1, "18:00", theirs), None);
    }

    #[test]
    fn a_phone_that_rang_rings_again_two_hours_later_unless_its_outcome_or_a_promise_says_when() {
        let rang = on(1, "17:00");
        let due = |story: &Story, own| apart(&story.now(), own, rang);
        assert_eq!(
            due(&Story::new(), None),
            Some(on(1, "19:00")),
            "another person there"
        );
        let busy = Story::new().call(1, "17:00", "busy");
        assert_eq!(due(&busy, Some(rang)), Some(on(1, "17:20")), "its own outcome");
        assert_eq!(due(&busy, Some(on(1, "16:50"))), Some(on(1, "19:00")));
        let promised = Story::new().promise(1, "16:30", (1, "17:10"), None);
        assert_eq!(due(&promised, Some(on(1, "16:30"))), Some(on(1, "17:10")));
        let help = Story::new().call(1, "16:30", "needs_help");
        assert_eq!(due(&help, Some(on(1, "16:30"))), Some(on(1, "16:30")));
        assert_eq!(due(&Story::new().call(1, "16:30", "all_set"), None), None);
    }

    #[test]
    fn of_two_alike_the_hour_decides_and_of_two_hours_the_more_pressing() {
        let stored = [
            (Turn::new(1, 0, 500, 0), "home"),
            (Turn::new(2, 0, 450, 0), "office"),
        ];
        let first = |points: fn(&&str) -> i64| at_this_hour(stored, points)[0].household;
        assert_eq!(first(|_| 0), 1);
        assert_eq!(first(|kind| if *kind == "office" { 90 } else { -40 }), 2);
        assert_eq!(first(|kind| if *kind == "office" { 9 } else { -4 }), 1);
    }

    #[test]
    fn who_was_skipped_comes_after_everybody_who_was_not() {
        let stored = [(Turn::new(1, 0, 0, 0), ()), (Turn::new(2, 1, 900, 0), ())];
        let turns = at_this_hour(stored, |()| 0);
        let ids: Vec<HouseholdId> = turns.iter().map(|turn| turn.household).collect();
        assert_eq!(ids, [1, 2]);
    }
}
