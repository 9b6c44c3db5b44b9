//! The file of keys that purpose tokens are checked with.

use std::path::Path;
use std::sync::Arc;

use crate::config::TokensConfig;
use crate::token::{Keys, Verifier};

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
#[error("keys of tokens, \"{path}\": {reason}")]
pub struct KeysFault {
    pub path: String,
    pub reason: String,
}

/// What tokens are checked with. `None`: none is taken.
pub fn load_verifier(config: &TokensConfig) -> Result<Option<Arc<Verifier>>, KeysFault> {
    let Some(path) = &config.keys else { return Ok(None) };
    Ok(Some(Arc::new(Verifier {
        keys: load_keys(path)?,
        audience: config.audience.clone(),
        issuer: config.issuer.clone(),
        leeway_s: i64::try_from(config.leeway.as_secs()).unwrap_or_default(),
    })))
}

pub fn load_keys(path: &Path) -> Result<Keys, KeysFault> {
    let fault = |reason: String| KeysFault { path: path.display().to_string(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    Keys::read(&text).map_err(fault)
}
