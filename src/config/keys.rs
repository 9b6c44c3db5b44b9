//! The one table of configuration keys. File, environment, command line, `pgpurpose config` and
//! its reference all read it, so a key cannot be known to one and unknown to another.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::address::ServerAddress;
use super::meant::{AuditSync, Config, LogFormat, Secret};
use super::units::{
    parse_bytes, parse_count, parse_duration, parse_switch, show_bytes, show_duration,
};

/// Looks up an environment variable.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One key.
pub struct Key {
    /// `section.name`
    pub path: &'static str,
    pub kind: Kind,
    /// One sentence or two for the reference.
    pub meaning: &'static str,
    pub set: fn(&mut Config, &str, Environment<'_>) -> Result<(), String>,
    pub show: fn(&Config) -> String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    /// A relative path in a file is relative to that file.
    Path,
    /// Never printed; `file:PATH` reads the text from a file.
    Secret,
}

impl Key {
    /// `PGPURPOSE_AUDIT__SYNC`
    pub fn variable(&self) -> String {
        format!("PGPURPOSE_{}", self.path.replace('.', "__").to_ascii_uppercase())
    }

    pub fn find(path: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.path == path)
    }
}

pub const KEYS: &[Key] = &[
    Key {
        path: "listen",
        kind: Kind::Plain,
        meaning: "Address and port applications connect to.",
        set: |c, text, _| endpoint(text).map(|at| c.listen = at),
        show: |c| c.listen.clone(),
    },
    Key {
        path: "upstream",
        kind: Kind::Plain,
        meaning: "The one server and database that is guarded, as a connection string \
                  (host=… port=… dbname=…) or URL. PGHOST, PGPORT and PGDATABASE fill in what it \
                  does not say. It holds no login: each client brings its own.",
        set: set_upstream,
        show: |c| c.upstream.to_string(),
    },
    Key {
        path: "rules",
        kind: Kind::Path,
        meaning: "Directory of the rule files.",
        set: |c, text, _| path(text).map(|at| c.rules = at),
        show: |c| c.rules.display().to_string(),
    },
    Key {
        path: "allow_server_trust",
        kind: Kind::Plain,
        meaning: "Serve although the server lets the proxy's address in without a credential \
                  (trust, peer): whoever reaches the proxy is then any role it names.",
        set: |c, text, _| parse_switch(text).map(|on| c.allow_server_trust = on),
        show: |c| c.allow_server_trust.to_string(),
    },
    Key {
        path: "catalog.user",
        kind: Kind::Plain,
        meaning: "The proxy's own login, which reads the names and types of the database. It \
                  needs CONNECT and no right on any table.",
        set: |c, text, _| word(text).map(|name| c.catalog.user = name),
        show: |c| c.catalog.user.clone(),
    },
    Key {
        path: "catalog.password",
        kind: Kind::Secret,
        meaning: "Its password, or file:PATH to read it from the first line of a file.",
        set: |c, text, _| {
            c.catalog.password = Some(Secret::new(text.to_owned()));
            Ok(())
        },
        show: |c| c.catalog.password.as_ref().map_or(String::new(), |_| "(hidden)".to_owned()),
    },
    Key {
        path: "catalog.password_file",
        kind: Kind::Path,
        meaning: "The same as catalog.password with file:PATH.",
        set: |c, text, _| read_secret(text).map(|secret| c.catalog.password = Some(secret)),
        show: |_| String::new(),
    },
    Key {
        path: "catalog.poll",
        kind: Kind::Plain,
        meaning: "How often changes of the schema made elsewhere are looked for.",
        set: |c, text, _| parse_duration(text).map(|time| c.catalog.poll = time),
        show: |c| show_duration(c.catalog.poll),
    },
    Key {
        path: "tokens.keys",
        kind: Kind::Path,
        meaning: "Public keys that purpose tokens may be signed with: a JWK set, or PEM. Read \
                  again with the rules. Without it no token is taken.",
        set: |c, text, _| path(text).map(|at| c.tokens.keys = Some(at)),
        show: |c| c.tokens.keys.as_ref().map_or(String::new(), |at| at.display().to_string()),
    },
    Key {
        path: "tokens.audience",
        kind: Kind::Plain,
        meaning: "Must be among the aud of a token.",
        set: |c, text, _| word(text).map(|name| c.tokens.audience = name),
        show: |c| c.tokens.audience.clone(),
    },
    Key {
        path: "tokens.issuer",
        kind: Kind::Plain,
        meaning: "Must be the iss of a token, if it is named here.",
        set: |c, text, _| word(text).map(|name| c.tokens.issuer = Some(name)),
        show: |c| c.tokens.issuer.clone().unwrap_or_default(),
    },
    Key {
        path: "tokens.leeway",
        kind: Kind::Plain,
        meaning: "How far the clocks of issuer and proxy may be apart.",
        set: set_leeway,
        show: |c| show_duration(c.tokens.leeway),
    },
    Key {
        path: "audit.file",
        kind: Kind::Path,
        meaning: "File the audit lines are appended to.",
        set: |c, text, _| path(text).map(|at| c.audit.file = at),
        show: |c| c.audit.file.display().to_string(),
    },
    Key {
        path: "audit.sync",
        kind: Kind::Plain,
        meaning: "What a decision has reached before its first row is sent. grouped: the \
                  operating system, the disk within milliseconds; survives the end of the \
                  proxy. always: the disk; survives the loss of power.",
        set: set_sync,
        show: |c| match c.audit.sync {
            AuditSync::Grouped => "grouped".to_owned(),
            AuditSync::Always => "always".to_owned(),
        },
    },
    Key {
        path: "audit.key",
        kind: Kind::Secret,
        meaning: "The key that people are hashed with in the audit lines, or file:PATH to read it \
                  from the first line of a file. Without one a random key is made at the first \
                  start and kept beside the audit file (audit.key beside audit.jsonl).",
        set: |c, text, _| match text.len() {
            bytes if bytes < MIN_KEY_BYTES => Err("it must have at least 32 characters".to_owned()),
            _ => {
                c.audit.key = Some(Secret::new(text.to_owned()));
                Ok(())
            }
        },
        show: |c| c.audit.key.as_ref().map_or(String::new(), |_| "(hidden)".to_owned()),
    },
    Key {
        path: "audit.rotate_size",
        kind: Kind::Plain,
        meaning: "Size at which the file is set aside and a new one begun.",
        set: |c, text, _| match parse_bytes(text)? {
            bytes if bytes < MIN_ROTATE_BYTES => Err("it must be at least 64kB".to_owned()),
            bytes => {
                c.audit.rotate_bytes = bytes;
                Ok(())
            }
        },
        show: |c| show_bytes(c.audit.rotate_bytes),
    },
    Key {
        path: "admin.listen",
        kind: Kind::Plain,
        meaning: "Address and port of /livez, /readyz and /metrics, or off. Nobody has to log in \
                  there, so keep it on the loopback interface or a private network.",
        set: |c, text, _| {
            c.admin.listen = if text == "off" { None } else { Some(endpoint(text)?) };
            Ok(())
        },
        show: |c| c.admin.listen.clone().unwrap_or_else(|| "off".to_owned()),
    },
    Key {
        path: "log.format",
        kind: Kind::Plain,
        meaning: "text or json.",
        set: set_format,
        show: |c| match c.log.format {
            LogFormat::Text => "text".to_owned(),
            LogFormat::Json => "json".to_owned(),
        },
    },
    Key {
        path: "log.level",
        kind: Kind::Plain,
        meaning: "error, warn, info, debug or trace, also by module: info,pgpurpose::server=debug.",
        set: |c, text, _| word(text).map(|level| c.log.level = level),
        show: |c| c.log.level.clone(),
    },
    Key {
        path: "limits.clients",
        kind: Kind::Plain,
        meaning: "Connections of clients at one time.",
        set: |c, text, _| parse_count(text).map(|count| c.limits.clients = count),
        show: |c| c.limits.clients.to_string(),
    },
    Key {
        path: "limits.authentication_timeout",
        kind: Kind::Plain,
        meaning: "Time a client may take from its first byte to the end of its login.",
        set: |c, text, _| parse_duration(text).map(|time| c.limits.authentication_timeout = time),
        show: |c| show_duration(c.limits.authentication_timeout),
    },
    Key {
        path: "limits.connect_timeout",
        kind: Kind::Plain,
        meaning: "Time for reaching the server.",
        set: |c, text, _| parse_duration(text).map(|time| c.limits.connect_timeout = time),
        show: |c| show_duration(c.limits.connect_timeout),
    },
    Key {
        path: "limits.statement_size",
        kind: Kind::Plain,
        meaning: "Longest text of a statement; longer ones are refused.",
        set: |c, text, _| parse_bytes(text).map(|bytes| c.limits.statement_bytes = bytes),
        show: |c| show_bytes(c.limits.statement_bytes),
    },
    Key {
        path: "limits.statements_per_client",
        kind: Kind::Plain,
        meaning: "Prepared statements of one client.",
        set: |c, text, _| parse_count(text).map(|n| c.limits.statements_per_client = n),
        show: |c| c.limits.statements_per_client.to_string(),
    },
    Key {
        path: "limits.portals_per_client",
        kind: Kind::Plain,
        meaning: "Open portals and cursors of one client.",
        set: |c, text, _| parse_count(text).map(|n| c.limits.portals_per_client = n),
        show: |c| c.limits.portals_per_client.to_string(),
    },
    Key {
        path: "limits.cached_judgements",
        kind: Kind::Plain,
        meaning: "Judged texts kept for all clients together.",
        set: |c, text, _| parse_count(text).map(|n| c.limits.cached_judgements = n),
        show: |c| c.limits.cached_judgements.to_string(),
    },
    Key {
        path: "limits.drain_timeout",
        kind: Kind::Plain,
        meaning: "Time open transactions may go on after SIGTERM before they are ended.",
        set: |c, text, _| parse_duration(text).map(|time| c.limits.drain_timeout = time),
        show: |c| show_duration(c.limits.drain_timeout),
    },
];

