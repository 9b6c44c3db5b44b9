//! `Catalog`: relations, columns, keys, functions of one database, looked up as PostgreSQL does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::beside::TableCode;
use super::derived::{Derived, label_table};
use super::source::Source;
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
    /// Columns that a unique or exclusion index is made of in any way, by an expression or a
    /// predicate too.
    pub conflicting: Vec<i16>,
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

    /// Whether a row can be turned away for what another row has in this column.
    pub fn can_conflict(&self, number: i16) -> bool {
        self.primary_key.contains(&number)
            || self.unique.iter().any(|key| key.contains(&number))
            || self.conflicting.contains(&number)
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
    pub source: Source,
}

/// `pg_type.typtype`, composite types apart: those are relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    Base,
    Domain,
    Enum,
    Range,
    Multirange,
}

/// A type that is not built in. A cast to it may run its input function or a domain's check.
#[derive(Clone, Debug)]
pub struct UserType {
    pub name: QualifiedName,
    pub kind: TypeKind,
    pub extension: Option<Name>,
}

/// An operator that is not built in, by its symbol; it may be found before the built-in one.
#[derive(Clone, Debug)]
pub struct UserOperator {
    pub name: QualifiedName,
    /// The function it runs.
    pub function: QualifiedName,
    pub language: Name,
    pub volatility: Volatility,
    pub extension: Option<Name>,
}

/// A cast that is not built in and runs a function; it may be applied without being written.
#[derive(Clone, Debug)]
pub struct UserCast {
    pub source: QualifiedName,
    pub target: QualifiedName,
    /// The function it runs.
    pub function: QualifiedName,
    pub extension: Option<Name>,
}

/// All names of one database at one moment.
///
/// Cheap to clone. A session's own relations lie over the shared ones (`with_relations`).
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Server major version: 15.
    pub major: u32,
    /// Grows with every change the proxy notices.
    pub epoch: u64,
    shared: Arc<Relations>,
    own: Option<Arc<Relations>>,
    rest: Arc<Rest>,
}

#[derive(Clone, Debug, Default)]
struct Relations {
    by_id: BTreeMap<RelationId, Relation>,
    by_name: HashMap<QualifiedName, RelationId>,
}

/// What is not a relation.
#[derive(Clone, Debug, Default)]
struct Rest {
    functions: HashMap<Name, Vec<Function>>,
    operators: HashMap<Name, Vec<UserOperator>>,
    types: HashMap<Name, Vec<UserType>>,
    casts: Vec<UserCast>,
    derived: BTreeMap<RelationId, Derived>,
    code: BTreeMap<RelationId, TableCode>,
    domain_checks: BTreeMap<QualifiedName, Vec<String>>,
    /// Schemas, including those without relations.
    schemas: Vec<Name>,
}

impl Relations {
    fn new(relations: Vec<Relation>) -> Relations {
        Relations {
            by_name: relations.iter().map(|r| (r.name.clone(), r.id)).collect(),
            by_id: relations.into_iter().map(|r| (r.id, r)).collect(),
        }
    }
}

impl Catalog {
    pub fn new(
        major: u32,
        epoch: u64,
        relations: Vec<Relation>,
        functions: Vec<Function>,
        schemas: Vec<Name>,
    ) -> Catalog {
        let functions = by_name(functions, |f| &f.name.name);
        let rest = Rest { functions, schemas, ..Rest::default() };
        let shared = Arc::new(Relations::new(relations));
        Catalog { major, epoch, shared, own: None, rest: Arc::new(rest) }
    }

    /// Adds operators that are not built in.
    pub fn add_operators(&mut self, operators: Vec<UserOperator>) {
        Arc::make_mut(&mut self.rest).operators = by_name(operators, |o| &o.name.name);
    }

    /// Adds types that are not built in.
    pub fn add_types(&mut self, types: Vec<UserType>) {
        Arc::make_mut(&mut self.rest).types = by_name(types, |t| &t.name.name);
    }

    /// Adds casts that are not built in.
    pub fn add_casts(&mut self, casts: Vec<UserCast>) {
        Arc::make_mut(&mut self.rest).casts = casts;
    }

    /// Adds the labels of derived tables.
    pub fn add_derived(&mut self, derived: BTreeMap<RelationId, Derived>) {
        Arc::make_mut(&mut self.rest).derived = derived;
    }

