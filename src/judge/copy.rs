//! COPY of a table: read, it becomes a query over what is allowed; written, its columns are
//! judged as those of an INSERT.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::data::{shows_all, touches};
use super::names::runs_code;
use super::text::{Context, Step};
use super::{beside, closed, dependence, people, record};
use crate::catalog::{Relation, RelationKind};
use crate::judge::Judged;
use crate::model::access::SearchPath;
use crate::model::names::{Name, QualifiedName};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::model::usage::{SiteAccess, SiteUse, Uses};
use crate::sql::resolve::{Refused, Resolution, Site};
use crate::sql::rewrite::Rewriting;
use crate::sql::statement::CopyTable;
use crate::sql::tokens::TokenRange;

pub fn judge(context: &Context<'_>, copy: &CopyTable, range: TokenRange) -> Refused<Step> {
    let Context { world, access, tokens } = context;
    let relation = find(context, copy)?;
    let columns = columns(context, copy, relation)?;
    if let Some(filter) = copy.filter {
        runs_code(context, filter)?;
    }
    let resolution = resolution(copy, relation, &columns);
    let decision = world.rules.decide(&resolution.uses, access, &world.catalog);
    let governed = touches(&decision, RelationClass::Governed);
    let mut refusal = decision.refusal.clone().map(Box::new);
    refusal = refusal.or_else(|| closed::relation(context, &resolution));
    refusal = refusal.or_else(|| beside::writes(context, range, &resolution));
    if refusal.is_none() && copy.file {
        refusal = Some(Box::new(refuse_files()));
    }
    let rewriting = Rewriting {
        tokens,
        statement: range,
        resolution: &resolution,
        decision: &decision,
        catalog: &world.catalog,
        people: world.rules.people(),
        open: world.rules.open_relations(),
        users_code: false,
    };
    let rewrite = match &refusal {
        None if copy.from => rewriting.run()?,
        None => rewriting.copy_out(&columns)?,
        Some(_) => Default::default(),
    };
    let record = record::of_decision(context, "COPY", range, &resolution.uses, &decision);
    Ok(Step {
        judged: Judged {
            statement: "COPY",
            persons: record
                .as_ref()
                .and_then(|_| people::of(context, &resolution, (&resolution.uses, &decision))),
            record: record.map(Arc::new),
            max_rows: decision.max_rows,
            times: decision.times,
            quotas: decision.quotas.as_slice().into(),
            guarded: !rewrite.restricted.is_empty(),
            depends: dependence::of(world, &decision),
            blind: copy.from
                && (!shows_all(context, relation.id) || beside::is_loud(context, &resolution)),
            ..Judged::default()
        },
        open: [(relation.id, usize::from(rewrite.restricted.is_empty()))].into(),
        restricted: !rewrite.restricted.is_empty(),
        edits: rewrite.edits,
        governed: governed || refusal.is_some(),
        moves: false,
        relies: true,
        observe: decision.observe,
        reusable: false,
        refusal,
    })
}

/// Whatever the table: a program can ask the server for anything, and so can whoever reads what
/// lies beside the tables.
pub fn refuse_files() -> Refusal {
    Refusal::new(
        Reason::Unsupported,
        SqlState::FEATURE_NOT_SUPPORTED,
        "COPY may not use a file or program of the server through pgpurpose",
    )
    .detail("A program of the server is not bound by any rule, and files may hold personal data.")
    .hint("Use COPY … FROM STDIN or TO STDOUT.")
}

fn find<'a>(context: &Context<'a>, copy: &CopyTable) -> Refused<&'a Relation> {
    let tokens = context.tokens;
    let catalog = &context.world.catalog;
    let names: Vec<&Name> = copy.path.iter().filter_map(|place| tokens.name(*place)).collect();
    let path: &SearchPath = &context.access.search_path;
    let found = match names.as_slice() {
        [name] => catalog.on_path(path, name),
        [schema, name] => {
            let (schema, name) = ((*schema).clone(), (*name).clone());
            catalog.by_name(&QualifiedName { schema, name })
        }
        _ => None,
    };
    found.ok_or_else(|| {
        let text: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        let message = format!("relation \"{}\" does not exist", text.join("."));
        Box::new(Refusal::new(Reason::UnknownName, SqlState::UNDEFINED_TABLE, message))
    })
}

/// The columns copied: those listed, else all that are not generated.
fn columns(context: &Context<'_>, copy: &CopyTable, relation: &Relation) -> Refused<Vec<i16>> {
    if copy.columns.is_empty() {
        let stored = relation.columns.iter().filter(|c| c.generated.is_none());
        return Ok(stored.map(|c| c.number).collect());
    }
    copy.columns
        .iter()
        .filter_map(|place| context.tokens.name(*place))
        .map(|name| match relation.column(name) {
            Some(column) => Ok(column.number),
            None => {
                let table = &relation.name.name;
                let message = format!("column \"{name}\" of relation \"{table}\" does not exist");
                let code = SqlState::UNDEFINED_COLUMN;
                Err(Box::new(Refusal::new(Reason::UnknownName, code, message)))
            }
        })
        .collect()
}

/// COPY of a table does not read the tables that inherit from it.
fn resolution(copy: &CopyTable, relation: &Relation, columns: &[i16]) -> Resolution {
    let numbers: BTreeSet<i16> = columns.iter().copied().collect();
    let (first, last) = (copy.path.first().copied(), copy.path.last().copied());
    let name = TokenRange::new(first.unwrap_or_default(), last.unwrap_or_default() + 1);
    let access = if copy.from { SiteAccess::Insert } else { SiteAccess::Read };
    Resolution {
        sites: vec![Site {
            relation: relation.id,
            range: if copy.from { name } else { copy.range },
            only: !copy.from && relation.kind == RelationKind::Table,
            name: relation.name.name.clone(),
            aliased: false,
            renamed: false,
            sampled: false,
            whole: false,
            row_value: false,
        }],
        uses: Uses {
            sites: vec![SiteUse {
                relation: relation.id,
                access,
                read: if copy.from { BTreeSet::new() } else { numbers.clone() },
                written: if copy.from { numbers } else { BTreeSet::new() },
                lookup: BTreeSet::new(),
            }],
            ..Uses::default()
        },
        ..Resolution::default()
    }
}
