//! The zip package of a workbook, looked at before anything parses it: how large it claims to be, how
//! large it really is, and whether it is a workbook at all.

use std::io::{Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use super::Error;
use super::limits::{PARTS, RATIO, UNPACKED, UNPACKED_IN_MEMORY};
use super::text::fill;

/// What the package says about the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// Whether serial dates count from 1904.
    pub since_1904: bool,
}

/// One part of the package, as the directory at its end lists it.
struct Part {
    name: String,
    stored: bool,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
/// The end record with the longest comment.
const LONGEST_END: u64 = 22 + 65_535;
const MEGABYTE: u64 = 1 << 20;

/// Checks the package; leaves the source at its start.
pub(super) fn check(source: &mut (impl Read + Seek)) -> Result<Package, Error> {
    let parts = directory(source)?;
    if !parts.iter().any(|part| part.name == "xl/workbook.xml") {
        return Err(Error::NotAWorkbook);
    }
    let (mut all, mut in_memory) = (0, 0);
    let mut package = Package { since_1904: false };
    for part in &parts {
        let size = inflate(source, part, &mut package)?;
        all += size;
        if !part.name.starts_with("xl/worksheets/") {
            in_memory += size;
        }
        if all > UNPACKED || in_memory > UNPACKED_IN_MEMORY {
            return Err(Error::TooLargeUnpacked);
        }
    }
    source.seek(SeekFrom::Start(0))?;
    Ok(package)
}

/// Really unpacks a part, counting, and says how large it is.
fn inflate(source: &mut (impl Read + Seek), part: &Part, package: &mut Package) -> Result<u64, Error> {
    let suspicious = part.unpacked > MEGABYTE && part.unpacked / RATIO > part.packed;
    if part.unpacked > UNPACKED || suspicious {
        return Err(Error::TooLargeUnpacked);
    }
    let body = body_offset(source, part)?;
    source.seek(SeekFrom::Start(body))?;
    let packed = source.take(part.packed);
    let mut reader: Box<dyn Read + '_> = if part.stored {
        Box::new(packed)
    } else {
        Box::new(DeflateDecoder::new(packed))
    };
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    loop {
        let length = fill(&mut reader, &mut buffer).map_err(|_| Error::BrokenWorkbook)?;
        let chunk = buffer.get(..length).unwrap_or_default();
        if part.name == "xl/workbook.xml" && size == 0 {
            package.since_1904 = counts_from_1904(chunk);
        }
        size += length as u64;
        if size > part.unpacked {
            return Err(Error::TooLargeUnpacked);
        }
        if length < buffer.len() {
            return Ok(size);
        }
    }
}

fn counts_from_1904(workbook: &[u8]) -> bool {
    let text = String::from_utf8_lossy(workbook);
    text.contains("date1904=\"1\"") || text.contains("date1904=\"true\"")
}

/// Where the packed bytes of a part start, behind its own header.
fn body_offset(source: &mut (impl Read + Seek), part: &Part) -> Result<u64, Error> {
    source.seek(SeekFrom::Start(part.offset))?;
    let mut header = [0; 30];
    let length = fill(source, &mut header)?;
    if length < header.len() || !header.starts_with(LOCAL) {
        return Err(Error::BrokenWorkbook);
    }
    Ok(part.offset + 30 + u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28)))
}

fn directory(source: &mut (impl Read + Seek)) -> Result<Vec<Part>, Error> {
    let size = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(size.saturating_sub(LONGEST_END)))?;
    let mut tail = Vec::new();
    source.take(LONGEST_END).read_to_end(&mut tail)?;
    let end = tail
        .windows(4)
        .rposition(|window| window == END_OF_DIRECTORY)
        .ok_or(Error::BrokenWorkbook)?;
    let end = tail.get(end..).unwrap_or_default();
    let (count, length, offset) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
    if usize::from(count) > PARTS || offset == u32::MAX || u64::from(length) > 64 * MEGABYTE {
        return Err(Error::TooLargeUnpacked);
    }
    source.seek(SeekFrom::Start(offset.into()))?;
    let mut entries = Vec::new();
    source.take(length.into()).read_to_end(&mut entries)?;
    let mut parts = Vec::with_capacity(count.into());
    let mut rest = entries.as_slice();
    while rest.starts_with(ENTRY) {
        let (part, length) = entry(rest)?;
        parts.push(part);
        rest = rest.get(length..).unwrap_or_default();
    }
    if parts.len() == usize::from(count) {
        Ok(parts)
    } else {
        Err(Error::BrokenWorkbook)
    }
}

