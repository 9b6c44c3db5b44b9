//! Targets of writes, assignments, RETURNING.

use std::collections::BTreeMap;

use super::super::scope::{Entry, Label, Lineage, ScopeColumn, Tables};
use super::super::tokens::TokenRange;
use super::super::tree::*;
use super::{Refused, Resolver, Target};
use crate::model::usage::{Flow, SiteAccess, SiteColumn};

impl Resolver<'_> {
    /// A write; returns the columns of RETURNING.
    pub(super) fn dml(&mut self, dml: &Dml) -> Refused<Vec<ScopeColumn>> {
        let quiet = std::mem::replace(&mut self.quiet, false);
        let columns = match dml {
            Dml::Insert(insert) => self.insert(insert),
            Dml::Update(update) => self.update(update),
            Dml::Delete(delete) => self.delete(delete),
            Dml::Merge(merge) => self.merge(merge),
        };
        self.quiet = quiet;
        columns
    }

    fn insert(&mut self, insert: &Insert) -> Refused<Vec<ScopeColumn>> {
        let alias = insert.alias.map(|name| Alias { name, columns: Vec::new() });
        let entry = self.target(&plain(&insert.target, alias), SiteAccess::Insert)?;
        let Some(site) = entry.site else { return Ok(Vec::new()) };
        let upsert = insert.conflict.as_ref().is_some_and(|c| c.update.is_some());
        self.out.targets.push(Target { upsert, ..Target::new(site, insert.keyword) });
        let mut columns = Vec::new();
        for place in &insert.columns {
            columns.push(self.written_column(&entry, *place)?);
        }
        if insert.columns.is_empty() {
            columns = entry.columns.iter().filter_map(|c| direct(&c.lineage)).collect();
        }
        let mut sent = BTreeMap::new();
        if let Some(source) = &insert.source {
            let outputs = self.outermost(source)?;
            sent = self.send(&mut columns, &outputs, insert.columns.is_empty());
            // What stands in the way of a row may be somebody else's.
            if let (Body::Values(rows), false) = (&source.body, upsert) {
                self.pin_rows(&columns, rows);
            }
        }
        for column in columns {
            self.write(column);
        }
        if let Some(conflict) = &insert.conflict {
            self.conflict(conflict, &entry, &sent)?;
        }
        let returned = self.with_level(Tables::one(entry), |r| r.returning(&insert.returning))?;
        Ok(returned.0)
    }

    /// Lets the values of a source flow into the columns they are for.
    fn send(
        &mut self,
        columns: &mut Vec<SiteColumn>,
        outputs: &[ScopeColumn],
        all: bool,
    ) -> BTreeMap<SiteColumn, Lineage> {
        // Where the places are not sure, any value may go anywhere.
        let unsure = outputs.iter().any(|output| output.label == Label::Many);
        if all && !unsure {
            columns.truncate(outputs.len());
        }
        let any = Lineage::union(outputs.iter().map(|output| output.lineage.clone()));
        let mut sent = BTreeMap::new();
        for (i, to) in columns.iter().enumerate() {
            let from = match outputs.get(i) {
                Some(output) if !unsure => output.lineage.clone(),
                Some(_) | None => any.clone(),
            };
            self.flow(&from, *to);
            sent.insert(*to, from);
        }
        sent
    }

    fn conflict(
        &mut self,
        conflict: &Conflict,
        entry: &Entry,
        values: &BTreeMap<SiteColumn, Lineage>,
    ) -> Refused<()> {
        self.claim_all(&conflict.constraint)?;
        for place in &conflict.columns {
            let column = self.written_column(entry, *place)?;
            self.read(&Lineage::Direct(column));
        }
        // `excluded` holds what was to be inserted, and defaults.
        let sent = entry.columns.iter().map(|c| {
            let value = direct(&c.lineage).and_then(|column| values.get(&column));
            let value = Lineage::union(value.cloned());
            ScopeColumn::new(c.name.clone(), value)
        });
        let excluded =
            Entry { name: Some("excluded".into()), columns: sent.collect(), ..Entry::default() };
        let own = Tables::one(entry.clone());
        if let Some(predicate) = &conflict.predicate {
            self.with_level(own.clone(), |r| r.expr(predicate))?;
        }
        if let Some((assignments, filter)) = &conflict.update {
            self.with_level(Tables::one(excluded).beside_hidden(own), |r| {
                r.assignments(assignments, entry)?;
                match filter {
                    Some(filter) => r.filter(filter, true),
                    None => Ok(()),
                }
            })?;
        }
        Ok(())
    }

    fn update(&mut self, update: &Update) -> Refused<Vec<ScopeColumn>> {
        let entry = self.target(&update.target, SiteAccess::Update)?;
        self.note_target(&entry, update.keyword, update.filter.as_ref());
        let mut tables = Tables::one(entry.clone());
        for item in &update.from {
            let right = self.one_item(item, &tables)?;
            tables = tables.beside(right);
        }
        let (columns, _) = self.with_level(tables, |r| {
            r.assignments(&update.assignments, &entry)?;
            if let Some(filter) = &update.filter {
                r.filter(filter, true)?;
            }
            r.returning(&update.returning)
        })?;
        Ok(columns)
    }

    fn delete(&mut self, delete: &Delete) -> Refused<Vec<ScopeColumn>> {
        let entry = self.target(&delete.target, SiteAccess::Delete)?;
        self.note_target(&entry, delete.keyword, delete.filter.as_ref());
        let mut tables = Tables::one(entry);
        for item in &delete.using {
            let right = self.one_item(item, &tables)?;
            tables = tables.beside(right);
        }
        let (columns, _) = self.with_level(tables, |r| {
            if let Some(filter) = &delete.filter {
                r.filter(filter, true)?;
            }
            r.returning(&delete.returning)
        })?;
        Ok(columns)
    }

    /// RETURNING is evaluated on rows that have been written.
    pub(super) fn returning(&mut self, items: &[Item]) -> Refused<Vec<ScopeColumn>> {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let columns = self.items(items);
        self.quiet = quiet;
        columns
    }

    fn note_target(&mut self, entry: &Entry, keyword: Place, filter: Option<&Expr>) {
        // `WHERE CURRENT OF c` reads as a constant where CURRENT stands.
        let cursor = match filter {
            Some(Expr::Constant(place)) if self.tokens.is_word(*place, "current") => {
                Some(place + 2)
            }
            Some(_) | None => None,
        };
        if let Some(site) = entry.site {
            self.out.targets.push(Target { cursor, ..Target::new(site, keyword) });
        }
    }

    pub(super) fn assignments(&mut self, assignments: &[Assignment], entry: &Entry) -> Refused<()> {
        for assignment in assignments {
            let quiet = std::mem::replace(&mut self.quiet, true);
            let lineage = self.expr(&assignment.value);
            self.quiet = quiet;
            let lineage = lineage?;
            for place in &assignment.columns {
                let column = self.written_column(entry, *place)?;
                self.write(column);
                self.flow(&lineage, column);
            }
        }
        Ok(())
    }

    pub(super) fn written_column(&mut self, entry: &Entry, place: Place) -> Refused<SiteColumn> {
        let name = self.claim(place)?;
        let column = entry.columns.iter().find(|c| c.name == name);
        column.and_then(|c| direct(&c.lineage)).ok_or_else(|| {
            let table = entry.name.as_ref().map_or("", |n| n.as_str());
            self.undefined_column(&format!("\"{name}\" of relation \"{table}\""), place)
        })
    }

    pub(super) fn write(&mut self, column: SiteColumn) {
        if let Some(site) = self.site(column.site) {
            site.written.insert(column.number);
        }
    }

    pub(super) fn flow(&mut self, lineage: &Lineage, to: SiteColumn) {
        let flows = lineage.columns().into_iter().map(|from| Flow {
            from,
            to,
            is_direct: matches!(lineage, Lineage::Direct(_)),
        });
        self.out.uses.flows.extend(flows);
    }
}

pub(super) fn direct(lineage: &Lineage) -> Option<SiteColumn> {
    match lineage {
        Lineage::Direct(column) => Some(*column),
        Lineage::Nothing | Lineage::Mixed(_) => None,
    }
}

fn plain(path: &Path, alias: Option<Alias>) -> Relation {
    let start = path.first().copied().unwrap_or_default();
    let end = path.last().copied().unwrap_or_default() + 1;
    Relation {
        path: path.clone(),
        range: TokenRange::new(start, end),
        only: false,
        alias,
        sample: Vec::new(),
        sampled: false,
    }
}

impl Tables {
    /// `excluded` beside the target: bare names mean the target's columns.
    fn beside_hidden(mut self, target: Tables) -> Tables {
        for column in self.entries.iter_mut().flat_map(|e| &mut e.columns) {
            column.merged = true;
        }
        self.beside(target)
    }
}
