//! `Catalog`: relations, columns, keys, functions of one database, looked up as PostgreSQL does.

use std::collections::{BTreeMap, HashMap};

use crate::model::access::SearchPath;
use crate::model::names::{Name, QualifiedName, RelationId};

/// `pg_class.relkind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationKind {
    Table,
    PartitionedTable,
    View,
    MaterializedView,
    ForeignTable,
    Sequence,
    CompositeType,
    Index,
    Toast,
}

/// One column (`pg_attribute`).
#[derive(Clone, Debug)]
pub struct Column {
    pub number: i16,
    pub name: Name,
    /// The type with its modifier, fully qualified, safe to splice into SQL:
    /// `pg_catalog.varchar(20)`, `shop."Kind"`. A domain is given as its base type.
    pub type_sql: String,
    /// `pg_type.typname` of the base type (domains resolved): `varchar`, `int4`, `_text`.
    pub base_type: Name,
    /// `pg_type.typcategory` of the base type (`S` string, `N` number, `D` date/time …).
    pub type_category: char,
    pub not_null: bool,
    /// The column's declared type is a domain.
    pub is_domain: bool,
    /// `GENERATED ALWAYS AS (…) STORED`: the expression, as the server prints it.
    pub generated: Option<String>,
}

/// A foreign key of a relation.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    pub columns: Vec<i16>,
    pub references: RelationId,
    pub referenced: Vec<i16>,
}

/// One relation (`pg_class`).
#[derive(Clone, Debug)]
pub struct Relation {
    pub id: RelationId,
    pub name: QualifiedName,
    pub kind: RelationKind,
    pub temporary: bool,
    pub columns: Vec<Column>,
    pub primary_key: Vec<i16>,
    /// Other unique keys, each a set of columns.
    pub unique: Vec<Vec<i16>>,
    pub foreign_keys: Vec<ForeignKey>,
    /// Parents in inheritance or partitioning.
    pub parents: Vec<RelationId>,
    /// `pg_get_viewdef` of a view or materialised view.
    pub definition: Option<String>,
}

impl Relation {
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == *name)
    }

    pub fn column_number(&self, number: i16) -> Option<&Column> {
        self.columns.iter().find(|c| c.number == number)
    }
}

/// `pg_proc.provolatile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volatility {
    Immutable,
    Stable,
    Volatile,
}

/// One function that is not built in (`pg_proc` outside `pg_catalog` and `information_schema`).
#[derive(Clone, Debug)]
pub struct Function {
    pub name: QualifiedName,
    /// `sql`, `plpgsql`, `c`, `internal`, …
    pub language: Name,
    pub volatility: Volatility,
    /// The extension it belongs to.
    pub extension: Option<Name>,
}

/// All names of one database at one moment.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Server major version: 15.
    pub major: u32,
    /// Grows with every change the proxy notices.
    pub epoch: u64,
    relations: BTreeMap<RelationId, Relation>,
    by_name: HashMap<QualifiedName, RelationId>,
    functions: HashMap<Name, Vec<Function>>,
    /// Schemas, including those without relations.
    schemas: Vec<Name>,
}

impl Catalog {
    pub fn new(
        major: u32,
        epoch: u64,
        relations: Vec<Relation>,
        functions: Vec<Function>,
        schemas: Vec<Name>,
    ) -> Catalog {
        let mut by_function: HashMap<Name, Vec<Function>> = HashMap::new();
        for function in functions {
            by_function.entry(function.name.name.clone()).or_default().push(function);
        }
        Catalog {
            major,
            epoch,
            by_name: relations.iter().map(|r| (r.name.clone(), r.id)).collect(),
            relations: relations.into_iter().map(|r| (r.id, r)).collect(),
            functions: by_function,
            schemas,
        }
    }

    pub fn relation(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(&id)
    }

    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.relations.values()
    }

    pub fn by_name(&self, name: &QualifiedName) -> Option<&Relation> {
        self.by_name.get(name).and_then(|id| self.relations.get(id))
    }

    /// An unqualified name, in the first schema of the path that has it.
    pub fn on_path(&self, path: &SearchPath, name: &Name) -> Option<&Relation> {
        path.0.iter().find_map(|schema| {
            self.by_name(&QualifiedName { schema: schema.clone(), name: name.clone() })
        })
    }

    /// Functions outside the system schemas that have this name, in any schema.
    pub fn functions_named(&self, name: &Name) -> &[Function] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn has_schema(&self, name: &Name) -> bool {
        self.schemas.contains(name)
    }

    pub fn schemas(&self) -> &[Name] {
        &self.schemas
    }
}
