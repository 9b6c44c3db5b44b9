//! PostgreSQL's own reading of a text: its tree without positions, its tokens.

use pg_query::protobuf::Token;
use serde_json::{Map, Value};

/// The statements of a text as trees. A node is an object with its type as the only key.
pub fn trees(text: &str) -> Result<Vec<Value>, String> {
    let parsed = pg_query::parse(text, 0).map_err(|error| error.to_string())?;
    let value = serde_json::to_value(&parsed.protobuf).map_err(|error| error.to_string())?;
    let statements = value.get("stmts").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(statements
        .into_iter()
        .map(|raw| tidy(raw.get("stmt").cloned().unwrap_or_default()))
        .collect())
}

/// Fields that say where something stood.
const PLACES: [&str; 10] = [
    "location",
    "stmt_location",
    "stmt_len",
    "arg_location",
    "conninfo_location",
    "list_start",
    "list_end",
    "name_location",
    "payload_location",
    "rexpr_list_start",
];

fn tidy(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            if fields.len() == 1 && fields.contains_key("node") {
                return fields.into_iter().next().map_or(Value::Null, |(_, inner)| tidy(inner));
            }
            let kept = fields.into_iter().filter(|(name, value)| {
                !(PLACES.contains(&name.as_str()) && value.is_number() || name == "rexpr_list_end")
            });
            Value::Object(kept.map(|(name, inner)| (name, tidy(inner))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        scalar => scalar,
    }
}

/// A token of PostgreSQL's scanner.
#[derive(Clone, Debug, PartialEq)]
pub struct Scanned {
    pub start: usize,
    pub end: usize,
    pub token: Token,
}

/// The tokens of a text, comments left out.
pub fn scan(text: &str) -> Result<Vec<Scanned>, String> {
    let scanned = pg_query::scan(text).map_err(|error| error.to_string())?;
    let tokens = scanned.tokens.iter().map(|token| Scanned {
        start: usize::try_from(token.start).unwrap_or(0),
        end: usize::try_from(token.end).unwrap_or(0),
        token: token.token(),
    });
    Ok(tokens.filter(|t| !matches!(t.token, Token::CComment | Token::SqlComment)).collect())
}
