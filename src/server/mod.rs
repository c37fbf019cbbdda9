//! The web server: pages and API in one actix application, over one office.

mod packed;
mod slow_body;
mod tls;

use crate::outreach::Office;
use crate::web::routes::Declared;
use crate::web::{assets, error, form_token, headers, health, log};
use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long requests that were accepted may take to finish once the server is told to stop, in seconds.
const LAST_REQUESTS: u64 = 25;
/// A connection that nobody uses is kept so long: a caller thinks and talks between two clicks, and a new one costs a
/// handshake.
const IDLE: Duration = Duration::from_secs(75);

/// A running web server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    draining: web::Data<health::Draining>,
    handle: ServerHandle,
    running: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts serving on a listener that is bound already.
    ///
    /// # Errors
    /// The certificate or its key cannot be read, or the listener cannot be used.
    pub fn start(office: Office, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let tls = office.config.tls.clone();
        let draining = web::Data::new(health::Draining::default());
        let shared = draining.clone();
        let server = HttpServer::new(move || {
            let https = headers::Https(office.config.is_https());
            App::new()
                .app_data(web::Data::new(office.clone()))
                .app_data(web::Data::new(https))
                .app_data(shared.clone())
                .app_data(web::FormConfig::default().limit(form_token::LARGEST_FORM))
                .configure(crate::api::routes) // before the pages: all of it is passed over by its prefix
                .configure(assets::routes)
                .configure(pages)
                .default_service(web::to(error::no_such_page))
                .wrap(from_fn(packed::refuse))
                .wrap(from_fn(slow_body::cut_off))
                .wrap(Compress::default())
                .wrap(from_fn(log::each_request))
                .wrap(from_fn(headers::careful))
        })
        .disable_signals()
        .keep_alive(IDLE)
        .shutdown_timeout(LAST_REQUESTS);
        let server = match tls {
            Some((certificate, key)) => {
                server.listen_rustls_0_23(listener, tls::config(&certificate, &key)?)?
            }
            None => server.listen(listener)?,
        };
        let server = server.run();
        Ok(Self {
            address,
            draining,
            handle: server.handle(),
            running: tokio::spawn(server),
        })
    }

    /// Says at `/readyz` that it is to be left alone, and goes on serving.
    pub fn drain(&self) {
        self.draining.begin();
    }

    /// Takes no more requests, finishes those accepted, then answers.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        self.running.await.map_err(io::Error::other)?
    }
}

fn pages(config: &mut web::ServiceConfig) {
    for (Declared { path, .. }, route) in crate::web::routes().into_routes() {
        config.route(path, route);
    }
}

/// Reads a certificate chain and its key as [`Server::start`] would.
///
/// # Errors
/// One of the files cannot be read, or the two do not belong together.
pub fn check_certificate(certificate: &Path, key: &Path) -> io::Result<()> {
    tls::config(certificate, key).map(drop)
}

/// Every page's address and who may open it.
pub fn declared() -> Vec<Declared> {
    crate::web::routes().declared()
}
