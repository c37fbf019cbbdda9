//! Bytes into text: which encoding a file has, and its text in chunks.

use std::io::{Read, Seek, SeekFrom};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Error;
use super::limits::CHUNK;

/// An encoding and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Detected {
    pub encoding: &'static Encoding,
    /// Whether the bytes say it beyond doubt.
    pub sure: bool,
}

/// Share of NUL bytes at every second place from which on text without a mark is UTF-16.
const NULS_IN_UTF_16: usize = 3;

/// Bytes, of chunks with more than ASCII in them, that are enough to tell a legacy encoding.
const DETECTED: usize = 4 << 20;

/// Finds the encoding from the whole file: a mark, the pattern of UTF-16, valid UTF-8, else what the
/// bytes beyond ASCII look like. Leaves the source at its start.
pub(super) fn detect(source: &mut (impl Read + Seek)) -> Result<Detected, Error> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = vec![0; CHUNK];
    let length = fill(source, &mut head)?;
    head.truncate(length);
    let found = match Encoding::for_bom(&head)
        .map(|(encoding, _)| encoding)
        .or_else(|| utf_16(&head))
    {
        Some(encoding) => Detected { encoding, sure: true },
        None => by_bytes(source)?,
    };
    source.seek(SeekFrom::Start(0))?;
    Ok(found)
}

/// UTF-16 without a mark: nearly all of its text is ASCII, so every second byte is NUL.
fn utf_16(head: &[u8]) -> Option<&'static Encoding> {
    let nuls = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    let half = head.len() / 2;
    if half > 8 && odd * NULS_IN_UTF_16 > half && even * 20 < half {
        return Some(UTF_16LE);
    }
    (half > 8 && even * NULS_IN_UTF_16 > half && odd * 20 < half).then_some(UTF_16BE)
}

fn by_bytes(source: &mut (impl Read + Seek)) -> Result<Detected, Error> {
    let mut utf_8 = Utf8Check::default();
    each_chunk(source, |bytes| {
        utf_8.feed(bytes);
        true
    })?;
    if utf_8.is_utf_8() {
        return Ok(Detected {
            encoding: UTF_8,
            sure: utf_8.broken == 0,
        });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut fed = 0;
    each_chunk(source, |bytes| {
        if !bytes.is_ascii() {
            detector.feed(bytes, false);
            fed += bytes.len();
        }
        fed < DETECTED
    })?;
    detector.feed(b"", true);
    Ok(Detected {
        encoding: detector.guess(None, Utf8Detection::Allow),
        sure: false,
    })
}

/// Calls back with each chunk of the source from its start, until it says no.
fn each_chunk(source: &mut (impl Read + Seek), mut with: impl FnMut(&[u8]) -> bool) -> Result<(), Error> {
    source.seek(SeekFrom::Start(0))?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = fill(source, &mut chunk)?;
        let bytes = chunk.get(..length).unwrap_or_default();
        if length == 0 || !with(bytes) {
            return Ok(());
        }
    }
}

/// Counts what is and what is not valid UTF-8, beyond ASCII.
#[derive(Default)]
struct Utf8Check {
    carried: Vec<u8>,
    sound: u64,
    broken: u64,
}

impl Utf8Check {
    fn feed(&mut self, bytes: &[u8]) {
        if self.carried.is_empty() && bytes.is_ascii() {
            return;
        }
        let mut all = std::mem::take(&mut self.carried);
        all.extend_from_slice(bytes);
        let mut rest = all.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => return self.count(text),
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.count(std::str::from_utf8(good).unwrap_or_default());
                    let Some(length) = error.error_len() else {
                        self.carried = bad.to_vec();
                        return;
                    };
                    self.broken += 1;
                    rest = bad.get(length..).unwrap_or_default();
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        if !text.is_ascii() {
            self.sound += text.chars().filter(|c| !c.is_ascii()).count() as u64;
        }
    }

    /// A few bytes torn off by some tool do not make it another encoding.
    fn is_utf_8(&self) -> bool {
        let broken = self.broken + u64::from(!self.carried.is_empty());
        broken == 0 || broken * 50 < self.sound
    }
}

/// Reads until the buffer is full or the source ends.
pub(super) fn fill(source: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Error> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(length)
}

/// The text of a source, appended chunk by chunk to a buffer. A byte order mark is dropped.
pub(super) struct Text<R> {
    source: R,
    decoder: Decoder,
    chunk: Vec<u8>,
    ended: bool,
}

impl<R: Read> Text<R> {
    pub(super) fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            chunk: vec![0; CHUNK],
            ended: false,
        }
    }

    /// Whether the source has ended.
    pub(super) const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Appends the next chunk. Bytes that are no text become U+FFFD.
    pub(super) fn append_to(&mut self, text: &mut String) -> Result<(), Error> {
        let length = fill(&mut self.source, &mut self.chunk)?;
        self.ended = length < self.chunk.len();
        let mut bytes = self.chunk.get(..length).unwrap_or_default();
        loop {
            text.reserve(
                self.decoder
                    .max_utf8_buffer_length(bytes.len())
                    .unwrap_or(bytes.len() * 3 + 16),
            );
            let (result, read, _) = self.decoder.decode_to_string(bytes, text, self.ended);
            bytes = bytes.get(read..).unwrap_or_default();
            if result == encoding_rs::CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn encoding_of(bytes: &[u8]) -> &'static str {
        detect(&mut Cursor::new(bytes)).unwrap().encoding.name()
    }

    fn text_of(bytes: &[u8]) -> String {
        let encoding = detect(&mut Cursor::new(bytes)).unwrap().encoding;
        let mut text = Text::new(Cursor::new(bytes), encoding);
        let mut out = String::new();
        while !text.has_ended() {
            text.append_to(&mut out).unwrap();
        }
        out
    }

    #[test]
    fn encodings_are_found_with_and_without_a_mark() {
        assert_eq!(encoding_of(b"a,b\n"), "UTF-8");
        assert_eq!(encoding_of("\u{feff}a".as_bytes()), "UTF-8");
        assert_eq!(encoding_of("Jos\u{e9} N\u{fa}\u{f1}ez".as_bytes()), "UTF-8");
        assert_eq!(
            encoding_of(b"Jos\xe9,N\xfa\xf1ez,O\x92Brien\nMar\xeda,M\xfcller\n"),
            "windows-1252"
        );
        let utf_16: Vec<u8> = "transaction_id,Jos\u{e9}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(encoding_of(&utf_16), "UTF-16LE");
    }

    #[test]
    fn text_comes_without_its_mark() {
        assert_eq!(text_of("\u{feff}Jos\u{e9}".as_bytes()), "Jos\u{e9}");
        assert_eq!(text_of(b"\xff\xfea\0\xe9\0"), "a\u{e9}");
        assert_eq!(text_of(b""), "");
    }

    #[test]
    fn a_torn_byte_does_not_change_the_encoding() {
        let mut bytes = "\u{e9}".repeat(200).into_bytes();
        bytes.push(b'\xc3');
        assert_eq!(encoding_of(&bytes), "UTF-8");
    }
}
