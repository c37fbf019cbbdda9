//! `makegood serve`

use super::watchdog;
use super::{Answer, Problem, Result};
use crate::config::Config;
use crate::db::OpenError;
use crate::outreach::{Office, PrepareError};
use crate::server::Server;
use crate::worker::{LogKeeper, Worker};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Between two looks at a database that is away.
const LOOK: Duration = Duration::from_secs(1);
/// Threads that still wait for something when all is done are left so long.
const LAST_THREADS: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(super) struct Serve {
    /// Send no e-mails from this process
    #[arg(long)]
    no_worker: bool,
    /// Leave the database's schema as it is, for a role that may not change it; refuses one that does not fit
    #[arg(long)]
    no_migrate: bool,
    /// Told to stop, be not ready but go on serving for so many seconds, until the balancer has noticed
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    drain: u32,
}

impl Serve {
    pub fn run(self, config: Config) -> Result<Answer> {
        warn_of_unknown(&config);
        let office = opened(&config, !self.no_migrate)?;
        let (listener, config) = bound(Config::clone(&office.config))?;
        let office = Office::new(office.db, office.clock, config);
        serve(&office, listener, !self.no_worker, self.drain)
    }
}

/// Opens the office. A database that is away is waited for; what waiting cannot mend ends the program.
fn opened(config: &Config, migrate: bool) -> Result<Office> {
    let mut said = String::new();
    loop {
        let opened = if migrate {
            Office::open(config.clone())
        } else {
            Office::open_as_it_is(config.clone())
        };
        let reason = match opened {
            Ok(office) => return Ok(office),
            Err(error) if is_away(&error) => error.to_string(),
            Err(error) => return Err(error.into()),
        };
        if reason != said {
            println!("waiting for the database: {reason}");
            tracing::warn!(%reason, "waiting for the database");
            said = reason;
        }
        std::thread::sleep(LOOK);
    }
}

/// Whether waiting may help.
fn is_away(error: &PrepareError) -> bool {
    match error {
        PrepareError::Database(OpenError::Connect { trouble, .. }) => trouble.passes(),
        PrepareError::Seed(crate::outreach::Error::Database(trouble)) => trouble.passes(),
        _ => false,
    }
}

/// A mistyped setting is not one that was made.
fn warn_of_unknown(config: &Config) {
    for unknown in &config.unknown {
        let meant = unknown.meant.as_deref().unwrap_or("none that is near");
        tracing::warn!(variable = %unknown.name, meant, "there is no such setting; `makegood doctor` shows all");
    }
}

/// The bound listener, and settings that know its port: `:0` picks a free one.
pub(super) fn bound(mut config: Config) -> Result<(TcpListener, Config)> {
    let listener = TcpListener::bind(config.listen)
        .map_err(Problem::io(format!("cannot listen on {}", config.listen)))?;
    config.listen = listener.local_addr().map_err(Problem::io("the listener"))?;
    Ok((listener, config))
}

/// Serves until told to stop, and for `drain` seconds more.
pub(super) fn serve(office: &Office, listener: TcpListener, with_worker: bool, drain: u32) -> Result<Answer> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Problem::io("the runtime"))?;
    let log = LogKeeper::start(office)?;
    let worker = with_worker.then(|| Worker::start(office)).transpose()?;
    let served = runtime.block_on(until_told_to_stop(office, listener, drain));
    if let Some(worker) = worker {
        worker.stop();
    }
    if let Some(log) = log {
        log.stop();
    }
    runtime.shutdown_timeout(LAST_THREADS);
    tracing::info!("stopped");
    served.map(|()| Answer::silence())
}

async fn until_told_to_stop(office: &Office, listener: TcpListener, drain: u32) -> Result<()> {
    let _serving = tell_that_people_wait(office).map_err(Problem::io("the data folder"))?;
    let mut signals = Signals::listen().map_err(Problem::io("signals"))?;
    let server = Server::start(office.clone(), listener).map_err(Problem::io("the web server"))?;
    announce(server.address, office.config.tls.is_some());
    signals.next().await;
    let drain = Duration::from_secs(drain.into());
    watchdog::begin(drain);
    server.drain();
    tokio::spawn(async move {
        signals.next().await;
        tracing::warn!("told to stop twice: stopping at once");
        std::process::exit(1);
    });
    if !drain.is_zero() {
        tracing::info!(
            seconds = drain.as_secs(),
            "told to stop: not ready any more, and serving still"
        );
        tokio::time::sleep(drain).await;
    }
    tracing::info!("told to stop: finishing what was begun");
    server.stop().await.map_err(Problem::io("the web server"))
}

/// A lock, shared with other servers on this folder, by which an import knows that it must be brief.
fn tell_that_people_wait(office: &Office) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(office.config.serving_path())?;
    file.lock_shared()?;
    Ok(file)
}

/// Programs that start this one wait for this line.
fn announce(address: SocketAddr, tls: bool) {
    let scheme = if tls { "https" } else { "http" };
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "listening on {scheme}://{address}").and_then(|()| out.flush());
    tracing::info!(%address, "listening");
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits to be told to stop.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
