//! DDL and maintenance: which tables a statement names.
//!
//! What a role may do to a table is what PostgreSQL grants it. Refused is only what could carry
//! governed data away from its label: renaming, rewriting or re-homing a governed table.

use super::text::{Context, Step};
use crate::model::access::SessionEffect;
use crate::model::names::QualifiedName;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::sql::resolve::Refused;
use crate::sql::tokens::TokenRange;

/// Judges a statement by the names it holds. `governed`: it may name governed tables.
pub fn judge(
    context: &Context<'_>,
    tag: &'static str,
    governed: bool,
    range: TokenRange,
) -> Refused<Step> {
    if !governed && let Some((place, name)) = limited(context, range) {
        return Err(Box::new(
            Refusal::new(
                Reason::Unsupported,
                SqlState::FEATURE_NOT_SUPPORTED,
                format!("{tag} on {name} is not done through the proxy"),
            )
            .detail("It could take personal data away from its classification.")
            .hint("Do it on the server, then classify what is new.")
            .on_table(name.schema.as_str(), name.name.as_str())
            .at(context.tokens.position(place)),
        ));
    }
    let effect = match tag {
        "LOCK TABLE" | "VACUUM" | "ANALYZE" | "REINDEX" | "CLUSTER" | "COMMENT" | "GRANT"
        | "REVOKE" | "TRUNCATE TABLE" => None,
        _ => Some(SessionEffect::ChangesCatalog),
    };
    Ok(Step::harmless(tag, effect))
}

/// The first name that means a governed, internal or unlisted relation.
fn limited(context: &Context<'_>, range: TokenRange) -> Option<(usize, QualifiedName)> {
    let tokens = context.tokens;
    let catalog = &context.world.catalog;
    (range.start..range.end).find_map(|i| {
        let first = tokens.name(i)?;
        if i > range.start && tokens.is_punctuation(i - 1, '.') {
            return None;
        }
        let relation = if i + 2 < range.end && tokens.is_punctuation(i + 1, '.') {
            let name = tokens.name(i + 2)?.clone();
            catalog.by_name(&QualifiedName { schema: first.clone(), name })?
        } else {
            catalog.on_path(&context.access.search_path, first)?
        };
        let limited = matches!(
            context.world.rules.class(relation.id),
            Some(RelationClass::Governed | RelationClass::Internal)
        );
        limited.then(|| (i, relation.name.clone()))
    })
}
