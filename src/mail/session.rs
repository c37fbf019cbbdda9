//! One conversation with the mail server, phase by phase, so that what has been said and answered
//! decides what became of a message.
//!
//! lettre's own `send` gives the same error for a connection lost before MAIL and after the final dot.
//! Here the commands are given one by one.

use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use secrecy::ExposeSecret;

use super::build::Sealed;
use super::smtp_url::{SmtpUrl, Tls};
use super::trouble::{ended, is_broken_pipe, unreachable};
use crate::domain::message::{Delivery, Phase};

/// How long to wait for the server's answers. The default is RFC 5321 section 4.5.3.2.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Connecting, greeting, EHLO, STARTTLS, login, MAIL, RCPT.
    pub command: Duration,
    /// The answer to DATA.
    pub data: Duration,
    /// Writing the text, and the answer to the final dot. Less than ten minutes makes duplicates.
    pub dot: Duration,
    /// RSET and QUIT, whose answers change nothing.
    pub goodbye: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            command: Duration::from_secs(300),
            data: Duration::from_secs(120),
            dot: Duration::from_secs(600),
            goodbye: Duration::from_secs(2),
        }
    }
}

/// An open connection that has passed greeting, encryption and login.
pub(super) struct Session {
    connection: SmtpConnection,
    patience: Patience,
    messages: u32,
    last_used: Instant,
    /// The server reads commands that are sent together one after the other (PIPELINING, RFC 2920).
    pipelines: bool,
    /// An answer to something said before may still come.
    muddled: bool,
    broken: bool,
}

impl Session {
    /// Connects, encrypts and logs in. A failure is never one message's fault.
    pub(super) fn open(
        url: &SmtpUrl,
        tls: Option<&TlsParameters>,
        patience: Patience,
    ) -> Result<Self, Delivery> {
        let wrapper = tls.filter(|_| url.tls == Tls::Wrapped);
        let address = (url.host.as_str(), url.port);
        let connection =
            SmtpConnection::connect(address, Some(patience.command), &hello_name(url), wrapper, None)
                .map_err(|error| ended(Phase::Connection, &error, &url.place(), patience.command))?;
        let mut session = Self {
            connection,
            patience,
            messages: 0,
            last_used: Instant::now(),
            pipelines: false,
            muddled: false,
            broken: false,
        };
        session.encrypt(url, tls)?;
        session.log_in(url)?;
        session.ask_what_it_can(url)?;
        Ok(session)
    }

    /// Greets once more, encrypted and logged in as it is now: lettre keeps of the answer what it uses itself.
    fn ask_what_it_can(&mut self, url: &SmtpUrl) -> Result<(), Delivery> {
        match self.connection.command(Ehlo::new(hello_name(url))) {
            Ok(answer) => {
                self.pipelines = answer
                    .message()
                    .any(|line| line.eq_ignore_ascii_case("PIPELINING"));
            }
            Err(error) if error.status().is_some_and(|code| code.to_string() != "421") => {} // one thing after the other, then
            Err(error) => {
                self.leave();
                return Err(ended(
                    Phase::Connection,
                    &error,
                    &url.place(),
                    self.patience.command,
                ));
            }
        }
        Ok(())
    }

    fn encrypt(&mut self, url: &SmtpUrl, tls: Option<&TlsParameters>) -> Result<(), Delivery> {
        let Some(tls) = tls.filter(|_| !self.connection.is_encrypted()) else {
            return Ok(());
        };
        if self.connection.can_starttls() {
            let started = self.connection.starttls(tls, &hello_name(url));
            return started
                .map_err(|error| ended(Phase::Connection, &error, &url.place(), self.patience.command));
        }
        if url.tls == Tls::Opportunistic {
            return Ok(());
        }
        self.leave();
        Err(unreachable(format!(
            "{} offers no STARTTLS, and nothing is sent unencrypted. Use its encrypted port (smtps://, often 465) \
             or another server; only if the way to it is protected otherwise, add ?tls=none to MAKEGOOD_SMTP_URL",
            url.place()
        )))
    }

