//! What resolving has found out: sites, references, targets, and what else the rewriter asks for.

use std::collections::BTreeSet;

use super::Sites;
use super::pins::Pin;
use crate::model::access::SearchPath;
use crate::model::names::{Name, RelationId};
use crate::model::usage::{SiteColumn, SiteId, Uses};
use crate::sql::scope::Lineage;
use crate::sql::tokens::TokenRange;
use crate::sql::tree::{Matched, Path, Place};

/// One reference to a relation, as the rewriter needs it. Same index as in `Uses::sites`.
#[derive(Clone, Debug)]
pub struct Site {
    pub relation: RelationId,
    /// What is replaced when the site is: name and `ONLY`, alias not included.
    pub range: TokenRange,
    pub only: bool,
    /// The name it is known by in its query.
    pub name: Name,
    pub aliased: bool,
    /// An alias that renames columns counts them: none may be left out.
    pub renamed: bool,
    pub sampled: bool,
    /// Read through `*`, a whole row or NATURAL: no column may be added.
    pub whole: bool,
    /// Its name is used as a value.
    pub row_value: bool,
}

/// A column of a site, where it is written.
#[derive(Clone, Debug)]
pub struct ColumnRef {
    pub column: SiteColumn,
    pub path: Path,
    /// The whole entry of a RETURNING list: its name would be lost with it.
    pub bare_item: bool,
    /// The level it is read at.
    pub level: usize,
}

/// The name of a site where it is written as a value: its whole row.
#[derive(Clone, Debug)]
pub struct RowRef {
    pub site: SiteId,
    pub path: Path,
    /// The whole entry of a select list: its name would be lost with it.
    pub bare_item: bool,
    /// The row may be missing: the value is then NULL, not a row of NULL.
    pub nullable: bool,
}

/// A `*` in a RETURNING list.
#[derive(Clone, Debug)]
pub struct StarRef {
    pub range: TokenRange,
    pub site: SiteId,
}

/// A call of a function.
#[derive(Clone, Debug)]
pub struct CallRef {
    pub path: Path,
    /// Its arguments are constants.
    pub constant: bool,
    /// The argument is a whole row: the name may be that of a column.
    pub whole_row: bool,
    /// The first argument, where it is a constant or a column pinned to one.
    pub first: Option<FirstArgument>,
}

/// What the first argument of a call is.
#[derive(Clone, Copy, Debug)]
pub enum FirstArgument {
    Constant(Place),
    Column(SiteColumn),
}

/// `column = constant` or `column IN (constant)` as a top-level conjunct.
#[derive(Clone, Debug)]
pub struct Probe {
    pub column: SiteColumn,
    pub range: TokenRange,
    pub constant: Place,
    /// The constant with its cast.
    pub value: TokenRange,
}

/// A top-level conjunct that compares one column with what is settled: it may as well be asked
/// before the rows are filtered.
#[derive(Clone, Debug)]
pub struct Conjunct {
    pub column: SiteColumn,
    /// The column, with which it begins.
    pub path: TokenRange,
    pub range: TokenRange,
    /// What may raise an error in it, of whatever row it is asked: without a column, and the same
    /// for all of them.
    pub ahead: Vec<TokenRange>,
}

/// A GROUP BY of plain expressions.
#[derive(Clone, Debug)]
pub struct Grouping {
    pub level: usize,
    pub keyword: Place,
    pub columns: BTreeSet<SiteColumn>,
}

/// The target of a write.
#[derive(Clone, Debug)]
pub struct Target {
    pub site: SiteId,
    /// INSERT, UPDATE, DELETE
    pub keyword: Place,
    /// INSERT … ON CONFLICT DO UPDATE
    pub upsert: bool,
    /// The clauses of MERGE.
    pub whens: Vec<(Place, Matched)>,
    /// The cursor of WHERE CURRENT OF.
    pub cursor: Option<Place>,
}

impl Target {
    pub fn new(site: SiteId, keyword: Place) -> Target {
        Target { site, keyword, upsert: false, whens: Vec::new(), cursor: None }
    }
}

/// All that resolving has found out.
#[derive(Debug, Default)]
pub struct Resolution {
    pub sites: Vec<Site>,
    pub uses: Uses,
    pub refs: Vec<ColumnRef>,
    pub stars: Vec<StarRef>,
    pub rows: Vec<RowRef>,
    pub calls: Vec<CallRef>,
    pub probes: Vec<Probe>,
    pub conjuncts: Vec<Conjunct>,
    /// Values that columns are held to.
    pub pins: Vec<Pin>,
    pub groupings: Vec<Grouping>,
    pub targets: Vec<Target>,
    /// Base columns that decide which rows there are: filters, joins, groups, sort keys.
    pub conditions: BTreeSet<SiteColumn>,
    /// Tokens that some name of the statement accounts for.
    pub claimed: BTreeSet<Place>,
    /// Columns used, below the outermost select list, by something that can raise an error or
    /// tell a value before a row filter is applied.
    pub noisy: BTreeSet<SiteColumn>,
    /// Sites of whose hidden rows nothing of that kind can tell, as each of them sees NULL there.
    pub unheard: Sites,
    /// Columns only compared there: as quiet as their type's comparison, and as the statement.
    pub compared: BTreeSet<SiteColumn>,
    /// What was found out hangs on what a literal says.
    pub by_literal: bool,
    /// An output stands for any number of columns.
    pub unsure: bool,
    /// Lineage of each output column.
    pub outputs: Vec<(Name, Lineage)>,
}

/// How names and parameters of a statement are read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub path: &'a SearchPath,
    /// Parameters have types that the client declared, whatever they are cast to.
    pub types_declared: bool,
}

impl<'a> Reader<'a> {
    pub fn new(path: &'a SearchPath) -> Reader<'a> {
        Reader { path, types_declared: false }
    }
}
