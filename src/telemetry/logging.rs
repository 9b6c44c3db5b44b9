//! The operational log: one line an event on standard error, as text or JSON.

use tracing_subscriber::EnvFilter;

/// Why the log cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum LoggingFault {
    #[error("\"log.level\": \"{0}\" is not understood")]
    Level(String),
    #[error("logging has been started already")]
    Started,
}

/// Starts logging for the whole process. `level`: directives of `EnvFilter`.
pub fn start_logging(level: &str, as_json: bool) -> Result<(), LoggingFault> {
    let filter = EnvFilter::try_new(level).map_err(|_| LoggingFault::Level(level.to_owned()))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match as_json {
        false => builder.with_ansi(false).try_init(),
        true => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| LoggingFault::Started)
}
