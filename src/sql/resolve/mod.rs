//! Names → what they mean in one catalog: sites, reads, writes, lineage.
//!
//! | file | owns |
//! |---|---|
//! | `query` | queries, select lists, common table expressions |
//! | `from` | FROM: relations, sub-selects, functions, joins |
//! | `expr` | expressions, columns, calls |
//! | `filter` | WHERE and ON: what is pinned and equated |
//! | `quiet` | what can raise an error before a row filter |
//! | `dml` | targets, assignments, RETURNING |

mod dml;
mod expr;
mod filter;
mod from;
mod query;
mod quiet;

use std::cell::Cell;
use std::collections::BTreeSet;

use super::scope::{Label, Lineage, ScopeColumn, Tables};
use super::tokens::{TokenRange, Tokens};
use super::tree::{Path, Place, Statement};
use crate::catalog::Catalog;
use crate::model::access::SearchPath;
use crate::model::names::{Name, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::{Output, SiteAccess, SiteColumn, SiteId, SiteUse, Uses};

pub use quiet::{AGGREGATES, STRICT_FUNCTIONS, Sites};

pub type Refused<T> = Result<T, Box<Refusal>>;

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

/// `column = constant` as a top-level conjunct.
#[derive(Clone, Debug)]
pub struct Probe {
    pub column: SiteColumn,
    pub range: TokenRange,
    pub constant: Place,
}

/// A top-level conjunct that compares one column with what is settled: it may as well be asked
/// before the rows are filtered.
#[derive(Clone, Debug)]
pub struct Conjunct {
    pub column: SiteColumn,
    /// The column, with which it begins.
    pub path: TokenRange,
    pub range: TokenRange,
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
}

/// All that resolving has found out.
#[derive(Debug, Default)]
pub struct Resolution {
    pub sites: Vec<Site>,
    pub uses: Uses,
    pub refs: Vec<ColumnRef>,
    pub stars: Vec<StarRef>,
    pub calls: Vec<CallRef>,
    pub probes: Vec<Probe>,
    pub conjuncts: Vec<Conjunct>,
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
    /// MERGE is not rewritten.
    pub merges: bool,
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

/// Resolves one statement.
pub fn resolve(
    statement: &Statement,
    tokens: &Tokens<'_>,
    catalog: &Catalog,
    reader: Reader<'_>,
) -> Refused<Resolution> {
    let mut resolver = Resolver {
        tokens,
        catalog,
        path: reader.path,
        out: Resolution::default(),
        ctes: Vec::new(),
        forward: Vec::new(),
        levels: Vec::new(),
        nullable: BTreeSet::new(),
        below: Sites::NONE,
        next_level: 0,
        quiet: false,
        types_declared: reader.types_declared,
        by_literal: Cell::new(false),
    };
    let outputs = match statement {
        Statement::Query(query) => resolver.outermost(query)?,
        Statement::Dml(dml) => resolver.dml(dml)?,
    };
    let mut out = resolver.out;
    out.by_literal = resolver.by_literal.get();
    out.unsure = outputs.iter().any(|column| column.label == Label::Many);
    out.uses.outputs = outputs
        .iter()
        .map(|column| Output {
            name: column.name.as_str().to_owned(),
            from: column.lineage.columns().into_iter().collect(),
        })
        .collect();
    out.outputs = outputs.into_iter().map(|column| (column.name, column.lineage)).collect();
    Ok(out)
}

struct Checkpoint {
    sites: usize,
    refs: usize,
    calls: usize,
    probes: usize,
    conjuncts: usize,
    groupings: usize,
}

/// A common table expression in scope.
#[derive(Clone)]
struct CteScope {
    name: Name,
    columns: Vec<ScopeColumn>,
}

/// One level of name look-up.
struct Level {
    id: usize,
    tables: Tables,
}

struct Resolver<'a> {
    tokens: &'a Tokens<'a>,
    catalog: &'a Catalog,
    path: &'a SearchPath,
    out: Resolution,
    ctes: Vec<CteScope>,
    /// Names a later common table expression of a WITH RECURSIVE will have.
    forward: Vec<Name>,
    levels: Vec<Level>,
    /// Sites of the side of an outer join that may be missing.
    nullable: BTreeSet<SiteId>,
    /// Sites in the FROM of the innermost query, at any depth.
    below: Sites,
    next_level: usize,
    /// In the outermost select list or what is assigned, evaluated after all filters.
    quiet: bool,
    /// The client says itself what types parameters have.
    types_declared: bool,
    /// Something was taken to be quiet for what a literal says.
    by_literal: Cell<bool>,
}

impl<'a> Resolver<'a> {
    /// The name written at a place, which is thereby accounted for.
    fn claim(&mut self, place: Place) -> Refused<Name> {
        self.out.claimed.insert(place);
        match self.tokens.name(place) {
            Some(name) => Ok(name.clone()),
            None => Err(Box::new(Refusal::new(
                Reason::Internals,
                SqlState::INTERNAL_ERROR,
                "a name was expected and none is there",
            ))),
        }
    }

    fn claim_all(&mut self, places: &[Place]) -> Refused<Vec<Name>> {
        places.iter().map(|place| self.claim(*place)).collect()
    }

    fn with_level<T>(
        &mut self,
        tables: Tables,
        inside: impl FnOnce(&mut Self) -> Refused<T>,
    ) -> Refused<(T, Tables)> {
        let id = self.next_level;
        self.next_level += 1;
        self.levels.push(Level { id, tables });
        let result = inside(self);
        let tables = self.levels.pop().map(|level| level.tables).unwrap_or_default();
        Ok((result?, tables))
    }

    /// How far the resolution has come, to go back to.
    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            sites: self.out.sites.len(),
            refs: self.out.refs.len(),
            calls: self.out.calls.len(),
            probes: self.out.probes.len(),
            conjuncts: self.out.conjuncts.len(),
            groupings: self.out.groupings.len(),
        }
    }

    /// Forgets sites found since, and all that speaks of them.
    fn rollback(&mut self, to: Checkpoint) {
        self.out.sites.truncate(to.sites);
        self.out.uses.sites.truncate(to.sites);
        self.out.refs.truncate(to.refs);
        self.out.calls.truncate(to.calls);
        self.out.probes.truncate(to.probes);
        self.out.conjuncts.truncate(to.conjuncts);
        self.out.groupings.truncate(to.groupings);
        let known = |column: &SiteColumn| column.site.0 < to.sites;
        self.out.uses.pinned.retain(known);
        self.out.uses.equated.retain(|(a, b)| known(a) && known(b));
        self.out.uses.follows.retain(|(a, b)| known(a) && known(b));
        self.out.conditions.retain(known);
        self.out.noisy.retain(known);
        self.out.compared.retain(known);
        self.nullable.retain(|site| site.0 < to.sites);
    }

    fn site(&mut self, id: SiteId) -> Option<&mut SiteUse> {
        self.out.uses.sites.get_mut(id.0)
    }

    fn read(&mut self, lineage: &Lineage) {
        for column in lineage.columns() {
            if let Some(site) = self.site(column.site) {
                site.read.insert(column.number);
            }
        }
    }

    fn add_site(&mut self, site: Site, access: SiteAccess) -> SiteId {
        let id = SiteId(self.out.sites.len());
        self.out.uses.sites.push(SiteUse {
            relation: site.relation,
            access,
            read: BTreeSet::new(),
            written: BTreeSet::new(),
            lookup: BTreeSet::new(),
        });
        self.out.sites.push(site);
        id
    }

    /// Reads every column of a site.
    fn read_whole(&mut self, id: SiteId) {
        if let Some(site) = self.out.sites.get_mut(id.0) {
            site.whole = true;
            if let Some(relation) = self.catalog.relation(site.relation)
                && let Some(site) = self.out.uses.sites.get_mut(id.0)
            {
                site.read.extend(relation.columns.iter().map(|c| c.number));
            }
        }
    }

    fn undefined_column(&self, name: &str, place: Place) -> Box<Refusal> {
        Box::new(
            Refusal::new(
                Reason::UnknownName,
                SqlState::UNDEFINED_COLUMN,
                format!("column {name} does not exist"),
            )
            .at(self.tokens.position(place)),
        )
    }

    fn undefined_table(&self, message: String, place: Place) -> Box<Refusal> {
        Box::new(
            Refusal::new(Reason::UnknownName, SqlState::UNDEFINED_TABLE, message)
                .at(self.tokens.position(place)),
        )
    }
}

/// System columns (manual 5.5) and their numbers.
pub fn system_column(name: &Name) -> Option<i16> {
    Some(match name.as_str() {
        "ctid" => -1,
        "xmin" => -2,
        "cmin" => -3,
        "xmax" => -4,
        "cmax" => -5,
        "tableoid" => -6,
        _ => return None,
    })
}

/// The name of a system column.
pub fn system_column_name(number: i16) -> Option<&'static str> {
    const NAMES: [&str; 6] = ["ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"];
    let index = usize::try_from(-i32::from(number) - 1).ok()?;
    NAMES.get(index).copied()
}
