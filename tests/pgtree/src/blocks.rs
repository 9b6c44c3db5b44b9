//! The text of a DO block: token for token what the client wrote, but that a relation may gain the
//! schema it was resolved to.

use pgpurpose::model::names::Name;
use pgpurpose::sql::lexer::{TokenKind, lex};
use serde_json::Value;

use crate::ours::text;

/// The text of a DO statement.
pub fn body(statement: &Value) -> Option<&str> {
    let parts = statement.get("args")?.as_array()?;
    let code = parts.iter().find(|part| text(&part["DefElem"], "defname") == "as")?;
    code["DefElem"]["arg"]["String"]["sval"].as_str()
}

/// What else a DO statement says.
pub fn without_body(statement: &Value) -> Value {
    let mut rest = statement.clone();
    if let Some(parts) = rest["args"].as_array_mut() {
        for part in parts.iter_mut().filter(|part| text(&part["DefElem"], "defname") == "as") {
            part["DefElem"]["arg"]["String"]["sval"] = Value::Null;
        }
    }
    rest
}

pub fn compare(theirs: &str, ours: &str) -> Result<(), String> {
    let read = |text: &str| {
        let lexed = lex(text).map_err(|error| error.message.to_string())?;
        Ok::<_, String>(lexed.tokens.into_iter().map(|token| token.kind).collect::<Vec<_>>())
    };
    let (theirs, ours) = (read(theirs)?, read(ours)?);
    let mut at = 0;
    for (i, token) in theirs.iter().enumerate() {
        let bare = theirs.get(i + 1) != Some(&TokenKind::Punctuation('.'));
        if bare && is_name(ours.get(at)) && ours.get(at + 1) == Some(&TokenKind::Punctuation('.')) {
            let gained = at == 0 || ours.get(at - 1) != Some(&TokenKind::Punctuation('.'));
            let named = ours.get(at + 2).and_then(name);
            at += if gained && named.is_some() && named == name(token) { 2 } else { 0 };
        }
        let same = match (token, ours.get(at)) {
            (TokenKind::Text(theirs), Some(TokenKind::Text(ours))) if theirs != ours => {
                compare(theirs, ours).is_ok()
            }
            (theirs, Some(ours)) if is_name(Some(theirs)) => name(theirs) == name(ours),
            (theirs, ours) => Some(theirs) == ours,
        };
        if !same {
            return Err(format!("{token:?} became {:?}", ours.get(at)));
        }
        at += 1;
    }
    if at == ours.len() { Ok(()) } else { Err("the block became longer".to_owned()) }
}

fn name(token: &TokenKind) -> Option<&Name> {
    match token {
        TokenKind::Word(name) | TokenKind::Quoted(name) => Some(name),
        _ => None,
    }
}

fn is_name(token: Option<&TokenKind>) -> bool {
    token.and_then(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn only_schemas_are_gained() {
        for (theirs, ours) in [
            ("BEGIN DROP TABLE a; END", "BEGIN DROP TABLE a ; END"),
            ("BEGIN DELETE FROM a; END", "BEGIN DELETE FROM \"s\".\"a\"; END"),
            ("BEGIN EXECUTE 'DELETE FROM a'; END", "BEGIN EXECUTE 'DELETE FROM s.a'; END"),
        ] {
            assert_eq!(compare(theirs, ours), Ok(()));
        }
        for (theirs, ours) in [
            ("BEGIN DROP TABLE a; END", "BEGIN DROP TABLE b; END"),
            ("BEGIN DELETE FROM s.a; END", "BEGIN DELETE FROM t.s.a; END"),
            ("BEGIN EXECUTE 'a'; END", "BEGIN EXECUTE 'b'; END"),
            ("BEGIN NULL; END", "BEGIN NULL; NULL; END"),
            ("BEGIN NULL; END", "BEGIN NULL;"),
        ] {
            assert!(compare(theirs, ours).is_err(), "{theirs}");
        }
    }
}
