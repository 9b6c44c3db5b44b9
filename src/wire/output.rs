//! What leaves in one turn: ranges of the input as they came, bytes of our own between them.
//!
//! Ranges instead of copies, so that a burst of rows goes out as one write of the read buffer.

use std::ops::Range;

/// Bytes to be sent in the direction of travel.
#[derive(Debug, Default)]
pub struct Output {
    segments: Vec<Segment>,
    own: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Input(Range<usize>),
    Own(Range<usize>),
}

impl Output {
    /// Forwards a range of the input; ranges that touch become one.
    pub fn forward(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        match self.segments.last_mut() {
            Some(Segment::Input(last)) if last.end == range.start => last.end = range.end,
            _ => self.segments.push(Segment::Input(range)),
        }
    }

    /// Sends bytes that `write` appends.
    pub fn own(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.own.len();
        write(&mut self.own);
        let end = self.own.len();
        match self.segments.last_mut() {
            Some(Segment::Own(last)) if last.end == start => last.end = end,
            _ if start == end => {}
            _ => self.segments.push(Segment::Own(start..end)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    pub fn len(&self) -> usize {
        self.segments.iter().map(|s| s.range().len()).sum()
    }

    /// The pieces in order, given the input of the turn.
    pub fn pieces<'a>(&'a self, input: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.segments.iter().map(move |segment| match segment {
            Segment::Input(range) => input.get(range.clone()).unwrap_or_default(),
            Segment::Own(range) => self.own.get(range.clone()).unwrap_or_default(),
        })
    }

    /// Makes it empty, keeping a small allocation.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.own.clear();
        self.own.shrink_to(KEPT_BYTES);
    }
}

/// Allocation kept between turns, in bytes.
const KEPT_BYTES: usize = 16 << 10;

impl Segment {
    fn range(&self) -> &Range<usize> {
        match self {
            Segment::Input(range) | Segment::Own(range) => range,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_are_one_piece() {
        let mut out = Output::default();
        out.forward(0..2);
        out.forward(2..4);
        out.own(|own| own.extend(b"-"));
        out.own(|own| own.extend(b"+"));
        out.forward(5..6);
        let pieces: Vec<&[u8]> = out.pieces(b"abcdef").collect();
        assert_eq!(pieces, [&b"abcd"[..], b"-+", b"f"]);
        assert_eq!(out.len(), 7);
    }
}
