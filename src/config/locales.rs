//! Further languages, in a folder beside the program: one file each, as those that the program carries.

use super::ConfigError;
use crate::domain::locale;
use std::path::Path;

/// Makes the languages of a folder known to this process.
///
/// # Errors
/// The folder cannot be read, or a file in it is no language.
pub(super) fn add(folder: Option<&Path>) -> Result<(), ConfigError> {
    if let Some(broken) = locale::complaint() {
        return Err(ConfigError::Locale(broken.clone()));
    }
    let Some(folder) = folder else {
        return Ok(());
    };
    let unreadable = |error: std::io::Error| ConfigError::Locales(folder.to_owned(), error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.push((name, std::fs::read_to_string(&path).map_err(unreadable)?));
        }
    }
    files.sort();
    Ok(locale::add(&files)?)
}
