//! The tables with data of people, found by the rules and by the labels of derived tables, and the
//! foreign keys between them.

use std::collections::{BTreeMap, BTreeSet};

use super::neutral::neutral;
use crate::catalog::{Catalog, Relation, RelationKind, derived};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::ruling::{RelationClass, SubjectPath};
use crate::policy::{ErasureWord, Stay};
use crate::snapshot::Snapshot;

/// Everything that is held of people in one database.
#[derive(Debug, Default)]
pub struct Holdings {
    /// The table of people and its key.
    pub people: Option<(QualifiedName, Name)>,
    /// The type of the key, safe to splice into SQL.
    pub id_type: String,
    /// What refers to others stands before what it refers to, as far as there is an order.
    pub tables: Vec<Holding>,
    /// Why nobody can be erased: something would be forgotten.
    pub obstacles: Vec<String>,
    /// Tables with personal data that do not say whose.
    pub unreached: Vec<QualifiedName>,
    /// Materialized views made of these tables.
    pub stored_views: Vec<QualifiedName>,
}

/// One table with rows of people.
#[derive(Debug)]
pub struct Holding {
    pub id: RelationId,
    pub name: QualifiedName,
    pub path: SubjectPath,
    /// Its personal columns.
    pub columns: Vec<Held>,
    pub stay: Stay,
    /// Its keys to tables with rows of people, its way to the person among them.
    pub references: Vec<Reference>,
}

/// A personal column.
#[derive(Debug)]
pub struct Held {
    pub name: Name,
    pub categories: Vec<String>,
    /// Its value stays in a row that the rules keep.
    pub stays: bool,
    /// It is in no export.
    pub secret: bool,
    /// What is put in its place, for the row `t`; `None`: nothing can be, or the server works it
    /// out itself.
    pub neutral: Option<String>,
    pub generated: bool,
}

/// A foreign key, or the step of a way to the person.
#[derive(Debug)]
pub struct Reference {
    pub columns: Vec<Name>,
    /// Index in `Holdings::tables`.
    pub to: usize,
    pub referenced: Vec<Name>,
    /// Those of `columns` that may be NULL.
    pub nullable: Vec<Name>,
}

impl Holdings {
    pub fn of(snapshot: &Snapshot) -> Holdings {
        let (catalog, rules) = (&snapshot.catalog, &snapshot.rules);
        let people = rules.people();
        let mut holdings =
            Holdings { people: people.table.clone().zip(people.id.clone()), ..Holdings::default() };
        let id = holdings.people.as_ref().and_then(|(table, id)| {
            catalog.by_name(table)?.column(id).map(|column| column.type_sql.clone())
        });
        let Some(id) = id else {
            holdings.obstacles.push("the rules do not say who the people are".to_owned());
            return holdings;
        };
        holdings.id_type = id;
        holdings.find_tables(snapshot);
        holdings.find_references(catalog);
        holdings.put_in_order();
        holdings.find_obstacles(snapshot);
        holdings
    }

    fn find_tables(&mut self, snapshot: &Snapshot) {
        let (catalog, rules) = (&snapshot.catalog, &snapshot.rules);
        let facts = facts(snapshot);
        for relation in catalog.relations() {
            if is_part(catalog, snapshot, relation) {
                continue;
            }
            let table = matches!(
                relation.kind,
                RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable
            );
            let governed = rules.class(relation.id) == Some(RelationClass::Governed);
            let stored = relation.kind == RelationKind::MaterializedView;
            let bound = rules.relation(relation.id);
            if governed && stored {
                self.stored_views.push(relation.name.clone());
            }
            let own = bound.and_then(|bound| bound.subject.clone()).filter(|_| governed);
            let fact = facts.get(&relation.name).map(|column| SubjectPath {
                column: column.clone(),
                steps: Vec::new(),
                is_people: false,
            });
            match own.or(fact).filter(|_| table) {
                Some(path) => self.tables.push(holding(snapshot, relation, path)),
                None if governed && table => self.unreached.push(relation.name.clone()),
                None => {}
            }
        }
    }

