//! A mail server with one mailbox, for whoever reads it over IMAP. It knows the few commands that Makegood gives.

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What lies in the mailbox.
#[derive(Clone, Debug)]
pub struct Lying {
    pub raw: Vec<u8>,
    pub seen: bool,
}

/// How the server protects what is said.
#[derive(Clone)]
pub enum Protection {
    None,
    StartTls(Arc<ServerConfig>),
    Wrapped(Arc<ServerConfig>),
}

/// A certificate for `localhost` and `0.0.0.0`, which is this machine under a name that is none of its own, in PEM, and the server's side of it.
pub fn certificate() -> (String, Arc<ServerConfig>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "0.0.0.0".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    (made.cert.pem(), Arc::new(config))
}

/// The running server; it ends with the test's process.
pub struct Imap {
    pub port: u16,
    inside: Arc<Inside>,
}

struct Inside {
    password: &'static str,
    protection: Protection,
    lying: Mutex<Vec<Lying>>,
    heard: Mutex<Vec<String>>,
}

impl Imap {
    /// A server whose one account has this password.
    pub fn start(password: &'static str, protection: Protection) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Arc::new(Inside {
            password,
            protection,
            lying: Mutex::default(),
            heard: Mutex::default(),
        });
        let shared = Arc::clone(&inside);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inside = Arc::clone(&shared);
                std::thread::spawn(move || {
                    let _ = inside.welcome(stream); // a client that goes is no failure
                });
            }
        });
        Self { port, inside }
    }

    /// A message arrives.
    pub fn receives(&self, raw: impl Into<Vec<u8>>) {
        let raw = raw.into();
        self.inside.lying.lock().unwrap().push(Lying { raw, seen: false });
    }

    /// What lies there.
    pub fn lying(&self) -> Vec<Lying> {
        self.inside.lying.lock().unwrap().clone()
    }

    /// Every command that was given.
    pub fn heard(&self) -> Vec<String> {
        self.inside.heard.lock().unwrap().clone()
    }
}

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

impl Inside {
    fn welcome(&self, stream: TcpStream) -> std::io::Result<()> {
        let encrypted = |config: &Arc<ServerConfig>, stream: TcpStream| -> Box<dyn Both> {
            let session = ServerConnection::new(Arc::clone(config)).unwrap();
            Box::new(StreamOwned::new(session, stream))
        };
        let mut talk = match &self.protection {
            Protection::Wrapped(config) => BufReader::new(encrypted(config, stream.try_clone()?)),
            _ => BufReader::new(Box::new(stream.try_clone()?) as Box<dyn Both>),
        };
        talk.get_mut().write_all(b"* OK ready\r\n")?;
        loop {
            let mut line = String::new();
            if talk.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_owned();
            self.heard.lock().unwrap().push(line.clone());
            let (tag, command) = line.split_once(' ').unwrap();
            if let (true, Protection::StartTls(config)) = (command == "STARTTLS", &self.protection) {
                talk.get_mut().write_all(format!("{tag} OK go\r\n").as_bytes())?;
                let session = ServerConnection::new(Arc::clone(config)).unwrap();
                let stream = StreamOwned::new(session, stream.try_clone()?);
                talk = BufReader::new(Box::new(stream));
                continue;
            }
            let answer = match command.split_once(" {") {
                Some(("LOGIN", size)) => self.log_in(&mut talk, size)?,
                _ => self.answer(command),
            };
            let (before, status) = answer;
            talk.get_mut().write_all(&before)?;
            talk.get_mut()
                .write_all(format!("{tag} {status}\r\n").as_bytes())?;
            talk.get_mut().flush()?;
            if command == "LOGOUT" {
                return Ok(());
            }
        }
    }

    fn log_in(
        &self,
        talk: &mut BufReader<Box<dyn Both>>,
        size: &str,
    ) -> std::io::Result<(Vec<u8>, &'static str)> {
        let mut size: usize = size.trim_end_matches('}').parse().unwrap();
        let mut values = Vec::new();
        for _ in 0..2 {
            talk.get_mut().write_all(b"+ go on\r\n")?;
            talk.get_mut().flush()?;
            let mut value = vec![0; size];
            talk.read_exact(&mut value)?;
            values.push(String::from_utf8(value).unwrap());
            let mut rest = String::new();
            talk.read_line(&mut rest)?;
            if let Some(next) = rest.trim().strip_prefix('{') {
                size = next.trim_end_matches('}').parse().unwrap();
            }
        }
        let known = values[1] == self.password;
        Ok((
            Vec::new(),
            if known {
                "OK welcome"
            } else {
                "NO [AUTHENTICATIONFAILED] who?"
            },
        ))
    }

    fn answer(&self, command: &str) -> (Vec<u8>, &'static str) {
        let mut lying = self.lying.lock().unwrap();
        let number = |at: usize| command.split(' ').nth(at).unwrap().parse::<usize>().unwrap() - 100;
        if command == "SELECT \"INBOX\"" {
            (
                format!("* {} EXISTS\r\n", lying.len()).into_bytes(),
                "OK [READ-WRITE] open",
            )
        } else if command.starts_with("UID SEARCH") {
            let unread = lying.iter().enumerate().filter(|(_, mail)| !mail.seen);
            let numbers: Vec<String> = unread.map(|(at, _)| (at + 100).to_string()).collect();
            (
                format!("* SEARCH {}\r\n", numbers.join(" ")).into_bytes(),
                "OK found",
            )
        } else if command.starts_with("UID FETCH") {
            let at = number(2);
            let raw = &lying[at].raw;
            let mut answer = format!(
                "* {} FETCH (UID {} BODY[]<0> {{{}}}\r\n",
                at + 1,
                at + 100,
                raw.len()
            )
            .into_bytes();
            answer.extend_from_slice(raw);
            answer.extend_from_slice(b")\r\n");
            (answer, "OK fetched")
        } else if command.starts_with("UID STORE") && command.ends_with("+FLAGS.SILENT (\\Seen)") {
            lying[number(2)].seen = true;
            (Vec::new(), "OK stored")
        } else if command == "LOGOUT" {
            (b"* BYE\r\n".to_vec(), "OK bye")
        } else {
            (Vec::new(), "BAD what?")
        }
    }
}
