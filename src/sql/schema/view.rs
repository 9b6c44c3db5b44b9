//! CREATE VIEW: the columns of its first SELECT, as far as the text alone tells their types.
//!
//! The text does not tell the type of every expression; where it does not, a cast must.

use super::cursor::{Cursor, Written};
use super::script::Script;
use super::types::{self, ColumnType};
use crate::catalog::{Column, Relation, RelationKind};
use crate::model::names::Name;
use crate::sql::tokens::TokenRange;

/// `VIEW name [(columns)] AS SELECT …`
pub fn create(
    script: &mut Script,
    mut cursor: Cursor<'_>,
    kind: RelationKind,
) -> Result<(), String> {
    cursor.require(&["view"])?;
    cursor.eat(&["if", "not", "exists"]);
    let start = cursor.clone();
    let name = script.made(&mut cursor)?;
    let names = if cursor.is('(') { cursor.columns()?.unwrap_or_default() } else { Vec::new() };
    let range = TokenRange::new(cursor.at, cursor.end);
    let Some(body) = cursor.tokens.find_word(range, &["as"]) else {
        return cursor.error("expected AS");
    };
    let query = Cursor { at: body + 1, end: end_of_query(&cursor), ..cursor };
    let mut columns = columns(script, &query)?;
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name;
    }
    for (column, number) in columns.iter_mut().zip(1..) {
        column.number = number;
        column.not_null = false;
        column.generated = None;
    }
    let definition = Some(query.text().to_owned());
    script.add(&start, Relation { columns, definition, ..Script::relation(name, kind) })?;
    Ok(())
}

/// Before `WITH [NO] DATA`, `WITH … CHECK OPTION`.
fn end_of_query(cursor: &Cursor<'_>) -> usize {
    let tokens = cursor.tokens;
    let tails: [&[&str]; 4] = [
        &["with", "no", "data"],
        &["with", "data"],
        &["with", "check", "option"],
        &["with", "local", "check", "option"],
    ];
    let cascaded: &[&str] = &["with", "cascaded", "check", "option"];
    let tail = tails.iter().chain([&cascaded]).find_map(|words| {
        let at = cursor.end.checked_sub(words.len())?;
        words.iter().enumerate().all(|(i, w)| tokens.is_word(at + i, w)).then_some(at)
    });
    tail.unwrap_or(cursor.end)
}

fn columns(script: &Script, query: &Cursor<'_>) -> Result<Vec<Column>, String> {
    let mut cursor = query.clone();
    while cursor.is('(') {
        cursor = cursor.group()?;
    }
    if !cursor.eat(&["select"]) {
        return cursor.error("the columns of this view cannot be told from its text");
    }
    if cursor.eat(&["distinct"]) && cursor.eat(&["on"]) {
        cursor.group()?;
    }
    let range = TokenRange::new(cursor.at, cursor.end);
    let stop = [
        "from",
        "where",
        "group",
        "having",
        "window",
        "union",
        "intersect",
        "except",
        "order",
        "limit",
        "offset",
        "fetch",
    ];
    let from = cursor.tokens.find_word(range, &stop).unwrap_or(cursor.end);
    let sources = sources(script, &Cursor { at: from, ..cursor.clone() });
    let list = Cursor { end: from, ..cursor };
    let mut columns = Vec::new();
    for item in list.parts() {
        item_columns(script, &sources, item, &mut columns)?;
    }
    Ok(columns)
}

/// A relation of FROM and the name it goes by.
struct Source<'a> {
    alias: Name,
    relation: &'a Relation,
}

fn sources<'a>(script: &'a Script, from: &Cursor<'_>) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    let mut depth = 0i32;
    for at in from.at..from.end {
        let tokens = from.tokens;
        // Parentheses of joins are looked into; a sub-select names nothing that is found.
        if tokens.is_punctuation(at, '(') {
            depth += 1;
        } else if tokens.is_punctuation(at, ')') {
            depth -= 1;
        }
        let opens = matches!(tokens.word(at), Some("from" | "join"))
            || (depth == 0 && tokens.is_punctuation(at, ','));
        if !opens {
            continue;
        }
        let mut cursor = Cursor { at: at + 1, ..from.clone() };
        while cursor.eat_mark('(') {}
        cursor.eat(&["only"]);
        let Ok(written) = cursor.written() else { continue };
        let Some(relation) = script.find(&written).and_then(|id| script.relations.get(&id)) else {
            continue;
        };
        let explicit = cursor.eat(&["as"]);
        let alias = match cursor.tokens.name(cursor.at) {
            Some(name) if !cursor.is_done() && (explicit || !AFTER.contains(&name.as_str())) => {
                name.clone()
            }
            _ => written.name,
        };
        sources.push(Source { alias, relation });
    }
    sources
}

