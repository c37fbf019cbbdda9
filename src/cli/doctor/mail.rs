//! E-mail: who writes, where it goes, where it comes back, and how it is signed.

use super::finding::Finding;
use super::settings::is_this_machine;
use crate::config::{BounceBox, Config, DEFAULT_SENDER};
use crate::mail::Mailer;
use crate::mail::imap::{Imap, Limits};
use crate::mail::maildir::{Maildir, NOT_YET};
use crate::outreach::outbox::Letterhead;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long the mail server may take to answer the door.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    let mut found = vec![Finding::of("mail", server(config))];
    match Letterhead::of(config) {
        Err(error) => found.push(Finding::problem("sender", error.to_string())),
        Ok(letterhead) => {
            found.push(sender(config, &letterhead));
            let records = letterhead.signer.records().into_iter();
            found.extend(records.map(|record| {
                Finding::ok("dkim", format!("publish {} TXT \"{}\"", record.name, record.text))
            }));
        }
    }
    found.extend(config.bounces.iter().map(|place| match not_yet(place) {
        Some(told) => Finding::warning("bounces", told),
        None => Finding::of("bounces", bounces(place)),
    }));
    found
}

/// Whether whoever gets an e-mail can tell who wrote it, and can answer.
fn sender(config: &Config, letterhead: &Letterhead) -> Finding {
    let address = letterhead.sender.address();
    let domain = letterhead.sender.domain();
    let nobody = is_this_machine(domain) || !domain.contains('.');
    if config.smtp_url.is_some() && nobody {
        let told = format!(
            "e-mails come from {address}, which is no address on the internet: mail servers turn it away; set \
             MAKEGOOD_MAIL_FROM, such as 'Department of Revenue <notices@agency.gov>'"
        );
        return Finding::problem("sender", told);
    }
    if config.mail_from == DEFAULT_SENDER {
        let told = format!(
            "e-mails come from {DEFAULT_SENDER}, and pages that belong to no outage say so: a name that no citizen knows; set \
             MAKEGOOD_MAIL_FROM, such as 'Department of Revenue <notices@agency.gov>'"
        );
        return Finding::warning("sender", told);
    }
    Finding::ok("sender", config.mail_from.clone())
}

/// Whether the mail server's port answers; nothing is sent.
fn server(config: &Config) -> Result<String, String> {
    if config.smtp_url.is_none() {
        let folder = config.mail_dir();
        return Ok(format!(
            "no mail server is set; e-mails become files in {}",
            folder.display()
        ));
    }
    let mailer = Mailer::open(config.smtp_url.as_ref(), &config.mail_dir(), config.known_as())
        .map_err(|error| error.to_string())?;
    let place = mailer.place();
    let addresses = place
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

/// That a folder is not there yet, if so: the first report makes it.
fn not_yet(place: &BounceBox) -> Option<String> {
    let BounceBox::Maildir(folder) = place else {
        return None;
    };
    let missing = !folder.join("new").exists();
    missing.then(|| format!("{place}: {NOT_YET}"))
}

/// Whether what came back can be read there; nothing is changed.
fn bounces(place: &BounceBox) -> Result<String, String> {
    match place {
        BounceBox::Maildir(folder) => {
            let unread = Maildir::at(folder).unread(1);
            unread.map_err(|error| format!("{place}: {error}"))?;
        }
        BounceBox::Imap(url) => {
            let mut mailbox = Imap::open(url, Limits::BRISK).map_err(|error| format!("{place}: {error}"))?;
            mailbox.unread(1).map_err(|error| format!("{place}: {error}"))?;
            mailbox.close();
        }
        BounceBox::Webhook => return Ok("programs bring them to POST /api/v1/bounces".to_owned()),
    }
    Ok(format!("{place} can be read"))
}
