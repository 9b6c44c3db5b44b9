//! Changing what a governed table is: whose purpose may read and write all of it for everybody
//! may also index, constrain, empty and drop it.
//!
//! Nothing is learnt from how that ends which could not be asked for, and nobody is hidden whose
//! rows it would reach. Rules go by names: a column may take one under which they say as much
//! of it (`policy/bind/rename`); what else would take columns from under their names stays out.

use std::collections::BTreeSet;

use super::data;
use super::text::Context;
use crate::catalog::{Relation, RelationKind};
use crate::model::ruling::RelationClass;
use crate::sql::tokens::TokenRange;

/// Whether a definition leaves every column under the name that the rules know it by.
pub fn stays_in_place(
    context: &Context<'_>,
    tag: &str,
    range: TokenRange,
    relation: &Relation,
) -> bool {
    // Whatever renames or re-homes, and what copies values to where another name covers them.
    const MOVES: [&str; 11] = [
        "rename",
        "attach",
        "detach",
        "inherit",
        "schema",
        "owner",
        "owned",
        "of",
        "partition",
        "generated",
        "role",
    ];
    let without = |words: &[&str]| {
        (range.start..range.end).all(|i| context.tokens.word(i).is_none_or(|w| !words.contains(&w)))
    };
    match tag {
        "CREATE INDEX" => true,
        "ALTER TABLE" => {
            renames_in_place(context, range, relation)
                || (without(&MOVES) && converts_in_place(context, range, relation))
        }
        "DROP" => context.tokens.is_word(range.start + 1, "table"),
        // Also empties tables that are not named.
        "TRUNCATE TABLE" => without(&["cascade"]) || all_are_open(context),
        _ => false,
    }
}

/// `ALTER TABLE … RENAME [COLUMN] old TO new`, where the rules say at least the same of the new
/// name as of the old.
fn renames_in_place(context: &Context<'_>, range: TokenRange, relation: &Relation) -> bool {
    let tokens = context.tokens;
    let Some(at) = tokens.find_word(range, &["rename"]) else { return false };
    let old = at + 1 + usize::from(tokens.is_word(at + 1, "column") && range.end == at + 5);
    let (Some(from), Some(to)) = (tokens.name(old), tokens.name(old + 2)) else { return false };
    tokens.is_word(old + 1, "to")
        && old + 3 == range.end
        && context.world.rules.keeps_label(&context.world.catalog, relation, (from, to))
}

/// Whether all that is governed in this database is open.
pub fn all_are_open(context: &Context<'_>) -> bool {
    let rules = &context.world.rules;
    let mut governed = context.world.catalog.relations().filter(|relation| {
        rules.class(relation.id) == Some(RelationClass::Governed)
            && matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable)
    });
    governed.all(|relation| is_open(context, relation))
}

/// `ALTER c TYPE t USING c::t` makes values of a column from those of the same column.
fn converts_in_place(context: &Context<'_>, range: TokenRange, relation: &Relation) -> bool {
    let tokens = context.tokens;
    let mut places = range.start..range.end;
    if !places.clone().any(|i| tokens.is_word(i, "using")) {
        return true;
    }
    let columns = places.by_ref().filter_map(|i| relation.column(tokens.name(i)?));
    columns.map(|column| column.number).collect::<BTreeSet<_>>().len() <= 1
}

/// Whether this client's purpose sees every column of a relation in clear, of everybody, and may
/// write them.
pub fn is_open(context: &Context<'_>, relation: &Relation) -> bool {
    let schema = relation.name.schema.to_quoted();
    let name = relation.name.name.to_quoted();
    data::sees_all_of(context, &format!("DELETE FROM {schema}.{name} RETURNING *"))
}
