//! What the proxy asks the server about a session it cannot see otherwise: one row, read by us,
//! never shown to the client.
//!
//! Every text comes as hexadecimal digits of its UTF-8 form, so that it can be read whatever the
//! client's encoding; every name in the query is qualified, so that nothing on the client's
//! search path can stand in for it.

use super::backend::text_row;
use super::frame::Broken;
use crate::model::access::SearchPath;
use crate::model::names::Name;

/// Name of the hidden prepared statement and portal that carry the probe inside a pipeline.
pub const HIDDEN: &str = "pgpurpose_hidden";

/// Asks for the effective search path, its setting, the purpose, and the current role.
pub const QUERY: &str = "SELECT \
    pg_catalog.encode(pg_catalog.convert_to(pg_catalog.array_to_json(\
        pg_catalog.current_schemas(true))::pg_catalog.text, 'UTF8'), 'hex'), \
    pg_catalog.encode(pg_catalog.convert_to(\
        pg_catalog.current_setting('search_path'), 'UTF8'), 'hex'), \
    pg_catalog.encode(pg_catalog.convert_to(\
        pg_catalog.current_setting('pgpurpose.purpose', true), 'UTF8'), 'hex')";

/// The same at login, with what only a login needs: the isolation level of transactions.
pub fn login_query() -> String {
    format!("{QUERY}, pg_catalog.current_setting('default_transaction_isolation')")
}

/// Asks by which snapshot a statement sent now would read.
pub const SNAPSHOT_QUERY: &str = "SELECT pg_catalog.pg_current_snapshot()::pg_catalog.text";

/// Asks whether the transaction at hand keeps its first snapshot, and which it is.
pub const TRANSACTION_QUERY: &str = "SELECT \
    pg_catalog.current_setting('transaction_isolation'), \
    pg_catalog.pg_current_snapshot()::pg_catalog.text";

/// Asks, at login, for the variables of ours that the database or the role sets.
pub const VARIABLES_QUERY: &str = "SELECT pg_catalog.encode(pg_catalog.convert_to(\
    COALESCE(pg_catalog.json_agg(pg_catalog.json_build_array(n.name, COALESCE(\
        pg_catalog.current_setting(n.name, true), ''))), '[]'::pg_catalog.json)\
    ::pg_catalog.text, 'UTF8'), 'hex') \
    FROM (SELECT pg_catalog.lower(pg_catalog.split_part(c.text, '=', 1)) AS name \
        FROM pg_catalog.pg_db_role_setting s \
        CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (text) \
        WHERE (s.setdatabase OPERATOR(pg_catalog.=) 0::pg_catalog.oid \
            OR s.setdatabase OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d \
                WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())) \
        AND (s.setrole OPERATOR(pg_catalog.=) 0::pg_catalog.oid \
            OR s.setrole OPERATOR(pg_catalog.=) (SELECT r.oid FROM pg_catalog.pg_roles r \
                WHERE r.rolname OPERATOR(pg_catalog.=) SESSION_USER)) \
        GROUP BY 1) n \
    WHERE pg_catalog.left(n.name, 10) OPERATOR(pg_catalog.=) 'pgpurpose.'";

/// Reads the one `DataRow` of the answer to [`VARIABLES_QUERY`]: names and values.
pub fn read_variables(body: &[u8]) -> Result<Vec<(String, String)>, Broken> {
    let row = text_row(body)?;
    let [variables] = row.as_slice() else { return Err(UNREADABLE) };
    let json = plain(variables.as_deref().ok_or(UNREADABLE)?)?;
    serde_json::from_str(&json).map_err(|_| UNREADABLE)
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    pub path: SearchPath,
    /// The setting as it is written.
    pub search_path: String,
    /// Empty where it is not set.
    pub purpose: String,
    /// Transactions keep their first snapshot unless they say otherwise.
    pub keeps_snapshot: bool,
}

impl Probed {
    /// Reads the one `DataRow` of the answer.
    pub fn read(body: &[u8]) -> Result<Probed, Broken> {
        let row = text_row(body)?;
        let [path, search_path, purpose, level @ ..] = row.as_slice() else {
            return Err(UNREADABLE);
        };
        let path = plain(path.as_deref().ok_or(UNREADABLE)?)?;
        let path: Vec<String> = serde_json::from_str(&path).map_err(|_| UNREADABLE)?;
        Ok(Probed {
            path: SearchPath(path.iter().map(|name| Name::new(name)).collect()),
            search_path: plain(search_path.as_deref().ok_or(UNREADABLE)?)?,
            purpose: plain(purpose.as_deref().unwrap_or_default())?,
            keeps_snapshot: level.iter().flatten().any(|level| !level.starts_with("read ")),
        })
    }
}

const UNREADABLE: Broken = Broken("the server's answer about the session cannot be read");

fn plain(hex: &str) -> Result<String, Broken> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut bytes = Vec::with_capacity(hex.len() / 2);
    for pair in hex.as_bytes().chunks(2) {
        let [high, low] = pair else { return Err(UNREADABLE) };
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return Err(UNREADABLE) };
        bytes.push(high << 4 | low);
    }
    String::from_utf8(bytes).map_err(|_| UNREADABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whatever_they_hold() {
        let hex = |text: &str| text.bytes().map(|b| format!("{b:02x}")).collect::<String>();
        let mut body = vec![0, 3];
        for text in [hex("[\"pg_catalog\",\"a\\\"ä\"]"), hex("a, b"), String::new()] {
            body.extend((text.len() as u32).to_be_bytes());
            body.extend(text.bytes());
        }
        let probed = Probed::read(&body).unwrap();
        assert_eq!(probed.path.0, [Name::new("pg_catalog"), Name::new("a\"ä")]);
        assert_eq!(probed.search_path, "a, b");
        assert!(Probed::read(b"\0\0").is_err());
    }
}
