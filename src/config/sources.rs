//! Looks a setting up in the flags, the environment, the file and the defaults, and remembers where it was found.

use super::nearest::nearest;
use super::{ConfigError, Flags, Origin};
use secrecy::SecretString;
use std::path::PathBuf;

const PREFIX: &str = "MAKEGOOD_";
/// The settings that the file may hold: the variables' names in lower case, without `MAKEGOOD_`.
const KEYS: [&str; 23] = [
    "data_dir",
    "database_url",
    "listen",
    "base_url",
    "smtp_url",
    "mail_from",
    "mail_reply_to",
    "mail_rate",
    "mail_connections",
    "bounces",
    "dkim",
    "secret_key",
    "locales",
    "trusted_proxies",
    "tls_cert",
    "tls_key",
    "upload_limit",
    "log",
    "log_format",
    "database_url_file",
    "smtp_url_file",
    "bounces_file",
    "secret_key_file",
];
/// Settings that may stand in a file of their own, which another setting of the same name and this end names.
const IN_FILES: [&str; 4] = [
    "MAKEGOOD_DATABASE_URL",
    "MAKEGOOD_SMTP_URL",
    "MAKEGOOD_BOUNCES",
    "MAKEGOOD_SECRET_KEY",
];
const FILE: &str = "_FILE";

/// A variable of the environment that looks like a setting and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// The setting that was meant, if one is near.
    pub meant: Option<String>,
}

/// Those among these names of variables that look like settings and are none.
pub(super) fn unknown(names: impl Iterator<Item = String>) -> Vec<Unknown> {
    let known: Vec<String> = KEYS
        .iter()
        .map(|key| format!("{PREFIX}{}", key.to_uppercase()))
        .collect();
    let strange = names.filter(|name| name.starts_with(PREFIX) && !known.contains(name));
    let mut found: Vec<Unknown> = strange
        .map(|name| Unknown {
            meant: nearest(&name, known.iter().map(String::as_str)).map(str::to_owned),
            name,
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// A setting's text and where it stands.
struct Found {
    text: String,
    from: &'static str,
    /// The file of its own that it was read from.
    file: Option<PathBuf>,
}

pub(super) struct Sources<'a> {
    flags: &'a Flags,
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: toml::Table,
    origins: Vec<Origin>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(
        flags: &'a Flags,
        environment: &'a dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            flags,
            environment,
            file: file(flags)?,
            origins: Vec::new(),
        })
    }

    /// The raw text of a setting and where it stands, if it is set at all.
    fn find(&self, setting: &'static str) -> Result<Option<Found>, ConfigError> {
        let here = |text: String, from| Found {
            text,
            from,
            file: None,
        };
        if let Some(text) = self.flags.get(setting) {
            return Ok(Some(here(text.clone(), "flag")));
        }
        let in_environment = |name: &str| (self.environment)(name).filter(|text| !text.is_empty());
        for (from, ask) in [
            ("environment", &in_environment as &dyn Fn(&str) -> Option<String>),
            ("file", &|name: &str| self.in_file(name)),
        ] {
            let named = IN_FILES
                .contains(&setting)
                .then(|| ask(&format!("{setting}{FILE}")));
            match (ask(setting), named.flatten()) {
                (Some(_), Some(_)) => {
                    let problem = format!("it and {setting}{FILE} are both set; keep one of them");
                    return Err(ConfigError::Malformed {
                        setting,
                        from,
                        problem,
                    });
                }
                (Some(text), None) => return Ok(Some(here(text, from))),
                (None, Some(path)) => return from_file(setting, from, path.into()).map(Some),
                (None, None) => {}
            }
        }
        Ok(None)
    }

    fn in_file(&self, setting: &str) -> Option<String> {
        let key = setting.trim_start_matches(PREFIX).to_lowercase();
        let value = self.file.get(&key)?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// The text to use, which is noted with where it stands.
    fn noted(&mut self, setting: &'static str, default: &str) -> Result<(String, &'static str), ConfigError> {
        let found = self.find(setting)?.unwrap_or_else(|| Found {
            text: default.to_owned(),
            from: "default",
            file: None,
        });
        self.note(setting, &found.text, found.from, found.file);
        Ok((found.text, found.from))
    }

    fn note(&mut self, setting: &'static str, value: &str, from: &'static str, file: Option<PathBuf>) {
        self.origins.push(Origin {
            setting,
            value: value.to_owned(),
            from,
            file,
        });
    }

    /// Replaces the value shown for the setting looked up last, where it holds a password.
    pub(super) fn show_last(&mut self, value: String) {
        if let Some(last) = self.origins.last_mut() {
            last.value = value;
        }
    }

    /// The same for a setting that may not be set, which shows nothing then.
    pub(super) fn show_last_if_set(&mut self, value: String) {
        if !value.is_empty() {
            self.show_last(value);
        }
    }

    pub(super) fn text(&mut self, setting: &'static str, default: &str) -> Result<String, ConfigError> {
        self.noted(setting, default).map(|(text, _)| text)
    }

    pub(super) fn parsed<T>(
        &mut self,
        setting: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        let (text, from) = self.noted(setting, default)?;
        parse(&text).map_err(|problem| ConfigError::Malformed {
            setting,
            from,
            problem,
        })
    }

    pub(super) fn optional<T>(
        &mut self,
        setting: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        if self.find(setting)?.is_none() {
            self.note(setting, "(not set)", "default", None);
            return Ok(None);
        }
        self.parsed(setting, "", parse).map(Some)
    }

    pub(super) fn secret(&mut self, setting: &'static str) -> Result<Option<SecretString>, ConfigError> {
        let Some(found) = self.find(setting)? else {
            self.note(setting, "(not set)", "default", None);
            return Ok(None);
        };
        self.note(setting, "(hidden)", found.from, found.file);
        Ok(Some(SecretString::from(found.text)))
    }

    pub(super) fn origins(self) -> Vec<Origin> {
        self.origins
    }
}

fn file(flags: &Flags) -> Result<toml::Table, ConfigError> {
    let Some(path) = &flags.config else {
        return Ok(toml::Table::new());
    };
    let bad = |problem: String| ConfigError::File(path.clone(), problem);
    let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| bad(error.message().to_owned()))?;
    match table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        Some(key) => {
            let meant = nearest(key, KEYS.into_iter())
                .map(|meant| format!("Did you mean {meant}? "))
                .unwrap_or_default();
            let all = KEYS.join(", ");
            Err(bad(format!(
                "there is no setting {key:?}. {meant}The settings are {all}"
            )))
        }
        None => Ok(table),
    }
}

/// Reads a setting from the file of its own; the line's end that an editor leaves is none of it.
fn from_file(setting: &'static str, from: &'static str, path: PathBuf) -> Result<Found, ConfigError> {
    let malformed = |problem: String| ConfigError::Malformed {
        setting,
        from,
        problem: format!("{setting}{FILE} names {}: {problem}", path.display()),
    };
    let text = std::fs::read_to_string(&path).map_err(|error| malformed(error.to_string()))?;
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    if text.is_empty() {
        return Err(malformed("the file is empty".to_owned()));
    }
    Ok(Found {
        text,
        from,
        file: Some(path),
    })
}
