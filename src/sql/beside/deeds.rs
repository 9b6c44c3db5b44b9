//! What comes of writing each table, worked out once for a catalog and its rules.
//!
//! Writing one table may write others: by triggers and rules, by keys that cascade, in partitions
//! and heirs, behind a view. So deeds are followed from table to table.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{CodeReader, Facts};
use crate::catalog::{Catalog, RelationKind, TableCode, WriteKind};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::usage::ViewLineage;

/// What code that is not named does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deed {
    /// Relations that may hold personal data, and which function reads them, if it is one.
    pub reads: BTreeMap<RelationId, Option<QualifiedName>>,
    /// What makes values and cannot be followed.
    pub unread: Option<QualifiedName>,
    /// Something cannot be followed: its words in errors and notices may hold anything.
    pub loud: bool,
    /// Other tables that are written: errors may name their rows.
    pub touches: BTreeSet<RelationId>,
}

/// A write of a table.
type Write = (RelationId, WriteKind);

/// All deeds of one database.
#[derive(Clone, Debug, Default)]
pub struct Deeds {
    writes: BTreeMap<Write, Deed>,
    defaults: BTreeMap<RelationId, BTreeMap<i16, Deed>>,
    domains: BTreeMap<QualifiedName, Deed>,
    /// Row types with a column of such a domain, by name.
    rows: BTreeMap<Name, Deed>,
}

impl Deed {
    fn is_nothing(&self) -> bool {
        *self == Deed::default()
    }

    fn join(&mut self, other: &Deed) {
        for (relation, by) in &other.reads {
            self.reads.entry(*relation).or_insert_with(|| by.clone());
        }
        self.unread = self.unread.take().or_else(|| other.unread.clone());
        self.loud |= other.loud;
        self.touches.extend(&other.touches);
    }
}

impl Deeds {
    /// Views are followed by their lineage.
    pub fn of(reader: &CodeReader<'_>, catalog: &Catalog, views: &Views) -> Deeds {
        Worker { reader, catalog, views, known: BTreeMap::new() }.work()
    }

    /// What a write sets off, defaults apart.
    pub fn of_write(&self, relation: RelationId, kind: WriteKind) -> Option<&Deed> {
        self.writes.get(&(relation, kind))
    }

    /// Columns whose default does something.
    pub fn of_defaults(&self, relation: RelationId) -> impl Iterator<Item = (i16, &Deed)> {
        let defaults = self.defaults.get(&relation).into_iter().flatten();
        defaults.map(|(number, deed)| (*number, deed))
    }

    /// What a value of a domain goes through, by a name without its schema.
    pub fn of_domain<'d>(&'d self, name: &'d Name) -> impl Iterator<Item = &'d Deed> {
        self.domains.iter().filter(move |(domain, _)| domain.name == *name).map(|(_, deed)| deed)
    }

    /// What a row of a type goes through that has a column of such a domain.
    pub fn of_row(&self, name: &Name) -> Option<&Deed> {
        self.rows.get(name)
    }

    /// Whether no domain does anything.
    pub fn domains_are_quiet(&self) -> bool {
        self.domains.is_empty()
    }
}

/// Lineage of every view.
pub type Views = BTreeMap<RelationId, ViewLineage>;

/// How a text stands to the row that is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It makes a value that is stored: a default, a rule.
    Makes,
    /// It makes a value if it says so: a trigger for each row.
    MayMake,
    /// It looks on: a check, a trigger after the fact.
    LooksOn,
}

struct Worker<'a> {
    reader: &'a CodeReader<'a>,
    catalog: &'a Catalog,
    views: &'a Views,
    known: BTreeMap<QualifiedName, Facts>,
}

