//! Names → what they mean in one catalog: sites, reads, writes, lineage.
//!
//! | file | owns |
//! |---|---|
//! | `query` | queries, select lists, common table expressions |
//! | `from` | FROM: relations, sub-selects, functions, joins |
//! | `expr` | expressions, columns, calls |
//! | `filter` | WHERE and ON: what is pinned and equated |
//! | `pins` | to which constants: whose rows are touched |
//! | `quiet` | what can raise an error before a row filter |
//! | `found` | what comes of it |
//! | `dml`, `merge` | targets, assignments, RETURNING |
//! | `statistics` | columns inside aggregates, and all other uses of columns |

mod dml;
mod expr;
mod filter;
mod found;
mod from;
mod merge;
mod pins;
mod query;
mod quiet;
mod statistics;

use std::cell::Cell;
use std::collections::BTreeSet;

use super::scope::{Label, Lineage, ScopeColumn, Tables};
use super::tokens::Tokens;
use super::tree::{Place, Statement};
use crate::catalog::Catalog;
use crate::model::access::SearchPath;
use crate::model::names::Name;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::{Output, SiteAccess, SiteColumn, SiteId, SiteUse};

pub use found::{
    CallRef, ColumnRef, Conjunct, FirstArgument, Grouping, Probe, Reader, Resolution, RowRef, Site,
    StarRef, Target,
};
pub use pins::{MAX_PINNED, Pin, Pinned};
pub use quiet::{AGGREGATES, STRICT_FUNCTIONS, Sites};

pub type Refused<T> = Result<T, Box<Refusal>>;

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
        referred: false,
        levels: Vec::new(),
        nullable: BTreeSet::new(),
        below: Sites::NONE,
        next_level: 0,
        quiet: false,
        rowless: false,
        types_declared: reader.types_declared,
        by_literal: Cell::new(false),
        summing: BTreeSet::new(),
        joining: BTreeSet::new(),
    };
    let outputs = match statement {
        Statement::Query(query) => resolver.outermost(query)?,
        Statement::Dml(dml) => resolver.dml(dml)?,
    };
    let mut out = resolver.out;
    out.by_literal = resolver.by_literal.get();
    out.uses.statistics.unsteady = statistics::is_unsteady(&out, tokens, catalog);
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
    pins: usize,
    conjuncts: usize,
    groupings: usize,
    stars: usize,
    rows: usize,
    targets: usize,
}

/// A common table expression in scope.
#[derive(Clone)]
struct CteScope {
    name: Name,
    columns: Vec<ScopeColumn>,
}

/// The name of a later common table expression, and how many stand outside its list.
#[derive(Clone)]
struct Forward {
    name: Name,
    depth: usize,
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
    forward: Vec<Forward>,
    /// Such a name has been met.
    referred: bool,
    levels: Vec<Level>,
    /// Sites of the side of an outer join that may be missing.
    nullable: BTreeSet<SiteId>,
    /// Sites in the FROM of the innermost query, at any depth.
    below: Sites,
    next_level: usize,
    /// In the outermost select list or what is assigned, evaluated after all filters.
    quiet: bool,
    /// What hangs on no row in the comparison being resolved is worked out ahead.
    rowless: bool,
    /// The client says itself what types parameters have.
    types_declared: bool,
    /// Something was taken to be quiet for what a literal says.
    by_literal: Cell<bool>,
    /// Where columns stand as the argument of an aggregate, and where a join compares them.
    summing: BTreeSet<Place>,
    joining: BTreeSet<Place>,
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
            pins: self.out.pins.len(),
            conjuncts: self.out.conjuncts.len(),
            groupings: self.out.groupings.len(),
            stars: self.out.stars.len(),
            rows: self.out.rows.len(),
            targets: self.out.targets.len(),
        }
    }

    /// Forgets sites found since, and all that speaks of them.
    fn rollback(&mut self, to: Checkpoint) {
        self.out.sites.truncate(to.sites);
        self.out.uses.sites.truncate(to.sites);
        self.out.refs.truncate(to.refs);
        self.out.calls.truncate(to.calls);
        self.out.probes.truncate(to.probes);
        self.out.pins.truncate(to.pins);
        self.out.conjuncts.truncate(to.conjuncts);
        self.out.groupings.truncate(to.groupings);
        self.out.stars.truncate(to.stars);
        self.out.rows.truncate(to.rows);
        self.out.targets.truncate(to.targets);
        let known = |column: &SiteColumn| column.site.0 < to.sites;
        self.out.uses.pinned.retain(known);
        self.out.uses.equated.retain(|(a, b)| known(a) && known(b));
        self.out.uses.follows.retain(|(a, b)| known(a) && known(b));
        self.out.conditions.retain(known);
        self.out.noisy.retain(known);
        self.out.compared.retain(known);
        self.nullable.retain(|site| site.0 < to.sites);
        self.forget_statistics(to.sites);
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
        self.out.uses.statistics.whole.insert(id);
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
