//! A file on its way from the browser to the verb that takes it in: the one side waits for the
//! network, the other reads and blocks; between them stand a few chunks, never the file.

use std::io::{Error, ErrorKind, Read, Result};

use actix_web::web::{Buf, Bytes};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Chunks between the two sides.
const BETWEEN: usize = 8;

/// What the network side says.
pub(super) type Chunk = Result<Bytes>;

/// A sender for the network side, a reader for the other.
pub(super) fn pipe() -> (Sender<Chunk>, Arriving) {
    let (sender, chunks) = channel(BETWEEN);
    (
        sender,
        Arriving {
            chunks,
            rest: Bytes::new(),
        },
    )
}

/// The reading side. The end of the file is said by an empty chunk: a sender that just goes away has
/// lost the connection, and half a file must not pass for a whole one.
pub(super) struct Arriving {
    chunks: Receiver<Chunk>,
    rest: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.rest.is_empty() {
            let broken = || Err(Error::new(ErrorKind::UnexpectedEof, "the upload broke off"));
            self.rest = self.chunks.blocking_recv().unwrap_or_else(broken)?;
        }
        let taken = self.rest.len().min(into.len());
        self.rest.copy_to_slice(into.get_mut(..taken).unwrap_or_default());
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_become_a_file_and_its_end_is_said() {
        let (sender, mut file) = pipe();
        for chunk in ["a,b\n", "1,2\n", ""] {
            sender.blocking_send(Ok(Bytes::from(chunk))).unwrap();
        }
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "a,b\n1,2\n");
    }

    #[test]
    fn a_lost_connection_is_no_end() {
        let (sender, mut file) = pipe();
        sender.blocking_send(Ok(Bytes::from("a,b\n"))).unwrap();
        drop(sender);
        assert!(file.read_to_string(&mut String::new()).is_err());
    }
}
