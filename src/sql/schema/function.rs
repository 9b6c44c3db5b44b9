//! CREATE FUNCTION and kin, CREATE OPERATOR, CREATE EXTENSION: what may run unseen.

use super::cursor::Cursor;
use super::script::Script;
use crate::catalog::{Function, UserOperator, Volatility};
use crate::model::names::{Name, QualifiedName};
use crate::sql::lexer::TokenKind;
use crate::sql::tokens::TokenRange;

pub fn extension(script: &mut Script, mut cursor: Cursor<'_>) -> Result<(), String> {
    cursor.require(&["extension"])?;
    cursor.eat(&["if", "not", "exists"]);
    cursor.name()?;
    cursor.eat(&["with"]);
    let schema = match cursor.eat(&["schema"]) {
        true => cursor.name()?,
        false => script.path.first().cloned().unwrap_or_else(|| Name::new("public")),
    };
    script.extension_schemas.push(schema);
    Ok(())
}

pub fn create(script: &mut Script, mut cursor: Cursor<'_>) -> Result<(), String> {
    let aggregate = cursor.word() == Some("aggregate");
    cursor.at += 1;
    let name = script.made(&mut cursor)?;
    cursor.group()?;
    let after = |word: &str| {
        let range = TokenRange::new(cursor.at, cursor.end);
        let at = cursor.tokens.find_word(range, &[word])?;
        Some(cursor.tokens.name(at + 1)?.clone())
    };
    let has = |word: &str| {
        let range = TokenRange::new(cursor.at, cursor.end);
        cursor.tokens.find_word(range, &[word]).is_some()
    };
    let language = if aggregate { Some(Name::new("internal")) } else { after("language") };
    script.functions.push(Function {
        name,
        language: language.unwrap_or_else(|| Name::new("sql")),
        volatility: match (has("immutable"), has("stable")) {
            (true, _) => Volatility::Immutable,
            (_, true) => Volatility::Stable,
            _ => Volatility::Volatile,
        },
        extension: None,
    });
    Ok(())
}

pub fn operator(script: &mut Script, mut cursor: Cursor<'_>) -> Result<(), String> {
    cursor.require(&["operator"])?;
    if cursor.eat(&["class"]) || cursor.eat(&["family"]) {
        return Ok(());
    }
    let schema = match cursor.tokens.is_punctuation(cursor.at + 1, '.') {
        true => {
            let schema = cursor.name()?;
            cursor.at += 1;
            schema
        }
        false => script.target_schema(&cursor)?,
    };
    let Some(TokenKind::Operator(symbol)) = cursor.tokens.kind(cursor.at) else {
        return cursor.error("expected an operator");
    };
    let name = QualifiedName { schema, name: Name::new(symbol) };
    script.operators.push(UserOperator {
        name,
        // Which function it runs is not followed: without an extension nobody trusts it.
        language: Name::new("sql"),
        volatility: Volatility::Volatile,
        extension: None,
    });
    Ok(())
}
