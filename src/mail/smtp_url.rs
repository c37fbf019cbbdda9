//! `MAKEGOOD_SMTP_URL`: which mail server, how protected, and who we are to it.

use std::net::IpAddr;
use std::time::Duration;

use crate::config::percent_decoded;
use secrecy::SecretString;

/// How the conversation is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (`smtps://`), certificate checked.
    Wrapped,
    /// STARTTLS or nothing, certificate checked. The default.
    Required,
    /// STARTTLS if offered, any certificate. The default on this machine itself.
    Opportunistic,
    /// Never.
    None,
}

/// User name and password for the mail server.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name; shown.
    pub user: String,
    /// The password; never shown.
    pub password: SecretString,
}

/// A mail server as configured. Its `Debug` shows no password.
#[derive(Clone, Debug)]
pub struct SmtpUrl {
    /// Name or address; the certificate must be for it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Encryption.
    pub tls: Tls,
    /// If the server wants to know who we are.
    pub login: Option<Login>,
    /// How long to wait for the answer to a whole text, if not for the ten minutes of RFC 5321.
    pub wait: Option<Duration>,
    /// Our name in EHLO, where this machine has none that others know.
    pub known_as: Option<String>,
}

/// What is wrong with the URL and what to write instead. Never quotes the URL: it may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("MAKEGOOD_SMTP_URL {0}")]
pub struct SmtpUrlError(String);

fn wrong<T>(what: impl Into<String>) -> Result<T, SmtpUrlError> {
    Err(SmtpUrlError(what.into()))
}

impl SmtpUrl {
    /// Reads `smtp://[user:password@]host[:port][?tls=required|opportunistic|none][&wait=SECONDS]` or `smtps://…`.
    /// Special characters in user and password are percent-encoded. Without a port: 465 for smtps, 25
    /// on this machine or without encryption, else 587.
    pub fn parse(url: &str) -> Result<Self, SmtpUrlError> {
        let (wrapped, rest) = match url.trim().split_once("://") {
            Some(("smtp", rest)) => (false, rest),
            Some(("smtps", rest)) => (true, rest),
            _ => {
                return wrong(
                    "must begin with smtp:// or smtps://, such as smtp://user:password@mail.example:587",
                );
            }
        };
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(read_login(login)?), place),
            None => (None, rest),
        };
        let (authority, query) = place.split_once('?').unwrap_or((place, ""));
        let (host, port) = read_host(authority.trim_end_matches('/'))?;
        let (tls, wait) = read_wait(query)?;
        let tls = read_tls(wrapped, tls, &host)?;
        if login.is_some() && tls == Tls::Opportunistic && !is_this_machine(&host) {
            return wrong("would send the password to whoever answers: with a user name use ?tls=required");
        }
        let port = port.unwrap_or_else(|| usual_port(tls, &host));
        Ok(Self {
            host,
            port,
            tls,
            login,
            wait,
            known_as: None,
        })
    }

    /// `host:port`, without secrets.
    pub fn place(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

fn usual_port(tls: Tls, host: &str) -> u16 {
    match tls {
        Tls::Wrapped => 465,
        Tls::None => 25,
        _ if is_this_machine(host) => 25,
        _ => 587,
    }
}

fn read_login(text: &str) -> Result<Login, SmtpUrlError> {
    let Some((user, password)) = text.split_once(':') else {
        return wrong("has a user name but no password; write user:password@");
    };
    let (Some(user), Some(password)) = (percent_decoded(user), percent_decoded(password)) else {
        return wrong("has a broken %-sequence in its user name or password; write % itself as %25");
    };
    if user.is_empty() || password.is_empty() {
        return wrong("has an empty user name or password");
    }
    Ok(Login {
        user,
        password: SecretString::from(password),
    })
}

fn read_host(authority: &str) -> Result<(String, Option<u16>), SmtpUrlError> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(letters) {
        return wrong(
            "has no usable host name; special characters in the password are written as %40, %2F, …",
        );
    }
    match port.map(str::parse::<u16>) {
        None => Ok((host.to_owned(), None)),
        Some(Ok(port)) if port > 0 => Ok((host.to_owned(), Some(port))),
        Some(_) => wrong("has a port that is no number from 1 to 65535"),
    }
}

/// What stands before the wait, and the wait.
fn read_wait(query: &str) -> Result<(&str, Option<Duration>), SmtpUrlError> {
    let Some((tls, wait)) = query.rsplit_once("wait=") else {
        return Ok((query, None));
    };
    match wait.parse() {
        Ok(seconds @ 1..=900) if tls.is_empty() || tls.ends_with('&') => {
            Ok((tls.trim_end_matches('&'), Some(Duration::from_secs(seconds))))
        }
        _ => wrong("has a wait that is no number of seconds from 1 to 900"),
    }
}

