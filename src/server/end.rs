//! How a connection ends, and what its client is told.

use std::io;

use crate::model::refusal::Refusal;

/// How a connection ends.
#[derive(Debug)]
pub enum End {
    /// One side has closed, and the other has got all there was.
    Closed,
    /// The client is told why.
    Refused(Box<Refusal>),
    Io(io::Error),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> End {
        End::Io(error)
    }
}

impl From<Box<Refusal>> for End {
    fn from(refusal: Box<Refusal>) -> End {
        End::Refused(refusal)
    }
}
