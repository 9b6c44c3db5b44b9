//! What a result may show of which columns: what the row description that comes back is held
//! against before the first row, and what it is completed from.
//!
//! Worked out from the decision, not from the text that is forwarded: so a fault in the rewriting
//! is seen by what it lets through.

use std::collections::{BTreeMap, BTreeSet};

use super::text::Context;
use crate::model::names::{ColumnId, Name, RelationId};
use crate::model::ruling::{ColumnRuling, Decision, RelationClass};
use crate::model::usage::{SiteColumn, SiteUse};
use crate::sql::resolve::Resolution;
use crate::sql::rewrite::Rewrite;

/// A column of a result: its name and, where it is that of a relation, its type.
pub type Shape = (Name, Option<String>);

/// What a result may show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultColumns {
    /// By relation that the statement names.
    pub shown: BTreeMap<RelationId, Shown>,
    /// For each column of the result, the column it shows behind a guard and unchanged. The server
    /// sees an expression there; a client is told what it would be told without us.
    pub behind: Vec<Option<ColumnId>>,
    /// `None`: it is not known how many columns there are.
    pub shape: Option<Vec<Shape>>,
    /// The rules observe: nothing is stopped.
    pub observed: bool,
}

impl ResultColumns {
    /// Whether a statement prepared before would give columns of other names, types or number.
    pub fn changes(&self, before: &ResultColumns) -> bool {
        match (&self.shape, &before.shape) {
            (Some(now), Some(before)) => {
                let alike = |a: &Shape, b: &Shape| {
                    a.0 == b.0 && (a.1 == b.1 || a.1.is_none() || b.1.is_none())
                };
                let differ = now.iter().zip(before).any(|(now, before)| !alike(now, before));
                now.len() != before.len() || differ
            }
            _ => false,
        }
    }

    /// Of what is forwarded whatever the rules say.
    pub fn observed() -> ResultColumns {
        ResultColumns { observed: true, ..ResultColumns::default() }
    }
}

/// Which columns of a relation a result may show as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    All,
    Only(BTreeSet<i16>),
}

impl Shown {
    /// Number 0 is the whole row.
    pub fn holds(&self, number: i16) -> bool {
        match self {
            Shown::All => true,
            Shown::Only(numbers) => numbers.contains(&number),
        }
    }

    fn join(&mut self, other: Shown) {
        match (self, other) {
            (Shown::All, _) => {}
            (Shown::Only(numbers), Shown::Only(more)) => numbers.extend(more),
            (own, Shown::All) => *own = Shown::All,
        }
    }
}

/// The result of a statement that is forwarded.
pub fn of(
    context: &Context<'_>,
    resolution: &Resolution,
    decision: &Decision,
    rewrite: &Rewrite,
) -> ResultColumns {
    let mut shown: BTreeMap<RelationId, Shown> = BTreeMap::new();
    for (site, used) in decision.sites.iter().zip(&resolution.uses.sites) {
        let of_site = match site.class {
            RelationClass::Plain | RelationClass::System | RelationClass::NotCovered => Shown::All,
            RelationClass::Internal => Shown::Only(BTreeSet::new()),
            RelationClass::Governed => {
                let open =
                    |number: &i16| site.columns.get(number).is_none_or(ColumnRuling::is_open);
                let mut numbers: BTreeSet<i16> = read(used).filter(open).collect();
                let whole = context.world.catalog.relation(site.relation);
                let whole = whole.is_some_and(|r| {
                    r.columns.iter().all(|column| numbers.contains(&column.number))
                });
                if whole {
                    numbers.insert(0);
                }
                Shown::Only(numbers)
            }
        };
        match shown.get_mut(&site.relation) {
            Some(known) => known.join(of_site),
            None => {
                shown.insert(site.relation, of_site);
            }
        }
    }
    let restricted = |at: &SiteColumn| rewrite.restricted.contains(&at.site);
    let behind = |at: Option<SiteColumn>| guarded(decision, at.filter(restricted)?);
    let behind = resolution.direct_outputs().map(behind).collect();
    let shape = (!resolution.unsure).then(|| shape(context, resolution));
    ResultColumns { shown, behind, shape, observed: decision.observe }
}

fn shape(context: &Context<'_>, resolution: &Resolution) -> Vec<Shape> {
    let type_of = |at: SiteColumn| {
        let site = resolution.sites.get(at.site.0)?;
        let relation = context.world.catalog.relation(site.relation)?;
        relation.column_number(at.number).map(|column| column.type_sql.clone())
    };
    let named = resolution.outputs.iter().zip(resolution.direct_outputs());
    named.map(|((name, _), direct)| (name.clone(), direct.and_then(type_of))).collect()
}

fn read(used: &SiteUse) -> impl Iterator<Item = i16> {
    used.read.iter().chain(&used.lookup).copied()
}

/// The column of a site, if its value is shown to whom it is shown as it is.
fn guarded(decision: &Decision, at: SiteColumn) -> Option<ColumnId> {
    let site = decision.sites.get(at.site.0)?;
    let ruling = site.columns.get(&at.number);
    let raw = ruling.is_none_or(ColumnRuling::shows_value);
    raw.then_some(ColumnId { relation: site.relation, number: at.number })
}