    /// Index of a table.
    pub fn table(&self, name: &QualifiedName) -> Option<usize> {
        self.tables.iter().position(|table| table.name == *name)
    }

    fn find_references(&mut self, catalog: &Catalog) {
        let places: BTreeMap<RelationId, usize> =
            self.tables.iter().enumerate().map(|(at, table)| (table.id, at)).collect();
        let mut all = Vec::new();
        for table in &self.tables {
            let Some(relation) = catalog.relation(table.id) else { continue };
            let mut references = Vec::new();
            for key in &relation.foreign_keys {
                let Some(to) = places.get(&key.references) else { continue };
                let Some(other) = catalog.relation(key.references) else { continue };
                references.push(reference(relation, &key.columns, *to, (other, &key.referenced)));
            }
            if let Some(step) = table.path.steps.first()
                && let Some(to) = self.table(&step.table)
            {
                references.push(Reference {
                    columns: vec![table.path.column.clone()],
                    to,
                    referenced: vec![step.key.clone()],
                    nullable: Vec::new(),
                });
            }
            references.sort_by(|a, b| (a.to, &a.columns).cmp(&(b.to, &b.columns)));
            references.dedup_by(|a, b| {
                a.to == b.to && a.columns == b.columns && {
                    // The way to the person may be a foreign key as well: that one knows more.
                    if b.nullable.is_empty() {
                        std::mem::swap(&mut a.nullable, &mut b.nullable);
                    }
                    true
                }
            });
            all.push(references);
        }
        for (table, references) in self.tables.iter_mut().zip(all) {
            table.references = references;
        }
    }

    /// Children before parents. What refers to itself, or in a circle, stands as it was found.
    fn put_in_order(&mut self) {
        let mut left: BTreeSet<usize> = (0..self.tables.len()).collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let referred = |at: usize| {
                left.iter().any(|other| {
                    *other != at && self.tables.get(*other).is_some_and(|t| t.refers_to(at))
                })
            };
            let free = left.iter().copied().find(|at| !referred(*at));
            let Some(next) = free.or_else(|| left.first().copied()) else { break };
            left.remove(&next);
            order.push(next);
        }
        let new_place: BTreeMap<usize, usize> =
            order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let mut tables: Vec<(usize, Holding)> = self.tables.drain(..).enumerate().collect();
        tables.sort_by_key(|(old, _)| new_place.get(old).copied());
        self.tables = tables.into_iter().map(|(_, table)| table).collect();
        for reference in self.tables.iter_mut().flat_map(|table| &mut table.references) {
            reference.to = new_place.get(&reference.to).copied().unwrap_or(reference.to);
        }
    }

    /// Tables that refer to people without a rule that says what becomes of them, and values that
    /// cannot be put away.
    fn find_obstacles(&mut self, snapshot: &Snapshot) {
        let catalog = &snapshot.catalog;
        let mut found = Vec::new();
        for relation in catalog.relations() {
            let own = self.tables.iter().any(|table| table.id == relation.id);
            let ours = relation.name.schema.as_str() == derived::SCHEMA;
            if own || ours || is_part(catalog, snapshot, relation) {
                continue;
            }
            for key in &relation.foreign_keys {
                if let Some(table) = self.tables.iter().find(|table| table.id == key.references) {
                    found.push(format!(
                        "table {} refers to {}, and no rule says whose its rows are",
                        relation.name, table.name
                    ));
                }
            }
        }
        for (at, table) in self.tables.iter().enumerate() {
            for column in table.columns.iter().filter(|_| self.may_stay(at)) {
                let put_away = column.neutral.is_some() || column.generated;
                if !column.stays && !put_away {
                    found.push(format!(
                        "column {}.{} must have a value, and none can take its place",
                        table.name, column.name
                    ));
                }
            }
        }
        found.sort();
        found.dedup();
        self.obstacles.extend(found);
    }

    /// Whether rows of a table may stay: by its own rule, or for the sake of rows that refer to
    /// them.
    pub fn may_stay(&self, at: usize) -> bool {
        let mut all = self.referrers(at);
        all.insert(at);
        all.iter().filter_map(|at| self.tables.get(*at)).any(Holding::stays)
    }

    /// Tables that refer to a table, directly or through others. The table itself if in a circle.
    pub fn referrers(&self, at: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut look = vec![at];
        while let Some(at) = look.pop() {
            for (from, table) in self.tables.iter().enumerate() {
                if table.refers_to(at) && found.insert(from) {
                    look.push(from);
                }
            }
        }
        found
    }
}

