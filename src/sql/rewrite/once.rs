//! One guard for sites that are joined on the person: who is asked at one of them need not be asked
//! again at the others.
//!
//! Rows of the others come out only beside a row that was asked. That holds for what the statement
//! gives, not for what it may evaluate on the way: a statement in which anything could raise an
//! error, or act, asks at each site.

use super::{Part, Rewriting, is_quiet_type};
use crate::model::ruling::{ColumnRuling, SiteRuling};
use crate::model::usage::{SiteAccess, SiteColumn, SiteId};
use crate::sql::resolve::Sites;

impl Rewriting<'_> {
    /// Whether another site asks the same people under the same conditions.
    pub(super) fn is_excused(&self, part: &Part<'_>) -> bool {
        if self.users_code || self.resolution.unheard != Sites::ALL {
            return false;
        }
        let Some(own) = self.person(part.id) else { return false };
        let pairs = self.resolution.uses.equated.iter();
        pairs.filter_map(|(a, b)| (*a == own).then_some(*b).or((*b == own).then_some(*a))).any(
            |other| {
                self.person(other.site) == Some(other)
                    && self.rank(other.site) < self.rank(part.id)
                    && self
                        .decision
                        .sites
                        .get(other.site.0)
                        .is_some_and(|ruling| ruling.row_conditions == part.ruling.row_conditions)
            },
        )
    }

    /// The table of people is asked first: no way leads from it to somewhere else.
    fn rank(&self, id: SiteId) -> (bool, SiteId) {
        let subject = self.decision.sites.get(id.0).and_then(|ruling| ruling.subject.as_ref());
        (!subject.is_some_and(|subject| subject.is_people), id)
    }

    /// The column of a site that is read which holds the person's id, as it stands in the table.
    fn person(&self, id: SiteId) -> Option<SiteColumn> {
        let ruling: &SiteRuling = self.decision.sites.get(id.0)?;
        let uses = self.resolution.uses.sites.get(id.0)?;
        let subject = ruling.subject.as_ref().filter(|subject| subject.steps.is_empty())?;
        let relation = self.catalog.relation(uses.relation)?;
        let column = relation.columns.iter().find(|column| column.name == subject.column)?;
        let raw = ruling.columns.get(&column.number).is_none_or(ColumnRuling::is_open);
        (uses.access == SiteAccess::Read && raw && is_quiet_type(column))
            .then_some(SiteColumn { site: id, number: column.number })
    }
}
