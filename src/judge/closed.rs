//! What may not be used through the proxy whatever the rules say of data: relations of the server's
//! own catalog, functions and operators that are not trusted.
//!
//! What can be shown in part is shown in part (`catalog::display`); closed is what has nothing to
//! show but data, other sessions or secrets. Written none of them may be: a change of the catalog
//! without DDL is seen by nobody, and `UPDATE pg_settings` sets variables.

use super::beside;
use super::text::Context;
use crate::catalog::Function;
use crate::catalog::derived::SCHEMA;
use crate::catalog::display::is_displayed;
use crate::catalog::store::store_call;
use crate::catalog::system::closed_relation;
use crate::model::names::{QualifiedName, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::model::usage::{SiteAccess, Uses};
use crate::sql::calls::{Trust, untrusted, untrusted_cast, untrusted_operator};
use crate::sql::resolve::{CallRef, Resolution, Site};
use crate::sql::tokens::TokenRange;

/// Why a statement may not touch one of the relations it names.
pub fn relation(context: &Context<'_>, resolution: &Resolution) -> Option<Box<Refusal>> {
    let uses = &resolution.uses.sites;
    let mut sites = resolution.sites.iter().zip(uses);
    sites.find_map(|(site, uses)| {
        let name = &context.world.catalog.relation(site.relation)?.name;
        let system = context.world.rules.class(site.relation) == Some(RelationClass::System);
        match closed_relation(name) {
            Some(why) => {
                let detail = format!("It is closed through the proxy: {why}.");
                Some(denied(context, site, name, detail))
            }
            None if system && uses.access != SiteAccess::Read => {
                let detail =
                    "The server's own catalog is not written through the proxy.".to_owned();
                let refusal = denied(context, site, name, detail);
                let settings = name.name.as_str() == "pg_settings";
                Some(if settings { Box::new(refusal.hint("Use SET.")) } else { refusal })
            }
            None => None,
        }
    })
}

/// Why a statement may not run: a function or operator of it is not trusted.
pub fn code(
    context: &Context<'_>,
    range: TokenRange,
    resolution: &Resolution,
    governed: bool,
) -> Option<Box<Refusal>> {
    with_trust(context, |trust| doubted(context, range, resolution, (trust, governed)))
}

/// The same where functions may read personal data as `personal` says.
pub fn code_over(
    context: &Context<'_>,
    range: TokenRange,
    resolution: &Resolution,
    (governed, personal): (bool, &dyn Fn(&Uses) -> bool),
) -> Option<Box<Refusal>> {
    with_trust(context, |trust| {
        let trust = Trust { personal, ..*trust };
        doubted(context, range, resolution, (&trust, governed))
    })
}

fn doubted(
    context: &Context<'_>,
    range: TokenRange,
    resolution: &Resolution,
    (trust, governed): (&Trust<'_>, bool),
) -> Option<Box<Refusal>> {
    let tokens = context.tokens;
    let refusal = untrusted(resolution, tokens, trust, governed)
        .or_else(|| untrusted_operator(tokens, range, trust))
        .or_else(|| untrusted_cast(tokens, range, trust, governed));
    let refusal = refusal.map(Box::new);
    refusal.or_else(|| beside::types(context, range, Some(&resolution.sites)))
}

/// What functions and operators are judged by.
pub fn with_trust<T>(context: &Context<'_>, judge: impl FnOnce(&Trust<'_>) -> T) -> T {
    let world = context.world;
    judge(&Trust {
        catalog: &world.catalog,
        path: &context.access.search_path,
        named: &|name| is_trusted(context, name),
        open: &|relation| is_open(context, relation),
        personal: &|_| false,
        depth: 0,
    })
}

/// Whether a function may be called: somebody has read it, or it is one of the consent store that
/// this role may call. Of that store nothing else is trusted unless it is named.
pub fn is_trusted(context: &Context<'_>, name: &QualifiedName) -> bool {
    let rules = &context.world.rules;
    if name.schema.as_str() != SCHEMA {
        return rules.trusts_function(name);
    }
    let may = context.world.ruleset.role(&context.access.role).and_then(|role| role.consent);
    rules.names_function(name) || store_call(name).is_some_and(|call| Some(call) <= may)
}

/// Whether a statement calls the consent store, and so tells or changes what people said.
pub fn calls_store(context: &Context<'_>, resolution: &Resolution) -> bool {
    let functions = |call: &CallRef| {
        let name = call.path.last().and_then(|place| context.tokens.name(*place));
        name.map_or(&[] as &[Function], |name| context.world.catalog.functions_named(name))
    };
    resolution.calls.iter().flat_map(functions).any(|f| f.name.schema.as_str() == SCHEMA)
}

/// Whether everybody may read a relation as it is.
pub fn is_open(context: &Context<'_>, id: RelationId) -> bool {
    let world = context.world;
    let class = world.rules.class(id);
    world.catalog.relation(id).is_some_and(|relation| {
        let own = relation.temporary && class.is_none();
        let shown = closed_relation(&relation.name).is_none() && !is_displayed(&relation.name);
        let system = class == Some(RelationClass::System) && shown;
        own || system || class == Some(RelationClass::Plain)
    })
}

fn denied(
    context: &Context<'_>,
    site: &Site,
    name: &QualifiedName,
    detail: String,
) -> Box<Refusal> {
    Box::new(
        Refusal::new(
            Reason::Internal,
            SqlState::INSUFFICIENT_PRIVILEGE,
            format!("permission denied for {name}"),
        )
        .detail(detail)
        .on_table(name.schema.as_str(), name.name.as_str())
        .at(context.tokens.position(site.range.start)),
    )
}