impl Worker<'_> {
    fn work(mut self) -> Deeds {
        let mut deeds = Deeds::default();
        for (name, checks) in self.catalog.domain_checks() {
            let mut deed = Deed::default();
            let mut writes = BTreeSet::new();
            for check in checks {
                let facts = self.reader.expression(check);
                self.follow(&facts, (Role::Makes, None), &mut deed, &mut writes);
            }
            if !deed.is_nothing() {
                deeds.domains.insert(name.clone(), deed);
            }
        }
        let mut own = BTreeMap::new();
        let mut next: BTreeMap<Write, BTreeSet<Write>> = BTreeMap::new();
        let none = TableCode::default();
        for relation in self.catalog.relations().map(|relation| relation.id) {
            let generates = |id| {
                let columns = self.catalog.relation(id).map(|r| &r.columns);
                columns.is_some_and(|columns| columns.iter().any(|c| c.generated.is_some()))
            };
            let code = self.catalog.code_of(relation);
            let Some(code) = code.or(generates(relation).then_some(&none)) else { continue };
            for (number, text) in &code.defaults {
                let (deed, writes) = self.expression(text, Role::Makes);
                next.entry((relation, WriteKind::Insert)).or_default().extend(writes);
                if !deed.is_nothing() {
                    deeds.defaults.entry(relation).or_default().insert(*number, deed);
                }
            }
            for kind in WriteKind::ALL {
                let (deed, writes) = self.table(relation, code, kind, &deeds.domains);
                own.insert((relation, kind), deed);
                next.entry((relation, kind)).or_default().extend(writes);
            }
            let row = self.row(code, &deeds.domains);
            if let (false, Some(relation)) = (row.is_nothing(), self.catalog.relation(relation)) {
                deeds.rows.entry(relation.name.name.clone()).or_default().join(&row);
            }
        }
        self.composites(&mut own, &deeds.rows);
        self.families(&mut next);
        deeds.writes = closed(&own, &next, &deeds.defaults);
        deeds
    }

    fn expression(&mut self, text: &str, role: Role) -> (Deed, BTreeSet<Write>) {
        let (mut deed, mut writes) = (Deed::default(), BTreeSet::new());
        let facts = self.reader.expression(text);
        self.follow(&facts, (role, None), &mut deed, &mut writes);
        (deed, writes)
    }

    /// What one table's own code does.
    fn table(
        &mut self,
        id: RelationId,
        code: &TableCode,
        kind: WriteKind,
        domains: &BTreeMap<QualifiedName, Deed>,
    ) -> (Deed, BTreeSet<Write>) {
        let (mut deed, mut writes) = (Deed::default(), BTreeSet::new());
        for trigger in code.triggers.iter().filter(|trigger| trigger.on.contains(&kind)) {
            let role = if trigger.makes_row { Role::MayMake } else { Role::LooksOn };
            let called = Facts { calls: [trigger.function.clone()].into(), ..Facts::default() };
            self.follow(&called, (role, None), &mut deed, &mut writes);
            if let Some(definition) = &trigger.definition {
                let facts = self.reader.trigger_condition(definition);
                self.follow(&facts, (Role::LooksOn, None), &mut deed, &mut writes);
            }
        }
        for rule in code.rules.iter().filter(|rule| rule.on == kind) {
            let table = self.catalog.relation(id).map(|relation| &relation.name);
            let name = QualifiedName {
                schema: table.map_or_else(|| Name::new(""), |table| table.schema.clone()),
                name: rule.name.clone(),
            };
            if self.reader.trusts(&name) {
                continue;
            }
            let facts = self.reader.rule(&rule.definition);
            self.follow(&facts, (Role::Makes, Some(name)), &mut deed, &mut writes);
        }
        if kind == WriteKind::Delete {
            return (deed, writes);
        }
        deed.join(&self.row(code, domains));
        let columns = self.catalog.relation(id).map(|relation| relation.columns.iter());
        let generated = columns.into_iter().flatten().filter_map(|c| c.generated.as_ref());
        for text in code.checks.iter().chain(generated) {
            let facts = self.reader.expression(text);
            self.follow(&facts, (Role::LooksOn, None), &mut deed, &mut writes);
        }
        (deed, writes)
    }

    /// What the domains of its columns do. Whether a value fits is all they tell of it.
    fn row(&self, code: &TableCode, domains: &BTreeMap<QualifiedName, Deed>) -> Deed {
        let mut deed = Deed::default();
        for domain in code.domains.iter().filter_map(|name| domains.get(name)) {
            deed.join(&Deed { unread: None, ..domain.clone() });
        }
        deed
    }

    /// Follows functions; writes of other tables are noted.
    fn follow(
        &mut self,
        facts: &Facts,
        (role, named): (Role, Option<QualifiedName>),
        deed: &mut Deed,
        writes: &mut BTreeSet<Write>,
    ) {
        let mut seen: BTreeSet<QualifiedName> = BTreeSet::new();
        let mut waiting: Vec<(Option<QualifiedName>, Facts)> = vec![(named, facts.clone())];
        let mut domains: BTreeSet<QualifiedName> = BTreeSet::new();
        let mut makes = role == Role::Makes;
        let mut unread = None;
        while let Some((name, facts)) = waiting.pop() {
            for relation in &facts.reads {
                deed.reads.entry(*relation).or_insert_with(|| name.clone());
            }
            writes.extend(&facts.writes);
            makes |= role == Role::MayMake && facts.fills;
            if facts.unread {
                let unknown = || QualifiedName::new("pg_catalog", "query");
                unread = unread.or_else(|| Some(name.unwrap_or_else(unknown)));
            }
            for function in facts.calls.difference(&seen.clone()) {
                seen.insert(function.clone());
                let facts = self.function(function);
                waiting.push((Some(function.clone()), facts));
            }
            for domain in facts.domains.difference(&domains.clone()) {
                domains.insert(domain.clone());
                for check in self.catalog.domain_checks().get(domain).into_iter().flatten() {
                    waiting.push((None, self.reader.expression(check)));
                }
            }
        }
        deed.loud |= unread.is_some();
        if makes {
            deed.unread = deed.unread.take().or(unread);
        }
    }

    fn function(&mut self, name: &QualifiedName) -> Facts {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let facts = self.reader.functions(name);
        self.known.insert(name.clone(), facts.clone());
        facts
    }

    /// Columns of a row type whose own columns are of such domains.
    fn composites(&self, own: &mut BTreeMap<Write, Deed>, rows: &BTreeMap<Name, Deed>) {
        if rows.is_empty() {
            return;
        }
        for relation in self.catalog.relations() {
            for column in &relation.columns {
                let base = column.base_type.as_str();
                let element = Name::new(base.strip_prefix('_').unwrap_or(base));
                let deed = rows.get(&column.base_type).or_else(|| rows.get(&element));
                for kind in [WriteKind::Insert, WriteKind::Update] {
                    if let Some(deed) = deed {
                        own.entry((relation.id, kind)).or_default().join(deed);
                    }
                }
            }
        }
    }

    /// Writes that reach other tables by themselves.
    fn families(&self, next: &mut BTreeMap<Write, BTreeSet<Write>>) {
        let mut reach = |from: Write, to: Write| {
            next.entry(from).or_default().insert(to);
        };
        for relation in self.catalog.relations() {
            for parent in &relation.parents {
                let parts = self
                    .catalog
                    .relation(*parent)
                    .is_some_and(|parent| parent.kind == RelationKind::PartitionedTable);
                for kind in WriteKind::ALL.into_iter().filter(|k| parts || *k != WriteKind::Insert)
                {
                    reach((*parent, kind), (relation.id, kind));
                }
                // A row may move to another partition.
                if parts {
                    reach((*parent, WriteKind::Update), (relation.id, WriteKind::Insert));
                    reach((*parent, WriteKind::Update), (relation.id, WriteKind::Delete));
                }
            }
        }
        for (view, lineage) in self.views {
            for (kind, base) in
                WriteKind::ALL.into_iter().flat_map(|k| lineage.reads.iter().map(move |b| (k, b)))
            {
                reach((*view, kind), (*base, kind));
            }
        }
        for (referenced, code) in self.catalog.code() {
            for cascade in &code.cascades {
                reach((referenced, cascade.on), (cascade.relation, cascade.does));
            }
        }
    }
}

/// What each write comes to, through all the writes it sets off.
fn closed(
    own: &BTreeMap<Write, Deed>,
    next: &BTreeMap<Write, BTreeSet<Write>>,
    defaults: &BTreeMap<RelationId, BTreeMap<i16, Deed>>,
) -> BTreeMap<Write, Deed> {
    let mut found = BTreeMap::new();
    let starts: BTreeSet<&Write> = own.keys().chain(next.keys()).collect();
    for start in starts {
        let mut deed = own.get(start).cloned().unwrap_or_default();
        let mut seen: BTreeSet<Write> = [*start].into();
        let mut waiting: Vec<Write> = next.get(start).into_iter().flatten().copied().collect();
        while let Some(write) = waiting.pop() {
            if !seen.insert(write) {
                continue;
            }
            deed.touches.insert(write.0);
            if let Some(own) = own.get(&write) {
                deed.join(own);
            }
            if write.1 == WriteKind::Insert {
                let defaults = defaults.get(&write.0).into_iter().flat_map(BTreeMap::values);
                defaults.for_each(|own| deed.join(own));
            }
            waiting.extend(next.get(&write).into_iter().flatten());
        }
        if !deed.is_nothing() {
            found.insert(*start, deed);
        }
    }
    found
}
