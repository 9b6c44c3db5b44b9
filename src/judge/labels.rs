//! The labels of a table that is made of governed rows: what each column holds, which values
//! decided its rows, and how the person of a row is found.
//!
//! They go to the server as a statement of ours that runs in the transaction that makes the table.
//! Reading the table is later judged by them alone, as a view is by its lineage.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keep::{refused, target};
use super::text::Context;
use crate::catalog::derived::label_table;
use crate::model::names::ColumnId;
use crate::model::privacy::DataCategory;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::{Decision, RelationClass, SubjectStep};
use crate::model::usage::{SiteColumn, SiteId};
use crate::sql::emit::Edit;
use crate::sql::resolve::{Refused, Resolution};
use crate::sql::scope::Lineage;
use crate::sql::statement::Keep;
use crate::sql::tokens::TokenRange;

/// What is to be put in and done besides, so that a table made of governed rows has its labels.
pub struct Labelled {
    pub edits: Vec<Edit>,
    /// A statement of ours, for the same transaction.
    pub after: Arc<str>,
}

/// The labels of a table that is made of governed rows.
pub fn label(
    context: &Context<'_>,
    keep: &Keep,
    resolution: &Resolution,
    decision: &Decision,
) -> Refused<Labelled> {
    let catalog = &context.world.catalog;
    let at = keep.path.first().copied().unwrap_or(0);
    if !catalog.keeps_labels() {
        let message = "a table made of personal data needs a place for its labels".to_owned();
        let refusal = *refused(context, Reason::Unsupported, message, at);
        return Err(Box::new(
            refusal
                .detail(format!("The database has no table {}.", label_table()))
                .hint("Have it installed: pgpurpose install --upstream postgres://..."),
        ));
    }
    if resolution.unsure {
        let message = "how many columns the table gets cannot be told".to_owned();
        return Err(refused(context, Reason::Unsupported, message, at));
    }
    let Some(target) = target(context, keep) else {
        return Err(Box::new(Refusal::new(
            Reason::UnknownName,
            SqlState("3F000"),
            "no schema has been selected to create in",
        )));
    };
    let labels = Labels { context, resolution, decision }.rows()?;
    let before = target.existing.map_or(0, |id| id.0);
    let after = format!(
        "CALL pgpurpose.label({}::pg_catalog.regclass, {before}::pg_catalog.oid, \
         {}::pg_catalog.json)",
        literal(&target.sql),
        literal(&labels),
    );
    let mut edits = Vec::new();
    if let ([place], Some(name)) = (keep.path.as_slice(), &target.name) {
        edits.push(Edit::replace(TokenRange::new(*place, *place + 1), name.to_quoted()));
    }
    Ok(Labelled { edits, after: after.into() })
}

/// Under `standard_conforming_strings`, which is always on.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

struct Labels<'a> {
    context: &'a Context<'a>,
    resolution: &'a Resolution,
    decision: &'a Decision,
}

