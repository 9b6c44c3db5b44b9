//! Statements that keep a query in the database, or its rows.
//!
//! A view keeps the text: nothing is read when it is made, and whoever reads it later is judged by
//! what it is made of. So its text goes on as it is, with every relation named in full. A table
//! keeps rows, which arrive as the purpose may see them; what its columns hold is written down in
//! the transaction that makes it, or it is not made.

use std::collections::BTreeMap;

use super::closed;
use super::text::{Context, Step};
use crate::catalog::display::display;
use crate::catalog::{Catalog, RelationKind};
use crate::model::access::SessionEffect;
use crate::model::names::{QualifiedName, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::sql::emit::Edit;
use crate::sql::resolve::{Refused, Resolution};
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
    step.moves = governed;
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
    shows_more(context, resolution)?;
    if let Some(code) = closed::code(context, inner, resolution, governed) {
        return Err(code);
    }
    if governed {
        not_trusted_by_name(context, keep)?;
    }
    Ok(governed)
}

/// What the proxy shows of the server's own catalog in part, a view would show whole.
fn shows_more(context: &Context<'_>, resolution: &Resolution) -> Refused<()> {
    for (site, uses) in resolution.sites.iter().zip(&resolution.uses.sites) {
        let Some(relation) = context.world.catalog.relation(site.relation) else { continue };
        let read = uses.read.iter().filter_map(|number| relation.column_number(*number));
        let mut names = read.map(|column| column.name.as_str());
        if display(relation).is_some_and(|display| display.limits(&mut names)) {
            let message = format!("permission denied for {}", relation.name);
            return Err(refused(context, Reason::Internal, message, site.range.start));
        }
    }
    Ok(())
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

pub(super) fn refused(
    context: &Context<'_>,
    reason: Reason,
    message: String,
    at: usize,
) -> Box<Refusal> {
    let sqlstate = match reason {
        Reason::Unsupported => SqlState::FEATURE_NOT_SUPPORTED,
        _ => SqlState::INSUFFICIENT_PRIVILEGE,
    };
    Box::new(Refusal::new(reason, sqlstate, message).at(context.tokens.position(at)))
}

/// What a statement makes.
pub(super) struct Target {
    /// As it is to be named so that nothing else can be meant.
    pub sql: String,
    /// `None`: temporary.
    pub name: Option<QualifiedName>,
    /// What bears the name already.
    pub existing: Option<RelationId>,
}

/// `None`: there is no schema to make it in.
pub(super) fn target(context: &Context<'_>, keep: &Keep) -> Option<Target> {
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

/// Whether a relation is a table that only its labels govern: no rule speaks of it.
pub fn is_only_derived(context: &Context<'_>, catalog: &Catalog, id: RelationId) -> bool {
    let rule = context.world.rules.relation(id).is_some_and(|bound| bound.rule.is_some());
    let table = catalog.relation(id).is_some_and(|r| r.kind == RelationKind::Table);
    table && !rule && catalog.derived(id).is_some()
}
