//! Where the server is: libpq's `key=value` strings and URLs (PostgreSQL manual, 34.1.1), as far
//! as they say where to connect and not how to behave. An option that is not understood is an
//! error, since dropping `sslmode=require` would quietly send in clear.

use std::fmt;

const DEFAULT_PORT: u16 = 5432;

/// One server and one database on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    /// Host name or address.
    pub host: String,
    pub port: u16,
    pub database: String,
}

impl ServerAddress {
    /// Reads a connection string. What it does not say comes from `environment` (`PGHOST`,
    /// `PGPORT`, `PGDATABASE`), then from libpq's defaults.
    pub fn parse(
        text: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<ServerAddress, String> {
        let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
        let pairs = if is_url { url_pairs(text)? } else { keyword_pairs(text)? };
        let mut parts = Parts::default();
        for (key, value) in pairs {
            parts.set(&key, value)?;
        }
        parts.finish(environment)
    }

    /// `host:port`, as a socket is named.
    pub fn socket(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "host={} port={} dbname={}", self.host, self.port, self.database)
    }
}

#[derive(Default)]
struct Parts {
    host: Option<String>,
    port: Option<String>,
    database: Option<String>,
}

impl Parts {
    fn set(&mut self, key: &str, value: String) -> Result<(), String> {
        let slot = match key {
            "host" | "hostaddr" => &mut self.host,
            "port" => &mut self.port,
            "dbname" => &mut self.database,
            "user" | "password" | "passfile" if value.is_empty() => return Ok(()),
            "user" | "password" | "passfile" => {
                let why = "clients bring their own, and the proxy's is catalog.user";
                return Err(format!("it holds a login; {why}"));
            }
            "sslmode" => {
                return match value.as_str() {
                    "disable" | "allow" | "prefer" => Ok(()),
                    _ => Err(format!("sslmode \"{value}\" asks for TLS, which is not supported")),
                };
            }
            _ => return Err(format!("connection option \"{key}\" is not known here")),
        };
        if value.contains(',') {
            return Err(format!("\"{key}\" names several servers; exactly one can be guarded"));
        }
        if key == "host" && value.starts_with('/') {
            return Err("a socket directory cannot be used; name a host".to_owned());
        }
        if !value.is_empty() {
            *slot = Some(value);
        }
        Ok(())
    }

    fn finish(self, environment: impl Fn(&str) -> Option<String>) -> Result<ServerAddress, String> {
        let port = match self.port.or_else(|| environment("PGPORT")) {
            None => DEFAULT_PORT,
            Some(text) => match text.parse() {
                // The text is not told: in a garbled URL it may be the password.
                Ok(0) | Err(_) => return Err("port is not a number from 1 to 65535".to_owned()),
                Ok(port) => port,
            },
        };
        let database = self.database.or_else(|| environment("PGDATABASE"));
        Ok(ServerAddress {
            host: self.host.or_else(|| environment("PGHOST")).unwrap_or("localhost".to_owned()),
            port,
            database: database.ok_or("no database is named; add dbname=…")?,
        })
    }
}

/// `host=a port=1 password='it\'s'`
fn keyword_pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, after) =
            rest.split_once('=').ok_or("a connection string is made of key=value pairs")?;
        let (value, after) = keyword_value(after.trim_start())?;
        pairs.push((key.trim_end().to_owned(), value));
        rest = after.trim_start();
    }
    Ok(pairs)
}

fn keyword_value(text: &str) -> Result<(String, &str), String> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut chars = text.char_indices();
    if quoted {
        chars.next();
    }
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, escaped)) => value.push(escaped),
                None => return Err("connection string ends after a backslash".to_owned()),
            },
            '\'' if quoted => return Ok((value, text.get(at + 1..).unwrap_or(""))),
            c if c.is_whitespace() && !quoted => return Ok((value, text.get(at..).unwrap_or(""))),
            c => value.push(c),
        }
    }
    if quoted { Err("connection string ends inside a quote".to_owned()) } else { Ok((value, "")) }
}

/// `postgresql://user:password@host:port/dbname?key=value`
fn url_pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let (_, rest) = text.split_once("://").ok_or("not a URL")?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, server) = match authority.rsplit_once('@') {
        Some((login, server)) => (login, server),
        None => ("", authority),
    };
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let (host, port) = split_port(server)?;
    let mut pairs = Vec::new();
    for (key, value) in [
        ("user", user),
        ("password", password),
        ("host", host),
        ("port", port),
        ("dbname", database),
    ] {
        pairs.push((key.to_owned(), percent_decoded(value)?));
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or("a URL option has no value")?;
        pairs.push((percent_decoded(key)?, percent_decoded(value)?));
    }
    Ok(pairs)
}

/// `host:port`, `[::1]:port`
fn split_port(server: &str) -> Result<(&str, &str), String> {
    if let Some(bracketed) = server.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']').ok_or("a \"[\" of the URL is not closed")?;
        return Ok((host, rest.strip_prefix(':').unwrap_or("")));
    }
    Ok(server.split_once(':').unwrap_or((server, "")))
}

fn percent_decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = rest.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let decoded = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(decoded.ok_or("a \"%\" of the URL is not followed by two hexadecimal digits")?);
        rest = rest.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| "the URL does not decode to UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ServerAddress, String> {
        ServerAddress::parse(text, |_| None)
    }

    #[test]
    fn both_spellings_mean_the_same() {
        let url = parse("postgresql://db.example:6543/sh%6Fp?sslmode=disable").unwrap();
        let keywords = parse("host=db.example port = 6543 dbname='shop'").unwrap();
        assert_eq!(url, keywords);
        assert_eq!(url.socket(), "db.example:6543");
        assert_eq!(parse("postgres://[::1]:7/x").unwrap().socket(), "[::1]:7");
        assert_eq!(parse(r"host=h dbname='it\'s a'").unwrap().database, "it's a");
    }

    #[test]
    fn what_is_not_said_comes_from_the_environment() {
        let environment = |name: &str| (name == "PGPORT").then(|| "7000".to_owned());
        let address = ServerAddress::parse("dbname=shop", environment).unwrap();
        assert_eq!(address.to_string(), "host=localhost port=7000 dbname=shop");
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        assert!(parse("host=db").unwrap_err().contains("no database"));
        assert!(parse("dbname=x sslmode=require").unwrap_err().contains("TLS"));
        assert!(parse("dbname=x target_session_attrs=any").is_err());
        assert!(parse("dbname=x host=a,b").unwrap_err().contains("several servers"));
        assert!(parse("dbname=x port=99999").is_err());
        assert!(parse("dbname='x").is_err());
        assert!(parse("postgres://h/%zz").is_err());
        assert!(parse("shop").is_err());
    }

    #[test]
    fn a_login_is_refused_and_not_told() {
        for text in ["postgres://u:geheim@h/d", "dbname=d password=geheim", "postgres://u:geheim/d"]
        {
            let message = parse(text).unwrap_err();
            assert!(!message.contains("geheim"), "{message}");
        }
    }
}