impl Labels<'_> {
    /// One row for each column, and row 0 for the table, as JSON.
    fn rows(&self) -> Refused<String> {
        let mut rows: Vec<serde_json::Value> = Vec::new();
        for (index, (_, lineage)) in self.resolution.outputs.iter().enumerate() {
            let columns = lineage.columns();
            let categories = self.categories(columns.iter())?;
            rows.push(serde_json::json!({
                "attnum": index + 1,
                "categories": names(&categories),
                "direct": self.direct(lineage).is_some(),
            }));
        }
        let mut tells = self.categories(self.resolution.conditions.iter())?;
        for site in &self.resolution.sites {
            tells.extend(self.context.world.rules.tells(site.relation));
        }
        let subject = self.subject();
        let steps = subject.as_ref().map(|(_, steps)| {
            let step = |s: &SubjectStep| {
                serde_json::json!([
                    s.table.schema.as_str(),
                    s.table.name.as_str(),
                    s.key.as_str(),
                    s.next.as_str()
                ])
            };
            steps.iter().map(step).collect::<Vec<_>>()
        });
        rows.push(serde_json::json!({
            "attnum": 0,
            "categories": names(&tells),
            "direct": false,
            "service": self.service()?,
            "subject": subject.map(|(number, _)| number),
            "steps": steps,
        }));
        Ok(serde_json::Value::from(rows).to_string())
    }

    fn categories<'c>(
        &self,
        columns: impl Iterator<Item = &'c SiteColumn>,
    ) -> Refused<BTreeSet<DataCategory>> {
        let mut all = BTreeSet::new();
        for at in columns {
            let Some(column) = self.column(at) else { continue };
            match self.context.world.rules.categories(column) {
                None => {}
                Some(categories) if categories.is_empty() => {
                    let message = "data that nobody has classified may not be kept".to_owned();
                    return Err(refused(self.context, Reason::Unlisted, message, 0));
                }
                Some(categories) => all.extend(categories),
            }
        }
        Ok(all)
    }

    fn column(&self, at: &SiteColumn) -> Option<ColumnId> {
        let site = self.resolution.sites.get(at.site.0)?;
        Some(ColumnId { relation: site.relation, number: at.number })
    }

    /// The column that a value is, unchanged, of a table itself.
    fn direct(&self, lineage: &Lineage) -> Option<SiteColumn> {
        let Lineage::Direct(at) = lineage else { return None };
        let column = self.column(at)?;
        let view = self.context.world.rules.relation(column.relation)?.view.as_ref();
        view.is_none_or(|view| view.direct.contains(&column.number)).then_some(*at)
    }

    fn governed(&self) -> impl Iterator<Item = SiteId> {
        let sites = self.decision.sites.iter().enumerate();
        sites.filter(|(_, site)| site.class == RelationClass::Governed).map(|(i, _)| SiteId(i))
    }

    /// The column of the result that leads to the person of a row: all governed tables must be
    /// joined by the keys of their person, so that a row speaks of one.
    fn subject(&self) -> Option<(usize, Vec<SubjectStep>)> {
        let mut keys = Vec::new();
        let mut path: Option<&Vec<SubjectStep>> = None;
        for site in self.governed() {
            let relation = self.resolution.sites.get(site.0)?.relation;
            let bound = self.context.world.rules.relation(relation)?;
            let steps = &bound.subject.as_ref()?.steps;
            if path.is_some_and(|path| path != steps) {
                return None;
            }
            path = Some(steps);
            keys.push(SiteColumn { site, number: bound.subject_column? });
        }
        let mut joined: BTreeSet<SiteColumn> = keys.first().copied().into_iter().collect();
        let equated = &self.resolution.uses.equated;
        loop {
            let before = joined.len();
            for (left, right) in equated {
                if joined.contains(left) || joined.contains(right) {
                    joined.extend([*left, *right]);
                }
            }
            if joined.len() == before {
                break;
            }
        }
        if !keys.iter().all(|key| joined.contains(key)) {
            return None;
        }
        let outputs = self.resolution.outputs.iter();
        let leads = |lineage: &Lineage| {
            self.direct(lineage).is_some_and(|at| {
                let ruling = self.decision.sites.get(at.site.0);
                let masked = ruling.is_none_or(|site| site.columns.contains_key(&at.number));
                keys.contains(&at) && !masked
            })
        };
        let index = outputs.into_iter().position(|(_, lineage)| leads(lineage))?;
        Some((index + 1, path?.clone()))
    }

    /// The service whose data it is; empty: of several, where no rule tells them apart.
    fn service(&self) -> Refused<String> {
        let rules = &self.context.world.rules;
        let services: BTreeSet<&str> = self
            .governed()
            .filter_map(|site| self.resolution.sites.get(site.0))
            .filter_map(|site| rules.relation(site.relation))
            .map(|bound| bound.service_name.as_str())
            .collect();
        match (services.len(), services.first()) {
            (1, Some(service)) => Ok((*service).to_owned()),
            _ if !rules.has_services() => Ok(String::new()),
            _ => {
                let message = "data of several services may not be kept together".to_owned();
                Err(refused(self.context, Reason::Write, message, 0))
            }
        }
    }
}

fn names(categories: &BTreeSet<DataCategory>) -> Vec<&str> {
    categories.iter().map(DataCategory::as_str).collect()
}
