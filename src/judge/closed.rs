//! Relations of the server's own catalog that may not be read, or not be written, through the
//! proxy.
//!
//! What can be shown in part is shown in part (`catalog::display`); closed is what has nothing to
//! show but data, other sessions or secrets. Written none of them may be: a change of the catalog
//! without DDL is seen by nobody, and `UPDATE pg_settings` sets variables.

use super::text::Context;
use crate::catalog::system::closed_relation;
use crate::model::names::QualifiedName;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::model::usage::SiteAccess;
use crate::sql::resolve::{Resolution, Site};

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
