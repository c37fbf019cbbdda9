//! The call that a citizen has chosen a time for, as a file for their calendar (RFC 5545): nothing that their page does not
//! show. Times stand in UTC, which every calendar shows by its owner's clock.

use crate::domain::ids::CaseId;
use crate::domain::timestamp::Timestamp;
use chrono::{DateTime, Utc};

/// Longest line, in bytes, that a calendar has to read.
const LONGEST_LINE: usize = 75;
/// We call within so many minutes of the time.
const MINUTES: i64 = 15;

/// A call, as the calendar has it.
pub(super) struct Call<'a> {
    /// When we call.
    pub(super) at: Timestamp,
    /// When the time was chosen.
    pub(super) chosen_at: Timestamp,
    /// What it is called.
    pub(super) title: &'a str,
    /// What else is known of it.
    pub(super) more: &'a str,
    /// The outage's name in addresses.
    pub(super) outage: &'a str,
    /// Whose call it is: two people of a home may choose one time.
    pub(super) case: CaseId,
}

impl Call<'_> {
    /// The file. The same call has the same name in it, so that a calendar that has it already does not show it twice.
    pub(super) fn file(&self) -> String {
        let lines = [
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//Makegood//Citizen//EN".to_owned(),
            "METHOD:PUBLISH".to_owned(),
            "BEGIN:VEVENT".to_owned(),
            format!(
                "UID:call-{}-{}-{}@makegood",
                stamp(self.at),
                self.outage,
                self.case
            ),
            format!("DTSTAMP:{}", stamp(self.chosen_at)),
            format!("DTSTART:{}", stamp(self.at)),
            format!("DTEND:{}", stamp(self.at.plus_minutes(MINUTES))),
            format!("SUMMARY:{}", escaped(self.title)),
            format!("DESCRIPTION:{}", escaped(self.more)),
            "CLASS:PRIVATE".to_owned(),
            "END:VEVENT".to_owned(),
            "END:VCALENDAR".to_owned(),
        ];
        lines.iter().map(|line| folded(line)).collect()
    }
}

/// `20260415T170900Z`
fn stamp(at: Timestamp) -> String {
    let at: DateTime<Utc> = DateTime::from_timestamp_micros(at.micros()).unwrap_or_default();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text in which nothing ends a line or a value.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => safe.extend(['\\', letter]),
            letter if letter.is_control() => safe.push(' '),
            '\u{a0}' => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

/// A line in pieces that are short enough, none of which cuts a letter.
fn folded(line: &str) -> String {
    let (mut folded, mut length) = (String::new(), 0);
    for letter in line.chars() {
        if length + letter.len_utf8() > LONGEST_LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(letter);
        length += letter.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_stands_in_utc_and_no_text_ends_its_line() {
        let call = Call {
            at: Timestamp::from_micros(1_776_186_540_000_000), // 2026-04-14T17:09Z
            chosen_at: Timestamp::from_micros(1_776_100_000_000_000),
            title: "Call from Taxes; Fees, and\r\nEND:VEVENT",
            more: &"á".repeat(100),
            outage: "april-14",
            case: 7,
        };
        let file = call.file();
        assert!(file.contains("DTSTART:20260414T170900Z\r\nDTEND:20260414T172400Z\r\n"));
        assert!(file.contains("SUMMARY:Call from Taxes\\; Fees\\, and  END:VEVENT\r\n"));
        assert_eq!(
            file.matches("END:VEVENT\r\n").count(),
            2,
            "one of them within the summary"
        );
        assert!(file.split("\r\n").all(|line| line.len() <= LONGEST_LINE));
        assert_eq!(file.replace("\r\n ", "").matches('á').count(), 100);
    }
}
