//! How long a mail server may take over each phase of a conversation. A limit is for the whole answer: one that comes a letter at
//! a time ends too.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The limits of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To connect, to greet and to agree on encryption, each.
    pub door: Duration,
    /// To sign in.
    pub login: Duration,
    /// To open the mailbox.
    pub select: Duration,
    /// To say what is new.
    pub search: Duration,
    /// To send one message.
    pub fetch: Duration,
    /// To mark one as read.
    pub store: Duration,
    /// To say goodbye.
    pub logout: Duration,
}

impl Limits {
    /// Of work that nobody watches.
    pub const USUAL: Self = Self {
        door: Duration::from_secs(10),
        login: Duration::from_secs(30),
        select: Duration::from_secs(30),
        search: Duration::from_secs(60),
        fetch: Duration::from_secs(120),
        store: Duration::from_secs(30),
        logout: Duration::from_secs(5),
    };

    /// Where somebody waits for it.
    pub const BRISK: Self = Self {
        door: Duration::from_secs(5),
        login: Duration::from_secs(5),
        select: Duration::from_secs(5),
        search: Duration::from_secs(5),
        fetch: Duration::from_secs(5),
        store: Duration::from_secs(5),
        logout: Duration::from_secs(1),
    };
}

/// A socket with an end for what is going on.
pub(super) struct Timed {
    socket: TcpStream,
    phase: &'static str,
    limit: Duration,
    until: Instant,
}

impl Timed {
    pub(super) fn new(socket: TcpStream, phase: &'static str, limit: Duration) -> Self {
        Self {
            socket,
            phase,
            limit,
            until: Instant::now() + limit,
        }
    }

    /// Another phase begins.
    pub(super) fn begin(&mut self, phase: &'static str, limit: Duration) {
        (self.phase, self.limit, self.until) = (phase, limit, Instant::now() + limit);
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.until.checked_duration_since(Instant::now());
        left.filter(|left| !left.is_zero()).ok_or_else(|| self.too_late())
    }

    fn too_late(&self) -> io::Error {
        let told = format!("no whole answer to {} in {:?}", self.phase, self.limit);
        io::Error::new(io::ErrorKind::TimedOut, told)
    }

    fn judged<T>(&self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => self.too_late(),
            _ => error,
        })
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.left()?))?;
        let read = self.socket.read(buffer);
        self.judged(read)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.left()?))?;
        let written = self.socket.write(bytes);
        self.judged(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}
