//! Queries, select lists, common table expressions.

use std::collections::BTreeSet;

use super::super::scope::{Entry, Label, Lineage, ScopeColumn, Tables, rename, unnamed};
use super::super::tree::*;
use super::quiet::Sites;
use super::{CteScope, Forward, Grouping, Refused, Resolution, Resolver};
use crate::model::names::Name;
use crate::model::refusal::SqlState;
use crate::model::usage::{SiteColumn, SiteId};

/// Longest run of common table expressions that each refer to a later one.
const MAX_FORWARD: usize = 32;

impl Resolution {
    /// For each column of the result, the column it is, if it is one unchanged.
    pub fn direct_outputs(&self) -> impl Iterator<Item = Option<SiteColumn>> + '_ {
        self.outputs.iter().map(|(_, lineage)| match lineage {
            Lineage::Direct(at) => Some(*at),
            Lineage::Mixed(_) | Lineage::Nothing => None,
        })
    }
}

impl Resolver<'_> {
    /// The outermost query: its select list is evaluated after all filters.
    pub(super) fn outermost(&mut self, query: &Query) -> Refused<Vec<ScopeColumn>> {
        self.query_in(query, true)
    }

    pub(super) fn query(&mut self, query: &Query) -> Refused<Vec<ScopeColumn>> {
        let quiet = std::mem::replace(&mut self.quiet, false);
        let columns = self.query_in(query, false);
        self.quiet = quiet;
        columns
    }

    fn query_in(&mut self, query: &Query, outermost: bool) -> Refused<Vec<ScopeColumn>> {
        let ctes = self.ctes.len();
        self.ctes_of(query)?;
        let columns = match &query.body {
            Body::Select(select) => self.select(select, &query.order_by, outermost)?,
            body => {
                let columns = self.body(body)?;
                let entry = Entry::of(columns.clone());
                self.with_level(Tables::one(entry), |r| r.sort_keys(&query.order_by, &[]))?;
                columns
            }
        };
        for limit in &query.limits {
            let lineage = self.settled(limit)?;
            self.out.conditions.extend(lineage.columns());
        }
        self.claim_all(&query.locked)?;
        self.ctes.truncate(ctes);
        Ok(columns)
    }

    fn body(&mut self, body: &Body) -> Refused<Vec<ScopeColumn>> {
        match body {
            Body::Select(select) => self.select(select, &[], false),
            Body::Query(query) => self.query(query),
            Body::Dml(dml) => self.dml(dml),
            Body::Set(_, _) => self.set_operation(body),
            Body::Values(rows) => self.values(rows),
        }
    }

    /// A chain of set operations, all of whose parts are known before they are put together: a
    /// long chain would be put together again for each of them.
    fn set_operation(&mut self, chain: &Body) -> Refused<Vec<ScopeColumn>> {
        let (mut first, mut arms) = (chain, Vec::new());
        while let Body::Set(left, right) = first {
            arms.push(right);
            first = left;
        }
        let mut columns = self.body(first)?;
        let mut many = columns.iter().any(|column| column.label == Label::Many);
        let mut parts: Vec<Vec<Lineage>> =
            columns.iter_mut().map(|column| vec![std::mem::take(&mut column.lineage)]).collect();
        for arm in arms.into_iter().rev() {
            for (i, column) in self.body(arm)?.into_iter().enumerate() {
                many |= column.label == Label::Many;
                match parts.get_mut(i) {
                    Some(parts) => parts.push(column.lineage),
                    None => parts.push(vec![column.lineage]),
                }
            }
        }
        if many {
            let all = Lineage::union(parts.iter().flatten().cloned());
            parts.iter_mut().for_each(|parts| *parts = vec![all.clone()]);
        }
        for (column, parts) in columns.iter_mut().zip(parts) {
            // Duplicates are compared: the values decide which rows there are.
            column.lineage = Lineage::union(parts);
            self.out.conditions.extend(column.lineage.columns());
        }
        Ok(columns)
    }

    fn values(&mut self, rows: &[Vec<Expr>]) -> Refused<Vec<ScopeColumn>> {
        let mut parts: Vec<Vec<Lineage>> = Vec::new();
        for row in rows {
            for (i, value) in row.iter().enumerate() {
                let lineage = self.expr(value)?;
                match parts.get_mut(i) {
                    Some(parts) => parts.push(lineage),
                    None => parts.push(vec![lineage]),
                }
            }
        }
        let column = |(i, mut parts): (usize, Vec<Lineage>)| {
            let lineage = match parts.pop() {
                Some(only) if parts.is_empty() => only,
                last => Lineage::union(parts.into_iter().chain(last)),
            };
            ScopeColumn::new(Name::new(&format!("column{}", i + 1)), lineage)
        };
        Ok(parts.into_iter().enumerate().map(column).collect())
    }

    fn ctes_of(&mut self, query: &Query) -> Refused<()> {
        // Under RECURSIVE one may refer to a later one: it is put off until that is known.
        let mut left: Vec<&Cte> = query.with.iter().collect();
        let mut put_off = 0;
        let base = self.ctes.len();
        while !left.is_empty() {
            let cte = left.remove(0);
            let ahead = self.forward.len();
            if query.recursive {
                let names = left.iter().filter_map(|later| self.tokens.name(later.name).cloned());
                let later = names.map(|name| Forward { name, depth: base });
                self.forward.extend(later.collect::<Vec<_>>());
            }
            let (before, depth) = (self.checkpoint(), self.ctes.len());
            self.referred = false;
            let result = self.cte(cte, query.recursive);
            self.forward.truncate(ahead);
            match result {
                Err(_) if self.referred && put_off < left.len().min(MAX_FORWARD) => {
                    self.rollback(before);
                    self.ctes.truncate(depth);
                    left.push(cte);
                    put_off += 1;
                }
                Err(refusal) => return Err(refusal),
                Ok(()) => put_off = 0,
            }
        }
        Ok(())
    }

    fn cte(&mut self, cte: &Cte, recursive: bool) -> Refused<()> {
        let name = self.claim(cte.name)?;
        let names = self.claim_all(&cte.columns)?;
        let refers_to_itself = recursive && matches!(&bare(&cte.query).body, Body::Set(_, _));
        let mut columns = if refers_to_itself {
            self.recursive_cte(cte, &name, &names)?
        } else {
            self.query(&cte.query)?
        };
        rename(&mut columns, &names);
        for (added, of) in &cte.added {
            let added = self.claim(*added)?;
            let of = self.claim_all(of)?;
            // One of several names, or one whose place is not sure: any column may be meant.
            let known = columns.iter().all(|c| c.label == Label::Known);
            let made = columns.iter().filter(|c| !known || of.contains(&c.name));
            let lineage = Lineage::union(made.map(|c| c.lineage.clone()).collect::<Vec<_>>());
            columns.push(ScopeColumn::new(added, lineage));
        }
        self.ctes.push(CteScope { name, columns });
        Ok(())
    }

    /// The first term gives the names; what goes round may mix everything either term reads.
    fn recursive_cte(
        &mut self,
        cte: &Cte,
        name: &Name,
        names: &[Name],
    ) -> Refused<Vec<ScopeColumn>> {
        let Body::Set(first, _) = &bare(&cte.query).body else { return self.query(&cte.query) };
        // The first term is resolved alone for its names only: its sites are found again below.
        let before = self.checkpoint();
        let depth = self.ctes.len();
        self.ctes_of(bare(&cte.query))?;
        let mut columns = self.body(first)?;
        self.ctes.truncate(depth);
        self.rollback(before);
        rename(&mut columns, names);
        for column in &mut columns {
            column.lineage = Lineage::Nothing;
        }
        let first_site = self.out.sites.len();
        self.ctes.push(CteScope { name: name.clone(), columns });
        let result = self.query(&cte.query);
        self.ctes.truncate(depth);
        let mut columns = result?;
        // What is read further out, or by an expression before, comes in through the terms.
        let mut all: BTreeSet<SiteColumn> =
            columns.iter().flat_map(|column| column.lineage.columns()).collect();
        for (i, site) in self.out.uses.sites.iter().enumerate().skip(first_site) {
            let site_id = SiteId(i);
            all.extend(site.read.iter().map(|n| SiteColumn { site: site_id, number: *n }));
        }
        self.out.conditions.extend(all.iter().copied());
        for column in &mut columns {
            column.lineage = Lineage::of(all.clone());
        }
        Ok(columns)
    }

    fn select(
        &mut self,
        select: &Select,
        order_by: &[Expr],
        outermost: bool,
    ) -> Refused<Vec<ScopeColumn>> {
        let first = self.out.sites.len();
        let tables = self.from(&select.from)?;
        let below = Sites::between(first, self.out.sites.len());
        let above = std::mem::replace(&mut self.below, below);
        let (columns, _) = self.with_level(tables, |r| {
            if let Some(filter) = &select.filter {
                r.filter(filter, true)?;
            }
            r.claim_all(&select.windows)?;
            let quiet = std::mem::replace(&mut r.quiet, outermost);
            let columns = r.items(&select.items)?;
            r.group_by(select, &columns)?;
            for part in &select.window_parts {
                let lineage = r.expr(part)?;
                r.out.conditions.extend(lineage.columns());
            }
            r.sort_keys(&select.distinct_on, &columns)?;
            r.sort_keys(order_by, &columns)?;
            r.quiet = false;
            if let Some(having) = &select.having {
                let lineage = r.expr(having)?;
                r.out.conditions.extend(lineage.columns());
            }
            r.quiet = quiet;
            Ok(columns)
        })?;
        self.below = above;
        Ok(columns)
    }

    fn group_by(&mut self, select: &Select, columns: &[ScopeColumn]) -> Refused<()> {
        let mut grouped = BTreeSet::new();
        for expr in &select.group_by {
            let lineage = match expr {
                Expr::Column(path) if path.len() == 1 => self.column_or_label(path, columns)?,
                other => self.expr(other)?,
            };
            if let Lineage::Direct(column) = lineage {
                grouped.insert(column);
            }
            self.out.conditions.extend(lineage.columns());
        }
        if !select.group_by.is_empty() && select.plain_grouping {
            let level = self.levels.last().map_or(0, |level| level.id);
            self.out.groupings.push(Grouping { level, keyword: select.keyword, columns: grouped });
        }
        Ok(())
    }

    /// ORDER BY and DISTINCT ON: an output label first, then a column.
    fn sort_keys(&mut self, keys: &[Expr], columns: &[ScopeColumn]) -> Refused<()> {
        for key in keys {
            let lineage = match key {
                Expr::Column(path) if path.len() == 1 && self.is_label(path, columns) => {
                    self.label(path, columns)?
                }
                Expr::Column(path) if path.len() == 1 => self.column_or_label(path, columns)?,
                other => self.expr(other)?,
            };
            self.out.conditions.extend(lineage.columns());
        }
        Ok(())
    }

    fn is_label(&self, path: &[Place], columns: &[ScopeColumn]) -> bool {
        let name = path.first().and_then(|place| self.tokens.name(*place));
        name.is_some_and(|name| columns.iter().any(|c| c.is(name)))
    }

    fn label(&mut self, path: &[Place], columns: &[ScopeColumn]) -> Refused<Lineage> {
        let name = self.claim(path[0])?;
        let named = columns.iter().filter(|c| c.is(&name)).map(|c| c.lineage.clone());
        Ok(Lineage::union(named))
    }

    /// A column, else an output label, be it one that only the server knows.
    fn column_or_label(&mut self, path: &[Place], columns: &[ScopeColumn]) -> Refused<Lineage> {
        match (self.column(path, false), unnamed(columns)) {
            (Err(refusal), _)
                if refusal.sqlstate == SqlState::UNDEFINED_COLUMN
                    && self.is_label(path, columns) =>
            {
                self.label(path, columns)
            }
            (Err(refusal), Some(lineage)) if refusal.sqlstate == SqlState::UNDEFINED_COLUMN => {
                self.claim(path[0])?;
                Ok(lineage)
            }
            (found, _) => found,
        }
    }

    /// A select list.
    pub(super) fn items(&mut self, items: &[Item]) -> Refused<Vec<ScopeColumn>> {
        let mut columns = Vec::new();
        for item in items {
            match item {
                Item::Expr { expr, alias } => {
                    let lineage = match expr {
                        Expr::Column(path) => self.column(path, alias.is_none())?,
                        other => self.expr(other)?,
                    };
                    let (name, label) = match alias {
                        Some(place) => (self.claim(*place)?, Label::Known),
                        None => self.figure_name(expr),
                    };
                    columns.push(ScopeColumn { label, ..ScopeColumn::new(name, lineage) });
                }
                Item::Star { path, star } => columns.extend(self.star(path, *star)?),
            }
        }
        Ok(columns)
    }

    /// The label PostgreSQL gives an expression without an alias (`FigureColname`), where it is
    /// sure; and a name to show.
    fn figure_name(&self, expr: &Expr) -> (Name, Label) {
        let (place, label) = match expr {
            Expr::Column(path) | Expr::Row(path) => (path.last().copied(), Label::Known),
            Expr::Field(_, place) => (Some(*place), Label::Known),
            Expr::Call(call) => (call.name.last().copied(), Label::Known),
            // `(row).*` reads as `(row)` here.
            Expr::Paren(inner) => return (self.figure_name(inner).0, Label::Many),
            Expr::Parts { parts, .. } | Expr::Strict(parts) => match parts.first() {
                Some(first) => return (self.figure_name(first).0, Label::Unknown),
                None => (None, Label::Unknown),
            },
            Expr::Constant(_)
            | Expr::And(_, _)
            | Expr::Equal(_, _)
            | Expr::Sum(_, _)
            | Expr::Query(_) => (None, Label::Unknown),
        };
        let name = place.and_then(|place| self.tokens.name(place));
        (name.cloned().unwrap_or_else(|| Name::new("?column?")), label)
    }
}

/// A query without parentheses round the whole of it.
fn bare(query: &Query) -> &Query {
    match &query.body {
        Body::Query(inner)
            if query.with.is_empty() && query.order_by.is_empty() && query.limits.is_empty() =>
        {
            bare(inner)
        }
        _ => query,
    }
}
