//! Card numbers never reach the disk: a writer that masks them in a delimited file on its way there.

use std::io::{self, Write};

use crate::domain::card_number;

/// Masks every card number but its last four digits with `X` in what is written through it, without
/// changing lengths or the encoding (any that contains ASCII, and UTF-16). A workbook passes unchanged:
/// it is packed, its card numbers are masked when its cells are read, so it may lie on a disk sealed only.
pub struct Guard<W> {
    to: W,
    pending: Vec<u8>,
    kind: Kind,
    masked: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    Narrow,
    /// UTF-16; whether the low byte comes first.
    Wide(bool),
    Packed,
}

/// Bytes that are held back: the longest card number and a little round it, in UTF-16.
const HELD: usize = 128;
/// Bytes that are enough to tell what kind of file it is.
const ENOUGH: usize = 256;
const BATCH: usize = 64 << 10;

impl<W: Write> Guard<W> {
    /// Writes to `to`.
    pub const fn new(to: W) -> Self {
        Self {
            to,
            pending: Vec::new(),
            kind: Kind::Unknown,
            masked: 0,
        }
    }

    /// Whether what came so far is a workbook (or another zip package), which passes unchanged.
    pub fn is_packed(&self) -> bool {
        self.kind == Kind::Packed || (self.kind == Kind::Unknown && self.pending.starts_with(b"PK\x03\x04"))
    }

    /// Writes what was held back; gives back the writer and how many numbers were masked.
    pub fn finish(mut self) -> io::Result<(W, usize)> {
        self.decide();
        self.pass(true)?;
        self.to.flush()?;
        Ok((self.to, self.masked))
    }

    fn decide(&mut self) {
        let head = self
            .pending
            .get(..ENOUGH.min(self.pending.len()))
            .unwrap_or_default();
        let nuls = |offset: usize| {
            head.iter()
                .skip(offset)
                .step_by(2)
                .filter(|byte| **byte == 0)
                .count()
                * 3
        };
        let half = head.len() / 2;
        self.kind = match head {
            [b'P', b'K', 3, 4, ..] => Kind::Packed,
            [0xff, 0xfe, ..] => Kind::Wide(true),
            [0xfe, 0xff, ..] => Kind::Wide(false),
            _ if half > 8 && nuls(1) > half => Kind::Wide(true),
            _ if half > 8 && nuls(0) > half => Kind::Wide(false),
            _ => Kind::Narrow,
        };
    }

    /// Masks and writes all that is pending but a tail in which a number may not be whole yet.
    fn pass(&mut self, all: bool) -> io::Result<()> {
        let mut narrow = self.narrow();
        let unit = if matches!(self.kind, Kind::Wide(_)) { 2 } else { 1 };
        let spans = if self.kind == Kind::Packed {
            Vec::new()
        } else {
            card_number::spans(&narrow)
        };
        let end = if all {
            narrow.len()
        } else {
            safe_end(&narrow, &spans)
        };
        let until = if all { self.pending.len() } else { end * unit };
        self.masked += spans.iter().filter(|span| span.1 <= end).count();
        if let Some(safe) = narrow.get_mut(..end).filter(|_| !spans.is_empty()) {
            card_number::hide(safe);
            self.take_over(safe);
        }
        self.to.write_all(self.pending.get(..until).unwrap_or_default())?;
        self.pending.drain(..until);
        Ok(())
    }

    /// The pending text with one byte for each character.
    fn narrow(&self) -> Vec<u8> {
        match self.kind {
            Kind::Wide(low_first) => self
                .pending
                .chunks_exact(2)
                .map(|pair| narrow_unit(pair, low_first))
                .collect(),
            _ => self.pending.clone(),
        }
    }

