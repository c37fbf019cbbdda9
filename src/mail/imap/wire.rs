//! Commands and answers of IMAP, byte by byte.

use super::pace::{Limits, Timed};
use super::{ImapError, LARGEST, Result};
use crate::config::{ImapEncryption, ImapUrl};
use crate::mail::tls;
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// The longest line: the numbers of all unread messages of a neglected mailbox stand in one.
const LONGEST_LINE: u64 = 4 * 1024 * 1024;
/// What a server may say beside a message's content.
const BESIDE: usize = 64 * 1024;

enum Stream {
    Plain(Timed),
    Encrypted(Box<StreamOwned<ClientConnection, Timed>>),
}

impl Stream {
    const fn socket(&mut self) -> &mut Timed {
        match self {
            Self::Plain(socket) => socket,
            Self::Encrypted(stream) => &mut stream.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Encrypted(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Encrypted(stream) => stream.flush(),
        }
    }
}

/// A conversation.
pub(super) struct Wire {
    stream: BufReader<Stream>,
    asked: u32,
}

/// One line of an answer, with the raw bytes that stood in it.
struct Line {
    words: String,
    literals: Vec<Vec<u8>>,
}

/// What a command came to.
pub(super) struct Answer {
    ok: bool,
    lines: Vec<Line>,
}

impl Answer {
    /// Whether it was done.
    pub(super) const fn is_ok(&self) -> bool {
        self.ok
    }

    /// The numbers after `* WORD`.
    pub(super) fn numbers(&self, word: &str) -> impl Iterator<Item = u32> {
        let begin = format!("* {word}");
        let lines = self
            .lines
            .iter()
            .filter_map(move |line| line.words.strip_prefix(&begin));
        lines.flat_map(|rest| {
            rest.split_ascii_whitespace()
                .filter_map(|number| number.parse().ok())
        })
    }

    /// The content that was fetched, which servers send raw or, if it is short, between quotation marks.
    pub(super) fn take_content(&mut self) -> Option<Vec<u8>> {
        let fetched = |line: &&mut Line| line.words.contains(" FETCH (") && line.words.contains("BODY[]");
        let line = self.lines.iter_mut().find(fetched)?;
        if !line.literals.is_empty() {
            return Some(line.literals.swap_remove(0));
        }
        let (_, value) = line.words.split_once("BODY[]")?;
        let (_, quoted) = value.split_once('"')?;
        Some(unquoted(quoted))
    }
}

fn unquoted(text: &str) -> Vec<u8> {
    let mut content = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => content.extend(letters.next()),
            other => content.push(other),
        }
    }
    content.into_bytes()
}

