//! pgpurpose: a PostgreSQL proxy that enforces purpose-based access to personal data.

#![forbid(unsafe_code)]

pub mod admin;
pub mod audit;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod judge;
pub mod model;
pub mod policy;
pub mod server;
pub mod snapshot;
pub mod sql;
pub mod telemetry;
pub mod upstream;
pub mod wire;
