//! A download that is written while it is read, so that its size costs no memory.

use std::io::{self, BufWriter, Write};

use actix_web::rt::task::spawn_blocking;
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, http::header};
use futures_util::stream;
use tokio::sync::mpsc;

use crate::outreach::export::{Format, What};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;

/// Bytes of a piece, and pieces that may wait for a slow reader.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 4;

type Piece = io::Result<Bytes>;

/// Hands what is written to the answer's body. It blocks while the reader is slow and fails once it is gone.
struct Pipe(mpsc::Sender<Piece>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(Ok(Bytes::copy_from_slice(bytes)))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends a file.
pub async fn download(
    office: web::Data<Office>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Error> {
    let (slug, what, format) = path.into_inner();
    let missing = |_| Error::from(outreach::Error::NotFound("export"));
    let (what, format): (What, Format) = (what.parse().map_err(missing)?, format.parse().map_err(missing)?);
    let outage = ask(&office, move |office| office.outage_named(&slug)).await?;
    let file = format!("{}-{what}.{format}", outage.slug);
    Ok(written(&office, &file, format, move |office, out| {
        office.export(outage.id, what, format, out)
    }))
}

/// An answer whose body is written while it is read.
pub fn written(
    office: &Office,
    file: &str,
    format: Format,
    export: impl FnOnce(&Office, &mut (dyn Write + Send)) -> outreach::Result<u64> + Send + 'static,
) -> HttpResponse {
    let (sender, receiver) = mpsc::channel::<Piece>(WAITING);
    let office = office.unhurried();
    drop(spawn_blocking(move || write(&office, export, sender)));
    let body = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    HttpResponse::Ok()
        .content_type(content_type(format))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}\""),
        ))
        .streaming(body)
}

/// Writes the whole file into the pipe. A failure breaks the download off, so that nobody takes half for all.
fn write(
    office: &Office,
    export: impl FnOnce(&Office, &mut (dyn Write + Send)) -> outreach::Result<u64>,
    sender: mpsc::Sender<Piece>,
) {
    let mut out = BufWriter::with_capacity(PIECE, Pipe(sender.clone()));
    let written = export(office, &mut out)
        .map_err(|error| io::Error::other(error.to_string()))
        .and_then(|_| out.flush());
    if let Err(error) = written {
        tracing::warn!("an export broke off");
        let _ = sender.blocking_send(Err(error));
    }
}

const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Ndjson => "application/x-ndjson",
    }
}
