//! CREATE FUNCTION and kin, CREATE OPERATOR, CREATE EXTENSION: what may run unseen.

use std::sync::Arc;

use super::cursor::Cursor;
use super::script::Script;
use crate::catalog::{Function, Source, SqlBody, UserOperator, Volatility};
use crate::model::names::{Name, QualifiedName};
use crate::sql::lexer::TokenKind;
use crate::sql::tokens::{TokenRange, Tokens};

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
    let group = cursor.group()?;
    let arguments = arguments(&group);
    let has = |word: &str| {
        let range = TokenRange::new(cursor.at, cursor.end);
        cursor.tokens.find_word(range, &[word]).is_some()
    };
    let language = match aggregate {
        true => Name::new("internal"),
        false => language(cursor.tokens, TokenRange::new(cursor.at, cursor.end)),
    };
    let sql = !aggregate && !has_defaults(&group) && language.as_str() == "sql";
    script.functions.push(Function {
        name,
        language,
        volatility: match (has("immutable"), has("stable")) {
            (true, _) => Volatility::Immutable,
            (_, true) => Volatility::Stable,
            _ => Volatility::Volatile,
        },
        extension: None,
        source: source(&cursor, sql, arguments),
    });
    Ok(())
}

/// A function that a statement defines.
pub struct WrittenFunction {
    pub schema: Option<Name>,
    pub name: Name,
    pub source: Source,
}

/// Reads `CREATE [OR REPLACE] FUNCTION name (…) …`. `None`: it does not read so.
pub fn written_function(tokens: &Tokens<'_>, range: TokenRange) -> Option<WrittenFunction> {
    let mut cursor = Cursor::new(tokens, range);
    cursor.require(&["create"]).ok()?;
    cursor.eat(&["or", "replace"]);
    cursor.require(&["function"]).ok()?;
    let written = cursor.written().ok()?;
    let group = cursor.group().ok()?;
    let options = TokenRange::new(cursor.at, cursor.end);
    let sql = language(tokens, options) == Name::new("sql") && !has_defaults(&group);
    let source = source(&cursor, sql, arguments(&group));
    Some(WrittenFunction { schema: written.schema, name: written.name, source })
}

/// The language a function says it is written in: a name, or a string. Without one it is SQL.
fn language(tokens: &Tokens<'_>, options: TokenRange) -> Name {
    match tokens.find_word(options, &["language"]).map(|at| tokens.kind(at + 1)) {
        None => Name::new("sql"),
        Some(Some(TokenKind::Text(text))) => Name::unquoted(text),
        Some(Some(TokenKind::Word(name) | TokenKind::Quoted(name))) => name.clone(),
        Some(_) => Name::new(""),
    }
}

/// Defaults are expressions, which nobody reads here.
fn has_defaults(group: &Cursor<'_>) -> bool {
    let tokens = group.tokens;
    (group.at..group.end).any(|i| tokens.is_word(i, "default") || tokens.is_operator(i, "="))
}

/// The body of a function in SQL, if it stands there as one string or behind RETURN.
fn source(cursor: &Cursor<'_>, sql: bool, arguments: Vec<Name>) -> Source {
    let tokens = cursor.tokens;
    let range = TokenRange::new(cursor.at, cursor.end);
    let body =
        |text: String| Source::Sql(Arc::new(SqlBody { text, arguments, ..SqlBody::default() }));
    if !sql || tokens.find_word(range, &["set", "support", "transform", "window"]).is_some() {
        return Source::Unknown;
    }
    let string = tokens.find_word(range, &["as"]).and_then(|at| tokens.kind(at + 1));
    match (string, tokens.find_word(range, &["return"])) {
        (Some(TokenKind::Text(text)), _) => body(text.clone()),
        (None, Some(at)) => {
            let start = tokens.lexed.tokens.get(at).map_or(0, |token| token.start);
            let end = tokens.lexed.tokens.get(cursor.end - 1).map_or(0, |token| token.end);
            body(tokens.text.get(start..end).unwrap_or_default().to_owned())
        }
        _ => Source::Unknown,
    }
}

/// Names of the arguments; a part of one word is a type alone.
fn arguments(group: &Cursor<'_>) -> Vec<Name> {
    const MODES: [&str; 4] = ["in", "inout", "variadic", "out"];
    let name = |part: &Cursor<'_>| {
        let first = part.word().is_some_and(|word| MODES.contains(&word));
        let at = part.at + usize::from(first);
        let named = at + 1 < part.end && part.tokens.name(at + 1).is_some();
        part.tokens.name(at).filter(|_| named).cloned()
    };
    group.parts().iter().map(|part| name(part).unwrap_or_else(|| Name::new(""))).collect()
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
    let range = TokenRange::new(cursor.at, cursor.end);
    let runs = (range.start..range.end).find(|at| {
        cursor.tokens.is_word(*at, "function") || cursor.tokens.is_word(*at, "procedure")
    });
    let function = match runs {
        Some(at) => {
            let mut cursor = Cursor { at: at + 2, ..cursor.clone() };
            let written = cursor.written()?;
            // A name alone is a function of the script, or the server's own.
            let made = script.path.iter().find(|schema| {
                let mut functions = script.functions.iter();
                functions.any(|f| f.name.schema == **schema && f.name.name == written.name)
            });
            written.within(made.unwrap_or(&Name::new("pg_catalog")))
        }
        None => QualifiedName::new("", ""),
    };
    script.operators.push(UserOperator {
        name,
        function,
        language: Name::new("sql"),
        volatility: Volatility::Volatile,
        extension: None,
    });
    Ok(())
}
