//! Every setting, typed. A flag goes before an environment variable, that before the file of
//! `--config`, that before the default; [`Config::origins`] says for each where it came from.

mod bounce_box;
mod database_url;
mod dkim;
mod flags;
mod locales;
mod nearest;
mod percent;
mod private;
mod secret;
mod sources;

pub use bounce_box::{BounceBox, ImapEncryption, ImapUrl};
pub use database_url::{DatabaseUrl, UrlError};
pub use dkim::DkimKeyFile;
pub use flags::Flags;
pub use percent::percent_decoded;
pub use private::keep_to_ourselves;
pub(crate) use private::private_dir;
pub use secret::SecretKeys;
pub use sources::Unknown;

use crate::domain::locale::BadLocale;
use crate::domain::network::Network;
use secrecy::SecretString;
use sources::Sources;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Who writes, until somebody says it; fit for no reader but whoever tries the program out.
pub const DEFAULT_SENDER: &str = "Makegood <noreply@localhost>";

/// All settings of one process.
#[derive(Clone, Debug)]
pub struct Config {
    /// SQLite file, uploads in progress, `.eml` files, the generated secret key.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: DatabaseUrl,
    /// Address of `serve`; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The address in links and e-mails; `None`: `http://` and the listen address.
    pub base_url: Option<String>,
    /// The relay; `None`: e-mails become files.
    pub smtp_url: Option<SecretString>,
    /// `From` of every e-mail, as in a header.
    pub mail_from: String,
    /// Where answers to e-mails go, as in a header; `None`: to the sender.
    pub mail_reply_to: Option<String>,
    /// Messages a second.
    pub mail_rate: u32,
    /// Connections to the relay.
    pub mail_connections: usize,
    /// Where delivery reports arrive; empty: nobody reads them, and e-mails come from the agency's own address.
    pub bounces: Vec<BounceBox>,
    /// What e-mails are signed with, if at all.
    pub dkim: Vec<DkimKeyFile>,
    /// Signs links and sessions, newest first.
    pub secret_keys: SecretKeys,
    /// A folder with further languages, one file each.
    pub locales: Option<PathBuf>,
    /// Whose `X-Forwarded-For` and `Forwarded` headers count.
    pub trusted_proxies: Vec<Network>,
    /// Certificate chain and key (PEM) for TLS without a proxy.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Largest upload, in bytes.
    pub upload_limit: u64,
    /// Filter of the log, such as `info`.
    pub log: String,
    /// Whether the log is JSON.
    pub log_json: bool,
    /// Where each setting came from, secrets hidden, in the order of the contract.
    pub origins: Vec<Origin>,
    /// Variables of the environment that look like settings and are none.
    pub unknown: Vec<Unknown>,
}

