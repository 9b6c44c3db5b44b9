//! MERGE: what its source and each of its actions read, and what they write.
//!
//! The two sides are joined so that rows of either may come alone: what ON asks holds for neither
//! as a whole, so it pins and equates nothing.

use super::super::scope::{Entry, Tables};
use super::super::tree::*;
use super::dml::direct;
use super::{Refused, Resolver, Target};
use crate::model::usage::SiteAccess;

impl Resolver<'_> {
    pub(super) fn merge(
        &mut self,
        merge: &Merge,
    ) -> Refused<Vec<super::super::scope::ScopeColumn>> {
        let target = self.target(&merge.target, SiteAccess::Merge)?;
        let Some(site) = target.site else { return Ok(Vec::new()) };
        let whens = merge.clauses.iter().map(|when| (when.keyword, when.matched)).collect();
        self.out.targets.push(Target { whens, ..Target::new(site, merge.keyword) });
        let source = self.one_item(&merge.source, &Tables::default())?;
        self.nullable.insert(site);
        self.nullable.extend(source.entries.iter().filter_map(|entry| entry.site));
        let own = Tables::one(target.clone());
        let both = source.clone().beside(own.clone());
        self.with_level(both.clone(), |r| r.filter(&merge.on, false))?;
        for when in &merge.clauses {
            let seen = match when.matched {
                Matched::Both => both.clone(),
                Matched::Source => source.clone(),
                Matched::Target => own.clone(),
            };
            self.with_level(seen, |r| r.when(when, &target))?;
        }
        Ok(self.with_level(both, |r| r.returning(&merge.returning))?.0)
    }

    /// A clause is looked at for rows that the join has left.
    fn when(&mut self, when: &When, target: &Entry) -> Refused<()> {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let result = self.when_quiet(when, target);
        self.quiet = quiet;
        result
    }

    fn when_quiet(&mut self, when: &When, target: &Entry) -> Refused<()> {
        if let Some(condition) = &when.condition {
            let lineage = self.expr(condition)?;
            self.out.conditions.extend(lineage.columns());
        }
        match &when.action {
            Action::Nothing => {}
            Action::Delete => {
                for column in target.columns.iter().filter_map(|c| direct(&c.lineage)) {
                    self.write(column);
                }
            }
            Action::Update(assignments) => self.assignments(assignments, target)?,
            Action::Insert { columns, values } => {
                let mut written = Vec::new();
                for place in columns {
                    written.push(self.written_column(target, *place)?);
                }
                if columns.is_empty() {
                    let all = target.columns.iter().filter_map(|c| direct(&c.lineage));
                    written.extend(all.take(values.len()));
                }
                for (i, value) in values.iter().enumerate() {
                    let lineage = self.expr(value)?;
                    if let Some(column) = written.get(i) {
                        self.flow(&lineage, *column);
                    }
                }
                for column in written {
                    self.write(column);
                }
            }
        }
        Ok(())
    }
}