fn item_columns(
    script: &Script,
    sources: &[Source<'_>],
    mut item: Cursor<'_>,
    columns: &mut Vec<Column>,
) -> Result<(), String> {
    let star = item.tokens.is_operator(item.end.saturating_sub(1), "*");
    if star && item.end - item.at == 1 {
        columns.extend(sources.iter().flat_map(|s| s.relation.columns.clone()));
        return Ok(());
    }
    if star && item.end - item.at == 3 {
        let alias = item.name()?;
        let source = sources.iter().find(|s| s.alias == alias);
        columns.extend(source.into_iter().flat_map(|s| s.relation.columns.clone()));
        return Ok(());
    }
    let (expression, label) = labelled(&item);
    let column = match plain_column(sources, &expression) {
        Some(column) => Some(column.clone()),
        None => expression_type(script, &expression).map(|found| Column {
            number: 0,
            name: function_label(&expression),
            type_sql: found.sql,
            base_type: found.base,
            type_category: found.category,
            not_null: false,
            is_domain: found.is_domain,
            generated: None,
        }),
    };
    let Some(mut column) = column else {
        return item.error("the type of this column cannot be told; write (expression)::type");
    };
    if let Some(label) = label {
        column.name = label;
    }
    columns.push(column);
    Ok(())
}

/// `expression AS label` → both.
fn labelled<'a>(item: &Cursor<'a>) -> (Cursor<'a>, Option<Name>) {
    let before = item.end.checked_sub(2).filter(|at| *at > item.at);
    match before {
        Some(at) if item.tokens.is_word(at, "as") => {
            let label = item.tokens.name(at + 1).cloned();
            (Cursor { end: at, ..item.clone() }, label)
        }
        _ => (item.clone(), None),
    }
}

/// `column` or `relation.column`.
fn plain_column<'a>(sources: &'a [Source<'_>], expression: &Cursor<'_>) -> Option<&'a Column> {
    let mut cursor = expression.clone();
    let Written { schema: alias, name } = cursor.written().ok()?;
    if !cursor.is_done() {
        return None;
    }
    let fits = |s: &&Source<'_>| alias.as_ref().is_none_or(|a| *a == s.alias);
    sources.iter().filter(fits).find_map(|s| s.relation.column(&name))
}

/// The type of an expression that says it: a last cast, `CAST(… AS type)`, `count(…)`.
fn expression_type(script: &Script, expression: &Cursor<'_>) -> Option<ColumnType> {
    let mut cursor = expression.clone();
    let counts = matches!(cursor.word(), Some("count" | "row_number" | "rank" | "dense_rank"));
    if counts {
        cursor.at += 1;
        cursor.group().ok()?;
        let window = cursor.is_done() || matches!(cursor.word(), Some("over" | "filter"));
        return window.then(|| ColumnType::built_in("int8"));
    }
    if cursor.eat(&["cast"]) {
        let inside = cursor.group().ok()?;
        let range = TokenRange::new(inside.at, inside.end);
        let at = inside.tokens.find_word(range, &["as"])?;
        let mut target = Cursor { at: at + 1, ..inside };
        return types::read(&mut target, script).ok().filter(|_| cursor.is_done());
    }
    let casts = (expression.at..expression.end).rev();
    let cast = casts.into_iter().find(|at| {
        matches!(expression.tokens.kind(*at), Some(crate::sql::lexer::TokenKind::Cast))
    })?;
    let one_operand = one_operand(&Cursor { end: cast, ..expression.clone() });
    let mut target = Cursor { at: cast + 1, ..expression.clone() };
    let found = types::read(&mut target, script).ok()?;
    (one_operand && target.is_done()).then_some(found)
}

/// A cast binds more tightly than any operator: what is before it must be one operand.
fn one_operand(expression: &Cursor<'_>) -> bool {
    let mut depth = 0i32;
    (expression.at..expression.end).all(|at| {
        let mark = |c| expression.tokens.is_punctuation(at, c);
        depth += i32::from(mark('(') || mark('[')) - i32::from(mark(')') || mark(']'));
        let kind = expression.tokens.kind(at);
        let operator = matches!(kind, Some(crate::sql::lexer::TokenKind::Operator(_)));
        let keyword = ["and", "or", "not", "is", "in", "like", "ilike", "between"]
            .iter()
            .any(|word| expression.tokens.is_word(at, word));
        depth > 0 || !(operator || keyword)
    })
}

/// The label the server gives: the function's or the column's name (manual, 7.3.2).
fn function_label(expression: &Cursor<'_>) -> Name {
    let last = (expression.at..expression.end)
        .take_while(|at| {
            expression.tokens.name(*at).is_some() || expression.tokens.is_punctuation(*at, '.')
        })
        .filter_map(|at| expression.tokens.name(at))
        .last();
    last.cloned().unwrap_or_else(|| Name::new("?column?"))
}

/// Words that may stand after a relation where it has no alias.
const AFTER: [&str; 21] = [
    "where",
    "group",
    "having",
    "window",
    "union",
    "intersect",
    "except",
    "order",
    "limit",
    "offset",
    "fetch",
    "join",
    "left",
    "right",
    "full",
    "inner",
    "cross",
    "natural",
    "on",
    "using",
    "for",
];
