//! Flags and environment of the verbs that need the configuration.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::config::{self, Config, Sources};

/// Read when no `--config` is given and it is there.
const DEFAULT_FILE: &str = "pgpurpose.yaml";

/// Where the configuration comes from: file, then environment (PGPURPOSE_…), then flags.
#[derive(Args, Debug)]
pub struct ConfigArguments {
    /// Configuration file [default: pgpurpose.yaml, if there is one]
    #[arg(long, short, env = "PGPURPOSE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port applications connect to
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Server and database to guard, as a connection string or URL
    #[arg(long, value_name = "SERVER")]
    upstream: Option<String>,
    /// Directory of the rule files
    #[arg(long, value_name = "DIR")]
    rules: Option<String>,
    /// File the audit lines are appended to
    #[arg(long, value_name = "FILE")]
    audit_file: Option<String>,
    /// Address and port of health and metrics, or "off"
    #[arg(long, value_name = "HOST:PORT")]
    admin_listen: Option<String>,
    /// "text" or "json"
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Any other key, as "audit.sync=always"; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    set: Vec<(String, String)>,
}

impl ConfigArguments {
    pub fn load(&self) -> anyhow::Result<Config> {
        let sources = Sources {
            file: self.file()?,
            environment: std::env::vars_os()
                .filter_map(|(name, text)| {
                    Some((name.into_string().ok()?, text.into_string().ok()?))
                })
                .collect(),
            flags: self.flags(),
        };
        match config::load(&sources) {
            Ok(config) => Ok(config),
            Err(faults) => {
                let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
                bail!("the configuration is not valid\n{}", told.join("\n"))
            }
        }
    }

    fn file(&self) -> anyhow::Result<Option<(String, String)>> {
        let path = match &self.config {
            Some(path) => path.as_path(),
            None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
            None => return Ok(None),
        };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        Ok(Some((shown, text)))
    }

    fn flags(&self) -> Vec<(String, String)> {
        let named = [
            ("listen", &self.listen),
            ("upstream", &self.upstream),
            ("rules", &self.rules),
            ("audit.file", &self.audit_file),
            ("admin.listen", &self.admin_listen),
            ("log.format", &self.log_format),
        ];
        let named =
            named.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.clone()?)));
        self.set.iter().cloned().chain(named).collect()
    }
}

/// `name=value`
pub fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err("write it as NAME=VALUE".to_owned()),
    }
}
