//! What the tests with a real server share.
//!
//! | file | owns |
//! |---|---|
//! | `cluster` | a private PostgreSQL, gone with the test process |
//! | `proxy` | the proxy binary in front of it |
//! | `process` | child processes that cannot outlive us |
//! | `client` | a client that sees every byte |
//! | `message` | building and reading protocol messages |
//! | `script` | messages written as in the dialogues of `transcripts` |

#![allow(dead_code, unused_imports, reason = "each test binary uses its part of the harness")]

pub mod client;
pub mod cluster;
pub mod message;
pub mod process;
pub mod proxy;
pub mod script;

pub use client::{Client, Login};
pub use cluster::Cluster;
pub use message::{Message, Outgoing};
pub use proxy::Proxy;
