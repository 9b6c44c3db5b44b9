//! The operational log: one line an event on standard error, as text or JSON.

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Why the log cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum LoggingFault {
    #[error("\"log.level\": \"{0}\" is not understood")]
    Level(String),
    #[error("logging has been started already")]
    Started,
}

/// Starts logging for the whole process.
pub fn start_logging(config: &LogConfig) -> Result<(), LoggingFault> {
    let filter =
        EnvFilter::try_new(&config.level).map_err(|_| LoggingFault::Level(config.level.clone()))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| LoggingFault::Started)
}
