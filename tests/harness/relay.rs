//! A mail server that answers as it is told, until it is mended.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Says = dyn Fn(&str) -> Option<&'static str> + Send;

/// The running server; it ends with the test's process.
pub struct Relay {
    pub port: u16,
    inside: Arc<Inside>,
}

struct Inside {
    says: Mutex<Box<Says>>,
    took: Mutex<Vec<String>>,
}

impl Relay {
    /// Answers a line of the conversation so, or as servers usually do.
    pub fn saying(says: impl Fn(&str) -> Option<&'static str> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Arc::new(Inside {
            says: Mutex::new(Box::new(says)),
            took: Mutex::default(),
        });
        let shared = Arc::clone(&inside);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let inside = Arc::clone(&shared);
                std::thread::spawn(move || converse(&inside, stream.unwrap()));
            }
        });
        Self { port, inside }
    }

    /// For `MAKEGOOD_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// From now on it takes everything.
    pub fn is_mended(&self) {
        *self.inside.says.lock().unwrap() = Box::new(|_| None);
    }

    /// The texts that it took.
    pub fn took(&self) -> Vec<String> {
        self.inside.took.lock().unwrap().clone()
    }
}

/// Whoever hangs up ends it.
fn converse(inside: &Inside, stream: TcpStream) -> Option<()> {
    let mut answers = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).lines();
    answers.write_all(b"220 relay.example\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let said = (inside.says.lock().unwrap())(&line);
        let usual = match line.get(..4).unwrap_or_default() {
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 relay.example",
        };
        let answer = said.unwrap_or(usual);
        answers.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
        if answer.starts_with("354") {
            let text = lines
                .by_ref()
                .map_while(Result::ok)
                .take_while(|line| line != ".");
            inside
                .took
                .lock()
                .unwrap()
                .push(text.collect::<Vec<_>>().join("\n"));
            answers.write_all(b"250 2.0.0 taken\r\n").ok()?;
        }
    }
    None
}