    fn log_in(&mut self, url: &SmtpUrl) -> Result<(), Delivery> {
        let Some(login) = &url.login else { return Ok(()) };
        if self
            .connection
            .server_info()
            .get_auth_mechanism(DEFAULT_MECHANISMS)
            .is_none()
        {
            self.leave();
            return Err(unreachable(format!(
                "{} offers no login by PLAIN or LOGIN; take the user name out of MAKEGOOD_SMTP_URL or use another port",
                url.place()
            )));
        }
        let secret = Credentials::new(login.user.clone(), login.password.expose_secret().to_owned());
        match self.connection.auth(DEFAULT_MECHANISMS, &secret) {
            Ok(_) => Ok(()),
            Err(error) => {
                self.leave();
                Err(ended(
                    Phase::Connection,
                    &error,
                    &url.place(),
                    self.patience.command,
                ))
            }
        }
    }

    /// Hands over one message. Afterwards [`Session::usable`] says whether another can follow.
    pub(super) fn hand_over(&mut self, sealed: &Sealed, last_look: &mut dyn FnMut() -> bool) -> Delivery {
        self.messages += 1;
        let delivery = self.converse(sealed, last_look).unwrap_or_else(|ended| ended);
        self.last_used = Instant::now();
        self.clear_up(&delivery);
        delivery
    }

    fn converse(
        &mut self,
        sealed: &Sealed,
        last_look: &mut dyn FnMut() -> bool,
    ) -> Result<Delivery, Delivery> {
        self.address(sealed)?;
        if !last_look() {
            return Ok(Delivery::Withheld);
        }
        let go_ahead = self.say(Phase::Text, Data)?;
        if !go_ahead.has_code(354) {
            return Err(Delivery::Unreachable {
                phase: Phase::Text,
                reason: format!("the server answered DATA with {} instead of 354", go_ahead.code()),
            });
        }
        self.send_text(&sealed.bytes)
    }

    /// Names the sender and the recipient, in one journey if the server can take them together.
    fn address(&mut self, sealed: &Sealed) -> Result<(), Delivery> {
        let sender = Mail::new(Some(sealed.return_path.clone()), Vec::new());
        let recipient = Rcpt::new(sealed.to.clone(), Vec::new());
        if !self.pipelines {
            self.say(Phase::Sender, sender)?;
            return self.say(Phase::Recipient, recipient).map(drop);
        }
        match self.say(Phase::Sender, format!("{sender}{recipient}")) {
            Ok(_) => self.hear(Phase::Recipient).map(drop),
            Err(refused) => {
                if keeps_talking(&refused) {
                    // What follows must not be taken for the answer to a later command.
                    let second = self.hear(Phase::Recipient);
                    self.muddled = matches!(second, Err(Delivery::Unreachable { .. }));
                }
                Err(refused)
            }
        }
    }

    /// The answer to a command that was sent together with the one before.
    fn hear(&mut self, phase: Phase) -> Result<Response, Delivery> {
        let wait = self.patience.command;
        self.connection
            .read_response()
            .map_err(|error| ended(phase, &error, "the mail server", wait))
    }

    fn say(&mut self, phase: Phase, command: impl std::fmt::Display) -> Result<Response, Delivery> {
        let wait = if phase == Phase::Text {
            self.patience.data
        } else {
            self.patience.command
        };
        self.wait_at_most(wait, phase)?;
        self.connection
            .command(command)
            .map_err(|error| ended(phase, &error, "the mail server", wait))
    }

