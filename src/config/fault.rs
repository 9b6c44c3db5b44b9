//! A mistake in the configuration, told the way the rule files are: where, what, and what instead.

use std::fmt;

/// Where a setting was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// File, line and column from 1.
    File { path: String, line: u64, column: u64 },
    /// Name of the environment variable.
    Environment(String),
    /// A flag of the command line.
    CommandLine,
    /// No layer said it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { path, line: 0, .. } => f.write_str(path),
            Origin::File { path, line, column } => write!(f, "{path}:{line}:{column}"),
            Origin::Environment(name) => write!(f, "environment variable {name}"),
            Origin::CommandLine => f.write_str("command line"),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// One mistake. Its text never holds a secret's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigFault {
    pub origin: Origin,
    pub message: String,
    /// The line of the file the mistake is on.
    pub line: Option<String>,
    pub help: Option<String>,
}

impl ConfigFault {
    pub fn new(origin: Origin, message: impl Into<String>) -> ConfigFault {
        ConfigFault { origin, message: message.into(), line: None, help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> ConfigFault {
        self.help = Some(help.into());
        self
    }

    /// Adds the line of `text` that the mistake is on.
    pub fn marked_in(mut self, text: &str) -> ConfigFault {
        if let Origin::File { line, .. } = self.origin {
            let index = usize::try_from(line).ok().and_then(|line| line.checked_sub(1));
            self.line = index.and_then(|index| text.lines().nth(index)).map(str::to_owned);
        }
        self
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)?;
        if let (Some(text), Origin::File { line, column, .. }) = (&self.line, &self.origin) {
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            let indent = " ".repeat(usize::try_from(column.saturating_sub(1)).unwrap_or(0));
            write!(f, "\n{margin} |\n{number} | {text}\n{margin} | {indent}^")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n  = help: {help}"),
            None => Ok(()),
        }
    }
}