/// One setting's value and where it came from, for `makegood doctor`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Origin {
    /// Name of the environment variable.
    pub setting: &'static str,
    /// The value; secrets are hidden.
    pub value: String,
    /// `flag`, `environment`, `file` or `default`.
    pub from: &'static str,
    /// The file of its own that it was read from, as `MAKEGOOD_SECRET_KEY_FILE` names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// A setting that cannot be used; says which, what it was and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value of the wrong form.
    #[error("{setting} (from {from}): {problem}")]
    Malformed {
        /// Name of the environment variable.
        setting: &'static str,
        /// Where the value came from.
        from: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The file of `--config`.
    #[error("the settings file {0}: {1}")]
    File(PathBuf, String),
    /// The folder with further languages cannot be read.
    #[error("the languages in {0}: {1}")]
    Locales(PathBuf, std::io::Error),
    /// A file of texts is none.
    #[error(transparent)]
    Locale(#[from] BadLocale),
    /// The secret key cannot be made or read.
    #[error("the secret key in {0}: {1}")]
    SecretKey(PathBuf, std::io::Error),
}

impl Config {
    /// Reads flags, the environment and the file; makes nothing. Languages of the folder that they name are known from then on.
    ///
    /// # Errors
    /// A setting cannot be used.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        #[allow(clippy::disallowed_methods)] // the one place that may ask the environment
        let environment = |name: &str| std::env::var(name).ok();
        #[cfg(feature = "broken-variants")]
        leave_out(&environment)?;
        let mut config = Self::read(flags, &environment)?;
        locales::add(config.locales.as_deref())?;
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        config.unknown = sources::unknown(names);
        Ok(config)
    }

    fn read(flags: &Flags, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut sources = Sources::new(flags, environment)?;
        let data_dir: PathBuf = sources.parsed("MAKEGOOD_DATA_DIR", "./makegood-data", folder)?;
        let database = sources.parsed("MAKEGOOD_DATABASE_URL", "sqlite:makegood.db", |text| {
            DatabaseUrl::parse(text, &data_dir).map_err(|error| error.to_string())
        })?;
        sources.show_last(database.to_string());
        let listen = sources.parsed("MAKEGOOD_LISTEN", "127.0.0.1:8080", listen_address)?;
        let base_url = sources.optional("MAKEGOOD_BASE_URL", base_url)?;
        let smtp_url = sources.secret("MAKEGOOD_SMTP_URL")?;
        let mail_from = sources.text("MAKEGOOD_MAIL_FROM", DEFAULT_SENDER)?;
        let mail_reply_to = sources.optional("MAKEGOOD_MAIL_REPLY_TO", |text| Ok(text.trim().to_owned()))?;
        let mail_rate = sources.parsed("MAKEGOOD_MAIL_RATE", "50", at_least_one)?;
        let mail_connections = sources.parsed("MAKEGOOD_MAIL_CONNECTIONS", "8", at_least_one)?;
        let bounces = sources
            .optional("MAKEGOOD_BOUNCES", bounce_box::all)?
            .unwrap_or_default();
        sources.show_last_if_set(
            bounces
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        );
        let dkim = sources.optional("MAKEGOOD_DKIM", dkim::all)?.unwrap_or_default();
        let given_keys = sources.secret("MAKEGOOD_SECRET_KEY")?;
        let secret_keys = SecretKeys::given_or_kept(given_keys, &data_dir)?;
        let locales = sources.optional("MAKEGOOD_LOCALES", folder)?;
        let trusted_proxies = sources.parsed("MAKEGOOD_TRUSTED_PROXIES", "", networks)?;
        let tls = certificate(&mut sources)?;
        let upload_limit = sources.parsed("MAKEGOOD_UPLOAD_LIMIT", "2GiB", bytes)?;
        let log = sources.text("MAKEGOOD_LOG", "info")?;
        let log_json = sources.parsed("MAKEGOOD_LOG_FORMAT", "text", log_format)?;
        let origins = sources.origins();
        Ok(Self {
            data_dir,
            database,
            listen,
            base_url,
            smtp_url,
            mail_from,
            mail_reply_to,
            mail_rate,
            mail_connections,
            bounces,
            dkim,
            secret_keys,
            locales,
            trusted_proxies,
            tls,
            upload_limit,
            log,
            log_json,
            origins,
            unknown: Vec::new(),
        })
    }

    /// Makes the secret key in the data directory, where none is set and none is kept yet.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn make_secret_key(&mut self) -> Result<(), ConfigError> {
        self.secret_keys.make(&self.data_dir)
    }

    /// Secrets that stand on the command line, where every account of this machine can read them.
    pub fn secrets_in_sight(&self) -> impl Iterator<Item = &Origin> {
        let flags = self.origins.iter().filter(|origin| origin.from == "flag");
        flags.filter(|origin| match origin.setting {
            "MAKEGOOD_SECRET_KEY" | "MAKEGOOD_SMTP_URL" => true,
            "MAKEGOOD_DATABASE_URL" => self.database.has_password(),
            "MAKEGOOD_BOUNCES" => self
                .bounces
                .iter()
                .any(|place| matches!(place, BounceBox::Imap(_))),
            _ => false,
        })
    }

    /// Makes the data directory, readable for this account only, if it is not there.
    pub fn make_data_dir(&self) -> std::io::Result<()> {
        private_dir(&self.data_dir)
    }

    /// The folder for uploads in progress.
    pub fn uploads_dir(&self) -> PathBuf {
        self.data_dir.join("uploads")
    }

    /// The file that is locked while a server is at work here.
    pub fn serving_path(&self) -> PathBuf {
        self.data_dir.join("serving.lock")
    }

    /// The file by which a restored database is known.
    pub fn instance_path(&self) -> PathBuf {
        self.data_dir.join("instance")
    }

    /// The folder for `.eml` files.
    pub fn mail_dir(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// The name by which others know this machine: that of its pages, else that of the sender's domain.
    pub fn known_as(&self) -> Option<String> {
        let after_scheme = self.base_url.as_deref().and_then(|url| url.split_once("://"));
        let authority = after_scheme.and_then(|(_, rest)| rest.split('/').next());
        let pages = authority.map(|authority| authority.rsplit_once(':').map_or(authority, |(host, _)| host));
        let sender = self
            .mail_from
            .rsplit_once('@')
            .map(|(_, domain)| domain.trim_end_matches('>'));
        let is_full = |name: &&str| name.contains('.') && name.chars().any(char::is_alphabetic);
        [pages, sender]
            .into_iter()
            .flatten()
            .find(is_full)
            .map(str::to_owned)
    }

    /// Whether pages are served over TLS, by this process or by a proxy before it: cookies are then
    /// `Secure` and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.tls.is_some()
            || self
                .base_url
                .as_deref()
                .is_some_and(|url| url.starts_with("https://"))
    }
}

