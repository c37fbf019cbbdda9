//! A mail server inside the test: answers, closes or falls silent at any step, and keeps what it took.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A step of the conversation at which the script is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the first line of the text.
    Text,
    /// After the final dot.
    Dot,
    Rset,
}

/// What the server does at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The usual answer.
    Usual,
    /// This answer and then on.
    Say(&'static str),
    /// This answer, then closes.
    SayAndClose(&'static str),
    /// Closes without a word. At the dot nothing is kept.
    Close,
    /// Keeps the message and closes without a word: the case in which only a person can decide.
    KeepAndClose,
    /// Never answers.
    Silence,
}

type Script = dyn Fn(Step, usize) -> Act + Send + Sync;

/// The running server; it ends with the test's process.
pub struct Sink {
    pub port: u16,
    inside: Arc<Inside>,
}

struct Inside {
    script: Box<Script>,
    extensions: &'static str,
    log: Mutex<Vec<Step>>,
    kept: Mutex<Vec<String>>,
    connections: AtomicUsize,
    together: AtomicUsize,
}

impl Sink {
    /// Follows the script, which is asked with the step and how often it was reached before.
    pub fn start(script: impl Fn(Step, usize) -> Act + Send + Sync + 'static) -> Self {
        Self::offering("250 HELP", script)
    }

    /// With other lines after the first of EHLO's answer.
    pub fn offering(
        extensions: &'static str,
        script: impl Fn(Step, usize) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Arc::new(Inside {
            script: Box::new(script),
            extensions,
            log: Mutex::default(),
            kept: Mutex::default(),
            connections: AtomicUsize::new(0),
            together: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&inside);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                shared.connections.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    Talk {
                        wire: Wire::Plain(BufReader::new(stream)),
                        inside: shared,
                    }
                    .run()
                });
            }
        });
        Self { port, inside }
    }

    /// Always the usual answer.
    pub fn kind() -> Self {
        Self::start(|_, _| Act::Usual)
    }

    /// `act` whenever `step` is reached.
    pub fn at(step: Step, act: Act) -> Self {
        Self::start(move |reached, _| if reached == step { act } else { Act::Usual })
    }

    /// The messages it took, as they came.
    pub fn kept(&self) -> Vec<String> {
        self.inside.kept.lock().unwrap().clone()
    }

    /// How often a step was reached.
    pub fn count(&self, step: Step) -> usize {
        self.inside
            .log
            .lock()
            .unwrap()
            .iter()
            .filter(|reached| **reached == step)
            .count()
    }

    /// How often MAIL came together with what follows it.
    pub fn together(&self) -> usize {
        self.inside.together.load(Ordering::SeqCst)
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.inside.connections.load(Ordering::SeqCst)
    }
}

enum Wire {
    Plain(BufReader<TcpStream>),
    Tls(Box<BufReader<StreamOwned<ServerConnection, TcpStream>>>),
    Gone,
}

impl Wire {
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = match self {
            Self::Plain(stream) => stream.read_line(&mut line),
            Self::Tls(stream) => stream.read_line(&mut line),
            Self::Gone => Ok(0),
        };
        read.ok().filter(|length| *length > 0).map(|_| line)
    }

    /// Whether more has come than was read.
    fn has_more(&self) -> bool {
        match self {
            Self::Plain(stream) => !stream.buffer().is_empty(),
            Self::Tls(stream) => !stream.buffer().is_empty(),
            Self::Gone => false,
        }
    }

    fn say(&mut self, text: &str) -> Option<()> {
        let bytes = format!("{text}\r\n");
        match self {
            Self::Plain(stream) => stream.get_mut().write_all(bytes.as_bytes()).ok(),
            Self::Tls(stream) => stream.get_mut().write_all(bytes.as_bytes()).ok(),
            Self::Gone => None,
        }
    }

    /// Waits until the other side gives up.
    fn fall_silent(&mut self) {
        let mut rest = [0; 4096];
        while let Ok(1..) = match self {
            Self::Plain(stream) => stream.read(&mut rest),
            Self::Tls(stream) => stream.read(&mut rest),
            Self::Gone => Ok(0),
        } {}
        thread::sleep(Duration::from_millis(10));
    }

    fn encrypt(self) -> Self {
        let Self::Plain(stream) = self else { return self };
        let read = |name: &str| {
            format!(
                "{}/tests/data/mail/localhost.{name}.pem",
                env!("CARGO_MANIFEST_DIR")
            )
        };
        let certificate = CertificateDer::from_pem_file(read("cert")).unwrap();
        let key = PrivateKeyDer::from_pem_file(read("key")).unwrap();
        let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let server = ServerConnection::new(Arc::new(config)).unwrap();
        Self::Tls(Box::new(BufReader::new(StreamOwned::new(
            server,
            stream.into_inner(),
        ))))
    }
}

