//! What names mean at one level of a query: tables in FROM, their columns, merged columns.
//!
//! Of `resolve`. Follows PostgreSQL's rules (`parse_relation.c`, manual 7.2.1): a column
//! of the nearest level that has it wins; within a level two are ambiguous; a name that is no
//! column may be a whole row.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::names::Name;
use crate::model::usage::{SiteColumn, SiteId};

/// Which columns of sites a value is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Lineage {
    #[default]
    Nothing,
    /// One column, unchanged.
    Direct(SiteColumn),
    Mixed(Arc<BTreeSet<SiteColumn>>),
}

impl Lineage {
    pub fn of(columns: BTreeSet<SiteColumn>) -> Lineage {
        if columns.is_empty() { Lineage::Nothing } else { Lineage::Mixed(Arc::new(columns)) }
    }

    pub fn columns(&self) -> Vec<SiteColumn> {
        match self {
            Lineage::Nothing => Vec::new(),
            Lineage::Direct(column) => vec![*column],
            Lineage::Mixed(columns) => columns.iter().copied().collect(),
        }
    }

    /// What a value made of several is made of.
    pub fn union(parts: impl IntoIterator<Item = Lineage>) -> Lineage {
        let mut columns = BTreeSet::new();
        for part in parts {
            match part {
                Lineage::Nothing => {}
                Lineage::Direct(column) => {
                    columns.insert(column);
                }
                Lineage::Mixed(more) => columns.extend(more.iter().copied()),
            }
        }
        Lineage::of(columns)
    }
}

/// A column that a name can mean.
#[derive(Clone, Debug)]
pub struct ScopeColumn {
    pub name: Name,
    pub lineage: Lineage,
    /// Merged by USING or NATURAL: reached only by its qualified name.
    pub merged: bool,
    pub label: Label,
}

/// How far the name of a column is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Label {
    #[default]
    Known,
    /// Only the server knows what it calls this one: no name here means it, any may.
    Unknown,
    /// As `Unknown`, and it may stand for any number of columns: `(row).*`.
    Many,
}

impl ScopeColumn {
    pub fn new(name: Name, lineage: Lineage) -> ScopeColumn {
        ScopeColumn { name, lineage, merged: false, label: Label::Known }
    }

    pub fn is(&self, name: &Name) -> bool {
        self.label == Label::Known && self.name == *name
    }
}

/// What columns whose names are not known are made of, if there are any.
pub fn unnamed(columns: &[ScopeColumn]) -> Option<Lineage> {
    let mut unnamed = columns.iter().filter(|c| c.label != Label::Known).peekable();
    unnamed.peek()?;
    Some(Lineage::union(unnamed.map(|c| c.lineage.clone())))
}

/// Gives columns new names, in order; one that stands for many leaves no place sure.
pub fn rename(columns: &mut [ScopeColumn], names: &[Name]) {
    if !names.is_empty() && columns.iter().any(|c| c.label == Label::Many) {
        let all = Lineage::union(columns.iter().map(|c| c.lineage.clone()));
        for column in columns.iter_mut() {
            column.lineage = all.clone();
            column.label = Label::Many;
        }
        return;
    }
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name.clone();
        column.label = Label::Known;
    }
}

/// One table of FROM.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The alias, or the table's own name.
    pub name: Option<Name>,
    /// Schema of a relation without alias: `schema.table.column` may be written.
    pub schema: Option<Name>,
    /// The site, where the entry is a relation itself.
    pub site: Option<SiteId>,
    pub columns: Vec<ScopeColumn>,
    /// Has columns only the server knows: made of this.
    pub open: Option<Lineage>,
}

impl Entry {
    /// The result of a query as a table.
    pub fn of(columns: Vec<ScopeColumn>) -> Entry {
        Entry { open: unnamed(&columns), columns, ..Entry::default() }
    }

    pub fn rename(&mut self, names: &[Name]) {
        rename(&mut self.columns, names);
    }

    pub fn whole(&self) -> Lineage {
        let columns = self.columns.iter().map(|c| c.lineage.clone());
        Lineage::union(columns.chain(self.open.clone()))
    }
}

/// All tables of one level.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    pub entries: Vec<Entry>,
    /// Columns merged by USING or NATURAL.
    pub merged: Vec<ScopeColumn>,
}

/// A column found by name.
#[derive(Clone, Debug)]
pub struct Found {
    pub lineage: Lineage,
    /// The site whose own column it is, and that column's number.
    pub own: Option<SiteColumn>,
}

