//! Whose rows a statement touches: for the audit trail, which is to say who read a person's data.
//! Nothing is decided by it.

use std::collections::BTreeSet;

use super::persons::Groups;
use crate::catalog::Catalog;
use crate::model::person::IdKind;
use crate::model::ruling::{ColumnRuling, Decision, RelationClass, SubjectPath};
use crate::model::usage::{SiteColumn, SiteId, Uses};
use crate::policy::bind::BoundRuleset;

/// A site that holds data of people.
#[derive(Clone, Debug)]
pub struct Whose {
    pub site: SiteId,
    /// Columns of the statement that are the id of the person of each of its rows. Empty: no
    /// column of the statement is.
    pub columns: BTreeSet<SiteColumn>,
}

impl BoundRuleset {
    /// The sites with data of people, and where their ids are.
    pub fn whose(&self, uses: &Uses, decision: &Decision, catalog: &Catalog) -> Vec<Whose> {
        let sites = decision.sites.iter().enumerate();
        let governed = sites.filter(|(_, site)| site.class == RelationClass::Governed);
        let sites: Vec<SiteId> = governed.map(|(at, _)| SiteId(at)).collect();
        if sites.is_empty() {
            return Vec::new();
        }
        let groups = groups(uses, decision);
        let all = |site: SiteId| {
            let columns = self.person_columns(site, uses, (&groups, catalog));
            Whose { site, columns: columns.unwrap_or_default() }
        };
        sites.into_iter().map(all).collect()
    }

    /// How people's ids are told apart; `None`: the database does not say, or not by a text.
    pub fn id_kind(&self, catalog: &Catalog) -> Option<IdKind> {
        let people = self.people();
        let table = catalog.by_name(people.table.as_ref()?)?;
        IdKind::of(&table.column(people.id.as_ref()?)?.base_type)
    }

    /// Follows the keys on the way to the person as far as the statement joins them.
    fn person_columns(
        &self,
        site: SiteId,
        uses: &Uses,
        (groups, catalog): (&Groups, &Catalog),
    ) -> Option<BTreeSet<SiteColumn>> {
        let relation = self.relations.get(&uses.sites.get(site.0)?.relation)?;
        let SubjectPath { steps, .. } = relation.subject.as_ref()?;
        let mut at = SiteColumn { site, number: relation.subject_column? };
        for step in steps {
            let joined = members(uses, groups, at).into_iter().find_map(|column| {
                let use_ = uses.sites.get(column.site.0)?;
                let over = self.relations.get(&use_.relation)?;
                let whose = over.subject.as_ref()?;
                let fits = over.name == step.table && whose.column == step.next;
                let next = fits.then_some(over.subject_column?)?;
                let key = catalog.by_name(&step.table)?.column(&step.key)?;
                (key.number == column.number)
                    .then_some(SiteColumn { site: column.site, number: next })
            });
            at = joined?;
        }
        Some(members(uses, groups, at))
    }
}

/// Columns that hold one value, where comparisons see the value itself.
fn groups(uses: &Uses, decision: &Decision) -> Groups {
    let mut groups = Groups::default();
    for (left, right) in &uses.equated {
        if clear(decision, *left) && clear(decision, *right) {
            groups.join(*left, *right);
        }
    }
    groups
}

fn clear(decision: &Decision, column: SiteColumn) -> bool {
    decision
        .sites
        .get(column.site.0)
        .is_some_and(|site| site.columns.get(&column.number).is_none_or(ColumnRuling::shows_value))
}

/// Every column that has the value of `column`, here or in the queries round it.
fn members(uses: &Uses, groups: &Groups, column: SiteColumn) -> BTreeSet<SiteColumn> {
    let mut roots = BTreeSet::from([groups.root(column)]);
    loop {
        let before = roots.len();
        for (inner, outer) in &uses.follows {
            if roots.contains(&groups.root(*inner)) {
                roots.insert(groups.root(*outer));
            }
        }
        if roots.len() == before {
            break;
        }
    }
    let known = uses.equated.iter().flat_map(|(a, b)| [*a, *b]);
    let known = known.chain(uses.follows.iter().map(|(_, outer)| *outer)).chain([column]);
    known.filter(|column| roots.contains(&groups.root(*column))).collect()
}
