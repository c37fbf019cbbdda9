//! One call: whether somebody answers, what they say, and how long it takes.

use super::luck::Luck;
use super::world::{Number, World};
use crate::domain::callback::quick_picks;
use crate::domain::chance::MATE_IS_IN;
use crate::domain::timestamp::Timestamp;

/// Of those reached for the first time so many ask to be called at another time (an assumption).
const CALLS_BACK: f64 = 0.12;
/// Who was promised a call answers it with this chance (an assumption).
const PROMISED: f64 = 0.85;
/// Of calls that nobody answers: voicemail, no answer, busy.
const SILENCE: [f64; 3] = [0.62, 0.33, 0.05];

/// What a caller hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Voicemail,
    NoAnswer,
    Busy,
    Wrong,
    Disconnected,
    /// Somebody answered; bit n says that person n of the household can be spoken to.
    Answered {
        present: u8,
    },
    /// They ask to be called at that time.
    CallBack {
        at: Timestamp,
    },
}

/// A call to household `home`, its `nth`, begun at `at`. Answers what is heard, and seconds until the
/// caller is free again.
pub(super) fn call(world: &World, home: usize, nth: u32, at: Timestamp, promised: bool) -> (Heard, i64) {
    let mut luck = Luck::of(world.seed, home, 1 + u64::from(nth));
    let Some(household) = world.homes.get(home) else {
        return (Heard::Disconnected, 0);
    };
    let local = world.hours.home(world.zones_of(home)).local(at);
    let chance = if promised && household.number == Number::Theirs {
        PROMISED
    } else {
        household.theta * household.line.index(local)
    };
    let answered = luck.hits(chance);
    let silence = luck.pick(&SILENCE);
    let talk = luck.log_normal(210.0, 0.6);
    let rings = if luck.hits(0.5) { 8.0 } else { 20.0 };
    let heard = match (household.number, answered, silence) {
        (Number::Disconnected, ..) => Heard::Disconnected,
        (Number::Wrong, true, _) => Heard::Wrong,
        (Number::Theirs, true, _) => says(world, home, &mut luck, at, promised),
        (_, false, 0) => Heard::Voicemail,
        (_, false, 1) => Heard::NoAnswer,
        _ => Heard::Busy,
    };
    (heard, seconds(heard, rings, talk).round() as i64)
}

fn says(world: &World, home: usize, luck: &mut Luck, at: Timestamp, promised: bool) -> Heard {
    let people = world.homes.get(home).map_or(1, |home| home.people);
    let asks = luck.hits(CALLS_BACK);
    let when = luck.uniform();
    if asks && !promised {
        // The times that the desk offers, of which the team is in.
        let mut picks = quick_picks(at, world.zones_of(home), &world.hours);
        picks.retain(|(_, at)| world.hours.open_at(*at, &world.agency));
        let place = (when * picks.len() as f64) as usize;
        if let Some((_, at)) = picks.get(place) {
            return Heard::CallBack { at: *at };
        }
    }
    let answers = (luck.uniform() * people as f64) as usize;
    let present = (0..people).filter(|person| luck.hits(MATE_IS_IN) || *person == answers || promised);
    Heard::Answered {
        present: present.fold(0, |all, person| all | 1 << person),
    }
}

/// Reading and dialling, ringing, talking, writing up.
fn seconds(heard: Heard, rings: f64, talk: f64) -> f64 {
    const READ: f64 = 25.0;
    const WRITE: f64 = 37.0;
    READ + match heard {
        Heard::Disconnected => 10.0 + 15.0,
        Heard::Busy => 10.0 + 5.0,
        Heard::NoAnswer => 25.0 + 5.0,
        Heard::Voicemail => 25.0 + 50.0 + 5.0,
        Heard::Wrong => rings + 30.0 + WRITE,
        Heard::CallBack { .. } => rings + 60.0 + WRITE,
        Heard::Answered { .. } => rings + talk + WRITE,
    }
}
