//! Queries, FROM, joins, common table expressions.

use std::collections::BTreeSet;

use super::super::scope::{Entry, Lineage, ScopeColumn, Tables};
use super::super::tree::*;
use super::{CteScope, Grouping, Refused, Resolver, Site};
use crate::catalog::Relation as CatalogRelation;
use crate::model::access::SearchPath;
use crate::model::names::{Name, QualifiedName};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::{SiteAccess, SiteColumn, SiteId};

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
                let entry = Entry { columns: columns.clone(), ..Entry::default() };
                self.with_level(Tables::one(entry), |r| r.sort_keys(&query.order_by, &[]))?;
                columns
            }
        };
        for limit in &query.limits {
            let lineage = self.expr(limit)?;
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
            Body::Set(left, right) => {
                let mut columns = self.body(left)?;
                let right = self.body(right)?;
                for (column, other) in columns.iter_mut().zip(right) {
                    let (a, b) = (column.lineage.clone(), other.lineage);
                    // Duplicates are compared: the values decide which rows there are.
                    self.out.conditions.extend(a.columns());
                    self.out.conditions.extend(b.columns());
                    column.lineage = Lineage::union([a, b]);
                }
                Ok(columns)
            }
            Body::Values(rows) => {
                let mut columns: Vec<ScopeColumn> = Vec::new();
                for row in rows {
                    for (i, value) in row.iter().enumerate() {
                        let lineage = self.expr(value)?;
                        match columns.get_mut(i) {
                            Some(column) => {
                                let before = std::mem::take(&mut column.lineage);
                                column.lineage = Lineage::union([before, lineage]);
                            }
                            None => columns.push(ScopeColumn::new(
                                Name::new(&format!("column{}", i + 1)),
                                lineage,
                            )),
                        }
                    }
                }
                Ok(columns)
            }
        }
    }

    fn ctes_of(&mut self, query: &Query) -> Refused<()> {
        for (i, cte) in query.with.iter().enumerate() {
            let ahead = self.forward.len();
            if query.recursive {
                let later = query.with[i + 1..].iter();
                let names = later.filter_map(|later| self.tokens.name(later.name).cloned());
                self.forward.extend(names.collect::<Vec<_>>());
            }
            let result = self.cte(cte, query.recursive);
            self.forward.truncate(ahead);
            result?;
        }
        Ok(())
    }

    fn cte(&mut self, cte: &Cte, recursive: bool) -> Refused<()> {
        let name = self.claim(cte.name)?;
        let names = self.claim_all(&cte.columns)?;
        let refers_to_itself = recursive && matches!(&cte.query.body, Body::Set(_, _));
        let mut columns = if refers_to_itself {
            self.recursive_cte(cte, &name, &names)?
        } else {
            self.query(&cte.query)?
        };
        rename(&mut columns, &names);
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
        let Body::Set(first, _) = &cte.query.body else { return self.query(&cte.query) };
        // The first term is resolved alone for its names only: its sites are found again below.
        let before = self.checkpoint();
        let depth = self.ctes.len();
        self.ctes_of(&cte.query)?;
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
        let mut all = BTreeSet::new();
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
        let tables = self.from(&select.from)?;
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
                other => self.expr(other)?,
            };
            self.out.conditions.extend(lineage.columns());
        }
        Ok(())
    }

    fn is_label(&self, path: &[Place], columns: &[ScopeColumn]) -> bool {
        let name = path.first().and_then(|place| self.tokens.name(*place));
        name.is_some_and(|name| columns.iter().any(|c| c.name == *name))
    }

    fn label(&mut self, path: &[Place], columns: &[ScopeColumn]) -> Refused<Lineage> {
        let name = self.claim(path[0])?;
        let named = columns.iter().filter(|c| c.name == name).map(|c| c.lineage.clone());
        Ok(Lineage::union(named))
    }

    /// GROUP BY: a column first, then an output label.
    fn column_or_label(&mut self, path: &[Place], columns: &[ScopeColumn]) -> Refused<Lineage> {
        match self.column(path, false) {
            Err(refusal)
                if refusal.sqlstate == SqlState::UNDEFINED_COLUMN
                    && self.is_label(path, columns) =>
            {
                self.label(path, columns)
            }
            other => other,
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
                    let name = match alias {
                        Some(place) => self.claim(*place)?,
                        None => self.figure_name(expr),
                    };
                    columns.push(ScopeColumn::new(name, lineage));
                }
                Item::Star { path, star } => columns.extend(self.star(path, *star)?),
            }
        }
        Ok(columns)
    }

    /// The label PostgreSQL gives an expression without an alias (`FigureColname`), as far as a
    /// label can be referred to.
    fn figure_name(&self, expr: &Expr) -> Name {
        let place = match expr {
            Expr::Column(path) | Expr::Row(path) => path.last().copied(),
            Expr::Field(_, place) => Some(*place),
            Expr::Call(call) => call.name.last().copied(),
            Expr::Paren(inner) => return self.figure_name(inner),
            Expr::Parts { parts, .. } => match parts.first() {
                Some(first @ (Expr::Column(_) | Expr::Paren(_))) => return self.figure_name(first),
                _ => None,
            },
            Expr::Constant(_) | Expr::And(_, _) | Expr::Equal(_, _) | Expr::Query(_) => None,
        };
        let name = place.and_then(|place| self.tokens.name(place));
        name.cloned().unwrap_or_else(|| Name::new("?column?"))
    }

    fn from(&mut self, items: &[FromItem]) -> Refused<Tables> {
        let mut tables = Tables::default();
        for item in items {
            let right = self.one_item(item, &tables)?;
            tables = tables.beside(right);
        }
        Ok(tables)
    }

    /// One item of FROM. `left`: what LATERAL can see.
    pub(super) fn one_item(&mut self, item: &FromItem, left: &Tables) -> Refused<Tables> {
        match item {
            FromItem::Relation(relation) => Ok(Tables::one(self.relation(relation)?)),
            FromItem::Derived { lateral, query, alias } => {
                let seen = if *lateral { left.clone() } else { Tables::default() };
                let (columns, _) = self.with_level(seen, |r| r.query(query))?;
                let mut entry = Entry { columns, ..Entry::default() };
                self.apply_alias(&mut entry, alias.as_ref())?;
                Ok(Tables::one(entry))
            }
            FromItem::Function { calls, name, alias, ordinality: _ } => {
                let (lineage, _) = self.with_level(left.clone(), |r| {
                    let parts = calls.iter().map(|call| r.expr(call)).collect::<Refused<Vec<_>>>();
                    Ok(Lineage::union(parts?))
                })?;
                self.note_noise(&lineage);
                let mut entry = Entry { open: Some(lineage.clone()), ..Entry::default() };
                let own = match (alias, name) {
                    (Some(alias), _) => self.tokens.name(alias.name),
                    (None, Some(place)) => self.tokens.name(*place),
                    (None, None) => None,
                };
                entry.name = own.cloned();
                let names = match alias {
                    Some(alias) => {
                        self.claim(alias.name)?;
                        self.claim_all(&alias.columns)?
                    }
                    None => Vec::new(),
                };
                // A function of one value gives a column named like the item itself.
                let names =
                    if names.is_empty() { entry.name.clone().into_iter().collect() } else { names };
                entry.columns =
                    names.into_iter().map(|n| ScopeColumn::new(n, lineage.clone())).collect();
                Ok(Tables::one(entry))
            }
            FromItem::Join(join) => self.join(join, left),
            FromItem::Nested { item, alias } => {
                let tables = self.one_item(item, left)?;
                match alias {
                    None => Ok(tables),
                    Some(_) => {
                        let columns = tables.visible().cloned().collect();
                        let open = tables.open();
                        let mut entry = Entry { columns, open, ..Entry::default() };
                        self.apply_alias(&mut entry, alias.as_ref())?;
                        Ok(Tables::one(entry))
                    }
                }
            }
        }
    }

    fn apply_alias(&mut self, entry: &mut Entry, alias: Option<&Alias>) -> Refused<()> {
        if let Some(alias) = alias {
            entry.name = Some(self.claim(alias.name)?);
            let names = self.claim_all(&alias.columns)?;
            entry.rename(&names);
        }
        Ok(())
    }

    fn join(&mut self, join: &Join, left: &Tables) -> Refused<Tables> {
        let first = self.one_item(&join.left, left)?;
        let seen = left.clone().beside(first.clone());
        let second = self.one_item(&join.right, &seen)?;
        let (entries, merged) = (first.entries.len(), first.merged.len());
        let names = if join.natural {
            self.natural_columns(&first, &second)
        } else {
            self.claim_all(&join.using)?
        };
        if join.using_alias.is_some() {
            return Err(self.not_analysed("an alias of USING", join.using_alias));
        }
        let pairs: Vec<_> = names.iter().map(|name| pair(&first, &second, name)).collect();
        let mut tables = first.beside(second);
        for (name, (l, r)) in names.iter().zip(pairs) {
            let lineage = Lineage::union([l.clone(), r.clone()]);
            self.read(&lineage);
            self.out.conditions.extend(lineage.columns());
            self.note_comparison(&lineage);
            if let (Lineage::Direct(a), Lineage::Direct(b), true) = (l, r, join.inner) {
                self.out.uses.equated.insert((a, b));
            }
            if tables.merge(entries, merged, name).is_none() && tables.open().is_none() {
                let place = join.using.first().copied().unwrap_or_default();
                let name = format!("\"{name}\" specified in USING clause");
                return Err(self.undefined_column(&name, place));
            }
        }
        if let Some(on) = &join.on {
            let (_, after) = self.with_level(tables, |r| r.filter(on, join.inner))?;
            tables = after;
        }
        Ok(tables)
    }

    /// Columns both sides have. Columns only the server knows cannot be told: NATURAL reads all.
    fn natural_columns(&mut self, first: &Tables, second: &Tables) -> Vec<Name> {
        for entry in first.entries.iter().chain(&second.entries) {
            if let Some(site) = entry.site {
                self.read_whole(site);
            }
        }
        let right: BTreeSet<&Name> = second.visible().map(|c| &c.name).collect();
        first.visible().map(|c| &c.name).filter(|n| right.contains(n)).cloned().collect()
    }

    /// A relation of FROM: a common table expression, or a site.
    pub(super) fn relation(&mut self, relation: &Relation) -> Refused<Entry> {
        for expr in &relation.sample {
            self.expr(expr)?;
        }
        if let [place] = relation.path.as_slice() {
            let name = self.tokens.name(*place).cloned();
            let cte = self.ctes.iter().rev().find(|cte| Some(&cte.name) == name.as_ref()).cloned();
            if let Some(cte) = cte {
                self.claim(*place)?;
                let mut entry =
                    Entry { name: Some(cte.name), columns: cte.columns, ..Entry::default() };
                self.apply_alias(&mut entry, relation.alias.as_ref())?;
                return Ok(entry);
            }
            if name.is_some_and(|name| self.forward.contains(&name)) {
                return Err(self.not_analysed("a forward reference in WITH", Some(*place)));
            }
        }
        self.target(relation, SiteAccess::Read)
    }

    /// A relation that is not a common table expression, as a site.
    pub(super) fn target(&mut self, relation: &Relation, access: SiteAccess) -> Refused<Entry> {
        let (found, name) = self.find_relation(&relation.path)?;
        let (id, columns) = (found.id, found.columns.clone());
        let schema = found.name.schema.clone();
        let alias = relation.alias.as_ref();
        let site = self.add_site(
            Site {
                relation: id,
                range: relation.range,
                only: relation.only,
                name: alias.and_then(|a| self.tokens.name(a.name).cloned()).unwrap_or(name.clone()),
                aliased: alias.is_some(),
                renamed: alias.is_some_and(|a| !a.columns.is_empty()),
                sampled: relation.sampled,
                whole: false,
                row_value: false,
            },
            access,
        );
        let columns = columns
            .iter()
            .map(|c| {
                let column = SiteColumn { site, number: c.number };
                ScopeColumn::new(c.name.clone(), Lineage::Direct(column))
            })
            .collect();
        let mut entry = Entry {
            name: Some(name),
            schema: alias.is_none().then_some(schema),
            site: Some(site),
            columns,
            open: None,
        };
        self.apply_alias(&mut entry, alias)?;
        Ok(entry)
    }

    /// Looks a relation up as PostgreSQL does; claims its name.
    pub(super) fn find_relation(&mut self, path: &[Place]) -> Refused<(&CatalogRelation, Name)> {
        let names = self.claim_all(path)?;
        let catalog = self.catalog;
        let search: &SearchPath = self.path;
        let found = match names.as_slice() {
            [name] => catalog.on_path(search, name),
            [schema, name] => {
                let name = QualifiedName { schema: schema.clone(), name: name.clone() };
                catalog.by_name(&name)
            }
            _ => return Err(self.not_analysed("a name of three parts", path.first().copied())),
        };
        match (found, names.last()) {
            (Some(relation), Some(name)) => Ok((relation, name.clone())),
            _ => {
                let text: Vec<&str> = names.iter().map(Name::as_str).collect();
                let message = format!("relation \"{}\" does not exist", text.join("."));
                Err(self.undefined_table(message, path.first().copied().unwrap_or_default()))
            }
        }
    }

    pub(super) fn not_analysed(&self, what: &str, place: Option<Place>) -> Box<Refusal> {
        let refusal = Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            "this statement cannot be checked",
        )
        .detail(format!("It uses {what}, whose columns cannot be told."));
        Box::new(match place {
            Some(place) => refusal.at(self.tokens.position(place)),
            None => refusal,
        })
    }
}

fn rename(columns: &mut [ScopeColumn], names: &[Name]) {
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name.clone();
    }
}

/// Lineage of a column of that name on both sides.
fn pair(first: &Tables, second: &Tables, name: &Name) -> (Lineage, Lineage) {
    let find = |tables: &Tables| {
        tables.visible().find(|c| c.name == *name).map(|c| c.lineage.clone()).unwrap_or_default()
    };
    (find(first), find(second))
}