    /// Puts the masked characters into the pending bytes.
    fn take_over(&mut self, masked: &[u8]) {
        let step = if matches!(self.kind, Kind::Wide(_)) { 2 } else { 1 };
        let offset = usize::from(self.kind == Kind::Wide(false));
        for (byte, masked) in self.pending.iter_mut().skip(offset).step_by(step).zip(masked) {
            if *masked == b'X' {
                *byte = b'X';
            }
        }
    }
}

fn narrow_unit(pair: &[u8], low_first: bool) -> u8 {
    match (pair, low_first) {
        ([low, 0], true) | ([0, low], false) => *low,
        _ => 0xff,
    }
}

/// An end before which no number can still grow: not inside a number that was found, not inside a group
/// of digits, and not between a plus sign or a decimal point and its digits.
fn safe_end(bytes: &[u8], spans: &[(usize, usize)]) -> usize {
    let mut end = bytes.len().saturating_sub(HELD);
    let limit = end.saturating_sub(HELD);
    let joins = |at: usize| {
        let before = bytes.get(at - 1).copied().unwrap_or_default();
        let here = bytes.get(at).copied().unwrap_or_default();
        (here.is_ascii_digit() && (before.is_ascii_digit() || matches!(before, b'+' | b'.')))
            || (here == b'.' && before.is_ascii_digit())
    };
    while end > limit && joins(end) {
        end -= 1;
    }
    spans
        .iter()
        .find(|(start, stop)| *start < end && end < *stop)
        .map_or(end, |span| span.0)
}

impl<W: Write> Write for Guard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.kind == Kind::Unknown && self.pending.len() >= ENOUGH {
            self.decide();
        }
        if self.kind != Kind::Unknown && self.pending.len() >= BATCH {
            self.pass(false)?;
        }
        Ok(bytes.len())
    }

    /// What is held back stays back: it may be half a number.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(bytes: &[u8], chunk: usize) -> (Vec<u8>, usize) {
        let mut guard = Guard::new(Vec::new());
        for piece in bytes.chunks(chunk) {
            guard.write_all(piece).unwrap();
        }
        guard.finish().unwrap()
    }

    #[test]
    fn numbers_are_masked_wherever_the_chunks_are_cut() {
        let line = "a,4111 1111 1111 1111,+49 1512 3456789,46127.4111111111111111,5555-5555-5555-4444,12345678901234567890123456789012,x\n";
        let text = line.repeat(2000);
        let expected = line.replace("4111 1111 1111 1111", "XXXX XXXX XXXX 1111");
        let expected = expected
            .replace("5555-5555-5555-4444", "XXXX-XXXX-XXXX-4444")
            .repeat(2000);
        for chunk in [7, 1000, 65_536, 1 << 20] {
            let (out, masked) = guarded(text.as_bytes(), chunk);
            assert_eq!(
                (String::from_utf8(out).unwrap(), masked),
                (expected.clone(), 4000),
                "chunks of {chunk}"
            );
        }
    }

    #[test]
    fn utf_16_is_masked_in_both_orders() {
        let text = "\u{feff}Jos\u{e9},4111111111111111,caf\u{e9}\u{4e00}\n".repeat(50);
        for low_first in [true, false] {
            let order = |unit: u16| {
                if low_first {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            };
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            let wanted: Vec<u8> = text
                .replace("411111111111", "XXXXXXXXXXXX")
                .encode_utf16()
                .flat_map(order)
                .collect();
            assert_eq!(guarded(&bytes, 11), (wanted, 50));
        }
    }

    #[test]
    fn a_workbook_passes_unchanged() {
        let bytes = [
            b"PK\x03\x04".as_slice(),
            b"4111111111111111".repeat(99).as_slice(),
        ]
        .concat();
        assert_eq!(guarded(&bytes, 33), (bytes, 0));
    }

    #[test]
    fn short_files_pass_too() {
        assert_eq!(guarded(b"", 1), (Vec::new(), 0));
        assert_eq!(guarded(b"4111111111111111", 5), (b"XXXXXXXXXXXX1111".to_vec(), 1));
    }
}