/// 128 bits, were they written as hexadecimal digits.
const MIN_KEY_BYTES: usize = 32;
/// A token that outlives its time by more is no token with a time.
const MAX_LEEWAY: Duration = Duration::from_secs(300);
const MIN_ROTATE_BYTES: u64 = 64 << 10;

/// The effective configuration, as a file that says the same; secrets hidden.
pub fn show(config: &Config) -> String {
    let mut text = String::new();
    let mut open = "";
    for key in KEYS {
        let value = (key.show)(config);
        if value.is_empty() {
            continue;
        }
        let (section, name) = key.path.split_once('.').unwrap_or(("", key.path));
        if section != open {
            let _ = writeln!(text, "{section}:");
            open = section;
        }
        let indent = if section.is_empty() { "" } else { "  " };
        let hidden = if key.kind == Kind::Secret { "# " } else { "" };
        let _ = writeln!(text, "{indent}{hidden}{name}: {}", plain_scalar(&value));
    }
    text
}

/// Every key with its default, variable and meaning, as Markdown.
pub fn reference() -> String {
    let mut text = String::from("| key | default | environment | meaning |\n|---|---|---|---|\n");
    let default = Config::default();
    for key in KEYS {
        let value = match key.path {
            "upstream" => "none".to_owned(),
            _ => match (key.show)(&default) {
                value if value.is_empty() => "none".to_owned(),
                value => format!("`{value}`"),
            },
        };
        let (path, variable, meaning) = (key.path, key.variable(), key.meaning);
        let _ = writeln!(text, "| `{path}` | {value} | `{variable}` | {meaning} |");
    }
    text
}

