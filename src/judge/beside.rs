//! Code of the database that a statement sets off without naming it: triggers, rules, defaults,
//! checks, domains.
//!
//! What it reads of personal data could come back: in a column, by a count, by whether it fails.
//! So a statement that sets it off needs a purpose that may see all of what it reads. Code that
//! cannot be followed is let run where it only looks on, as most logs of changes do: nothing of it
//! comes back, and the words of its errors are withheld. Where it makes what is stored, somebody
//! has to have read it.

use super::data::shows_all;
use super::redefine::all_are_open;
use super::text::Context;
use crate::catalog::WriteKind;
use crate::model::names::{QualifiedName, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::{SiteAccess, SiteUse};
use crate::sql::beside::Deed;
use crate::sql::calls::name_it;
use crate::sql::resolve::{Resolution, Site};
use crate::sql::tokens::TokenRange;

/// Why a statement may not set off what its writes do.
pub fn writes(
    context: &Context<'_>,
    range: TokenRange,
    resolution: &Resolution,
) -> Option<Box<Refusal>> {
    let sites = resolution.sites.iter().zip(&resolution.uses.sites).enumerate();
    let says_default = || (range.start..range.end).any(|i| context.tokens.is_word(i, "default"));
    sites.filter(|(_, (_, used))| used.access != SiteAccess::Read).find_map(|(at, (site, used))| {
        let deeds = &context.world.deeds;
        let place = site.range.start;
        let what = || format!("writing {}", name_of(context, used.relation));
        let by_write = kinds(resolution, at, used)
            .filter_map(|kind| deeds.of_write(used.relation, kind))
            .find_map(|deed| doubt(context, deed, &what(), place));
        by_write.or_else(|| {
            let inserts = matches!(used.access, SiteAccess::Insert | SiteAccess::Merge);
            let mut defaults = deeds.of_defaults(used.relation).filter(|(number, _)| {
                (inserts && !used.written.contains(number)) || says_default()
            });
            let what = || format!("a default of {}", name_of(context, used.relation));
            defaults.find_map(|(_, deed)| doubt(context, deed, &what(), place))
        })
    })
}

/// Whether errors and notices of a statement may be the words of code nobody has read, or speak of
/// rows of tables that it does not name.
pub fn is_loud(context: &Context<'_>, resolution: &Resolution) -> bool {
    let (world, sites) = (context.world, resolution.uses.sites.iter().enumerate());
    let mut deeds =
        sites.filter(|(_, used)| used.access != SiteAccess::Read).flat_map(|(at, used)| {
            let writes = kinds(resolution, at, used);
            let writes = writes.filter_map(|kind| world.deeds.of_write(used.relation, kind));
            writes.chain(world.deeds.of_defaults(used.relation).map(|(_, deed)| deed))
        });
    let hidden =
        |relation: &RelationId| world.is_limited(*relation) && !shows_all(context, *relation);
    deeds.any(|deed| deed.loud || deed.touches.iter().any(hidden))
}

/// Why a statement may not name a type: its values go through code. `sites`: where a name is that
/// of a table; `None`: it is not known, and row types are not looked for.
pub fn types(
    context: &Context<'_>,
    range: TokenRange,
    sites: Option<&[Site]>,
) -> Option<Box<Refusal>> {
    let (tokens, deeds) = (context.tokens, &context.world.deeds);
    if deeds.domains_are_quiet() {
        return None;
    }
    (range.start..range.end).find_map(|i| {
        let name = tokens.name(i)?;
        let is_table = tokens.is_punctuation(i + 1, '.')
            || sites.is_none_or(|sites| sites.iter().any(|site| site.range.contains(i)));
        let row = deeds.of_row(name).filter(|_| !is_table);
        let array = name.as_str().strip_prefix('_').map(Into::into);
        let arrays = array.iter().flat_map(|name| deeds.of_domain(name));
        let mut meant = deeds.of_domain(name).chain(arrays).chain(row);
        meant.find_map(|deed| doubt(context, deed, &format!("a value of type {name}"), i))
    })
}

/// What is done to a target.
fn kinds<'r>(
    resolution: &'r Resolution,
    at: usize,
    used: &SiteUse,
) -> impl Iterator<Item = WriteKind> + use<'r> {
    let upsert = resolution.targets.iter().any(|target| target.site.0 == at && target.upsert);
    let access = used.access;
    WriteKind::ALL.into_iter().filter(move |kind| match access {
        SiteAccess::Read => false,
        SiteAccess::Insert => *kind == WriteKind::Insert || (upsert && *kind == WriteKind::Update),
        SiteAccess::Update => *kind == WriteKind::Update,
        SiteAccess::Delete => *kind == WriteKind::Delete,
        SiteAccess::Merge => true,
    })
}

fn doubt(context: &Context<'_>, deed: &Deed, what: &str, place: usize) -> Option<Box<Refusal>> {
    let read = deed.reads.iter().find(|(relation, _)| !shows_all(context, **relation));
    let (message, by) = match (read, &deed.unread) {
        (Some((relation, by)), _) => {
            let name = name_of(context, *relation);
            (format!("{what} runs code that reads {name}"), by.as_ref())
        }
        (None, Some(by)) if !all_are_open(context) => {
            (format!("{what} runs code that cannot be followed"), Some(by))
        }
        (None, _) => return None,
    };
    let refusal = Refusal::new(Reason::Function, SqlState::INSUFFICIENT_PRIVILEGE, message)
        .detail("What it finds could be told by a value, a count or an error.");
    Some(Box::new(
        match by {
            Some(by) if by.schema.as_str() != "pg_catalog" => refusal.hint(name_it(by)),
            Some(_) | None => refusal.hint("Declare a purpose that may see all it reads."),
        }
        .at(context.tokens.position(place)),
    ))
}

fn name_of(context: &Context<'_>, id: RelationId) -> String {
    let relation = context.world.catalog.relation(id);
    let name = relation.map(|relation| relation.name.clone());
    name.unwrap_or_else(|| QualifiedName::new("", "a table")).to_string()
}
