//! The settings as flags of the command line.

use std::path::PathBuf;

/// Every setting as a flag; what is not given is looked for in the environment and the file.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(
    next_help_heading = "Settings (each also an environment variable MAKEGOOD_… and a key of the file)"
)]
pub struct Flags {
    /// A TOML file with settings, such as `mail_rate = 20`
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder for the database, uploads in progress, .eml files and the secret key [default: ./makegood-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<String>,
    /// sqlite:FILE or postgres://… [default: sqlite:makegood.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Address of the web server; :0 picks a free port [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The address in links and e-mails [default: http:// and the listen address]
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// The mail relay, such as `smtp://user:pass@host:port`; without it e-mails become files
    #[arg(long, global = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// From of every e-mail (default: `Makegood <noreply@localhost>`)
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Where answers to e-mails go [default: to the sender]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_reply_to: Option<String>,
    /// Messages a second [default: 50]
    #[arg(long, global = true, value_name = "N")]
    pub mail_rate: Option<String>,
    /// Connections to the relay [default: 8]
    #[arg(long, global = true, value_name = "N")]
    pub mail_connections: Option<String>,
    /// Where delivery reports arrive: maildir:/path, `imaps://user:password@host/INBOX`, webhook; several between commas
    /// [default: nobody reads them]
    #[arg(long, global = true, value_name = "PLACE,…")]
    pub bounces: Option<String>,
    /// Sign e-mails (DKIM): selector:domain:/path/key.pem; several between commas [default: not signed]
    #[arg(long, global = true, value_name = "SELECTOR:DOMAIN:FILE,…")]
    pub dkim: Option<String>,
    /// Signs links and sessions; several, newest first, separated by commas [default: made on first start]
    #[arg(long, global = true, value_name = "KEY")]
    pub secret_key: Option<String>,
    /// Folder with further languages of letters, pages and script, one file each as in `locales/` [default: none]
    #[arg(long, global = true, value_name = "DIR")]
    pub locales: Option<String>,
    /// Addresses of proxies whose Forwarded headers count
    #[arg(long, global = true, value_name = "IP,…")]
    pub trusted_proxies: Option<String>,
    /// Certificate chain (PEM) for TLS without a proxy
    #[arg(long, global = true, value_name = "FILE")]
    pub tls_cert: Option<String>,
    /// Private key (PEM) for TLS without a proxy
    #[arg(long, global = true, value_name = "FILE")]
    pub tls_key: Option<String>,
    /// Largest upload [default: 2GiB]
    #[arg(long, global = true, value_name = "SIZE")]
    pub upload_limit: Option<String>,
    /// Filter of the log [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

impl Flags {
    /// The flag that belongs to an environment variable.
    pub(super) fn get(&self, variable: &str) -> Option<&String> {
        match variable {
            "MAKEGOOD_DATA_DIR" => self.data_dir.as_ref(),
            "MAKEGOOD_DATABASE_URL" => self.database_url.as_ref(),
            "MAKEGOOD_LISTEN" => self.listen.as_ref(),
            "MAKEGOOD_BASE_URL" => self.base_url.as_ref(),
            "MAKEGOOD_SMTP_URL" => self.smtp_url.as_ref(),
            "MAKEGOOD_MAIL_FROM" => self.mail_from.as_ref(),
            "MAKEGOOD_MAIL_REPLY_TO" => self.mail_reply_to.as_ref(),
            "MAKEGOOD_MAIL_RATE" => self.mail_rate.as_ref(),
            "MAKEGOOD_MAIL_CONNECTIONS" => self.mail_connections.as_ref(),
            "MAKEGOOD_BOUNCES" => self.bounces.as_ref(),
            "MAKEGOOD_DKIM" => self.dkim.as_ref(),
            "MAKEGOOD_SECRET_KEY" => self.secret_key.as_ref(),
            "MAKEGOOD_LOCALES" => self.locales.as_ref(),
            "MAKEGOOD_TRUSTED_PROXIES" => self.trusted_proxies.as_ref(),
            "MAKEGOOD_TLS_CERT" => self.tls_cert.as_ref(),
            "MAKEGOOD_TLS_KEY" => self.tls_key.as_ref(),
            "MAKEGOOD_UPLOAD_LIMIT" => self.upload_limit.as_ref(),
            "MAKEGOOD_LOG" => self.log.as_ref(),
            "MAKEGOOD_LOG_FORMAT" => self.log_format.as_ref(),
            _ => None,
        }
    }
}
