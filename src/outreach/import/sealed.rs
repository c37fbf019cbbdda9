//! Uploads wait encrypted: the guard cannot look into a workbook, which is packed, and cannot know which
//! columns hold ids. The key is only in the memory of this process: who takes the disk, or the file after
//! a restart, has noise.
//!
//! A sealed file is 32 random bytes, from which with the key of the process the key of the file comes, and
//! then blocks of ChaCha20-Poly1305, each with its number as nonce.

use std::fs::File;
use std::io::{Error, Read, Result, Seek, SeekFrom, Write};
use std::sync::LazyLock;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// Bytes of a file that are sealed at once.
const BLOCK: usize = 64 << 10;
const TAG: usize = 16;
const SALT: usize = 32;

/// What files are sealed with.
#[derive(Clone)]
pub(super) struct Seal(hmac::Key);

impl Seal {
    /// The key of this process, made when it is first needed.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub(super) fn of_process() -> Result<&'static Self> {
        static KEY: LazyLock<Option<Seal>> = LazyLock::new(|| Seal::fresh().ok());
        KEY.as_ref().ok_or_else(no_randomness)
    }

    fn fresh() -> Result<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        Ok(Self(key.map_err(|_| no_randomness())?))
    }

    /// Seals what is written to the file.
    pub(super) fn writer(&self, mut file: File) -> Result<Sealing> {
        let mut salt = [0; SALT];
        SystemRandom::new().fill(&mut salt).map_err(|_| no_randomness())?;
        file.write_all(&salt)?;
        Ok(Sealing {
            file,
            key: self.key_of(&salt)?,
            block: Vec::with_capacity(BLOCK + TAG),
            number: 0,
        })
    }

    /// Reads a sealed file. One of another process is `NotFound`, as if it were gone: it is.
    pub(super) fn reader(&self, mut file: File) -> Result<Sealed> {
        let mut salt = [0; SALT];
        file.read_exact(&mut salt)?;
        let body = file.metadata()?.len().saturating_sub(SALT as u64);
        let blocks = body.div_ceil((BLOCK + TAG) as u64);
        let mut sealed = Sealed {
            file,
            key: self.key_of(&salt)?,
            length: body.saturating_sub(blocks * TAG as u64),
            at: 0,
            block: Vec::new(),
            number: None,
        };
        if blocks > 0 {
            sealed.load(0)?;
        }
        Ok(sealed)
    }

    fn key_of(&self, salt: &[u8]) -> Result<LessSafeKey> {
        let key = hmac::sign(&self.0, salt);
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_ref()).map_err(|_| no_randomness())?;
        Ok(LessSafeKey::new(key))
    }
}

fn no_randomness() -> Error {
    Error::other("no key could be made to keep the file with")
}

/// No two blocks of a file have the same number, and no two files the same key.
fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; 12];
    for (byte, part) in bytes.iter_mut().zip(number.to_le_bytes()) {
        *byte = part;
    }
    Nonce::assume_unique_for_key(bytes)
}

/// A file that is being sealed.
pub(super) struct Sealing {
    file: File,
    key: LessSafeKey,
    block: Vec<u8>,
    number: u64,
}

impl Sealing {
    /// Writes the last block; gives back the file.
    pub(super) fn finish(mut self) -> Result<File> {
        if !self.block.is_empty() {
            self.seal()?;
        }
        Ok(self.file)
    }

    fn seal(&mut self) -> Result<()> {
        self.key
            .seal_in_place_append_tag(nonce(self.number), Aad::empty(), &mut self.block)
            .map_err(|_| Error::other("the file could not be sealed"))?;
        self.number += 1;
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let taken = bytes.get(..BLOCK - self.block.len()).unwrap_or(bytes);
        self.block.extend_from_slice(taken);
        if self.block.len() == BLOCK {
            self.seal()?;
        }
        Ok(taken.len())
    }

    /// A block that is not full stays in memory.
    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

/// A sealed file while it is read: one block of it is in memory.
pub struct Sealed {
    file: File,
    key: LessSafeKey,
    /// Of what is sealed, in bytes.
    length: u64,
    at: u64,
    block: Vec<u8>,
    number: Option<u64>,
}

impl Sealed {
    fn load(&mut self, number: u64) -> Result<()> {
        if self.number == Some(number) {
            return Ok(());
        }
        self.number = None;
        self.file
            .seek(SeekFrom::Start(SALT as u64 + number * (BLOCK + TAG) as u64))?;
        self.block.clear();
        Read::by_ref(&mut self.file)
            .take((BLOCK + TAG) as u64)
            .read_to_end(&mut self.block)?;
        let opened = self
            .key
            .open_in_place(nonce(number), Aad::empty(), &mut self.block)
            .map_err(|_| Error::from(std::io::ErrorKind::NotFound))?;
        let length = opened.len();
        self.block.truncate(length);
        self.number = Some(number);
        Ok(())
    }
}

impl Read for Sealed {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        self.load(self.at / BLOCK as u64)?;
        let offset = usize::try_from(self.at % BLOCK as u64).unwrap_or_default();
        let read = self.block.get(offset..).unwrap_or_default().read(into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Sealed {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::from(std::io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// A file to import: as it lies there, or sealed.
pub enum Upload {
    /// A file of this machine, read where it lies.
    Plain(File),
    /// What a browser or another program sent.
    Sealed(Box<Sealed>),
}

impl Read for Upload {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        match self {
            Self::Plain(file) => file.read(into),
            Self::Sealed(file) => file.read(into),
        }
    }
}

impl Seek for Upload {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Sealed(file) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealed(seal: &Seal, bytes: &[u8], chunk: usize) -> File {
        let mut writer = seal.writer(tempfile::tempfile().unwrap()).unwrap();
        for piece in bytes.chunks(chunk.max(1)) {
            writer.write_all(piece).unwrap();
        }
        let mut file = writer.finish().unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }

    fn all(mut source: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn what_lies_on_the_disk_is_noise_and_comes_back_whole() {
        let seal = Seal::fresh().unwrap();
        let line = b"4111111111111111,".repeat(20_000);
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, line.len()] {
            let bytes = &line[..length];
            assert_eq!(
                all(seal.reader(sealed(&seal, bytes, 1000)).unwrap()),
                bytes,
                "{length}"
            );
            let raw = all(sealed(&seal, bytes, 7000));
            assert!(!raw.windows(8).any(|window| window == b"41111111"), "{length}");
        }
    }

    #[test]
    fn another_process_cannot_read_it() {
        let (ours, theirs) = (Seal::fresh().unwrap(), Seal::fresh().unwrap());
        let error = theirs.reader(sealed(&ours, b"secret", 3)).err().unwrap();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn it_is_read_from_anywhere(at in 0_usize..200_000, length in 0_usize..5000) {
            let seal = Seal::fresh().unwrap();
            let bytes: Vec<u8> = (0..200_000_u32).map(|byte| (byte % 251) as u8).collect();
            let mut reader = seal.reader(sealed(&seal, &bytes, 65_536)).unwrap();
            reader.seek(SeekFrom::Start(at as u64)).unwrap();
            let read = all(reader.by_ref().take(length as u64));
            prop_assert_eq!(read.as_slice(), &bytes[at..(at + length).min(bytes.len())]);
            prop_assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), 199_999);
        }
    }
}
