//! A Maildir folder that a mail server delivers into: each message a file, new ones in `new`, those that were
//! read in `cur` (<https://cr.yp.to/proto/maildir.html>).

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest message that is read; a report is a few kilobytes, with what came back a few megabytes.
const LARGEST: u64 = 8 * 1024 * 1024;

/// What is told of a folder that is not there yet.
pub const NOT_YET: &str =
    "the folder is not there yet; whoever delivers the first report makes it, or it is not mounted";

/// One folder.
#[derive(Clone, Debug)]
pub struct Maildir(PathBuf);

impl Maildir {
    /// The folder that has `new` and `cur` in it.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The names of up to `limit` messages that nobody read, oldest name first.
    pub fn unread(&self, limit: usize) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        let new = self.0.join("new");
        let there = std::fs::read_dir(new).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::new(error.kind(), NOT_YET),
            _ => error,
        })?;
        for entry in there {
            let entry = entry?;
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if !hidden && entry.file_type()?.is_file() {
                names.push(entry.file_name());
            }
        }
        names.sort();
        names.truncate(limit);
        Ok(names)
    }

    /// A message's content, its first megabytes at the most. `None`: another program took it.
    pub fn content(&self, name: &OsString) -> io::Result<Option<Vec<u8>>> {
        let file = match std::fs::File::open(self.0.join("new").join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut content = Vec::new();
        file.take(LARGEST).read_to_end(&mut content)?;
        Ok(Some(content))
    }

    /// Puts a message among those that were read. It stays there for a person; nothing is deleted.
    pub fn mark_read(&self, name: &OsString) -> io::Result<()> {
        let mut read = name.clone();
        read.push(":2,S");
        match std::fs::rename(self.0.join("new").join(name), self.0.join("cur").join(read)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.0.join("cur").is_dir() => Ok(()),
            moved => moved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_kept_and_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        for (name, words) in [("2.b", "two"), ("1.a", "one"), (".hidden", "no")] {
            std::fs::write(folder.path().join("new").join(name), words).unwrap();
        }
        let box_ = Maildir::at(folder.path());
        assert_eq!(box_.unread(10).unwrap(), ["1.a", "2.b"]);
        let first = box_.unread(1).unwrap().remove(0);
        assert_eq!(box_.content(&first).unwrap().unwrap(), b"one");
        box_.mark_read(&first).unwrap();
        box_.mark_read(&first).unwrap(); // two programs may do it
        assert_eq!(box_.unread(10).unwrap(), ["2.b"]);
        assert!(folder.path().join("cur/1.a:2,S").is_file());
        assert_eq!(box_.content(&first).unwrap(), None);
    }

    #[test]
    fn a_folder_that_is_none_is_said_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let error = Maildir::at(folder.path()).unread(1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