struct Talk {
    wire: Wire,
    inside: Arc<Inside>,
}

impl Talk {
    /// Ends when the script or the other side closes.
    fn run(mut self) -> Option<()> {
        self.act(Step::Greeting, "220 sink ready")?;
        loop {
            let line = self.wire.line()?;
            let word = line.split([' ', '\r', ':']).next().unwrap().to_uppercase();
            match word.as_str() {
                "EHLO" => {
                    let usual = format!("250-sink\r\n{}", self.inside.extensions);
                    self.act(Step::Ehlo, &usual)?;
                }
                "STARTTLS" => {
                    self.wire.say("220 go ahead")?;
                    self.wire = std::mem::replace(&mut self.wire, Wire::Gone).encrypt();
                }
                "AUTH" => self.act(Step::Auth, "235 welcome")?,
                "MAIL" => {
                    let together = usize::from(self.wire.has_more());
                    self.inside.together.fetch_add(together, Ordering::SeqCst);
                    self.act(Step::Mail, "250 sender ok")?;
                }
                "RCPT" => self.act(Step::Rcpt, "250 recipient ok")?,
                "DATA" => self.data()?,
                "RSET" => self.act(Step::Rset, "250 forgotten")?,
                "QUIT" => return self.wire.say("221 bye"),
                _ => self.wire.say("250 ok")?,
            }
        }
    }

    fn data(&mut self) -> Option<()> {
        let asked = self.ask(Step::Data);
        self.follow(asked, "354 go on")?;
        if asked != Act::Usual {
            return Some(());
        }
        let mut text = self.wire.line()?;
        let asked = self.ask(Step::Text);
        self.follow(asked, "").filter(|()| asked == Act::Usual)?;
        loop {
            let line = self.wire.line()?;
            if line == ".\r\n" {
                break;
            }
            text.push_str(&line);
        }
        let asked = self.ask(Step::Dot);
        if matches!(asked, Act::Usual | Act::KeepAndClose) {
            self.inside.kept.lock().unwrap().push(text);
        }
        self.follow(asked, "250 2.0.0 queued")
    }

    fn act(&mut self, step: Step, usual: &str) -> Option<()> {
        let asked = self.ask(step);
        self.follow(asked, usual)
    }

    fn ask(&self, step: Step) -> Act {
        let mut log = self.inside.log.lock().unwrap();
        let before = log.iter().filter(|reached| **reached == step).count();
        log.push(step);
        (self.inside.script)(step, before)
    }

    fn follow(&mut self, act: Act, usual: &str) -> Option<()> {
        match act {
            Act::Usual if usual.is_empty() => Some(()),
            Act::Usual => self.wire.say(usual),
            Act::Say(answer) => self.wire.say(answer),
            Act::SayAndClose(answer) => self.wire.say(answer).and(None),
            Act::Close | Act::KeepAndClose => None,
            Act::Silence => {
                self.wire.fall_silent();
                None
            }
        }
    }
}
