//! `aggregate`: a column that may be used only inside aggregates over a number of people.
//!
//! People are divided into cells by the `groups` of the purpose, on the way from the row to the
//! person: always the same cells for a table, whatever is asked. Which rows a query takes, and how
//! it groups them, may depend on those columns alone. So each answer is about whole cells, and so
//! is what any two answers differ by.

use std::collections::{BTreeMap, BTreeSet};

use super::aggregate_texts::{self as texts, Why};
use super::exceptions::Exceptions;
use super::site::SiteDraft;
use super::statement::Question;
use super::versions;
use crate::catalog::RelationKind;
use crate::model::limits::{Cells, Dimension};
use crate::model::names::{Name, RelationId};
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, Condition};
use crate::model::usage::{SiteAccess, SiteColumn, SiteId, SiteUse};
use crate::policy::bind::BoundRelation;

type Drafts<'d> = [Option<SiteDraft<'d>>];

/// Opens columns to the aggregates that may see them; refuses other uses of them.
pub fn check<'d>(
    q: &Question<'d>,
    exceptions: &Exceptions<'d>,
    drafts: &mut Drafts<'d>,
    refusals: &mut Vec<Refusal>,
) {
    for index in 0..drafts.len() {
        let Some(draft) = drafts.get(index).and_then(Option::as_ref) else { continue };
        let summed = match summed(q, SiteId(index), draft) {
            Ok(summed) if summed.is_empty() => continue,
            Ok(summed) => summed,
            Err(refusal) => {
                refusals.push(*refusal);
                continue;
            }
        };
        match judge(q, exceptions, drafts, SiteId(index)) {
            Err(refusal) => refusals.push(*refusal),
            Ok((cells, conditions)) => {
                let Some(draft) = drafts.get_mut(index).and_then(Option::as_mut) else { continue };
                draft.cells = Some(cells);
                draft.row_conditions.extend(conditions);
                for (number, column) in &mut draft.columns {
                    column.aggregated = summed.contains(number);
                }
            }
        }
    }
}

/// The columns of a site that stand inside aggregates and may stand nowhere else.
fn summed(
    q: &Question<'_>,
    site: SiteId,
    draft: &SiteDraft<'_>,
) -> Result<BTreeSet<i16>, Box<Refusal>> {
    let used = &q.uses.statistics;
    let mut summed = BTreeSet::new();
    for (number, column) in &draft.columns {
        let at = SiteColumn { site, number: *number };
        if column.word() != Action::Aggregate {
            continue;
        }
        let joined = used.joined.iter().any(|(a, b)| *a == at || *b == at);
        if used.loose.contains(&at) || joined {
            return Err(Box::new(texts::only_inside(q, draft, *number)));
        }
        if used.summed.contains(&at) {
            summed.insert(*number);
        }
    }
    Ok(summed)
}

/// One table on the way to the person: the column that leads on, and the key it is reached by.
struct Stop<'d> {
    relation: &'d BoundRelation,
    id: RelationId,
    onward: Option<i16>,
    key: Option<i16>,
}

/// The way from a site's rows to the table of people, both included.
fn way<'d>(q: &Question<'d>, draft: &SiteDraft<'d>) -> Option<Vec<Stop<'d>>> {
    let path = draft.relation.subject.as_ref()?;
    let stop = |name: &_, onward: Option<&Name>, key: Option<&Name>| {
        let own = q.catalog.by_name(name)?;
        let number = |name: &Name| own.columns.iter().find(|c| c.name == *name).map(|c| c.number);
        Some(Stop {
            relation: q.bound.relations.get(&own.id)?,
            id: own.id,
            onward: onward.map(number).unwrap_or_default(),
            key: key.map(number).unwrap_or_default(),
        })
    };
    let mut stops = vec![stop(&draft.relation.name, Some(&path.column), None)?];
    for step in &path.steps {
        stops.push(stop(&step.table, Some(&step.next), Some(&step.key))?);
    }
    if !path.is_people {
        let people = q.bound.people();
        stops.push(stop(people.table.as_ref()?, None, Some(people.id.as_ref()?))?);
    }
    Some(stops)
}

/// The cells of a site, and what must hold of the people in them.
fn judge<'d>(
    q: &Question<'d>,
    exceptions: &Exceptions<'d>,
    drafts: &Drafts<'d>,
    site: SiteId,
) -> Result<(Cells, BTreeSet<Condition>), Box<Refusal>> {
    let Some(draft) = drafts.get(site.0).and_then(Option::as_ref) else {
        return Err(Box::new(texts::unseen()));
    };
    let refuse = |why: Why| Err(Box::new(texts::refused(q, draft, why)));
    let Some(min_people) = draft.meant.min_group else { return refuse(Why::NoSize) };
    let whole_table = q.catalog.relation(draft.use_.relation).is_some_and(|relation| {
        let table = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
        table && relation.parents.is_empty()
    });
    if draft.use_.access != SiteAccess::Read || draft.relation.view.is_some() || !whole_table {
        return refuse(Why::NoTable);
    }
    let Some(stops) = way(q, draft) else { return refuse(Why::NoPerson) };
    if q.uses.statistics.unsteady {
        return refuse(Why::Unsteady);
    }
    let (levels, conditions) = levels(q, exceptions, &stops);
    let mut level_of = BTreeMap::new();
    for (level, dimensions) in levels.iter().enumerate() {
        // INVARIANT: dimensions are columns of stops of the way.
        let named = dimensions.iter().map(|d| ((stops[d.steps].id, d.column), level));
        level_of.extend(named);
    }
    let mut told = 0;
    let rows = &draft.row_conditions | &conditions;
    let connected = Connected::of(q, site, &stops);
    for (at, stop) in &connected.sites {
        let Some(part) = drafts.get(at.0).and_then(Option::as_ref) else {
            return refuse(Why::NoTable);
        };
        if is_partial(q, *at) || *stop > 0 && !part.row_conditions.is_subset(&rows) {
            return refuse(Why::Partial);
        }
        for number in connected.chosen_by(*at) {
            match level_of.get(&(part.use_.relation, number)) {
                Some(level) => told = told.max(level + 1),
                None => return Err(Box::new(texts::not_a_group(q, draft, (part, number)))),
            }
        }
    }
    Ok((Cells { min_people, levels, told }, conditions))
}

