//! DDL and maintenance: which tables a statement names.
//!
//! What a role may do to a table is what PostgreSQL grants it. Refused is only what could carry
//! governed data away from its label: renaming, rewriting or re-homing a governed table.

use super::text::{Context, Step};
use crate::model::access::SessionEffect;
use crate::model::names::QualifiedName;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::sql::calls::Trust;
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
    if let Some(refusal) = untrusted(context, range) {
        return Err(refusal);
    }
    let effect = match tag {
        "LOCK TABLE" | "VACUUM" | "ANALYZE" | "REINDEX" | "CLUSTER" | "COMMENT" | "GRANT"
        | "REVOKE" | "TRUNCATE TABLE" => None,
        _ => Some(SessionEffect::ChangesCatalog),
    };
    Ok(Step::harmless(tag, effect))
}

/// The first name that means a governed or internal relation, however much stands before it.
fn limited(context: &Context<'_>, range: TokenRange) -> Option<(usize, QualifiedName)> {
    let tokens = context.tokens;
    let catalog = &context.world.catalog;
    (range.start..range.end).find_map(|i| {
        let first = tokens.name(i)?;
        let alone = catalog.on_path(&context.access.search_path, first);
        let qualified = (i + 2 < range.end && tokens.is_punctuation(i + 1, '.'))
            .then(|| tokens.name(i + 2).cloned())
            .flatten()
            .and_then(|name| catalog.by_name(&QualifiedName { schema: first.clone(), name }));
        let mut named = alone.into_iter().chain(qualified);
        let relation = named.find(|relation| {
            matches!(
                context.world.rules.class(relation.id),
                Some(RelationClass::Governed | RelationClass::Internal)
            )
        })?;
        Some((i, relation.name.clone()))
    })
}

/// Defaults, checks and index expressions call functions later and elsewhere: a name before a
/// parenthesis may be a function's, and must not be one that is not trusted.
fn untrusted(context: &Context<'_>, range: TokenRange) -> Option<Box<Refusal>> {
    let tokens = context.tokens;
    let trust = Trust {
        catalog: &context.world.catalog,
        path: &context.access.search_path,
        named: &|name| context.world.rules.trusts_function(name),
    };
    let place = (range.start..range.end).find(|i| {
        let Some(name) = tokens.name(*i) else { return false };
        let schema = i
            .checked_sub(2)
            .filter(|_| tokens.is_punctuation(*i - 1, '.'))
            .and_then(|before| tokens.name(before));
        tokens.is_punctuation(*i + 1, '(') && trust.is_dangerous(schema, name)
    })?;
    Some(Box::new(
        Refusal::new(
            Reason::Function,
            SqlState::INSUFFICIENT_PRIVILEGE,
            format!("function {} is not trusted", tokens.spelling(place)),
        )
        .detail("It can read data behind the statement.")
        .at(tokens.position(place)),
    ))
}
