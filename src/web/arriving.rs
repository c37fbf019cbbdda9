//! A file between the network, which is waited for, and the verb that takes it in, which blocks: between
//! them stand a few chunks, never the file.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Buf, Bytes};
use std::io::{self, Read};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Chunks that may wait.
const WAITING: usize = 8;

/// The blocking end. It ends only where the file ended: an upload that broke off is an error, never a
/// shorter file.
pub struct Arriving {
    chunks: Receiver<Bytes>,
    chunk: Bytes,
    ended: bool,
}

/// Both ends; an empty chunk is the end of the file.
pub fn pipe() -> (Sender<Bytes>, Arriving) {
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

/// How large a request says that its body is.
pub fn announced(request: &HttpRequest) -> u64 {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

/// What a form puts around its file, at most.
pub const FORM: u64 = 64 << 10;

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
