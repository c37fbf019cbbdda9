//! An upload between the network, which is waited for, and the verb that keeps it, which blocks.

use crate::api::problem::Problem;
use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::web::{Buf, Bytes, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::{Stream, StreamExt};
use std::io::{self, Read};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Chunks that may wait to be written.
const WAITING: usize = 8;

/// The blocking end. It ends only where the file ended: an upload that broke off is an error, never a
/// shorter file.
pub(super) struct Arriving {
    chunks: Receiver<Bytes>,
    chunk: Bytes,
    ended: bool,
}

/// Both ends; an empty chunk is the end of the file.
pub(super) fn pipe() -> (Sender<Bytes>, Arriving) {
    let (sender, chunks) = channel(WAITING);
    let arriving = Arriving {
        chunks,
        chunk: Bytes::new(),
        ended: false,
    };
    (sender, arriving)
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() && !self.ended {
            let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, "the upload broke off");
            self.chunk = self.chunks.blocking_recv().ok_or_else(broken)?;
            self.ended = self.chunk.is_empty();
        }
        let length = buffer.len().min(self.chunk.len());
        self.chunk
            .copy_to_slice(buffer.get_mut(..length).unwrap_or_default());
        Ok(length)
    }
}

/// Sends the file that a request carries, as its body or in the field `file` of its form.
pub(super) async fn send(
    request: &HttpRequest,
    payload: Payload,
    chunks: Sender<Bytes>,
    limit: u64,
) -> Result<(), Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit.saturating_add(FORM)) {
        return Err(Problem::too_large(limit));
    }
    if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        return pass_on(payload, &chunks, limit).await;
    }
    let mut form = Multipart::new(request.headers(), payload);
    while let Some(field) = form.next().await {
        let field = field?;
        if field.name() == Some("file") {
            return pass_on(field, &chunks, limit).await;
        }
    }
    Err(Problem::malformed("The form has no field called file."))
}

/// What a form puts around its file.
const FORM: u64 = 64 * 1024;

async fn pass_on<E>(
    mut stream: impl Stream<Item = Result<Bytes, E>> + Unpin,
    chunks: &Sender<Bytes>,
    limit: u64,
) -> Result<(), Problem>
where
    Problem: From<E>,
{
    let mut sent = 0_u64;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        sent = sent.saturating_add(chunk.len() as u64);
        if sent > limit {
            return Err(Problem::too_large(limit));
        }
        if !chunk.is_empty() && chunks.send(chunk).await.is_err() {
            return Ok(()); // the verb has given up and says why
        }
    }
    let _ = chunks.send(Bytes::new()).await; // likewise
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_arrives_whole() {
        let (sender, mut arriving) = pipe();
        for chunk in ["id,", "phone\n", ""] {
            sender
                .blocking_send(Bytes::from_static(chunk.as_bytes()))
                .unwrap();
        }
        let mut text = String::new();
        arriving.read_to_string(&mut text).unwrap();
        assert_eq!(text, "id,phone\n");
    }

    #[test]
    fn an_upload_that_breaks_off_is_no_file() {
        let (sender, mut arriving) = pipe();
        sender.blocking_send(Bytes::from_static(b"id,")).unwrap();
        drop(sender);
        let broken = arriving.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(broken.kind(), io::ErrorKind::UnexpectedEof);
    }
}
