//! New rows: those of people who refuse what they hold are not written.
//!
//! The source of an INSERT becomes a query that leaves such rows out. Nothing of them is evaluated
//! then, so that no error, default or sequence tells of them; the count of rows is what it would be
//! had they not been sent.

use super::super::emit::{Edit, Piece};
use super::super::lexer::TokenKind;
use super::super::mask;
use super::super::resolve::{Refused, Target};
use super::super::tokens::TokenRange;
use super::{Part, Rewrite, Rewriting, quoted};
use crate::catalog::Column;
use crate::model::usage::SiteAccess;
use crate::sql::guard;

/// One row of VALUES: the parentheses, and what stands between their commas.
struct Row {
    whole: TokenRange,
    items: Vec<TokenRange>,
}

impl Rewriting<'_> {
    /// Leaves out new rows of people who refuse what is written.
    pub(super) fn guard_new_rows(
        &self,
        part: &Part<'_>,
        target: Option<&Target>,
        out: &mut Rewrite,
    ) -> Refused<()> {
        let asked = &part.ruling.new_row_conditions;
        let uses = self.resolution.uses.sites.get(part.id.0);
        let (Some(path), Some(uses)) = (&part.ruling.subject, uses) else { return Ok(()) };
        let person = part.relation.columns.iter().find(|column| column.name == path.column);
        let Some(person) = person.filter(|c| !asked.is_empty() && uses.written.contains(&c.number))
        else {
            // Whoever the row is about cannot have refused anything yet.
            return Ok(());
        };
        let refuse = |what: &str| {
            let refusal = self.unsupported(what);
            Box::new(refusal.detail("Somebody may refuse to have what it writes collected."))
        };
        let insert = target.filter(|_| uses.access == SiteAccess::Insert);
        let Some(target) = insert else { return Err(refuse("COPY FROM, or MERGE that inserts,")) };
        let guard = guard::conjunction(asked, Some(path), (self.people, self.catalog), NEW);
        let guard = guard.unwrap_or_else(|| "FALSE".to_owned());
        let shape = self.shape(part, target).ok_or_else(|| refuse("this form of INSERT"))?;
        self.leave_out(&shape, (person, &guard), out).ok_or_else(|| refuse("this form of INSERT"))
    }

    fn leave_out(
        &self,
        shape: &Shape<'_>,
        (person, guard): (&Column, &str),
        out: &mut Rewrite,
    ) -> Option<()> {
        let at = shape.columns.iter().position(|column| column.number == person.number)?;
        let Some(rows) = &shape.rows else {
            // INSERT … SELECT
            let names = names(&shape.columns, "");
            let before = format!("({names}) SELECT * FROM (");
            let after = format!(") AS {NEW}({names}) WHERE {guard}");
            out.edits.push(Edit::replace(shape.list, before));
            out.edits.push(Edit::insert(shape.source.end, after));
            return Some(());
        };
        let given: Vec<bool> = (0..shape.columns.len())
            .map(|i| {
                let default =
                    |row: &Row| row.items.get(i).is_none_or(|item| self.is_default(*item));
                match (rows.iter().all(default), rows.iter().any(default)) {
                    (true, _) => Some(false),
                    (false, true) => None,
                    (false, false) => Some(true),
                }
            })
            .collect::<Option<_>>()?;
        if given.get(at) == Some(&false) {
            return Some(());
        }
        let columns: Vec<&Column> = shape
            .columns
            .iter()
            .zip(&given)
            .filter(|(_, given)| **given)
            .map(|(c, _)| *c)
            .collect();
        out.edits.push(Edit::replace(shape.list, format!("({})", names(&columns, ""))));
        match rows.as_slice() {
            [row] if self.is_constant(*row.items.get(at)?) => {
                self.one_row(shape, (row, *row.items.get(at)?), (person, guard), out);
            }
            rows => self.many_rows(shape, (rows, &columns), guard, out),
        }
        for row in rows {
            out.edits.extend(self.without_defaults(row, &given));
        }
        Some(())
    }

    /// `VALUES (a, b)` → `SELECT a, b FROM (the person) WHERE guard`: each value keeps the type
    /// that its column gives it.
    fn one_row(
        &self,
        shape: &Shape<'_>,
        (row, item): (&Row, TokenRange),
        (person, guard): (&Column, &str),
        out: &mut Rewrite,
    ) {
        let start = TokenRange::new(shape.source.start, row.whole.start + 1);
        out.edits.push(Edit::replace(start, "SELECT"));
        let mut pieces = vec![Piece::Text("FROM (SELECT (".to_owned())];
        pieces.extend((item.start..item.end).map(Piece::Token));
        let (type_sql, name) = (&person.type_sql, quoted(&person.name));
        let rest = format!(")::{type_sql} AS {name}) AS {NEW} WHERE {guard}");
        pieces.push(Piece::Text(rest));
        out.edits.push(Edit { range: TokenRange::new(row.whole.end - 1, row.whole.end), pieces });
    }

    /// VALUES as a derived table. A row of typed NULLs, left out again, gives constants their type.
    fn many_rows(
        &self,
        shape: &Shape<'_>,
        (rows, columns): (&[Row], &[&Column]),
        guard: &str,
        out: &mut Rewrite,
    ) {
        let typed: Vec<String> = columns
            .iter()
            .map(|column| {
                let at = shape.columns.iter().position(|c| c.number == column.number);
                let bare = |row: &Row| {
                    at.and_then(|at| row.items.get(at)).is_some_and(|item| self.is_untyped(*item))
                };
                if rows.iter().any(bare) { mask::null(column) } else { "NULL".to_owned() }
            })
            .collect();
        let start = shape.source.start;
        let shown = names(columns, &format!("{NEW}."));
        let before = format!("SELECT {shown} FROM (VALUES ({}, FALSE),", typed.join(", "));
        out.edits.push(Edit::replace(TokenRange::new(start, start + 1), before));
        for row in rows {
            out.edits.push(Edit::insert(row.whole.end - 1, ", TRUE"));
        }
        let names = names(columns, "");
        let after = format!(") AS {NEW}({names}, {SENT}) WHERE {NEW}.{SENT} AND {guard}");
        out.edits.push(Edit::insert(shape.source.end, after));
    }

    /// DEFAULT, with a comma of its own, of columns that are left to their default.
    fn without_defaults(&self, row: &Row, given: &[bool]) -> Vec<Edit> {
        let first = given.iter().position(|given| *given).unwrap_or_default();
        let dropped = row.items.iter().zip(given).enumerate().filter(|(_, (_, given))| !**given);
        dropped
            .map(|(at, (item, _))| {
                let range = match at < first {
                    true => TokenRange::new(item.start, item.end + 1),
                    false => TokenRange::new(item.start - 1, item.end),
                };
                Edit { range, pieces: Vec::new() }
            })
            .collect()
    }

    fn shape<'c>(&self, part: &Part<'c>, target: &Target) -> Option<Shape<'c>> {
        let tokens = self.tokens;
        let end = tokens.end_of_level(target.keyword, self.statement.end);
        let mut at = part.site.range.end;
        if part.site.aliased {
            at += 1 + usize::from(tokens.is_word(at, "as"));
        }
        let mut list = TokenRange::new(at, at);
        let all = part.relation.columns.iter();
        let mut columns: Vec<&Column> = all.collect();
        if tokens.is_punctuation(at, '(') && tokens.name(at + 1).is_some() && !self.opens_query(at)
        {
            list = TokenRange::new(at, tokens.after_group(at, end)?);
            let names = (list.start + 1..list.end - 1).step_by(2);
            columns = names
                .map(|place| part.relation.column(tokens.name(place)?))
                .collect::<Option<_>>()?;
        }
        let mut start = list.end;
        if tokens.is_word(start, "overriding") {
            start += 3;
            if list.start == list.end {
                // The list has to stand before it.
                list = TokenRange::new(at, at);
            }
        }
        let stop = self.end_of_source(TokenRange::new(start, end));
        let source = TokenRange::new(start, stop);
        if !tokens.is_word(start, "values") {
            return Some(Shape { list, columns, source, rows: None });
        }
        let rows = self.rows(source)?;
        let longest = rows.iter().map(|row| row.items.len()).max().unwrap_or_default();
        columns.truncate(longest);
        Some(Shape { list, columns, source, rows: Some(rows) })
    }

    /// `(SELECT …)`, not a list of columns.
    fn opens_query(&self, at: usize) -> bool {
        matches!(self.tokens.word(at + 1), Some("select" | "values" | "with" | "table"))
    }

    /// Where ON CONFLICT or RETURNING begins.
    fn end_of_source(&self, range: TokenRange) -> usize {
        let mut from = range.start;
        while let Some(at) =
            self.tokens.find_word(TokenRange::new(from, range.end), &["on", "returning"])
        {
            let join = self.tokens.is_word(at, "on") && !self.tokens.is_word(at + 1, "conflict");
            if !join {
                return at;
            }
            from = at + 1;
        }
        range.end
    }

    /// The rows of VALUES, if nothing but rows follows.
    fn rows(&self, source: TokenRange) -> Option<Vec<Row>> {
        let mut rows = Vec::new();
        let mut at = source.start + 1;
        loop {
            let end = self.tokens.after_group(at, source.end)?;
            let mut items = Vec::new();
            let mut item = at + 1;
            let mut place = at + 1;
            while place < end - 1 {
                if self.tokens.is_punctuation(place, '(') || self.tokens.is_punctuation(place, '[')
                {
                    place = self.tokens.after_group(place, end)?;
                    continue;
                }
                if self.tokens.is_punctuation(place, ',') {
                    items.push(TokenRange::new(item, place));
                    item = place + 1;
                }
                place += 1;
            }
            items.push(TokenRange::new(item, end - 1));
            rows.push(Row { whole: TokenRange::new(at, end), items });
            match end {
                end if end == source.end => return Some(rows),
                end if self.tokens.is_punctuation(end, ',') => at = end + 1,
                _ => return None,
            }
        }
    }

    fn is_default(&self, item: TokenRange) -> bool {
        item.end - item.start == 1 && self.tokens.is_word(item.start, "default")
    }

    /// A constant or parameter whose type is that of where it stands.
    fn is_untyped(&self, item: TokenRange) -> bool {
        let first = self.tokens.kind(item.start);
        item.end - item.start == 1
            && (matches!(first, Some(TokenKind::Text(_) | TokenKind::Parameter(_)))
                || self.tokens.is_word(item.start, "null"))
    }

    /// A constant or parameter: it may be written twice.
    fn is_constant(&self, item: TokenRange) -> bool {
        let number = matches!(self.tokens.kind(item.start), Some(TokenKind::Number));
        item.end - item.start == 1 && (number || self.is_untyped(item))
    }
}

/// How an INSERT is written.
struct Shape<'c> {
    /// Its list of columns, or where one would stand.
    list: TokenRange,
    columns: Vec<&'c Column>,
    source: TokenRange,
    /// `None`: a query.
    rows: Option<Vec<Row>>,
}

fn names(columns: &[&Column], prefix: &str) -> String {
    let names = columns.iter().map(|column| format!("{prefix}{}", quoted(&column.name)));
    names.collect::<Vec<_>>().join(", ")
}

/// The rows that are sent, and what tells them from the row that only gives types. No column is
/// called like that.
const NEW: &str = "\"pgpurpose new\"";
const SENT: &str = "\"pgpurpose sent\"";