/// Whether not all rows of a site are looked at, or all its columns are.
fn is_partial(q: &Question<'_>, site: SiteId) -> bool {
    let used = &q.uses.statistics;
    used.partial.contains(&site) || used.whole.contains(&site)
}

/// Sites that are joined to a site along the way to its person, each with the stop it is.
struct Connected<'c> {
    q: &'c Question<'c>,
    stops: &'c [Stop<'c>],
    sites: BTreeMap<SiteId, usize>,
}

impl<'c> Connected<'c> {
    fn of(q: &'c Question<'c>, site: SiteId, stops: &'c [Stop<'c>]) -> Connected<'c> {
        let mut connected = Connected { q, stops, sites: BTreeMap::from([(site, 0)]) };
        while let Some((site, stop)) = connected.next() {
            connected.sites.insert(site, stop);
        }
        connected
    }

    fn next(&self) -> Option<(SiteId, usize)> {
        let pairs = self.q.uses.statistics.joined.iter();
        pairs.flat_map(|(a, b)| [(*a, *b), (*b, *a)]).find_map(|(from, to)| {
            let stop = *self.sites.get(&from.site)?;
            let new = !self.sites.contains_key(&to.site) && self.leads(from, to);
            new.then_some((to.site, stop + 1))
        })
    }

    /// Whether an equality leads from a stop to the next.
    fn leads(&self, from: SiteColumn, to: SiteColumn) -> bool {
        let Some(stop) = self.sites.get(&from.site) else { return false };
        let (here, next) = (self.stops.get(*stop), self.stops.get(*stop + 1));
        let relation = self.q.uses.sites.get(to.site.0).map(|use_| use_.relation);
        here.is_some_and(|here| here.onward == Some(from.number))
            && next.is_some_and(|next| next.key == Some(to.number) && relation == Some(next.id))
            && self.sites.get(&to.site).is_none_or(|at| *at == stop + 1)
    }

    /// Columns of a site that decide which of its rows are taken, and how often: those used
    /// loosely, and those of joins that do not lead along the way.
    fn chosen_by(&self, at: SiteId) -> BTreeSet<i16> {
        let used = &self.q.uses.statistics;
        let mut chosen: BTreeSet<i16> =
            used.loose.iter().filter(|c| c.site == at).map(|c| c.number).collect();
        for (a, b) in used.joined.iter().filter(|(a, b)| !self.leads(*a, *b) && !self.leads(*b, *a))
        {
            chosen.extend([a, b].into_iter().filter(|c| c.site == at).map(|c| c.number));
        }
        chosen
    }
}

/// The dimensions of cells by level, and what is asked of people where they are looked at.
fn levels<'d>(
    q: &Question<'d>,
    exceptions: &Exceptions<'d>,
    stops: &[Stop<'d>],
) -> (Vec<Vec<Dimension>>, BTreeSet<Condition>) {
    // INVARIANT: the way has its first stop.
    let groups = &q.meant(stops[0].relation).groups;
    let mut levels: Vec<Vec<Dimension>> = vec![Vec::new(); groups.len()];
    let mut conditions = BTreeSet::new();
    for (steps, stop) in stops.iter().enumerate() {
        let level = |categories: &BTreeSet<usize>| {
            let level = |category: &usize| {
                groups.iter().position(|group| q.rules.categories.covers(*group, *category))
            };
            // Every category is one of the groups; the finest of them counts.
            categories.iter().map(level).collect::<Option<Vec<_>>>()?.into_iter().max()
        };
        let labels = stop.relation.columns.iter();
        let columns: BTreeMap<i16, usize> = labels
            .filter(|(_, bound)| is_told_apart(bound.type_category))
            .filter_map(|(number, bound)| Some((*number, level(&bound.categories)?)))
            .collect();
        let use_ = SiteUse {
            relation: stop.id,
            access: SiteAccess::Read,
            read: columns.keys().copied().collect(),
            written: BTreeSet::new(),
            lookup: BTreeSet::new(),
        };
        let mut draft = SiteDraft::new(q, &use_, stop.relation);
        exceptions.apply(q, &mut draft);
        for (number, level) in columns {
            let Some(column) = draft.columns.get(&number) else { continue };
            let action = column.action();
            if !matches!(action, Action::Allow | Action::Mask(_)) {
                continue;
            }
            // INVARIANT: a level is a position among the groups.
            levels[level].push(Dimension {
                steps,
                table: stop.relation.name.clone(),
                column: number,
                action,
                before: versions::before(column),
                conditions: column.conditions.iter().cloned().collect(),
            });
        }
        conditions.extend(draft.row_conditions);
    }
    levels.retain(|level| !level.is_empty());
    (levels, conditions)
}

/// Types whose values are told apart by their text: boolean, date and time, enumeration, address,
/// number, string, span of time.
fn is_told_apart(type_category: char) -> bool {
    matches!(type_category, 'B' | 'D' | 'E' | 'I' | 'N' | 'S' | 'T')
}
