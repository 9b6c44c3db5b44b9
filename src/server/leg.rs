//! One side of a connection: what it has sent and is not yet taken, what it is still to get.
//!
//! An idle side owns no buffer: bytes are read into one buffer of the thread, processed there and
//! written from there; only what is left over is kept.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::wire::output::Output;

/// The read buffer of a thread, in bytes.
pub const READ_BYTES: usize = 64 << 10;

/// Pieces written with one call.
const PIECES: usize = 32;

/// Pieces up to this many bytes are written as one.
const GATHERED_BYTES: usize = 1 << 10;

/// Allocation an idle side may keep, in bytes.
const KEPT_BYTES: usize = 1 << 10;

/// One side of a connection.
pub struct Leg {
    stream: TcpStream,
    /// Read but not yet taken by the session.
    pub pending: Vec<u8>,
    /// To be written before anything else is.
    unsent: Vec<u8>,
    sent: usize,
    /// It has said that it will send no more.
    pub is_finished: bool,
    pub read_bytes: usize,
}

impl Leg {
    pub fn new(stream: TcpStream) -> Leg {
        Leg {
            stream,
            pending: Vec::new(),
            unsent: Vec::new(),
            sent: 0,
            is_finished: false,
            read_bytes: 0,
        }
    }

    pub fn has_unsent(&self) -> bool {
        self.sent < self.unsent.len()
    }

    /// Reads what there is: behind what is pending, else into `scratch`. Gives how much.
    pub fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let count = if self.pending.is_empty() {
            let mut buffer = ReadBuf::new(scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            buffer.filled().len()
        } else {
            let before = self.pending.len();
            self.pending.resize(before + READ_BYTES, 0);
            let space = self.pending.get_mut(before..).unwrap_or_default();
            let mut buffer = ReadBuf::new(space);
            let read = Pin::new(&mut self.stream).poll_read(cx, &mut buffer);
            let count = buffer.filled().len();
            self.pending.truncate(before + count);
            ready!(read)?;
            count
        };
        self.is_finished |= count == 0;
        self.read_bytes += count;
        Poll::Ready(Ok(count))
    }

    /// Forgets the first bytes of what is pending.
    pub fn take_pending(&mut self, count: usize) {
        self.pending.drain(..count.min(self.pending.len()));
        if self.pending.is_empty() {
            self.pending.shrink_to(KEPT_BYTES);
        }
    }

    /// Writes what a turn sends this way; what the socket does not take is kept.
    pub fn send(&mut self, cx: &mut Context<'_>, output: &Output, input: &[u8]) -> io::Result<()> {
        if output.is_empty() {
            return Ok(());
        }
        let mut written = 0;
        if !self.has_unsent() {
            let mut slices = [IoSlice::new(&[]); PIECES];
            let mut count = 0;
            for (slot, piece) in slices.iter_mut().zip(output.pieces(input)) {
                *slot = IoSlice::new(piece);
                count += 1;
            }
            let slices = slices.get(..count).unwrap_or_default();
            let stream = Pin::new(&mut self.stream);
            let total: usize = slices.iter().map(|slice| slice.len()).sum();
            let result = match slices {
                [one] => stream.poll_write(cx, one),
                // A small copy costs less than a gathering write.
                many if total <= GATHERED_BYTES => {
                    let mut gathered = [0; GATHERED_BYTES];
                    let mut end = 0;
                    for slice in many {
                        if let Some(place) = gathered.get_mut(end..end + slice.len()) {
                            place.copy_from_slice(slice);
                        }
                        end += slice.len();
                    }
                    stream.poll_write(cx, gathered.get(..end).unwrap_or_default())
                }
                many => stream.poll_write_vectored(cx, many),
            };
            if let Poll::Ready(result) = result {
                written = result?;
            }
        }
        for piece in output.pieces(input) {
            let done = written.min(piece.len());
            written -= done;
            self.unsent.extend_from_slice(piece.get(done..).unwrap_or_default());
        }
        Ok(())
    }

    /// Puts bytes of ours behind what is unsent.
    pub fn queue(&mut self, bytes: &[u8]) {
        self.unsent.extend_from_slice(bytes);
    }

    /// Writes what is unsent.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.has_unsent() {
            let rest = self.unsent.get(self.sent..).unwrap_or_default();
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.sent += count,
            }
        }
        if !self.unsent.is_empty() {
            self.unsent.clear();
            self.unsent.shrink_to(KEPT_BYTES);
            self.sent = 0;
        }
        Poll::Ready(Ok(()))
    }

    /// Tells the peer that nothing more will come.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