/// Leaves out the guard that `MAKEGOOD_BROKEN` names. No setting of the program: other builds do not know it.
#[cfg(feature = "broken-variants")]
fn leave_out(environment: &dyn Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
    let setting = "MAKEGOOD_BROKEN";
    let chosen = environment(setting).map_or(Ok(()), |name| crate::broken::choose(&name));
    chosen.map_err(|problem| ConfigError::Malformed {
        setting,
        from: "environment",
        problem,
    })
}

fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.exists() && !path.is_dir() {
        return Err(format!(
            "{text:?} is a file; name a folder, or one that can be made"
        ));
    }
    Ok(path)
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let full = if text.starts_with(':') {
        format!("127.0.0.1{text}")
    } else {
        text.to_owned()
    };
    full.parse()
        .map_err(|_| format!("{text:?} is not an address and port, such as 127.0.0.1:8080 or :0"))
}

fn base_url(text: &str) -> Result<String, String> {
    let trimmed = text.trim_end_matches('/');
    let known = trimmed.starts_with("http://") || trimmed.starts_with("https://");
    if known && trimmed.len() > "https://".len() {
        Ok(trimmed.to_owned())
    } else {
        Err(format!(
            "{text:?} must begin with http:// or https:// and name a host"
        ))
    }
}

fn at_least_one<T: TryFrom<u32>>(text: &str) -> Result<T, String> {
    let number = text
        .parse::<u32>()
        .ok()
        .filter(|number| (1..=10_000).contains(number));
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("{text:?} is not a whole number from 1 to 10000"))
}

fn networks(text: &str) -> Result<Vec<Network>, String> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    words.map(str::parse).collect()
}

fn certificate(sources: &mut Sources<'_>) -> Result<Option<(PathBuf, PathBuf)>, ConfigError> {
    let certificate = sources.optional("MAKEGOOD_TLS_CERT", |text| Ok(PathBuf::from(text)))?;
    let key = sources.optional("MAKEGOOD_TLS_KEY", |text| Ok(PathBuf::from(text)))?;
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some((certificate, key))),
        (None, None) => Ok(None),
        _ => Err(ConfigError::Malformed {
            setting: "MAKEGOOD_TLS_CERT",
            from: "settings",
            problem: "TLS needs both MAKEGOOD_TLS_CERT and MAKEGOOD_TLS_KEY".to_owned(),
        }),
    }
}

/// Reads a size such as `2GiB`, `500MB` or `1048576`.
fn bytes(text: &str) -> Result<u64, String> {
    let digits = text
        .trim()
        .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = text
        .trim()
        .get(digits.len()..)
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let factor: u64 = match unit.as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "kib" | "k" => 1 << 10,
        "mb" => 1_000_000,
        "mib" | "m" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" | "g" => 1 << 30,
        _ => return Err(format!("{text:?}: the unit must be KiB, MiB or GiB")),
    };
    let number = digits
        .parse::<u64>()
        .map_err(|_| format!("{text:?} is not a size such as 2GiB"))?;
    number
        .checked_mul(factor)
        .ok_or_else(|| format!("{text:?} is too large"))
}