    /// Text and dot go out in one write: lettre's own `message` makes two, between which Nagle's
    /// algorithm waits 40 ms for the server's acknowledgement. From here on the server may have it,
    /// except that a broken pipe is an error of writing only: then the end never left this machine.
    fn send_text(&mut self, bytes: &[u8]) -> Result<Delivery, Delivery> {
        let wait = self.patience.dot;
        self.wait_at_most(wait, Phase::Text)?;
        match self.connection.command(text_and_dot(bytes)) {
            Ok(reply) if matches!(reply.code().severity, Severity::PositiveCompletion) => {
                Ok(Delivery::Sent {
                    reply: words_of(&reply),
                })
            }
            Ok(reply) => Err(Delivery::Uncertain {
                reason: format!("the server answered the end of the text with {}", reply.code()),
            }),
            Err(error) => {
                let phase = if is_broken_pipe(&error) {
                    Phase::Text
                } else {
                    Phase::Dot
                };
                Err(ended(phase, &error, "the mail server", wait))
            }
        }
    }

    fn wait_at_most(&mut self, wait: Duration, phase: Phase) -> Result<(), Delivery> {
        self.connection
            .set_timeout(Some(wait))
            .map_err(|error| Delivery::Unreachable {
                phase,
                reason: format!("the connection to the mail server is gone: {error}"),
            })
    }

    /// After a refusal before the text the server still holds a half transaction: RSET. After a lost
    /// or muddled answer the connection is not used again.
    fn clear_up(&mut self, delivery: &Delivery) {
        self.broken = match delivery {
            _ if self.muddled => true,
            Delivery::Sent { .. } => false,
            Delivery::Deferred { code: 421, .. }
            | Delivery::Unreachable { .. }
            | Delivery::Uncertain { .. } => true,
            Delivery::Deferred {
                phase: Phase::Dot, ..
            }
            | Delivery::Refused {
                phase: Phase::Dot, ..
            } => false,
            Delivery::Deferred { .. } | Delivery::Refused { .. } | Delivery::Withheld => !self.reset(),
        };
    }

    fn reset(&mut self) -> bool {
        self.connection.set_timeout(Some(self.patience.goodbye)).is_ok()
            && self.connection.command(Rset).is_ok()
    }

    /// Whether another message may follow on this connection.
    pub(super) fn usable(&self, most_messages: u32, longest_idle: Duration) -> bool {
        !self.broken && self.messages < most_messages && self.last_used.elapsed() < longest_idle
    }

    /// Says QUIT and does not care for the answer.
    pub(super) fn leave(&mut self) {
        if !self.broken && self.connection.set_timeout(Some(self.patience.goodbye)).is_ok() {
            self.connection.abort();
        }
        self.broken = true;
    }
}

/// Whether the server goes on answering after this.
fn keeps_talking(delivery: &Delivery) -> bool {
    match delivery {
        Delivery::Deferred { code, .. } => *code != 421,
        Delivery::Refused { .. } => true,
        _ => false,
    }
}

/// Our name in EHLO: the host's if it is a full one, else that by which others know us; many relays refuse a bare name.
fn hello_name(url: &SmtpUrl) -> ClientId {
    match (ClientId::default(), &url.known_as) {
        (ClientId::Domain(name), _) if name.contains('.') => ClientId::Domain(name),
        (_, Some(name)) => ClientId::Domain(name.clone()),
        (ClientId::Domain(_), None) => ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST),
        (literal, None) => literal,
    }
}

/// The text with its leading dots doubled (RFC 5321 section 4.5.2), ended by the dot. Sealed messages
/// are ASCII; anything else would be replaced and never break the dialogue.
fn text_and_dot(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n.", "\r\n..");
    let first = if text.starts_with('.') { "." } else { "" };
    format!("{first}{text}\r\n.\r\n")
}

fn words_of(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    format!("{} {}", reply.code(), lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_a_full_name_greets_by_the_name_that_others_know() {
        let url = SmtpUrl {
            known_as: Some("makegood.agency.example".to_owned()),
            ..SmtpUrl::parse("smtp://relay.example").unwrap()
        };
        let name = hello_name(&url).to_string();
        assert!(name.contains('.') && !name.starts_with('['), "{name}");
    }
}
