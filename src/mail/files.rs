//! Messages as `.eml` files, when no mail server is set: complete or absent, readable only by the owner.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::build::Sealed;
use crate::domain::message::{Delivery, Phase};

/// A folder that takes messages.
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// Makes the folder (mode 0700) if it is not there.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Where the files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one file named after the Message-ID; a second try replaces it with the same bytes.
    pub fn deliver(&self, sealed: &Sealed, last_look: &mut dyn FnMut() -> bool) -> Delivery {
        if !last_look() {
            return Delivery::Withheld;
        }
        let name = file_name(&sealed.message_id);
        match self.write(&name, &sealed.bytes) {
            Ok(()) => Delivery::Sent {
                reply: format!("written to {name}"),
            },
            Err(error) => Delivery::Unreachable {
                phase: Phase::Connection,
                reason: format!(
                    "cannot write the e-mail file: {error}; make room or mend the folder's rights"
                ),
            },
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let part = self.folder.join(format!(".{name}.part"));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(bytes)?;
        file.write_all(b"\r\n")?;
        file.sync_all()?;
        fs::rename(&part, self.folder.join(name))?;
        File::open(&self.folder)?.sync_all()
    }
}

/// The Message-ID's part before the `@`, safe as a file name.
fn file_name(message_id: &str) -> String {
    let local = message_id.split('@').next().unwrap_or_default();
    let safe: String = local
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
        .take(100)
        .collect();
    format!("{}.eml", safe.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn sealed(message_id: &str) -> Sealed {
        Sealed {
            message_id: message_id.to_owned(),
            return_path: "noreply@agency.example".parse().unwrap(),
            to: "ana@example.com".parse().unwrap(),
            bytes: b"Subject: hello\r\n\r\nbody".to_vec(),
        }
    }

    #[test]
    fn a_message_becomes_one_private_file_also_when_written_twice() {
        let data_dir = tempfile::tempdir().unwrap();
        let files = Files::open(&data_dir.path().join("mail")).unwrap();
        for _ in 0..2 {
            let delivery = files.deliver(&sealed("m1.abc@agency.example"), &mut || true);
            assert_eq!(
                delivery,
                Delivery::Sent {
                    reply: "written to m1.abc.eml".to_owned()
                }
            );
        }
        let names: Vec<_> = fs::read_dir(files.folder())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, ["m1.abc.eml"]);
        let path = files.folder().join("m1.abc.eml");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read(path).unwrap(), b"Subject: hello\r\n\r\nbody\r\n");
    }

    #[test]
    fn a_message_no_longer_wanted_leaves_no_file() {
        let data_dir = tempfile::tempdir().unwrap();
        let files = Files::open(data_dir.path()).unwrap();
        assert_eq!(
            files.deliver(&sealed("m1@a.example"), &mut || false),
            Delivery::Withheld
        );
        assert_eq!(fs::read_dir(data_dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_has_gone_is_the_relays_trouble_and_says_what_to_do() {
        let data_dir = tempfile::tempdir().unwrap();
        let files = Files::open(&data_dir.path().join("mail")).unwrap();
        fs::remove_dir(files.folder()).unwrap();
        let delivery = files.deliver(&sealed("m1@a.example"), &mut || true);
        assert!(delivery.is_relay_trouble(), "{delivery:?}");
    }

    #[test]
    fn a_message_id_cannot_leave_the_folder() {
        assert_eq!(file_name("../../etc/passwd@x"), "etcpasswd.eml");
    }
}
