//! What an error from the mail server means, in words that say what to do.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::Duration;

use lettre::transport::smtp::Error;
use rustls::CertificateError;

use crate::domain::diagnosis::Fault;
use crate::domain::message::{Delivery, Phase, fault_of};

/// Trouble with the relay as a whole, not with one message.
pub(super) fn unreachable(reason: String) -> Delivery {
    Delivery::Unreachable {
        phase: Phase::Connection,
        reason,
    }
}

/// The outcome when a command or the text ended in an error. `place` is named in connection errors,
/// `waited` in time-outs.
pub(super) fn ended(phase: Phase, error: &Error, place: &str, waited: Duration) -> Delivery {
    if let Some(code) = code_of(error) {
        return refusal(phase, code, reply_of(error), place);
    }
    let reason = reason(error, place, waited);
    match phase {
        Phase::Dot => Delivery::Uncertain {
            reason: format!("after the whole text was sent: {reason}"),
        },
        _ => Delivery::Unreachable { phase, reason },
    }
}

/// A negative answer. What concerns our set-up (greeting, login, demands for encryption, our name, our sender) is never held
/// against the message, or a wrong password would fail the whole outbox.
fn refusal(phase: Phase, code: u16, reply: String, place: &str) -> Delivery {
    match code {
        530 | 538 => unreachable(format!(
            "{place} wants encryption or a login first ({code} {reply}); put user:password and ?tls=required into MAKEGOOD_SMTP_URL"
        )),
        534 | 535 => unreachable(format!(
            "{place} did not accept the user name or password ({code} {reply}); correct them in MAKEGOOD_SMTP_URL"
        )),
        500.. if phase == Phase::Connection => {
            unreachable(format!("{place} refuses this client ({code} {reply})"))
        }
        500.. if phase == Phase::Sender => unreachable(format!(
            "{place} refuses our sender ({code} {reply}); correct MAKEGOOD_MAIL_FROM, or let {place} allow it"
        )),
        500.. if phase == Phase::Recipient && fault_of(&reply) == Fault::Ours => unreachable(format!(
            "{place} does not let us in ({code} {reply}); it is about this machine's name, its address or our sender, and about no \
             recipient"
        )),
        500.. => Delivery::Refused { phase, code, reply },
        _ => Delivery::Deferred { phase, code, reply },
    }
}

fn code_of(error: &Error) -> Option<u16> {
    error.status()?.to_string().parse().ok()
}

fn reply_of(error: &Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

fn reason(error: &Error, place: &str, waited: Duration) -> String {
    match io_error(error) {
        Some(io) => io_reason(io, place, waited),
        None if error.is_response() => format!("{place} closed the connection or gave an unreadable answer"),
        None => format!("{place}: {error}"),
    }
}

fn io_error(error: &Error) -> Option<&std::io::Error> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref() {
            return Some(io);
        }
        cause = inner.source();
    }
    None
}

/// Whether writing failed because the other side had gone; reading never gives this error.
pub(super) fn is_broken_pipe(error: &Error) -> bool {
    io_error(error).is_some_and(|io| io.kind() == ErrorKind::BrokenPipe)
}

fn io_reason(error: &std::io::Error, place: &str, waited: Duration) -> String {
    if let Some(tls) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    {
        return tls_reason(tls, place);
    }
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            format!("{place} did not answer within {} seconds", waited.as_secs())
        }
        ErrorKind::ConnectionRefused => {
            format!("nothing listens at {place}; start the mail server or correct MAKEGOOD_SMTP_URL")
        }
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
            format!("{place} closed the connection")
        }
        _ => format!("cannot talk to {place}: {error}"),
    }
}

fn tls_reason(error: &rustls::Error, place: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(fault) => {
            format!(
                "the certificate of {place} was not accepted: {}",
                certificate_fault(fault)
            )
        }
        rustls::Error::InvalidMessage(_) => format!(
            "{place} does not speak TLS here; smtps:// is for ports such as 465, smtp:// for 25 and 587"
        ),
        other => format!("the encryption with {place} failed: {other}"),
    }
}

fn certificate_fault(fault: &CertificateError) -> String {
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name; MAKEGOOD_SMTP_URL must name the server as its certificate does"
                .to_owned()
        }
        CertificateError::UnknownIssuer => {
            "its issuer is not known to this machine; add the issuer's certificate \
             to the system's, or name a file with it in SSL_CERT_FILE"
                .to_owned()
        }
        _ => "it cannot be verified with the certificates that this machine knows".to_owned(),
    }
}
