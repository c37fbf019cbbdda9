//! Rows of an import as a file, written while it is sent.

use std::io::{Error as IoError, ErrorKind, Result as IoResult, Write};

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use futures_util::stream::unfold;
use tokio::sync::mpsc::{Sender, channel};

use super::import_of;
use crate::domain::ids::ImportId;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;

/// Bytes that are sent at once.
const CHUNK: usize = 32 * 1024;

/// `rejects.csv`: line and reason, then the row as it was, card numbers masked.
pub(super) async fn download(
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
) -> Result<HttpResponse, Error> {
    let path = path.into_inner();
    let (_, import) = ask(&office, move |office| import_of(office, &path)).await?;
    let id = import.id;
    Ok(sent_as(office, "rejects.csv", move |office, out| {
        office.write_rejects(id, out)
    }))
}

/// A CSV file that is written while it is sent.
pub(super) fn sent_as(
    office: web::Data<Office>,
    name: &str,
    write: impl FnOnce(&Office, &mut dyn Write) -> outreach::Result<()> + Send + 'static,
) -> HttpResponse {
    let (sender, chunks) = channel(4);
    actix_web::rt::spawn(async move {
        let written = ask(&office, move |office| {
            let mut out = std::io::BufWriter::with_capacity(CHUNK, Leaving(sender));
            write(office, &mut out)?;
            out.flush().map_err(outreach::Error::internal)
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "rows of an import were not sent whole");
        }
    });
    let body = unfold(chunks, |mut chunks| async {
        let chunk: Bytes = chunks.recv().await?;
        Some((Ok::<_, Error>(chunk), chunks))
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(Box::pin(body))
}

/// The writing side.
struct Leaving(Sender<Bytes>);

impl Write for Leaving {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        let gone = |_| IoError::new(ErrorKind::BrokenPipe, "nobody reads any more");
        self.0
            .blocking_send(Bytes::copy_from_slice(bytes))
            .map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        Ok(())
    }
}