impl Found {
    /// What is meant is this, or something made of `other`.
    pub fn or(self, other: Lineage) -> Found {
        Found { lineage: Lineage::union([self.lineage, other]), ..self }
    }
}

/// Outcome of a look-up at one level.
pub enum Lookup {
    Found(Found),
    Ambiguous,
    Missing,
}

impl Tables {
    /// Whether a site is one of them itself.
    pub fn holds(&self, site: SiteId) -> bool {
        self.entries.iter().any(|entry| entry.site == Some(site))
    }

    pub fn one(entry: Entry) -> Tables {
        Tables { entries: vec![entry], merged: Vec::new() }
    }

    /// Two sides next to each other.
    pub fn beside(mut self, mut right: Tables) -> Tables {
        self.entries.append(&mut right.entries);
        self.merged.append(&mut right.merged);
        self
    }

    /// Columns a bare name can mean, in the order of `*`.
    pub fn visible(&self) -> impl Iterator<Item = &ScopeColumn> {
        let of_entries = self.entries.iter().flat_map(|e| &e.columns).filter(|c| !c.merged);
        self.merged.iter().chain(of_entries)
    }

    pub fn column(&self, name: &Name) -> Lookup {
        let mut found = None;
        let merged = self.merged.iter().filter(|c| c.is(name));
        for column in merged {
            if found.is_some() {
                return Lookup::Ambiguous;
            }
            found = Some(Found { lineage: column.lineage.clone(), own: None });
        }
        for entry in &self.entries {
            for column in entry.columns.iter().filter(|c| !c.merged && c.is(name)) {
                if found.is_some() {
                    return Lookup::Ambiguous;
                }
                found = Some(own(entry, column));
            }
        }
        found.map_or(Lookup::Missing, Lookup::Found)
    }

    /// Entries that a qualifier can mean.
    pub fn entry(&self, schema: Option<&Name>, name: &Name) -> Option<&Entry> {
        self.entries.iter().find(|entry| {
            entry.name.as_ref() == Some(name)
                && schema.is_none_or(|schema| entry.schema.as_ref() == Some(schema))
        })
    }

    /// What columns only the server knows are made of, if there are any here.
    pub fn open(&self) -> Option<Lineage> {
        let mut open = self.entries.iter().filter_map(|e| e.open.clone()).peekable();
        open.peek()?;
        Some(Lineage::union(open))
    }

    /// `USING (…) AS name`: the merged columns, reached by that name as well.
    pub fn name_merged(&mut self, name: Name, columns: &[Name]) {
        let merged = self.merged.iter().filter(|c| columns.contains(&c.name));
        let columns = merged.map(|c| ScopeColumn { merged: true, ..c.clone() }).collect();
        self.entries.push(Entry {
            name: Some(name),
            columns,
            open: self.open(),
            ..Entry::default()
        });
    }

    /// Merges a column of both sides under one name; `None` if a side lacks it.
    pub fn merge(&mut self, left_entries: usize, left_merged: usize, name: &Name) -> Option<()> {
        let take = |entries: &mut [Entry]| {
            let mut columns = entries.iter_mut().flat_map(|e| &mut e.columns);
            let column = columns.find(|c| !c.merged && c.is(name))?;
            column.merged = true;
            Some(column.lineage.clone())
        };
        let from_merged = |merged: &mut Vec<ScopeColumn>, at: std::ops::Range<usize>| {
            let index = at.into_iter().find(|i| merged[*i].is(name))?;
            Some((index, merged[index].lineage.clone()))
        };
        let (left, right) = self.entries.split_at_mut(left_entries);
        let mut dropped = Vec::new();
        let total = self.merged.len();
        let mut side = |entries: &mut [Entry], at: std::ops::Range<usize>| {
            if let Some((index, lineage)) = from_merged(&mut self.merged, at) {
                dropped.push(index);
                return Some(lineage);
            }
            take(entries)
        };
        let left = side(left, 0..left_merged);
        let right = side(right, left_merged..total);
        let (left, right) = (left?, right?);
        dropped.sort_unstable();
        for index in dropped.into_iter().rev() {
            self.merged.remove(index);
        }
        self.merged.insert(0, ScopeColumn::new(name.clone(), Lineage::union([left, right])));
        Some(())
    }
}

/// A column as its entry's own: whether it is a site's column.
pub fn own(entry: &Entry, column: &ScopeColumn) -> Found {
    let own = match (&column.lineage, entry.site) {
        (Lineage::Direct(at), Some(site)) if at.site == site => Some(*at),
        _ => None,
    };
    Found { lineage: column.lineage.clone(), own }
}
