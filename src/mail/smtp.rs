//! The mail server: connections that are kept and used again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::client::TlsParameters;

use super::MailerError;
use super::build::Sealed;
pub use super::session::Patience;
use super::session::Session;
use super::smtp_url::{SmtpUrl, Tls};
use crate::domain::message::{Delivery, Phase};

/// After this many messages a connection is replaced, so that load spreads over a relay's machines.
const MOST_MESSAGES: u32 = 200;
/// Servers close idle connections after minutes; ours go first.
const LONGEST_IDLE: Duration = Duration::from_secs(60);

/// A mail server with its idle connections. As many connections are open as threads deliver at once.
pub struct Smtp {
    url: SmtpUrl,
    tls: Option<TlsParameters>,
    patience: Patience,
    idle: Mutex<Vec<Session>>,
}

impl Smtp {
    /// Prepares; connects only when there is something to deliver.
    pub fn new(url: SmtpUrl) -> Result<Self, MailerError> {
        let usual = Patience::default();
        let dot = url.wait.unwrap_or(usual.dot);
        Self::with_patience(url, Patience { dot, ..usual })
    }

    /// With other waiting times, for tests.
    pub fn with_patience(url: SmtpUrl, patience: Patience) -> Result<Self, MailerError> {
        let tls = tls_parameters(&url)?;
        Ok(Self {
            url,
            tls,
            patience,
            idle: Mutex::new(Vec::new()),
        })
    }

    /// `host:port`.
    pub fn place(&self) -> String {
        self.url.place()
    }

    /// Hands over one message, on a kept connection if there is one. A kept connection that the server
    /// has closed meanwhile is replaced at once.
    pub fn deliver(&self, sealed: &Sealed, last_look: &mut dyn FnMut() -> bool) -> Delivery {
        if let Some(mut session) = self.take_idle() {
            let delivery = session.hand_over(sealed, last_look);
            if !had_gone_stale(&delivery) {
                self.keep(session);
                return delivery;
            }
        }
        match Session::open(&self.url, self.tls.as_ref(), self.patience) {
            Ok(mut session) => {
                let delivery = session.hand_over(sealed, last_look);
                self.keep(session);
                delivery
            }
            Err(delivery) => delivery,
        }
    }

    /// Says QUIT on all idle connections.
    pub fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for mut session in idle {
            session.leave();
        }
    }

    fn take_idle(&self) -> Option<Session> {
        loop {
            let mut session = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if session.usable(MOST_MESSAGES, LONGEST_IDLE) {
                return Some(session);
            }
            session.leave();
        }
    }

    fn keep(&self, session: Session) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(session);
    }
}

/// The first command on a kept connection met its end: no word about the message was exchanged.
fn had_gone_stale(delivery: &Delivery) -> bool {
    matches!(
        delivery,
        Delivery::Unreachable {
            phase: Phase::Sender,
            ..
        } | Delivery::Deferred {
            phase: Phase::Sender,
            code: 421,
            ..
        }
    )
}

/// Certificates are checked except in opportunistic mode, which falls back to no encryption anyway.
fn tls_parameters(url: &SmtpUrl) -> Result<Option<TlsParameters>, MailerError> {
    if url.tls == Tls::None {
        return Ok(None);
    }
    let any_certificate = url.tls == Tls::Opportunistic;
    TlsParameters::builder(url.host.clone())
        .dangerous_accept_invalid_certs(any_certificate)
        .dangerous_accept_invalid_hostnames(any_certificate)
        .build()
        .map(Some)
        .map_err(|error| MailerError::Certificates(error.to_string()))
}

#[cfg(test)]
mod tests;
