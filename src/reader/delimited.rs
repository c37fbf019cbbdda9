//! The records of a delimited file, one after the other, from a buffer of bounded size.

use std::io::Read;

use super::Error;
use super::below::Below;
use super::dialect::{Dialect, LineEnd};
use super::limits::{CHUNK, RECORD};
use super::split::{Split, split, split_line};
use super::text::Text;
use crate::domain::record::{Flaw, Record};

/// Reads records. Blank ones are passed over.
pub(super) struct Delimited<R> {
    text: Text<R>,
    buffer: String,
    /// Where the next record starts in the buffer, and its line.
    at: usize,
    line: u64,
    dialect: Dialect,
    /// Fields of a record; 0 while it is not known.
    width: usize,
    /// Whether every line ends with a delimiter, which adds no field.
    trailing_delimiter: bool,
    /// Tells when another table begins.
    below: Option<Below>,
}

impl<R: Read> Delimited<R> {
    /// Reads every record from the first line on.
    pub(super) fn new(text: Text<R>, dialect: Dialect) -> Self {
        Self {
            text,
            buffer: String::new(),
            at: 0,
            line: 1,
            dialect,
            width: 0,
            trailing_delimiter: false,
            below: None,
        }
    }

    /// Says how wide a record is, so that a quote that closes many lines below its own is found out.
    pub(super) fn expect(&mut self, width: usize, trailing_delimiter: bool) {
        self.width = width;
        self.trailing_delimiter = trailing_delimiter;
    }

    /// Says what the columns are called, so that another table below this one is found out.
    pub(super) fn name(&mut self, headers: impl IntoIterator<Item = String>) {
        self.below = Some(Below::new(headers));
    }

    /// Passes over lines, whatever is in them, up to this one.
    pub(super) fn skip_to_line(&mut self, line: u64) -> Result<(), Error> {
        while self.line < line {
            if !self.skip_line()? {
                break;
            }
        }
        Ok(())
    }

    /// Reads the next record that is not blank; `false` at the end of the file.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        while self.next(record)? {
            if self.trailing_delimiter && record.len() == self.width + 1 && record.get(self.width) == Some("")
            {
                record.pop();
            }
            let blank = record.is_blank();
            if let Some(below) = &mut self.below {
                if blank {
                    below.blank();
                } else if below.holds(record, self.width) {
                    record.mark(Flaw::OtherTable);
                }
            }
            if !blank {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        loop {
            record.restart(self.line);
            match split(
                &self.buffer,
                self.at,
                self.text.has_ended(),
                &self.dialect,
                record,
            ) {
                Split::Record { lines, .. } if lines > 1 && self.swallowed(record) => {
                    return self.first_line(record);
                }
                Split::Record { end, lines } => {
                    if lines == 1 && !self.fits(record) {
                        self.split_again(end, record);
                    }
                    self.at = end;
                    self.line += lines;
                    return Ok(true);
                }
                Split::Unbalanced => return self.first_line(record),
                Split::NeedMore if self.buffer.len() - self.at > RECORD => return self.too_large(record),
                Split::NeedMore => self.more()?,
                Split::End => return Ok(false),
            }
        }
    }

    /// Whether a record of several lines has the wrong width while its second line would be a record of
    /// its own: then its quote was meant to close in its first line.
    fn swallowed(&self, record: &Record) -> bool {
        if self.fits(record) {
            return false;
        }
        let mut line = Record::new(0);
        let Split::Record { end, .. } = split_line(&self.buffer, self.at, true, &self.dialect, &mut line)
        else {
            return false;
        };
        let mut next = Record::new(0);
        let split = split(&self.buffer, end, self.text.has_ended(), &self.dialect, &mut next);
        matches!(split, Split::Record { .. }) && self.fits(&next)
    }

    /// Whether the record is as wide as expected; always, while nothing is.
    fn fits(&self, record: &Record) -> bool {
        self.width < 2
            || record.len() == self.width
            || record.len() == self.width + usize::from(self.trailing_delimiter)
    }

    /// A line of the wrong width, up to `end`, in which a quote too many runs cells together: they are
    /// told apart without it, and the record stays flawed.
    fn split_again(&self, end: usize, record: &mut Record) {
        let line = self.buffer.get(self.at..end).unwrap_or_default();
        if !self.dialect.quote.is_some_and(|quote| line.contains(quote)) {
            return;
        }
        let mut again = Record::new(record.line());
        let split = split_line(&self.buffer, self.at, true, &self.dialect, &mut again);
        if matches!(split, Split::Record { .. }) && self.fits(&again) {
            again.mark(Flaw::UnbalancedQuote);
            *record = again;
        }
    }

    /// The record is its first line, with a quote that does not balance.
    fn first_line(&mut self, record: &mut Record) -> Result<bool, Error> {
        record.restart(self.line);
        match split_line(
            &self.buffer,
            self.at,
            self.text.has_ended(),
            &self.dialect,
            record,
        ) {
            Split::Record { end, .. } => {
                self.at = end;
                self.line += 1;
                record.mark(Flaw::UnbalancedQuote);
                Ok(true)
            }
            _ => self.too_large(record),
        }
    }

    /// The record does not fit: its first line that ends within the limit is what is kept of it, or
    /// nothing, and reading goes on with the next line.
    fn too_large(&mut self, record: &mut Record) -> Result<bool, Error> {
        let ends = self.dialect.line_end;
        let line_ends = self
            .buffer
            .as_bytes()
            .get(self.at..)
            .is_some_and(|rest| rest.iter().any(|byte| ends.is(*byte)));
        if line_ends {
            return self.first_line(record);
        }
        record.restart(self.line);
        record.mark(Flaw::TooLarge);
        self.skip_line()?;
        Ok(true)
    }

    /// Passes over one line; `false` at the end of the file.
    fn skip_line(&mut self) -> Result<bool, Error> {
        let ends = self.dialect.line_end;
        loop {
            let rest = self.buffer.as_bytes().get(self.at..).unwrap_or_default();
            if let Some(length) = rest.iter().position(|byte| ends.is(*byte)) {
                let half = ends == LineEnd::Any && rest.get(length) == Some(&b'\r');
                if half && rest.get(length + 1).is_none() && !self.text.has_ended() {
                    self.more()?;
                    continue;
                }
                let both = half && rest.get(length + 1) == Some(&b'\n');
                self.at += length + 1 + usize::from(both);
                self.line += 1;
                return Ok(true);
            }
            let ended = self.text.has_ended();
            let any = !rest.is_empty();
            self.at = self.buffer.len();
            if ended {
                self.line += u64::from(any);
                return Ok(any);
            }
            self.more()?;
        }
    }

    fn more(&mut self) -> Result<(), Error> {
        if self.at > CHUNK || self.at == self.buffer.len() {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        // A record that does not fit in one chunk is split again from its start: take twice as much each time.
        let wanted = (self.buffer.len() - self.at) * 2;
        loop {
            self.text.append_to(&mut self.buffer)?;
            if self.text.has_ended() || self.buffer.len() - self.at >= wanted {
                return Ok(());
            }
        }
    }
}
