//! FROM: relations, sub-selects, functions, joins.

use std::collections::BTreeSet;

use super::super::scope::{Entry, Lineage, ScopeColumn, Tables};
use super::super::tree::*;
use super::{Refused, Resolver, Site};
use crate::catalog::Relation as CatalogRelation;
use crate::model::access::SearchPath;
use crate::model::names::{Name, QualifiedName};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::{SiteAccess, SiteColumn, SiteId};

impl Resolver<'_> {
    pub(super) fn from(&mut self, items: &[FromItem]) -> Refused<Tables> {
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
                let mut entry = Entry::of(columns);
                self.apply_alias(&mut entry, alias.as_ref())?;
                Ok(Tables::one(entry))
            }
            FromItem::Function { calls, name, alias, ordinality: _ } => {
                let (lineage, _) = self.with_level(left.clone(), |r| {
                    let mut parts = Vec::new();
                    for call in calls {
                        let value = r.value(call)?;
                        r.note_noise(&value);
                        parts.push(value.lineage);
                    }
                    Ok(Lineage::union(parts))
                })?;
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
        let inner = join.nullable == (false, false);
        let of = |side: &Tables| side.entries.iter().filter_map(|e| e.site).collect();
        // The side that may be missing, if it is one.
        let missing: BTreeSet<SiteId> = match join.nullable {
            (false, true) => of(&second),
            (true, false) => of(&first),
            (true, true) | (false, false) => BTreeSet::new(),
        };
        for (side, nullable) in [(&first, join.nullable.0), (&second, join.nullable.1)] {
            let sites = side.entries.iter().filter_map(|entry| entry.site);
            self.nullable.extend(sites.filter(|_| nullable));
        }
        let names = if join.natural {
            self.natural_columns(&first, &second)
        } else {
            self.claim_all(&join.using)?
        };
        let pairs: Vec<_> = names.iter().map(|name| pair(&first, &second, name)).collect();
        let mut tables = first.beside(second);
        for (name, (l, r)) in names.iter().zip(pairs) {
            let lineage = Lineage::union([l.clone(), r.clone()]);
            self.read(&lineage);
            self.out.conditions.extend(lineage.columns());
            self.note_comparison(&lineage);
            self.note_merged(&tables, (&l, &r));
            // A column of a query in FROM is equal in its rows, not in those it was made from.
            if let (Lineage::Direct(a), Lineage::Direct(b)) = (l, r)
                && tables.holds(a.site)
                && tables.holds(b.site)
            {
                if inner {
                    self.out.uses.equated.insert((a, b));
                }
                self.follow_one(a, b, &missing);
            }
            if tables.merge(entries, merged, name).is_none() && tables.open().is_none() {
                let place = join.using.first().copied().unwrap_or_default();
                let name = format!("\"{name}\" specified in USING clause");
                return Err(self.undefined_column(&name, place));
            }
        }
        if let Some(alias) = join.using_alias {
            let name = self.claim(alias)?;
            tables.name_merged(name, &names);
        }
        if let Some(on) = &join.on {
            let (_, after) = self.with_level(tables, |r| {
                r.filter(on, inner)?;
                r.follow(on, &missing)
            })?;
            tables = after;
        }
        Ok(tables)
    }

    /// Columns both sides have. Where one has columns only the server knows, any may be meant.
    fn natural_columns(&mut self, first: &Tables, second: &Tables) -> Vec<Name> {
        if first.open().or(second.open()).is_some() {
            for entry in first.entries.iter().chain(&second.entries) {
                if let Some(site) = entry.site {
                    self.read_whole(site);
                }
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
        if let [place] = relation.path.as_slice()
            && let Some(name) = self.tokens.name(*place).cloned()
        {
            let at = self.ctes.iter().rposition(|cte| cte.name == name);
            let later = self.forward.iter().rfind(|forward| forward.name == name);
            // A later one of the same list, or of one further in, comes before what is further out.
            if later.is_some_and(|later| at.is_none_or(|at| at < later.depth)) {
                self.referred = true;
                return Err(self.not_analysed("a forward reference in WITH", Some(*place)));
            }
            if let Some(cte) = at.and_then(|at| self.ctes.get(at)).cloned() {
                self.claim(*place)?;
                let mut entry = Entry { name: Some(cte.name), ..Entry::of(cte.columns) };
                self.apply_alias(&mut entry, relation.alias.as_ref())?;
                return Ok(entry);
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
        if relation.only || relation.sampled {
            self.out.uses.statistics.partial.insert(site);
        }
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
                catalog.written(search, &name)
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

/// Lineage of a column of that name on both sides.
fn pair(first: &Tables, second: &Tables, name: &Name) -> (Lineage, Lineage) {
    let find = |tables: &Tables| {
        tables.visible().find(|c| c.is(name)).map(|c| c.lineage.clone()).unwrap_or_default()
    };
    (find(first), find(second))
}