fn log_format(text: &str) -> Result<bool, String> {
    match text {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err(format!("{text:?} must be text or json")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(flags: Flags, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let dir_text = dir.path().to_str().unwrap().to_owned();
        Config::read(&flags, &|name| {
            let given = variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned());
            given.or_else(|| (name == "MAKEGOOD_DATA_DIR").then(|| dir_text.clone()))
        })
    }

    fn origin(config: &Config, setting: &str) -> Origin {
        config
            .origins
            .iter()
            .find(|origin| origin.setting == setting)
            .unwrap()
            .clone()
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_that_before_the_default() {
        let flags = Flags {
            mail_rate: Some("7".into()),
            ..Flags::default()
        };
        let config = read(
            flags,
            &[("MAKEGOOD_MAIL_RATE", "9"), ("MAKEGOOD_MAIL_CONNECTIONS", "3")],
        )
        .unwrap();
        assert_eq!((config.mail_rate, config.mail_connections), (7, 3));
        assert_eq!(origin(&config, "MAKEGOOD_MAIL_RATE").from, "flag");
        assert_eq!(origin(&config, "MAKEGOOD_MAIL_CONNECTIONS").from, "environment");
        assert_eq!(origin(&config, "MAKEGOOD_LOG").from, "default");
    }

    #[test]
    fn the_file_stands_between_environment_and_default() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("makegood.toml");
        std::fs::write(&file, "mail_rate = 11\nlog = \"debug\"\n").unwrap();
        let flags = Flags {
            config: Some(file),
            ..Flags::default()
        };
        let config = read(flags, &[("MAKEGOOD_LOG", "warn")]).unwrap();
        assert_eq!((config.mail_rate, config.log.as_str()), (11, "warn"));
        assert_eq!(origin(&config, "MAKEGOOD_MAIL_RATE").from, "file");
    }

    #[test]
    fn an_unknown_key_in_the_file_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("makegood.toml");
        std::fs::write(&file, "mail_rat = 11\n").unwrap();
        let error = read(
            Flags {
                config: Some(file),
                ..Flags::default()
            },
            &[],
        )
        .unwrap_err();
        let told = error.to_string();
        assert!(
            told.contains("mail_rat") && told.contains("Did you mean mail_rate?"),
            "{told}"
        );
    }

    #[test]
    fn a_malformed_setting_says_which_and_what_would_be_right() {
        let error = read(Flags::default(), &[("MAKEGOOD_LISTEN", "eight")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("MAKEGOOD_LISTEN")
                && error.contains("environment")
                && error.contains("127.0.0.1:8080")
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = read(
            Flags::default(),
            &[("MAKEGOOD_SMTP_URL", "smtp://u:hunter2@mail:25")],
        )
        .unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        assert_eq!(origin(&config, "MAKEGOOD_SMTP_URL").value, "(hidden)");
    }

    #[test]
    fn a_secret_may_stand_in_a_file_of_its_own_but_not_in_two_places() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("smtp");
        std::fs::write(&path, "smtp://u:hunter2@mail:25\n").unwrap();
        let named = ("MAKEGOOD_SMTP_URL_FILE", path.to_str().unwrap());
        let config = read(Flags::default(), &[named]).unwrap();
        let url = config.smtp_url.as_ref().unwrap();
        assert_eq!(
            secrecy::ExposeSecret::expose_secret(url),
            "smtp://u:hunter2@mail:25"
        );
        let shown = origin(&config, "MAKEGOOD_SMTP_URL");
        assert_eq!(
            (shown.value.as_str(), shown.from, shown.file),
            ("(hidden)", "environment", Some(path.clone()))
        );
        let both = [named, ("MAKEGOOD_SMTP_URL", "smtp://v:hunter3@mail:25")];
        let told = read(Flags::default(), &both).unwrap_err().to_string();
        assert!(told.contains("both set") && !told.contains("hunter"), "{told}");
        std::fs::write(&path, "\n").unwrap();
        let told = read(Flags::default(), &[named]).unwrap_err().to_string();
        assert!(
            told.contains("is empty") && told.contains("MAKEGOOD_SMTP_URL_FILE"),
            "{told}"
        );
        let away = [("MAKEGOOD_SECRET_KEY_FILE", "/nowhere/at/all")];
        let told = read(Flags::default(), &away).unwrap_err().to_string();
        assert!(told.contains("/nowhere/at/all"), "{told}");
    }

    #[test]
    fn a_variable_that_is_no_setting_is_told_with_what_was_meant() {
        let names = [
            "MAKEGOOD_SMPT_URL",
            "PATH",
            "MAKEGOOD_LOG",
            "MAKEGOOD_SECRET_KEY_FILE",
            "MAKEGOOD_X",
        ];
        let found = sources::unknown(names.map(str::to_owned).into_iter());
        let told: Vec<_> = found
            .iter()
            .map(|unknown| (unknown.name.as_str(), unknown.meant.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("MAKEGOOD_SMPT_URL", Some("MAKEGOOD_SMTP_URL")),
                ("MAKEGOOD_X", None)
            ]
        );
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(
            (bytes("2GiB"), bytes("512 KiB"), bytes("7")),
            (Ok(2 << 30), Ok(512 << 10), Ok(7))
        );
        assert!(bytes("2 parsecs").is_err());
    }

    #[test]
    fn a_free_port_may_be_asked_for() {
        assert_eq!(listen_address(":0").unwrap().to_string(), "127.0.0.1:0");
    }
}
