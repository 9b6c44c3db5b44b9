//! Expressions, columns, calls.

use super::super::scope::{Entry, Found, Label, Lineage, Lookup, ScopeColumn, own};
use super::super::tokens::TokenRange;
use super::super::tree::*;
use super::quiet::{Sites, Value};
use super::{CallRef, ColumnRef, FirstArgument, Refused, Resolver, RowRef, StarRef, system_column};
use crate::model::names::Name;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::{SiteColumn, SiteId};

impl Resolver<'_> {
    /// Resolves an expression; returns what its value is made of.
    pub(super) fn expr(&mut self, expr: &Expr) -> Refused<Lineage> {
        Ok(self.value(expr)?.lineage)
    }

    /// Resolves an expression; returns what its value is made of, and where it is surely NULL.
    pub(super) fn value(&mut self, expr: &Expr) -> Refused<Value> {
        // A chain is thousands of calls deep: each form has a function, and this a small frame.
        match expr {
            Expr::Column(path) => self.column_value(path),
            Expr::Row(path) => self.whole_row(path).map(Value::of),
            Expr::Constant(_) => Ok(Value::of(Lineage::Nothing)),
            Expr::Paren(inner) => self.value(inner),
            Expr::And(left, right) => self.both(left, right),
            Expr::Equal(left, right) => self.comparison(&[left, right]).map(Value::of),
            Expr::Parts { parts, calm: true } => self.calm(parts),
            Expr::Parts { parts, calm: false } => self.noisy(parts),
            Expr::Strict(parts) => self.strict(expr, &mut parts.iter()),
            Expr::Sum(left, right) => self.strict(expr, &mut [&**left, &**right].into_iter()),
            Expr::Field(inner, place) => self.field(inner, *place),
            Expr::Call(call) => self.call_value(expr, call),
            Expr::Query(query) => self.query_value(query),
        }
    }

    fn column_value(&mut self, path: &[Place]) -> Refused<Value> {
        let lineage = self.column(path, false)?;
        let null = Sites::of_column(&lineage);
        Ok(Value { null, ..Value::of(lineage) })
    }

    fn both(&mut self, left: &Expr, right: &Expr) -> Refused<Value> {
        let parts = [self.expr(left)?, self.expr(right)?];
        Ok(Value::of(Lineage::union(parts)))
    }

    fn calm(&mut self, parts: &[Expr]) -> Refused<Value> {
        self.comparison(&parts.iter().collect::<Vec<_>>()).map(Value::of)
    }

    fn noisy(&mut self, parts: &[Expr]) -> Refused<Value> {
        let parts = parts.iter().map(|p| self.expr(p)).collect::<Refused<Vec<_>>>()?;
        let value = Value::of(Lineage::union(parts));
        self.note_noise(&value);
        Ok(value)
    }

    fn field(&mut self, inner: &Expr, place: Place) -> Refused<Value> {
        self.claim(place)?;
        let value = Value::of(Lineage::union([self.expr(inner)?]));
        self.note_noise(&value);
        Ok(value)
    }

    fn call_value(&mut self, expr: &Expr, call: &Call) -> Refused<Value> {
        let args = self.call(call)?;
        let settled = self.is_settled(expr);
        Ok(if settled { args } else { self.called(call, args) })
    }

    fn query_value(&mut self, query: &Query) -> Refused<Value> {
        let columns = self.query(query)?;
        Ok(Value::of(Lineage::union(columns.into_iter().map(|c| c.lineage))))
    }

    /// An operation that gives NULL for NULL: no look is taken at what else it is given.
    fn strict(&mut self, expr: &Expr, parts: &mut dyn Iterator<Item = &Expr>) -> Refused<Value> {
        let value = self.combined(parts)?;
        if !self.is_settled(expr) {
            self.note_noise(&value);
        }
        Ok(value)
    }

    /// Several values in one that is NULL where one of them is.
    fn combined(&mut self, parts: &mut dyn Iterator<Item = &Expr>) -> Refused<Value> {
        let mut value = Value::of(Lineage::Nothing);
        for part in parts {
            let Value { lineage, null, above } = self.value(part)?;
            value.lineage = Lineage::union([std::mem::take(&mut value.lineage), lineage]);
            value.null = value.null.or(null);
            value.above = value.above.or(above);
        }
        Ok(value)
    }

    pub(super) fn remember(&mut self, column: SiteColumn, path: &[Place], bare_item: bool) {
        let level = self.levels.last().map_or(0, |level| level.id);
        self.out.refs.push(ColumnRef { column, path: path.to_vec(), bare_item, level });
    }

    /// A name that is a column, a system column or a whole row; it is read.
    pub(super) fn column(&mut self, path: &[Place], bare_item: bool) -> Refused<Lineage> {
        match self.find_column(path) {
            Ok(found) => {
                self.out.claimed.extend(path.iter().copied());
                if let Some(column) = found.own {
                    self.remember(column, path, bare_item);
                }
                self.read(&found.lineage);
                self.note_use(path, &found);
                match self.row_perhaps_meant(path)? {
                    None => Ok(found.lineage),
                    Some(row) => Ok(Lineage::union([found.lineage, row])),
                }
            }
            Err(refusal) => match self.whole_row(path) {
                Ok(lineage) => {
                    self.remember_row(path, bare_item);
                    Ok(lineage)
                }
                Err(_) => Err(refusal),
            },
        }
    }

    /// The whole row of a table, where a name is that of a table and of no column that is known,
    /// beside a function whose columns only the server knows.
    fn row_perhaps_meant(&mut self, path: &[Place]) -> Refused<Option<Lineage>> {
        let ([place], Some(name)) = (path, path.first().and_then(|at| self.tokens.name(*at)))
        else {
            return Ok(None);
        };
        let mut levels = self.levels.iter();
        let known = system_column(name).is_some()
            || levels.any(|level| !matches!(level.tables.column(name), Lookup::Missing));
        match known || self.find_entry(None, name, *place).is_err() {
            true => Ok(None),
            false => self.whole_row(path).map(Some),
        }
    }

    /// Looks a column up, innermost level first, without reading it.
    pub(super) fn find_column(&self, path: &[Place]) -> Refused<Found> {
        let names: Vec<&Name> = path.iter().filter_map(|p| self.tokens.name(*p)).collect();
        let place = path.first().copied().unwrap_or_default();
        match names.as_slice() {
            [name] => self.find_bare(name, place),
            [table, name] => self.find_qualified(None, table, name, place),
            [schema, table, name] => self.find_qualified(Some(schema), table, name, place),
            _ => Err(self.not_analysed("a name of more than three parts", Some(place))),
        }
    }

    fn find_bare(&self, name: &Name, place: Place) -> Refused<Found> {
        let mut open = None;
        for level in self.levels.iter().rev() {
            match level.tables.column(name) {
                Lookup::Found(found) => return Ok(or_open(found, open)),
                Lookup::Ambiguous => {
                    return Err(self.ambiguous(name, place));
                }
                Lookup::Missing => {}
            }
            if let Some(number) = system_column(name) {
                let mut sites = level.tables.entries.iter().filter_map(|entry| entry.site);
                match (sites.next(), sites.next()) {
                    (Some(site), None) => return Ok(or_open(system(site, number), open)),
                    (Some(_), Some(_)) => return Err(self.ambiguous(name, place)),
                    (None, _) => {}
                }
            }
            // A column only the server knows may be meant, or one that is known further out.
            if let Some(more) = level.tables.open() {
                open = Some(Lineage::union(open.into_iter().chain([more])));
            }
        }
        match open {
            Some(lineage) => Ok(Found { lineage, own: None }),
            None => Err(self.undefined_column(&format!("\"{name}\""), place)),
        }
    }

    fn ambiguous(&self, name: &Name, place: Place) -> Box<Refusal> {
        let message = format!("column reference \"{name}\" is ambiguous");
        let code = SqlState::AMBIGUOUS_COLUMN;
        let refusal = Refusal::new(Reason::UnknownName, code, message);
        Box::new(refusal.at(self.tokens.position(place)))
    }

    fn find_qualified(
        &self,
        schema: Option<&Name>,
        table: &Name,
        name: &Name,
        place: Place,
    ) -> Refused<Found> {
        let entry = self.find_entry(schema, table, place)?;
        if let Some(column) = entry.columns.iter().find(|c| c.is(name)) {
            return Ok(own(entry, column));
        }
        match (system_column(name), entry.site, &entry.open) {
            (Some(number), Some(site), _) => Ok(system(site, number)),
            (_, _, Some(lineage)) => Ok(Found { lineage: lineage.clone(), own: None }),
            _ => Err(self.undefined_column(&format!("{table}.{name}"), place)),
        }
    }

    fn find_entry(&self, schema: Option<&Name>, table: &Name, place: Place) -> Refused<&Entry> {
        let mut levels = self.levels.iter().rev();
        levels.find_map(|level| level.tables.entry(schema, table)).ok_or_else(|| {
            let message = format!("missing FROM-clause entry for table \"{table}\"");
            self.undefined_table(message, place)
        })
    }

    fn remember_row(&mut self, path: &[Place], bare_item: bool) {
        let names: Vec<Name> = path.iter().filter_map(|p| self.tokens.name(*p).cloned()).collect();
        let entry = match names.as_slice() {
            [table] => self.find_entry(None, table, 0),
            [schema, table] => self.find_entry(Some(schema), table, 0),
            _ => return,
        };
        if let Some(site) = entry.ok().and_then(|entry| entry.site) {
            let nullable = self.nullable.contains(&site);
            self.out.rows.push(RowRef { site, path: path.to_vec(), bare_item, nullable });
        }
    }

    /// A table's name used as a value: all its columns.
    pub(super) fn whole_row(&mut self, path: &[Place]) -> Refused<Lineage> {
        let names: Vec<Name> = path.iter().filter_map(|p| self.tokens.name(*p).cloned()).collect();
        let place = path.first().copied().unwrap_or_default();
        let entry = match names.as_slice() {
            [table] => self.find_entry(None, table, place)?,
            [schema, table] => self.find_entry(Some(schema), table, place)?,
            _ => return Err(self.not_analysed("a name of more than two parts", Some(place))),
        };
        let (site, lineage) = (entry.site, entry.whole());
        self.out.claimed.extend(path.iter().copied());
        if let Some(id) = site {
            self.read_whole(id);
            if let Some(site) = self.out.sites.get_mut(id.0) {
                site.row_value = true;
            }
        }
        self.read(&lineage);
        self.note_loose(&lineage);
        let lineage = Lineage::union([lineage]);
        self.note_noise(&Value::of(lineage.clone()));
        Ok(lineage)
    }

    /// `*` or `path.*` of a select list.
    pub(super) fn star(&mut self, path: &[Place], star: Place) -> Refused<Vec<ScopeColumn>> {
        let names: Vec<Name> = path.iter().filter_map(|p| self.tokens.name(*p).cloned()).collect();
        let (columns, sites, open): (Vec<ScopeColumn>, Vec<SiteId>, _) = match names.as_slice() {
            [] => {
                let Some(level) = self.levels.last() else { return Ok(Vec::new()) };
                let sites = level.tables.entries.iter().filter_map(|e| e.site).collect();
                (level.tables.visible().cloned().collect(), sites, level.tables.open())
            }
            [table] => self.entry_star(None, table, star)?,
            [schema, table] => self.entry_star(Some(schema), table, star)?,
            _ => return Err(self.not_analysed("a name of more than two parts", Some(star))),
        };
        self.out.claimed.extend(path.iter().copied());
        for site in &sites {
            self.read_whole(*site);
            let start = path.first().copied().unwrap_or(star);
            self.out.stars.push(StarRef { range: TokenRange::new(start, star + 1), site: *site });
        }
        for column in &columns {
            self.read(&column.lineage);
        }
        let mut columns: Vec<ScopeColumn> =
            columns.into_iter().map(|column| ScopeColumn { merged: false, ..column }).collect();
        if let Some(lineage) = open {
            if columns.is_empty() {
                columns.push(ScopeColumn::new(Name::new("?column?"), lineage));
            }
            // How many there are, and in which places, is known only to the server.
            columns.iter_mut().for_each(|column| column.label = Label::Many);
        }
        Ok(columns)
    }

    #[allow(clippy::type_complexity)]
    fn entry_star(
        &self,
        schema: Option<&Name>,
        table: &Name,
        place: Place,
    ) -> Refused<(Vec<ScopeColumn>, Vec<SiteId>, Option<Lineage>)> {
        let entry = self.find_entry(schema, table, place)?;
        Ok((entry.columns.clone(), entry.site.into_iter().collect(), entry.open.clone()))
    }

    fn first_argument(&self, call: &Call) -> Option<FirstArgument> {
        match call.args.first()? {
            Expr::Constant(place) => Some(FirstArgument::Constant(*place)),
            Expr::Column(path) => self.find_column(path).ok()?.own.map(FirstArgument::Column),
            _ => None,
        }
    }

    /// The arguments of a call, together.
    fn call(&mut self, call: &Call) -> Refused<Value> {
        self.claim_all(&call.name)?;
        if let Some(place) = call.window {
            self.claim(place)?;
        }
        let whole_row = match call.args.as_slice() {
            [Expr::Row(_)] => true,
            [Expr::Column(path)] => self.find_column(path).is_err(),
            _ => false,
        };
        self.out.calls.push(CallRef {
            path: call.name.clone(),
            constant: call.args.iter().all(is_constant),
            whole_row,
            first: self.first_argument(call),
        });
        self.note_aggregate(call);
        let mut value = self.combined(&mut call.args.iter())?;
        let parts = call.parts.iter().map(|part| self.expr(part)).collect::<Refused<Vec<_>>>()?;
        value.lineage = Lineage::union(std::iter::once(value.lineage).chain(parts));
        Ok(value)
    }
}

/// What is found further out, where a level in between has columns only the server knows.
fn or_open(found: Found, open: Option<Lineage>) -> Found {
    match open {
        Some(open) => found.or(open),
        None => found,
    }
}

fn system(site: SiteId, number: i16) -> Found {
    let column = SiteColumn { site, number };
    Found { lineage: Lineage::Direct(column), own: Some(column) }
}

/// A literal, with or without a cast.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match expr.bare() {
        Expr::Constant(_) => true,
        Expr::Parts { parts, .. } => parts.iter().all(is_constant),
        Expr::Column(_)
        | Expr::Row(_)
        | Expr::And(_, _)
        | Expr::Equal(_, _)
        | Expr::Sum(_, _)
        | Expr::Strict(_)
        | Expr::Paren(_)
        | Expr::Call(_)
        | Expr::Field(_, _)
        | Expr::Query(_) => false,
    }
}
