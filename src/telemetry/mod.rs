//! What an operator watches: counters for Prometheus and the operational log.
//!
//! | file | owns |
//! |---|---|
//! | `labels` | the closed sets that label values are taken from |
//! | `series` | the series of one purpose, made ahead at 0 |
//! | `counters` | `Telemetry`: one method an event |
//! | `logging` | `tracing` as text or JSON |
//!
//! A client cannot make a series: what it declares is looked up among the purposes of the rules,
//! anything else counts as `unknown`. No label holds a user, a table, a column or a text.

mod counters;
mod labels;
mod logging;
mod series;

pub use counters::Telemetry;
pub use labels::Labels;
pub use logging::{LoggingFault, start_logging};
