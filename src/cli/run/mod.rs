//! `pgpurpose run`: the proxy.
//!
//! | file | owns |
//! |---|---|
//! | `proxy` | start, signals, the way down |
//! | `world` | rules × catalog kept as the snapshot in force |
//! | `withdrawals` | consent withdrawn since, asked for readers by older snapshots |
//! | `observer`, `labels` | what connections tell → counters |

mod labels;
mod observer;
mod proxy;
mod withdrawals;
mod world;

pub use proxy::serve;