    /// Adds what writes set off, and the checks of domains: each domain's own and those of the
    /// domains it is over.
    pub fn add_code(
        &mut self,
        code: BTreeMap<RelationId, TableCode>,
        domain_checks: BTreeMap<QualifiedName, Vec<String>>,
    ) {
        let rest = Arc::make_mut(&mut self.rest);
        (rest.code, rest.domain_checks) = (code, domain_checks);
    }

    /// What runs when rows of a table are written.
    pub fn code_of(&self, id: RelationId) -> Option<&TableCode> {
        self.rest.code.get(&id)
    }

    pub fn code(&self) -> impl Iterator<Item = (RelationId, &TableCode)> {
        self.rest.code.iter().map(|(id, code)| (*id, code))
    }

    /// Domains with checks.
    pub fn domain_checks(&self) -> &BTreeMap<QualifiedName, Vec<String>> {
        &self.rest.domain_checks
    }

    /// The labels of a table that was made from governed data.
    pub fn derived(&self, id: RelationId) -> Option<&Derived> {
        self.rest.derived.get(&id)
    }

    /// Whether the database has a place for labels.
    pub fn keeps_labels(&self) -> bool {
        self.by_name(&label_table()).is_some()
    }

    /// The same names with a session's own relations over them. An id or name that both have is
    /// the session's. Costs nothing that grows with the shared names.
    #[must_use]
    pub fn with_relations(&self, own: Vec<Relation>) -> Catalog {
        Catalog { own: Some(Arc::new(Relations::new(own))), ..self.clone() }
    }

    pub fn relation(&self, id: RelationId) -> Option<&Relation> {
        let own = self.own.as_ref().and_then(|own| own.by_id.get(&id));
        own.or_else(|| self.shared.by_id.get(&id))
    }

    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        let own = self.own.as_deref();
        let shared = self.shared.by_id.values();
        let shared = shared.filter(move |r| own.is_none_or(|o| !o.by_id.contains_key(&r.id)));
        own.into_iter().flat_map(|o| o.by_id.values()).chain(shared)
    }

    pub fn by_name(&self, name: &QualifiedName) -> Option<&Relation> {
        let own = self.own.as_ref().and_then(|own| own.by_name.get(name));
        let id = own.or_else(|| self.shared.by_name.get(name))?;
        self.relation(*id).filter(|r| r.name == *name)
    }

    /// An unqualified name, in the first schema of the path that has it.
    pub fn on_path(&self, path: &SearchPath, name: &Name) -> Option<&Relation> {
        path.0.iter().find_map(|schema| {
            self.by_name(&QualifiedName { schema: schema.clone(), name: name.clone() })
        })
    }

    /// A name with its schema, as it is written: `pg_temp` is the session's own.
    pub fn written(&self, path: &SearchPath, name: &QualifiedName) -> Option<&Relation> {
        if name.schema.as_str() != "pg_temp" {
            return self.by_name(name);
        }
        let own = path.0.iter().find(|schema| schema.as_str().starts_with("pg_temp_"))?;
        self.by_name(&QualifiedName { schema: own.clone(), name: name.name.clone() })
    }

    /// Functions that are not built in and have this name, in any schema.
    pub fn functions_named(&self, name: &Name) -> &[Function] {
        self.rest.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// All functions that are not built in.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.rest.functions.values().flatten()
    }

    /// Operators that are not built in and have this symbol, in any schema.
    pub fn operators_named(&self, symbol: &str) -> &[UserOperator] {
        self.rest.operators.get(&Name::new(symbol)).map_or(&[], Vec::as_slice)
    }

    /// Types that are not built in and have this name, in any schema. Composite types and row
    /// types are found as relations.
    pub fn types_named(&self, name: &Name) -> &[UserType] {
        self.rest.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// Casts that are not built in and run a function.
    pub fn user_casts(&self) -> &[UserCast] {
        &self.rest.casts
    }

    pub fn has_schema(&self, name: &Name) -> bool {
        self.rest.schemas.contains(name)
    }

    pub fn schemas(&self) -> &[Name] {
        &self.rest.schemas
    }
}

fn by_name<T>(items: Vec<T>, name: impl Fn(&T) -> &Name) -> HashMap<Name, Vec<T>> {
    let mut grouped: HashMap<Name, Vec<T>> = HashMap::new();
    for item in items {
        grouped.entry(name(&item).clone()).or_default().push(item);
    }
    grouped
}
