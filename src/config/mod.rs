//! `pgpurpose.yaml`: where the proxy listens, what it stands in front of, where it writes.
//! What may be read is not said here but in the rules.
//!
//! | file | owns |
//! |---|---|
//! | `file` | `ConfigFile`: keys and values as written, each with its place |
//! | `keys` | the one table of keys: default, meaning, how to set and to show each |
//! | `layers` | default < file < environment < command line; every mistake at once |
//! | `meant` | `Config`: what the rest of the program sees |
//! | `address` | libpq connection strings and URLs |
//! | `fault` | `ConfigFault`: place, message, marked line |
//! | `units` | durations, sizes, on and off |

mod address;
mod fault;
mod file;
mod keys;
mod layers;
mod meant;
mod units;

pub use address::ServerAddress;
pub use fault::ConfigFault;
pub use file::ConfigFile;
pub use keys::{reference, show};
pub use layers::{Sources, load};
pub use meant::{
    AdminConfig, AuditConfig, AuditSync, CatalogConfig, Config, LimitsConfig, LogConfig, LogFormat,
    Secret, TokensConfig,
};
