//! What stands between the program and PostgreSQL in these tests, and can be cut, silenced or robbed of an answer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Between two looks at what became of the wire.
pub const LOOK: Duration = Duration::from_millis(20);
/// A COMMIT as the driver sends it.
const COMMIT: &[u8] = b"COMMIT\0";

/// A wire to a server.
#[derive(Clone, Default)]
pub struct Wire {
    pub address: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Nothing passes, and nobody gets in.
    cut: AtomicBool,
    /// Everything is taken, and nothing is answered.
    silent: AtomicBool,
    /// Connections that were opened before this one are silent for ever.
    dead_before: AtomicUsize,
    opened: AtomicUsize,
    /// So many answers to a COMMIT are still to be swallowed, with the connection.
    to_swallow: AtomicUsize,
}

impl Wire {
    /// One to the server at this address.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self {
            address: listener.local_addr().unwrap().to_string(),
            state: Arc::default(),
        };
        let state = Arc::clone(&wire.state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), Arc::clone(&state)));
            }
        });
        wire
    }

    /// Cuts it, or mends it.
    pub fn cut(&self, cut: bool) {
        self.state.cut.store(cut, Ordering::SeqCst);
    }

    /// From here on it takes everything and answers nothing, or does again.
    pub fn silence(&self, silent: bool) {
        self.state.silent.store(silent, Ordering::SeqCst);
    }

    /// The connections of before never say another word; new ones work.
    pub fn forget_the_old(&self) {
        let opened = self.state.opened.load(Ordering::SeqCst);
        self.state.dead_before.store(opened, Ordering::SeqCst);
    }

    /// The next answers to a COMMIT are lost, and the connection with each.
    pub fn swallow_commits(&self, answers: usize) {
        self.state.to_swallow.store(answers, Ordering::SeqCst);
    }
}

impl State {
    fn is_silent(&self, born: usize) -> bool {
        self.silent.load(Ordering::SeqCst) || born < self.dead_before.load(Ordering::SeqCst)
    }

    /// Whether this COMMIT's answer is to be lost.
    fn swallows(&self) -> bool {
        let one_less = |left: usize| left.checked_sub(1);
        self.to_swallow
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
            .is_ok()
    }
}

async fn carry(client: TcpStream, server: String, state: Arc<State>) -> io::Result<()> {
    if state.cut.load(Ordering::SeqCst) {
        return Ok(());
    }
    let born = state.opened.fetch_add(1, Ordering::SeqCst);
    let upstream = TcpStream::connect(server).await?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), upstream.into_split());
    let robbed = AtomicBool::new(false);
    let until_cut = async {
        while !state.cut.load(Ordering::SeqCst) {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        _ = questions(from_client, to_server, &state, (born, &robbed)) => {}
        _ = answers(from_server, to_client, &state, (born, &robbed)) => {}
        () = until_cut => {}
    }
    Ok(())
}

async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    (born, robbed): (usize, &AtomicBool),
) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        let asked = &bytes[..read];
        let is_commit = asked.windows(COMMIT.len()).any(|word| word == COMMIT);
        if is_commit && state.swallows() {
            robbed.store(true, Ordering::SeqCst);
            to.write_all(asked).await?;
            tokio::time::sleep(Duration::from_millis(150)).await; // until the server has done it
            return Ok(());
        }
        while state.is_silent(born) {
            tokio::time::sleep(LOOK).await;
        }
        to.write_all(asked).await?;
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    (born, robbed): (usize, &AtomicBool),
) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut bytes).await?;
        while robbed.load(Ordering::SeqCst) || state.is_silent(born) {
            tokio::time::sleep(LOOK).await;
        }
        if read == 0 {
            return Ok(());
        }
        to.write_all(&bytes[..read]).await?;
    }
}
