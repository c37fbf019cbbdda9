//! `makegood doctor`: every setting with its source, and whether everything is there to work with.

use super::{Answer, Result};
use crate::clock::Clock;
use crate::config::{BounceBox, Config};
use crate::db::Db;
use crate::mail::build::Sender;
use crate::mail::dkim::Signer;
use crate::mail::imap::Imap;
use crate::mail::maildir::Maildir;
use crate::outreach::{Error, Office};
use serde::Serialize;
use serde_json::json;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long the mail server may take to answer the door.
const PATIENCE: Duration = Duration::from_secs(5);

/// One thing looked at.
#[derive(Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    detail: String,
}

impl Finding {
    fn of(check: &'static str, found: std::result::Result<String, String>) -> Self {
        let (ok, detail) = match found {
            Ok(detail) => (true, detail),
            Err(detail) => (false, detail),
        };
        Self { check, ok, detail }
    }
}

pub(super) fn run(config: &Config) -> Result<Answer> {
    let findings = [
        Finding::of("data directory", data_dir(config)),
        Finding::of("database", database(config)),
        Finding::of("mail", mail(config)),
        Finding::of("tls", tls(config)),
    ];
    let places = config
        .bounces
        .iter()
        .map(|place| Finding::of("bounces", bounces(place)));
    let findings: Vec<Finding> = findings.into_iter().chain(places).chain(dkim(config)).collect();
    let done = findings.iter().all(|finding| finding.ok);
    let mut lines = vec!["Settings".to_owned()];
    lines.extend(
        config
            .origins
            .iter()
            .map(|origin| format!("  {:<26} {}  ({})", origin.setting, origin.value, origin.from)),
    );
    lines.push("Checks".to_owned());
    lines.extend(findings.iter().map(|finding| {
        let mark = if finding.ok { "ok     " } else { "PROBLEM" };
        format!("  {mark} {}: {}", finding.check, finding.detail)
    }));
    Ok(Answer {
        text: lines.join("\n"),
        json: json!({"settings": config.origins, "checks": findings, "ok": done}),
        done,
    })
}

fn data_dir(config: &Config) -> std::result::Result<String, String> {
    let dir = &config.data_dir;
    let told = |error: std::io::Error| format!("{}: {error}", dir.display());
    config.make_data_dir().map_err(told)?;
    let probe = dir.join(format!(".doctor.{}", std::process::id()));
    std::fs::write(&probe, b"makegood").map_err(told)?;
    std::fs::remove_file(&probe).map_err(told)?;
    Ok(format!("{} can be written", dir.display()))
}

fn database(config: &Config) -> std::result::Result<String, String> {
    if let crate::config::DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        let told = "there is no database yet; `makegood migrate` or `makegood serve` makes it";
        return Err(told.to_owned());
    }
    let db = Db::open(&config.database).map_err(|error| error.to_string())?;
    if !db.is_migrated() {
        return Err("its schema is not this program's; run `makegood migrate`".to_owned());
    }
    let office = Office::new(db, Clock::default(), config.clone());
    let held = office.mail_hold().map_err(|error| error.to_string())?;
    if let Some(held) = held {
        let told = "all e-mail is held; `makegood mail release` says what waits";
        return Err(format!("{told}. {}", held.hold.because));
    }
    counts(&office).map_err(|error| error.to_string())
}

/// Whether what came back can be read there; nothing is changed.
fn bounces(place: &BounceBox) -> std::result::Result<String, String> {
    match place {
        BounceBox::Maildir(folder) => {
            let unread = Maildir::at(folder).unread(1);
            unread.map_err(|error| format!("{place}: {error}"))?;
        }
        BounceBox::Imap(url) => {
            let mut mailbox = Imap::open(url).map_err(|error| format!("{place}: {error}"))?;
            mailbox.unread(1).map_err(|error| format!("{place}: {error}"))?;
            mailbox.close();
        }
        BounceBox::Webhook => return Ok("programs bring them to POST /api/v1/bounces".to_owned()),
    }
    Ok(format!("{place} can be read"))
}

/// What has to be published for the signatures; nothing without keys.
fn dkim(config: &Config) -> Vec<Finding> {
    if config.dkim.is_empty() {
        return Vec::new();
    }
    let signer = Sender::parse(&config.mail_from)
        .map_err(|error| error.to_string())
        .and_then(|sender| Signer::load(&config.dkim, sender.domain()).map_err(|error| error.to_string()));
    match signer {
        Err(told) => vec![Finding::of("dkim", Err(told))],
        Ok(signer) => {
            let records = signer.records().into_iter();
            let told = records.map(|record| format!("publish {} TXT \"{}\"", record.name, record.text));
            told.map(|told| Finding::of("dkim", Ok(told))).collect()
        }
    }
}

fn counts(office: &Office) -> std::result::Result<String, Error> {
    let accounts = office.accounts()?;
    let on = accounts.iter().filter(|user| user.disabled_at.is_none()).count();
    let hint = if on == 0 {
        "; add one with `makegood user add`"
    } else {
        ""
    };
    Ok(format!("migrated; {on} accounts that can sign in{hint}"))
}

/// Whether the mail server's port answers; nothing is sent.
fn mail(config: &Config) -> std::result::Result<String, String> {
    let mailer = crate::mail::Mailer::open(config.smtp_url.as_ref(), &config.mail_dir())
        .map_err(|error| error.to_string())?;
    let place = mailer.place();
    if config.smtp_url.is_none() {
        return Ok(format!("no mail server is set; e-mails become files in {place}"));
    }
    let door = place.rsplit_once("://").map_or(place.as_str(), |(_, door)| door);
    let addresses = door
        .to_socket_addrs()
        .map_err(|error| format!("{place}: {error}"))?;
    let mut last = format!("{place}: the name has no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(_) => return Ok(format!("{place} answers")),
            Err(error) => last = format!("{place}: {error}"),
        }
    }
    Err(last)
}

fn tls(config: &Config) -> std::result::Result<String, String> {
    match &config.tls {
        None if config.is_https() => Ok("a proxy speaks https for this server".to_owned()),
        None => Ok("not used: pages are served over http".to_owned()),
        Some((certificate, key)) => crate::server::check_certificate(certificate, key)
            .map(|()| "certificate and key can be used".to_owned())
            .map_err(|error| error.to_string()),
    }
}
