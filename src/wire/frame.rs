//! Tag and length of a message, and bounds-checked reading of its body.
//!
//! Own code, because a proxy that reads a message differently from the server can be made to
//! judge another statement than the server runs: a body is cut out by its length and must be
//! read exactly to its end. (PostgreSQL manual, 55.7 "Message Formats".)

use crate::model::refusal::{Reason, Refusal, SqlState};

/// Tag and length.
pub const HEADER_BYTES: usize = 5;

/// The longest message any peer may claim, in bytes (1 GiB, as PostgreSQL's own limit).
pub const MESSAGE_BYTES: usize = 1 << 30;

/// The protocol was broken; the connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub &'static str);

impl Broken {
    /// As the client is told, with severity FATAL.
    pub fn to_refusal(self) -> Refusal {
        Refusal::new(Reason::Protocol, SqlState::PROTOCOL_VIOLATION, self.0)
    }
}

/// The first five bytes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub tag: u8,
    /// Bytes that follow the header.
    pub body: usize,
}

impl Header {
    /// Reads a header; `None` until all of it is there.
    pub fn read(input: &[u8]) -> Result<Option<Header>, Broken> {
        let Some((head, _)) = input.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let [tag, a, b, c, d] = *head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if !(4..=MESSAGE_BYTES).contains(&length) {
            return Err(Broken("invalid message length"));
        }
        Ok(Some(Header { tag, body: length - 4 }))
    }

    /// Header and body.
    pub fn total(self) -> usize {
        HEADER_BYTES + self.body
    }
}

/// A message body that is read front to back.
#[derive(Clone, Debug)]
pub struct Body<'a> {
    rest: &'a [u8],
}

impl<'a> Body<'a> {
    pub fn new(bytes: &'a [u8]) -> Body<'a> {
        Body { rest: bytes }
    }

    /// Text up to a NUL byte, which is read too.
    pub fn cstring(&mut self) -> Result<&'a [u8], Broken> {
        let end = self.rest.iter().position(|b| *b == 0);
        let end = end.ok_or(Broken("string in message is not terminated"))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(text)
    }

    pub fn byte(&mut self) -> Result<u8, Broken> {
        let (first, rest) = self.rest.split_first().ok_or(SHORT)?;
        self.rest = rest;
        Ok(*first)
    }

    pub fn int16(&mut self) -> Result<u16, Broken> {
        let (bytes, rest) = self.rest.split_first_chunk::<2>().ok_or(SHORT)?;
        self.rest = rest;
        Ok(u16::from_be_bytes(*bytes))
    }

    pub fn int32(&mut self) -> Result<i32, Broken> {
        let (bytes, rest) = self.rest.split_first_chunk::<4>().ok_or(SHORT)?;
        self.rest = rest;
        Ok(i32::from_be_bytes(*bytes))
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Broken> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(SHORT)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// What has not been read, as it is.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The whole body has been read, no more and no less.
    pub fn end(&self) -> Result<(), Broken> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Broken("message is longer than its content"))
        }
    }
}

const SHORT: Broken = Broken("message is shorter than its content");

/// Appends a message: tag, length, then what `body` writes.
pub fn put_message(out: &mut Vec<u8>, tag: u8, body: impl FnOnce(&mut Vec<u8>)) {
    out.push(tag);
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    body(out);
    let length = u32::try_from(out.len() - at).unwrap_or(u32::MAX);
    if let Some(slot) = out.get_mut(at..at + 4) {
        slot.copy_from_slice(&length.to_be_bytes());
    }
}

/// Appends text and its NUL.
pub fn put_cstring(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(text);
    out.push(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_below_four_or_above_the_limit_is_refused_before_anything_is_read() {
        for length in [0u32, 3, (1 << 30) + 1, u32::MAX] {
            let mut head = vec![b'Q'];
            head.extend(length.to_be_bytes());
            assert!(Header::read(&head).is_err(), "{length}");
        }
        assert_eq!(Header::read(&[b'S', 0, 0, 0]), Ok(None));
        assert_eq!(Header::read(&[b'S', 0, 0, 0, 4]), Ok(Some(Header { tag: b'S', body: 0 })));
    }

    #[test]
    fn a_body_is_read_exactly_to_its_end() {
        let mut body = Body::new(b"a\0x");
        assert_eq!(body.cstring(), Ok(&b"a"[..]));
        assert!(body.end().is_err());
        assert!(body.cstring().is_err());
        assert_eq!(body.byte(), Ok(b'x'));
        assert_eq!(body.end(), Ok(()));
        assert!(body.int16().is_err() && body.int32().is_err() && body.bytes(1).is_err());
    }

    #[test]
    fn a_message_is_written_with_its_own_length() {
        let mut out = Vec::new();
        put_message(&mut out, b'C', |out| put_cstring(out, b"SELECT 1"));
        assert_eq!(out, b"C\x00\x00\x00\x0dSELECT 1\0");
    }
}
