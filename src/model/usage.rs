//! What a statement does to which columns: the only thing the rules are asked about.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{ColumnId, RelationId};

/// Index of a site in `Uses::sites`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(pub usize);

/// A column of a site: `(site, pg_attribute.attnum)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteColumn {
    pub site: SiteId,
    pub number: i16,
}

/// How a site's relation is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SiteAccess {
    /// FROM, USING, COPY … TO
    Read,
    /// INSERT, COPY … FROM
    Insert,
    Update,
    Delete,
    /// MERGE … INTO
    Merge,
}

/// One reference to a relation.
#[derive(Clone, Debug)]
pub struct SiteUse {
    pub relation: RelationId,
    pub access: SiteAccess,
    /// Columns whose value is read, other than in a lookup. Includes those of stars and whole rows.
    pub read: BTreeSet<i16>,
    /// Columns that get a value from the statement.
    pub written: BTreeSet<i16>,
    /// Columns compared with one constant or parameter in a top-level conjunct
    /// (`column = constant`), which a purpose may open.
    pub lookup: BTreeSet<i16>,
}

/// Raw flow of a value: from a column that is read to a column that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    pub from: SiteColumn,
    pub to: SiteColumn,
    /// The value itself, not something made of it.
    pub is_direct: bool,
}

/// A column of the result and the columns it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub name: String,
    pub from: BTreeSet<SiteColumn>,
}

/// All uses of one statement.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    pub sites: Vec<SiteUse>,
    /// Columns pinned to one constant or parameter by a top-level conjunct of WHERE.
    pub pinned: BTreeSet<SiteColumn>,
    /// Pairs of columns equated by a top-level conjunct of WHERE or of an inner join's ON/USING.
    pub equated: BTreeSet<(SiteColumn, SiteColumn)>,
    /// A column and one of a query further out that a top-level conjunct equates it with: within
    /// its query the first is the second; the second is not held by it.
    pub follows: BTreeSet<(SiteColumn, SiteColumn)>,
    pub flows: BTreeSet<Flow>,
    pub outputs: Vec<Output>,
    pub statistics: Statistics,
}

/// What a column that may be used only inside aggregates is judged by.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Columns that are the whole argument of an aggregate in the query whose FROM holds them.
    pub summed: BTreeSet<SiteColumn>,
    /// Columns named in any other way, but by a star or a comparison of `joined`.
    pub loose: BTreeSet<SiteColumn>,
    /// Pairs of columns of one FROM that a join or a filter compares by `=`.
    pub joined: BTreeSet<(SiteColumn, SiteColumn)>,
    /// Sites read through `*` or as a whole row.
    pub whole: BTreeSet<SiteId>,
    /// Sites of which ONLY or TABLESAMPLE takes a part.
    pub partial: BTreeSet<SiteId>,
    /// A function is called that may choose rows by something else than their values.
    pub unsteady: bool,
}

/// What a view's text does, worked out once when the catalog is loaded.
#[derive(Clone, Debug, Default)]
pub struct ViewLineage {
    /// For each column of the view, the base columns (of tables) its value is made of.
    pub columns: BTreeMap<i16, BTreeSet<ColumnId>>,
    /// Columns of the view that are a base column unchanged, and which.
    pub direct: BTreeMap<i16, ColumnId>,
    /// Base columns that decide which rows the view has: its filters, joins, groups, limits.
    pub conditions: BTreeSet<ColumnId>,
    /// Tables read, directly or through other views.
    pub reads: BTreeSet<RelationId>,
    /// Those of `reads` that are read more than once: a row may then speak of several people.
    pub repeated: BTreeSet<RelationId>,
    /// The text could not be analysed: it may read anything.
    pub opaque: Option<String>,
}