/// Quotes what YAML would read otherwise than as this text.
fn plain_scalar(value: &str) -> String {
    let first_is_plain =
        value.starts_with(|c: char| c.is_ascii_alphanumeric() || "/._".contains(c));
    if first_is_plain && !value.contains(": ") && !value.contains(" #") && !value.ends_with(':') {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', "''"))
}

fn set_upstream(c: &mut Config, text: &str, environment: Environment<'_>) -> Result<(), String> {
    ServerAddress::parse(text, environment).map(|address| c.upstream = address)
}

fn set_leeway(c: &mut Config, text: &str, _: Environment<'_>) -> Result<(), String> {
    c.tokens.leeway = match parse_duration(text)? {
        leeway if leeway > MAX_LEEWAY => return Err("it is at most 5min".to_owned()),
        leeway => leeway,
    };
    Ok(())
}

fn set_sync(c: &mut Config, text: &str, _: Environment<'_>) -> Result<(), String> {
    c.audit.sync = match text {
        "grouped" => AuditSync::Grouped,
        "always" => AuditSync::Always,
        _ => return Err(format!("\"{text}\" is neither grouped nor always")),
    };
    Ok(())
}

fn set_format(c: &mut Config, text: &str, _: Environment<'_>) -> Result<(), String> {
    c.log.format = match text {
        "text" => LogFormat::Text,
        "json" => LogFormat::Json,
        _ => return Err(format!("\"{text}\" is neither text nor json")),
    };
    Ok(())
}

/// The first line of a file.
pub fn read_secret(path: &str) -> Result<Secret, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read \"{path}\": {}", error.kind()))?;
    match text.lines().next() {
        None | Some("") => Err(format!("\"{path}\" is empty")),
        Some(line) => Ok(Secret::new(line.to_owned())),
    }
}