fn entry(bytes: &[u8]) -> Result<(Part, usize), Error> {
    let (flags, method) = (u16_at(bytes, 8), u16_at(bytes, 10));
    let (name, extra, comment) = (
        usize::from(u16_at(bytes, 28)),
        u16_at(bytes, 30),
        u16_at(bytes, 32),
    );
    let part = Part {
        name: String::from_utf8_lossy(bytes.get(46..46 + name).ok_or(Error::BrokenWorkbook)?).into_owned(),
        stored: method == 0,
        packed: u32_at(bytes, 20).into(),
        unpacked: u32_at(bytes, 24).into(),
        offset: u32_at(bytes, 42).into(),
    };
    if flags & 1 != 0 {
        return Err(Error::Encrypted);
    }
    if !matches!(method, 0 | 8) {
        return Err(Error::BrokenWorkbook);
    }
    Ok((part, 46 + name + usize::from(extra) + usize::from(comment)))
}

/// Little-endian numbers; a part that is cut off reads as zero and fails its next check.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let pair = bytes.get(at..at + 2).and_then(|pair| pair.try_into().ok());
    u16::from_le_bytes(pair.unwrap_or_default())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    u32::from_le_bytes(four.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    /// A zip package of one part that says it is `claimed` bytes large.
    fn package(name: &str, body: &[u8], claimed: u32) -> Cursor<Vec<u8>> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        let packed = encoder.finish().unwrap();
        let length = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let sizes = [length(packed.len()), claimed.to_le_bytes()].concat();
        let common = [
            &[20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            sizes.as_slice(),
            &name_length,
            &[0, 0],
        ]
        .concat();
        let local = [LOCAL, &common, name.as_bytes(), &packed].concat();
        let entry = [ENTRY, &[20, 0], &common, &[0; 14], name.as_bytes()].concat();
        let end = [
            END_OF_DIRECTORY,
            &[0, 0, 0, 0, 1, 0, 1, 0],
            &length(entry.len()),
            &length(local.len()),
            &[0, 0],
        ];
        Cursor::new([local, entry, end.concat()].concat())
    }

    #[test]
    fn a_workbook_of_its_declared_size_is_sound() {
        let body = b"<workbook><workbookPr date1904=\"1\"/></workbook>";
        let checked = check(&mut package("xl/workbook.xml", body, body.len() as u32)).unwrap();
        assert!(checked.since_1904);
    }

    #[test]
    fn bombs_are_refused_by_what_they_say_and_by_what_they_are() {
        let body = vec![b'a'; 3 << 20];
        let honest = check(&mut package("xl/workbook.xml", &body, body.len() as u32));
        let lying = check(&mut package("xl/workbook.xml", &body, 1000));
        assert!(matches!(honest, Err(Error::TooLargeUnpacked)));
        assert!(matches!(lying, Err(Error::TooLargeUnpacked)));
    }

    #[test]
    fn other_packages_and_broken_ones_are_told_apart() {
        assert!(matches!(
            check(&mut package("word/document.xml", b"x", 1)),
            Err(Error::NotAWorkbook)
        ));
        let whole = package("xl/workbook.xml", b"x", 1).into_inner();
        for length in 0..whole.len() - 2 {
            let cut = whole.get(..length).unwrap().to_vec();
            assert!(check(&mut Cursor::new(cut)).is_err(), "{length}");
        }
    }
}
