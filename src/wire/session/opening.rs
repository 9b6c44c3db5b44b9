//! How a portal is opened: whether it is read to its end at once, or by a snapshot that grows old.

use std::sync::Arc;

use super::snapshots::Seen;
use crate::wire::frame::{HEADER_BYTES, Header};
use crate::wire::frontend;

/// Messages behind a `Bind` among which its `Execute` is looked for.
const LOOKED_AT: usize = 8;

/// What is known of the snapshot of a portal.
#[derive(Clone, Debug, Default)]
pub enum Opened {
    /// Nobody asked, since it is read to its end at once.
    #[default]
    Unasked,
    Asked,
    Seen(Arc<Seen>),
}

impl Opened {
    pub fn is_asked(&self) -> bool {
        matches!(self, Opened::Asked)
    }
}

/// What the client has already sent behind a `Bind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Promise {
    /// No `Execute` of the portal.
    Nothing,
    /// One that asks for some rows.
    Portion,
    /// One that asks for all.
    Whole,
}

/// Of a portal that is about to be bound: whether its first `Execute` is there, and whether the
/// server is to be asked what it will be read by. It need not be where all is read at once, or
/// where nothing of people is (`reads`).
pub fn opening(reads: bool, portal: &[u8], behind: &[u8]) -> (bool, Opened) {
    let promised = promised(behind, portal);
    let asks = reads && promised != Promise::Whole;
    (promised != Promise::Nothing, if asks { Opened::Asked } else { Opened::Unasked })
}

/// Which `Execute` of a portal stands behind its `Bind`, before anything else that counts.
fn promised(mut behind: &[u8], portal: &[u8]) -> Promise {
    for _ in 0..LOOKED_AT {
        let Ok(Some(header)) = Header::read(behind) else { return Promise::Nothing };
        let Some(body) = behind.get(HEADER_BYTES..header.total()) else { return Promise::Nothing };
        match (header.tag, frontend::execute(body)) {
            (b'D' | b'H', _) => {}
            (b'E', Ok((name, rows))) if name == portal => {
                return if rows <= 0 { Promise::Whole } else { Promise::Portion };
            }
            _ => return Promise::Nothing,
        }
        behind = behind.get(header.total()..).unwrap_or_default();
    }
    Promise::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::frame::put_message;

    fn execute(portal: &str, rows: i32) -> Vec<u8> {
        let mut out = Vec::new();
        put_message(&mut out, b'E', |out| {
            out.extend(portal.bytes());
            out.push(0);
            out.extend(rows.to_be_bytes());
        });
        out
    }

    #[test]
    fn what_was_sent_behind_a_bind_is_found() {
        let describe = [b'D', 0, 0, 0, 6, b'P', 0];
        let flush = [b'H', 0, 0, 0, 4];
        let sync = [b'S', 0, 0, 0, 4];
        let behind = [&describe[..], &flush, &execute("", 0), &sync].concat();
        assert_eq!(promised(&behind, b""), Promise::Whole);
        assert_eq!(promised(&behind, b"p"), Promise::Nothing, "another portal's");
        assert_eq!(promised(&behind[..20], b""), Promise::Nothing, "not all has come");
        assert_eq!(promised(&execute("p", 50), b"p"), Promise::Portion);
        assert_eq!(promised(&[&sync[..], &execute("", 0)].concat(), b""), Promise::Nothing);
        assert_eq!(promised(&[], b""), Promise::Nothing);
    }
}