/// `host:port`; the host is looked up when it is used.
fn endpoint(text: &str) -> Result<String, String> {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
    match port.map(str::parse::<u16>) {
        Some(Ok(_)) => Ok(text.to_owned()),
        _ => Err(format!("\"{text}\" is not an address and port; write it as 127.0.0.1:6432")),
    }
}

fn path(text: &str) -> Result<PathBuf, String> {
    word(text).map(PathBuf::from)
}

fn word(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::super::file::{ConfigFile, SECTIONS};
    use super::*;

    #[test]
    fn keys_and_sections_fit() {
        for key in KEYS {
            if let Some((section, _)) = key.path.split_once('.') {
                assert!(SECTIONS.contains(&section), "{}", key.path);
            }
            assert_eq!(KEYS.iter().filter(|other| other.path == key.path).count(), 1);
        }
    }

    #[test]
    fn what_is_shown_can_be_read_back() {
        let mut config = Config::default();
        config.catalog.user = "it's: odd #".to_owned();
        config.upstream.database = "shop".to_owned();
        let file = ConfigFile::parse("shown", &show(&config)).unwrap();
        for entry in &file.entries {
            let key = Key::find(&entry.key).unwrap();
            let mut copy = Config::default();
            (key.set)(&mut copy, &entry.text, &|_| None).unwrap();
            assert_eq!((key.show)(&copy), (key.show)(&config), "{}", key.path);
        }
    }

    #[test]
    fn secrets_are_hidden() {
        let mut config = Config::default();
        config.catalog.password = Some(Secret::new("geheim".to_owned()));
        assert!(!show(&config).contains("geheim"));
        assert!(show(&config).contains("# password: '(hidden)'"));
        assert!(!format!("{config:?}").contains("geheim"));
    }

    #[test]
    fn the_reference_names_every_key() {
        let text = reference();
        assert!(text.contains("| `audit.sync` | `grouped` | `PGPURPOSE_AUDIT__SYNC` |"));
        assert_eq!(text.lines().count(), KEYS.len() + 2);
    }
}