fn read_tls(wrapped: bool, query: &str, host: &str) -> Result<Tls, SmtpUrlError> {
    if wrapped && !query.is_empty() {
        return wrong("is smtps://, which is always encrypted: leave out tls=");
    }
    match query {
        _ if wrapped => Ok(Tls::Wrapped),
        "" if is_this_machine(host) => Ok(Tls::Opportunistic),
        "" | "tls=required" => Ok(Tls::Required),
        "tls=opportunistic" => Ok(Tls::Opportunistic),
        "tls=none" => Ok(Tls::None),
        _ => wrong("may end in ?tls=required, ?tls=opportunistic or ?tls=none, and &wait=600, nothing else"),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parsed(url: &str) -> (String, Tls) {
        let url = SmtpUrl::parse(url).unwrap();
        (url.place(), url.tls)
    }

    #[test]
    fn encryption_is_required_except_on_this_machine() {
        assert_eq!(
            parsed("smtp://mail.example:587"),
            ("mail.example:587".to_owned(), Tls::Required)
        );
        assert_eq!(
            parsed("smtp://mail.example"),
            ("mail.example:587".to_owned(), Tls::Required)
        );
        assert_eq!(
            parsed("smtps://mail.example"),
            ("mail.example:465".to_owned(), Tls::Wrapped)
        );
        assert_eq!(
            parsed("smtp://127.0.0.1:2525"),
            ("127.0.0.1:2525".to_owned(), Tls::Opportunistic)
        );
        assert_eq!(
            parsed("smtp://[::1]:2525"),
            ("[::1]:2525".to_owned(), Tls::Opportunistic)
        );
        assert_eq!(
            parsed("smtp://localhost/"),
            ("localhost:25".to_owned(), Tls::Opportunistic)
        );
        assert_eq!(
            parsed("smtp://localhost?tls=required"),
            ("localhost:25".to_owned(), Tls::Required)
        );
        assert_eq!(
            parsed("smtp://mail.example?tls=none"),
            ("mail.example:25".to_owned(), Tls::None)
        );
    }

    #[test]
    fn a_relay_may_be_waited_for_longer_or_less_long() {
        let wait = |url: &str| {
            let url = SmtpUrl::parse(url).unwrap();
            (url.tls, url.wait.map(|wait| wait.as_secs()))
        };
        assert_eq!(wait("smtp://mail.example"), (Tls::Required, None));
        assert_eq!(wait("smtp://mail.example?wait=900"), (Tls::Required, Some(900)));
        assert_eq!(wait("smtp://mail.example?tls=none&wait=5"), (Tls::None, Some(5)));
        assert_eq!(wait("smtps://mail.example?wait=30"), (Tls::Wrapped, Some(30)));
    }

    #[test]
    fn a_password_may_hold_any_character_and_is_never_shown() {
        let url = SmtpUrl::parse("smtp://ana%40agency:p%40ss:w%2Frd%25@mail.example:25").unwrap();
        let login = url.login.clone().unwrap();
        assert_eq!(login.user, "ana@agency");
        assert_eq!(login.password.expose_secret(), "p@ss:w/rd%");
        assert!(!format!("{url:?}").contains("w/rd"));
    }

    #[test]
    fn a_wrong_url_is_refused_with_advice_and_without_its_password() {
        let wrong = [
            ("mail.example:25", "must begin with"),
            ("http://mail.example", "must begin with"),
            ("smtp://", "no usable host"),
            ("smtp://u:s3cret@", "no usable host"),
            ("smtp://u@mail.example", "no password"),
            ("smtp://u:@mail.example", "empty"),
            ("smtp://u:s3cret%zz@mail.example", "%-sequence"),
            ("smtp://mail.example:99999", "port"),
            ("smtp://mail.example:0", "port"),
            ("smtp://mail.example?tls=maybe", "?tls=required"),
            ("smtp://mail.example?wait=0", "wait"),
            ("smtp://mail.example?tls=none&wait=1h", "wait"),
            ("smtp://mail.example?await=5", "wait"),
            ("smtps://mail.example?tls=none", "always encrypted"),
            (
                "smtp://u:s3cret@mail.example?tls=opportunistic",
                "use ?tls=required",
            ),
        ];
        for (url, advice) in wrong {
            let error = SmtpUrl::parse(url).unwrap_err().to_string();
            assert!(error.contains(advice), "{url}: {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
