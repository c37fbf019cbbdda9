//! What a file may cost before it is refused, so that memory and time stay bounded.

/// Largest record, in bytes of text. The largest cell that is of any use is far smaller.
pub const RECORD: usize = 8 << 20;
/// Most fields in a record.
pub const FIELDS: usize = 1024;
/// Text of the head of a file that is looked at to find out how it is written.
pub const HEAD: usize = 256 << 10;
/// Records of the head that are looked at.
pub const HEAD_RECORDS: usize = 500;
/// Bytes read at a time.
pub const CHUNK: usize = 128 << 10;
/// Most sheets of a workbook that are looked at.
pub const SHEETS: usize = 64;
/// All parts of a workbook unpacked, in bytes.
pub const UNPACKED: u64 = 4 << 30;
/// The parts of a workbook that are read into memory as a whole (shared strings, styles), unpacked, in bytes.
pub const UNPACKED_IN_MEMORY: u64 = 128 << 20;
/// How many times larger than its packed form a part of a workbook may be, once it is larger than a megabyte.
pub const RATIO: u64 = 200;
/// Most parts of a workbook.
pub const PARTS: usize = 4096;
