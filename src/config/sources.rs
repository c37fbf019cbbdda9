//! Looks a setting up in the flags, the environment, the file and the defaults, and remembers where it was found.

use super::{ConfigError, Flags, Origin};
use secrecy::SecretString;

/// The settings that the file may hold: the variables' names in lower case, without `MAKEGOOD_`.
const KEYS: [&str; 18] = [
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
    "trusted_proxies",
    "tls_cert",
    "tls_key",
    "upload_limit",
    "log",
    "log_format",
];

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
    fn find(&self, setting: &'static str) -> Option<(String, &'static str)> {
        if let Some(text) = self.flags.get(setting) {
            return Some((text.clone(), "flag"));
        }
        if let Some(text) = (self.environment)(setting).filter(|text| !text.is_empty()) {
            return Some((text, "environment"));
        }
        let key = setting.trim_start_matches("MAKEGOOD_").to_lowercase();
        let value = self.file.get(&key)?;
        Some((
            value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            "file",
        ))
    }

    fn note(&mut self, setting: &'static str, value: &str, from: &'static str) {
        self.origins.push(Origin {
            setting,
            value: value.to_owned(),
            from,
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

    pub(super) fn text(&mut self, setting: &'static str, default: &str) -> String {
        let (text, from) = self.find(setting).unwrap_or((default.to_owned(), "default"));
        self.note(setting, &text, from);
        text
    }

    pub(super) fn parsed<T>(
        &mut self,
        setting: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        let (text, from) = self.find(setting).unwrap_or((default.to_owned(), "default"));
        self.note(setting, &text, from);
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
        if self.find(setting).is_none() {
            self.note(setting, "(not set)", "default");
            return Ok(None);
        }
        self.parsed(setting, "", parse).map(Some)
    }

    pub(super) fn secret(&mut self, setting: &'static str) -> Option<SecretString> {
        let found = self.find(setting);
        let from = found.as_ref().map_or("default", |(_, from)| from);
        self.note(
            setting,
            if found.is_some() { "(hidden)" } else { "(not set)" },
            from,
        );
        found.map(|(text, _)| SecretString::from(text))
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
        Some(key) => Err(bad(format!(
            "there is no setting {key:?}; the settings are {}",
            KEYS.join(", ")
        ))),
        None => Ok(table),
    }
}