impl Wire {
    pub(super) fn connect(url: &ImapUrl, limits: &Limits) -> Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (url.host.as_str(), url.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, limits.door) {
                Ok(socket) => {
                    let socket = Timed::new(socket, "our call", limits.door);
                    let wire = Self::over(Stream::Plain(socket));
                    return match url.encryption {
                        ImapEncryption::Wrapped => wire.encrypted(url),
                        ImapEncryption::StartTls | ImapEncryption::None => Ok(wire),
                    };
                }
                Err(error) => last = error,
            }
        }
        Err(last.into())
    }

    fn over(stream: Stream) -> Self {
        Self {
            stream: BufReader::new(stream),
            asked: 0,
        }
    }

    /// Encrypts what follows. What came before the encryption and was not asked for is somebody else's: it ends the
    /// conversation.
    pub(super) fn encrypted(self, url: &ImapUrl) -> Result<Self> {
        if !self.stream.buffer().is_empty() {
            return Err(ImapError::Strange);
        }
        let Stream::Plain(stream) = self.stream.into_inner() else {
            return Err(ImapError::Strange);
        };
        let settings = tls::settings().map_err(ImapError::Certificates)?;
        let name = ServerName::try_from(url.host.clone())
            .map_err(|error| ImapError::Certificates(error.to_string()))?;
        let session = ClientConnection::new(Arc::new(settings), name)
            .map_err(|error| ImapError::Certificates(error.to_string()))?;
        let mut stream = StreamOwned::new(session, stream);
        while stream.conn.is_handshaking() {
            stream
                .conn
                .complete_io(&mut stream.sock)
                .map_err(refused_certificate)?;
        }
        Ok(Self::over(Stream::Encrypted(Box::new(stream))))
    }

    /// The server's first line; answers whether it knows already who we are.
    pub(super) fn greeting(&mut self) -> Result<bool> {
        let line = self.line()?;
        match line.words.as_str() {
            words if words.starts_with("* OK") => Ok(false),
            words if words.starts_with("* PREAUTH") => Ok(true),
            words if words.starts_with("* BYE") => Err(ImapError::Refused("to talk to us now")),
            _ => Err(ImapError::Strange),
        }
    }

    /// What follows is over within so long.
    pub(super) fn begin(&mut self, phase: &'static str, limit: Duration) {
        self.stream.get_mut().socket().begin(phase, limit);
    }

    /// Gives a command and reads its whole answer.
    pub(super) fn ask(&mut self, command: &str) -> Result<Answer> {
        self.ask_with(command, &[])
    }

    /// The same with values that may hold any byte: each is announced, and sent when the server is ready for it.
    pub(super) fn ask_with(&mut self, command: &str, values: &[&[u8]]) -> Result<Answer> {
        self.asked += 1;
        let tag = format!("m{}", self.asked);
        let mut bytes = format!("{tag} {command}").into_bytes();
        for value in values {
            bytes.extend_from_slice(format!(" {{{}}}\r\n", value.len()).as_bytes());
            self.say(&bytes)?;
            let answer = self.answer(&tag)?;
            if let Some(refusal) = answer {
                return Ok(refusal);
            }
            bytes = value.to_vec();
        }
        bytes.extend_from_slice(b"\r\n");
        self.say(&bytes)?;
        self.answer(&tag)?.ok_or(ImapError::Strange)
    }

    fn say(&mut self, bytes: &[u8]) -> Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes)?;
        Ok(stream.flush()?)
    }

    /// Reads up to the line that ends a command; none where the server waits for the rest of it.
    fn answer(&mut self, tag: &str) -> Result<Option<Answer>> {
        let mut lines = Vec::new();
        let mut held = 0;
        loop {
            let line = self.line()?;
            if line.words.starts_with('+') {
                return Ok(None);
            }
            if let Some(status) = line
                .words
                .strip_prefix(tag)
                .and_then(|rest| rest.strip_prefix(' '))
            {
                let ok = status
                    .get(..2)
                    .is_some_and(|word| word.eq_ignore_ascii_case("OK"));
                return Ok(Some(Answer { ok, lines }));
            }
            if line.words.starts_with("* BYE") && !lines.is_empty() {
                return Err(ImapError::Refused("to go on"));
            }
            held += line.words.len() + line.literals.iter().map(Vec::len).sum::<usize>();
            if held > LARGEST + 2 * BESIDE + usize::try_from(LONGEST_LINE).unwrap_or(usize::MAX) {
                return Err(ImapError::Strange);
            }
            lines.push(line);
        }
    }

    /// One line; `{7}` at its end announces seven raw bytes, after which the line goes on.
    fn line(&mut self) -> Result<Line> {
        let mut line = Line {
            words: String::new(),
            literals: Vec::new(),
        };
        let mut room = LARGEST + BESIDE;
        loop {
            let mut bytes = Vec::new();
            (&mut self.stream)
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut bytes)?;
            let Some(text) = bytes.strip_suffix(b"\n") else {
                let gone = bytes.is_empty() || (bytes.len() as u64) < LONGEST_LINE;
                let end = io::Error::new(io::ErrorKind::UnexpectedEof, "the connection broke off");
                return Err(if gone { end.into() } else { ImapError::Strange });
            };
            let text = String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text)).into_owned();
            let announced = announced(&text);
            line.words.push_str(&text);
            let Some(size) = announced else { return Ok(line) };
            room = room.checked_sub(size).ok_or(ImapError::Strange)?;
            let mut literal = vec![0; size];
            self.stream.read_exact(&mut literal)?;
            line.literals.push(literal);
        }
    }
}

/// The size in `…{7}`.
fn announced(text: &str) -> Option<usize> {
    let (_, size) = text.strip_suffix('}')?.rsplit_once('{')?;
    size.parse().ok()
}

fn refused_certificate(error: io::Error) -> ImapError {
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    {
        Some(told) => ImapError::Certificates(told.to_string()),
        None => ImapError::Away(error),
    }
}