impl Holding {
    pub fn refers_to(&self, at: usize) -> bool {
        self.references.iter().any(|reference| reference.to == at)
    }

    /// Whether its own rule keeps rows.
    pub fn stays(&self) -> bool {
        self.stay.word != ErasureWord::Delete
    }
}

/// Tables in which facts about people are kept, and the column with the person.
fn facts(snapshot: &Snapshot) -> BTreeMap<QualifiedName, Name> {
    let people = snapshot.rules.people();
    let choices = people.choices.iter().map(|c| (c.table.clone(), c.subject.clone()));
    let seen = people.seen.iter().map(|seen| (seen.table.clone(), seen.subject.clone()));
    let all = choices.chain(seen);
    all.filter(|(table, _)| table.schema.as_str() != derived::SCHEMA).collect()
}

/// A partition or child of a table that is looked at itself: its rows are the parent's.
fn is_part(catalog: &Catalog, snapshot: &Snapshot, relation: &Relation) -> bool {
    let reached = |parent: &RelationId| {
        let subject = snapshot.rules.relation(*parent).and_then(|bound| bound.subject.as_ref());
        subject.is_some() || catalog.relation(*parent).is_some_and(|r| !r.parents.is_empty())
    };
    relation.parents.iter().any(reached)
}

fn holding(snapshot: &Snapshot, relation: &Relation, path: SubjectPath) -> Holding {
    let rules = &snapshot.rules;
    let stay = rules.stay(relation);
    let labels = rules.relation(relation.id).map(|bound| &bound.columns);
    let personal = relation.columns.iter().filter(|column| {
        let labelled = labels.is_some_and(|labels| labels.contains_key(&column.number));
        labelled && path.column != column.name
    });
    let columns = personal.map(|column| {
        let id = crate::model::names::ColumnId { relation: relation.id, number: column.number };
        let categories = rules.categories(id).unwrap_or_default();
        Held {
            name: column.name.clone(),
            categories: categories.iter().map(ToString::to_string).collect(),
            stays: stay.columns.contains(&column.number),
            secret: rules.is_secret(relation, column.number),
            neutral: neutral(relation, column, "t").filter(|_| column.generated.is_none()),
            generated: column.generated.is_some(),
        }
    });
    Holding {
        id: relation.id,
        name: relation.name.clone(),
        columns: columns.collect(),
        path,
        stay,
        references: Vec::new(),
    }
}

fn reference(
    from: &Relation,
    columns: &[i16],
    to: usize,
    (other, referenced): (&Relation, &[i16]),
) -> Reference {
    let names = |relation: &Relation, numbers: &[i16]| -> Vec<Name> {
        let named = numbers.iter().filter_map(|number| relation.column_number(*number));
        named.map(|column| column.name.clone()).collect()
    };
    let free = columns.iter().copied().filter(|number| {
        let column = from.column_number(*number);
        column.is_some_and(|c| !c.not_null) && !from.primary_key.contains(number)
    });
    let nullable: Vec<i16> = free.collect();
    Reference {
        columns: names(from, columns),
        to,
        referenced: names(other, referenced),
        nullable: names(from, &nullable),
    }
}
