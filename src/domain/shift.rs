//! Shifts and breaks: no call is offered that would run past a shift's end or into a break.

use super::text_enum::text_enum;
use super::timestamp::Timestamp;

text_enum! {
    /// What a span of a caller's time is.
    pub enum Span {
        /// At work, until its end.
        Shift = "shift",
        /// Away, until its end.
        Break = "break",
    }
}

/// A shift that ended so long ago says nothing any more: whoever comes again has begun another.
const FORGOTTEN_HOURS: i64 = 6;

/// What is known of a caller's evening; nothing entered limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Shift {
    /// When the shift ends.
    pub ends_at: Option<Timestamp>,
    /// Breaks: from and until.
    pub breaks: Vec<(Timestamp, Timestamp)>,
}

/// Why no call is offered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Rest {
    /// The shift is over.
    ShiftOver {
        /// Since when.
        since: Timestamp,
    },
    /// A call would run past the shift's end.
    ShiftEnds {
        /// When it ends.
        at: Timestamp,
    },
    /// On a break.
    OnBreak {
        /// Until when.
        until: Timestamp,
    },
    /// A call would run into a break.
    BreakComes {
        /// When it begins.
        at: Timestamp,
    },
}

impl Shift {
    /// When the shift ends or ended, unless that is long past.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        self.ends_at.filter(|end| now < end.plus_hours(FORGOTTEN_HOURS))
    }

    /// Whether the caller has gone: what she promised is kept by others then.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.end(now).is_some_and(|end| end <= now)
    }

    /// Since when the caller is on a break, if she is.
    pub fn on_break_since(&self, now: Timestamp) -> Option<Timestamp> {
        let on = self
            .breaks
            .iter()
            .find(|(from, until)| *from <= now && now < *until);
        on.map(|(from, _)| *from)
    }

    /// Why no call of so many seconds fits now; none: one does.
    pub fn rest(&self, now: Timestamp, call_seconds: i64) -> Option<Rest> {
        let done = now.plus_seconds(call_seconds);
        if let Some(end) = self.end(now) {
            if end <= now {
                return Some(Rest::ShiftOver { since: end });
            }
            if end < done {
                return Some(Rest::ShiftEnds { at: end });
            }
        }
        let on = self
            .breaks
            .iter()
            .find(|(from, until)| *from <= now && now < *until);
        if let Some((_, until)) = on {
            return Some(Rest::OnBreak { until: *until });
        }
        let next = self
            .breaks
            .iter()
            .map(|(from, _)| *from)
            .filter(|from| *from > now)
            .min();
        next.filter(|from| *from < done).map(|at| Rest::BreakComes { at })
    }

    /// Tenths of an hour from now to the shift's end, without the breaks; none: no end is known.
    pub fn tenths_left(&self, now: Timestamp) -> Option<u32> {
        let end = self.end(now)?;
        let away: i64 = self
            .breaks
            .iter()
            .map(|(from, until)| (*until).min(end).seconds_since((*from).max(now)).max(0))
            .sum();
        u32::try_from((end.seconds_since(now) - away).max(0) / 360).ok()
    }
}

/// How long a call takes, in seconds, where fewer than [`ENOUGH`] calls were measured.
pub const ASSUMED_SECONDS: i64 = 240;
/// So many measured calls are believed.
pub const ENOUGH: i64 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_minutes(minute)
    }

    fn evening() -> Shift {
        Shift {
            ends_at: Some(at(120)),
            breaks: vec![(at(60), at(75))],
        }
    }

    #[test]
    fn no_call_runs_past_the_end_of_a_shift_or_into_a_break() {
        let shift = evening();
        assert_eq!(shift.rest(at(10), 240), None);
        assert_eq!(shift.rest(at(57), 240), Some(Rest::BreakComes { at: at(60) }));
        assert_eq!(shift.rest(at(60), 240), Some(Rest::OnBreak { until: at(75) }));
        assert_eq!(shift.rest(at(75), 240), None);
        assert_eq!(shift.rest(at(116), 240), None, "it just fits");
        assert_eq!(shift.rest(at(117), 240), Some(Rest::ShiftEnds { at: at(120) }));
        assert_eq!(shift.rest(at(120), 240), Some(Rest::ShiftOver { since: at(120) }));
    }

    #[test]
    fn yesterdays_shift_is_forgotten() {
        assert!(evening().is_over(at(120 + 6 * 60 - 1)));
        assert_eq!(evening().rest(at(120 + 6 * 60), 240), None);
        assert_eq!(Shift::default().rest(at(0), 240), None);
    }

    #[test]
    fn what_is_left_of_a_shift_is_without_its_break() {
        assert_eq!(evening().tenths_left(at(0)), Some(17));
        assert_eq!(evening().tenths_left(at(90)), Some(5));
        assert_eq!(Shift::default().tenths_left(at(0)), None);
    }
}
