//! Writing down what was decided and how it ended.
//!
//! | file | owns |
//! |---|---|
//! | `sink` | the seam: who wants a record written, and how it learns that it is |

pub mod sink;
