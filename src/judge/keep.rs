//! Statements that keep a query in the database, or its rows.
//!
//! A view keeps the text: nothing is read when it is made, and whoever reads it later is judged by
//! what it is made of. So its text goes on as it is, with every relation named in full. A table
//! keeps rows, which arrive as the purpose may see them; what its columns hold is written down in
//! the transaction that makes it, or it is not made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::closed;
use super::text::{Context, Step};
use crate::catalog::derived::label_table;
use crate::catalog::{Catalog, RelationKind};
use crate::model::access::SessionEffect;
use crate::model::names::{ColumnId, QualifiedName, RelationId};
use crate::model::privacy::DataCategory;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::{Decision, RelationClass, SubjectStep};
use crate::model::usage::{SiteColumn, SiteId};
use crate::sql::emit::Edit;
use crate::sql::resolve::{Refused, Resolution};
use crate::sql::scope::Lineage;
use crate::sql::statement::{Keep, Kept};
use crate::sql::tokens::TokenRange;

impl Keep {
    /// Only the text of the query is kept.
    pub(super) fn is_text(&self) -> bool {
        match self.what {
            Kept::View => true,
            Kept::MaterializedView => !self.with_data,
            Kept::Table => false,
        }
    }
}

/// CREATE VIEW, or CREATE MATERIALIZED VIEW … WITH NO DATA.
pub fn define(
    context: &Context<'_>,
    (tag, keep): (&'static str, &Keep),
    inner: TokenRange,
    resolution: &Resolution,
) -> Refused<Step> {
    let catalog = &context.world.catalog;
    let governed = checked(context, keep, inner, resolution)?;
    let mut open: BTreeMap<RelationId, usize> = BTreeMap::new();
    let mut edits = Vec::new();
    for site in &resolution.sites {
        *open.entry(site.relation).or_insert(0) += 1;
        if let Some(relation) = catalog.relation(site.relation)
            && (site.only || site.range.end - site.range.start == 1)
        {
            let only = if site.only { "ONLY " } else { "" };
            let name = format!("{only}{}", relation.name.to_quoted());
            edits.push(Edit::replace(site.range, name));
        }
    }
    let mut step = Step::harmless(tag, Some(SessionEffect::ChangesCatalog));
    (step.open, step.edits, step.governed) = (open, edits, governed);
    Ok(step)
}

/// Whether what is kept can be followed. Gives whether it touches governed data.
fn checked(
    context: &Context<'_>,
    keep: &Keep,
    inner: TokenRange,
    resolution: &Resolution,
) -> Refused<bool> {
    let rules = &context.world.rules;
    let mut governed = false;
    for site in &resolution.sites {
        let bound = rules.relation(site.relation);
        let why = bound.and_then(|bound| bound.closed.as_deref());
        match bound.and_then(|bound| bound.class) {
            Some(RelationClass::Internal) => {
                let message = format!(
                    "{} may not be read through the proxy",
                    name_of(context, site.relation)
                );
                return Err(refused(context, Reason::Internal, message, site.range.start));
            }
            Some(RelationClass::Governed) | None => governed = true,
            Some(RelationClass::Plain | RelationClass::NotCovered | RelationClass::System) => {}
        }
        if let Some(why) = why {
            let name = name_of(context, site.relation);
            let message = format!("what {name} holds cannot be told: {why}");
            return Err(refused(context, Reason::Unlisted, message, site.range.start));
        }
    }
    if let Some(closed) = closed::relation(context, resolution) {
        return Err(closed);
    }
    if let Some(code) = closed::code(context, inner, resolution, governed) {
        return Err(code);
    }
    if governed {
        not_trusted_by_name(context, keep)?;
    }
    Ok(governed)
}

/// A view under a name that a rule lists would be trusted as listed, as would one that a listed
/// view is made of.
pub fn not_trusted_by_name(context: &Context<'_>, keep: &Keep) -> Refused<()> {
    let Context { world, tokens, .. } = context;
    let at = keep.path.first().copied().unwrap_or(0);
    let Some(name) = target(context, keep).and_then(|target| target.name) else { return Ok(()) };
    if world.rules.lists(&name) {
        let message = format!("{name} is listed in the rules and may not be made of personal data");
        return Err(refused(context, Reason::Write, message, at));
    }
    let Some(last) = keep.path.last().and_then(|place| tokens.name(*place)) else { return Ok(()) };
    let trusting = world.catalog.relations().find(|relation| {
        let reads = relation.definition.as_ref().is_some_and(|text| text.contains(last.as_str()));
        keep.replaces && reads && world.rules.lists(&relation.name)
    });
    match trusting {
        None => Ok(()),
        Some(view) => {
            let message = format!("{}, which the rules list, may be made of {last}", view.name);
            Err(refused(context, Reason::Write, message, at))
        }
    }
}

fn name_of(context: &Context<'_>, id: RelationId) -> String {
    let relation = context.world.catalog.relation(id);
    relation.map_or_else(|| "a relation".to_owned(), |relation| relation.name.to_string())
}

fn refused(context: &Context<'_>, reason: Reason, message: String, at: usize) -> Box<Refusal> {
    let sqlstate = match reason {
        Reason::Unsupported => SqlState::FEATURE_NOT_SUPPORTED,
        _ => SqlState::INSUFFICIENT_PRIVILEGE,
    };
    Box::new(Refusal::new(reason, sqlstate, message).at(context.tokens.position(at)))
}

/// What a statement makes.
struct Target {
    /// As it is to be named so that nothing else can be meant.
    sql: String,
    /// `None`: temporary.
    name: Option<QualifiedName>,
    /// What bears the name already.
    existing: Option<RelationId>,
}

/// `None`: there is no schema to make it in.
fn target(context: &Context<'_>, keep: &Keep) -> Option<Target> {
    let Context { world, access, tokens } = context;
    let name = tokens.name(*keep.path.last()?)?.clone();
    let schema = keep.path.len().checked_sub(2).and_then(|at| tokens.name(*keep.path.get(at)?));
    let is_temporary = |schema: &str| schema == "pg_temp" || schema.starts_with("pg_temp_");
    if keep.temporary || schema.is_some_and(|schema| is_temporary(schema.as_str())) {
        let own = access.search_path.0.iter().find(|schema| is_temporary(schema.as_str()));
        let existing = own.and_then(|schema| {
            world.catalog.by_name(&QualifiedName { schema: schema.clone(), name: name.clone() })
        });
        let sql = format!("pg_temp.{}", name.to_quoted());
        return Some(Target { sql, name: None, existing: existing.map(|r| r.id) });
    }
    let schema = match schema {
        Some(schema) => schema.clone(),
        None => {
            let mut path = access.search_path.0.iter();
            path.find(|s| !is_temporary(s.as_str()) && s.as_str() != "pg_catalog")?.clone()
        }
    };
    let name = QualifiedName { schema, name };
    let existing = world.catalog.by_name(&name).map(|relation| relation.id);
    Some(Target { sql: name.to_quoted(), name: Some(name), existing })
}

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

/// Whether a relation is a table that only its labels govern: no rule speaks of it.
pub fn is_only_derived(context: &Context<'_>, catalog: &Catalog, id: RelationId) -> bool {
    let rule = context.world.rules.relation(id).is_some_and(|bound| bound.rule.is_some());
    let table = catalog.relation(id).is_some_and(|r| r.kind == RelationKind::Table);
    table && !rule && catalog.derived(id).is_some()
}
