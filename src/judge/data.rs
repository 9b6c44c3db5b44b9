//! One statement that holds a query or a write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bodies::{self, Bodies};
use super::setting;
use super::text::{Context, Step};
use super::whole::whole_tables;
use super::{Judged, ResultColumns, beside, closed, copy};
use super::{dependence, keep, labels, people, record, result};
use crate::model::access::{SearchPath, SessionEffect};
use crate::model::names::{Name, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::{ColumnRuling, Decision, RelationClass};
use crate::model::usage::{SiteAccess, SiteId, SiteUse, Uses};
use crate::sql::account::unaccounted;
use crate::sql::calls::{calls_users_code, reads_a_literal};
use crate::sql::lexer::lex;
use crate::sql::parse::parse;
use crate::sql::resolve::{Reader, Refused, Resolution, resolve};
use crate::sql::rewrite::{Rewrite, Rewriting};
use crate::sql::statement::{Keep, Kept, Wrap};
use crate::sql::tokens::{TokenRange, Tokens};
use crate::sql::tree::Statement;

/// parse → resolve → decide → rewrite, for the query inside a statement.
pub fn judge(
    context: &Context<'_>,
    tag: &'static str,
    inner: TokenRange,
    wrap: &Wrap,
    whole: TokenRange,
) -> Refused<Step> {
    let Context { world, access, tokens } = context;
    let tree = match parse(tokens, inner) {
        Ok(tree) => tree,
        Err(refusal) => return unparsable(context, tag, wrap, refusal),
    };
    if let Some(effect) = sets_alone(context, wrap, &tree)? {
        return setting::step(context, tag, Some(effect), whole);
    }
    let resolution = resolve(&tree, tokens, &world.catalog, reader(context, whole, inner))?;
    account(context, inner, wrap, &resolution)?;
    if let Wrap::Keep(keep) = wrap
        && keep.is_text()
    {
        return keep::define(context, (tag, keep), inner, &resolution);
    }
    let decision = world.rules.decide(&resolution.uses, access, &world.catalog);
    let (refusal, bodies) = forbidden(context, inner, (&resolution, &decision), wrap);
    let all = bodies.as_ref().map_or((&resolution.uses, &decision), |b| (&b.uses, &b.decision));
    let governed = touches(all.1, RelationClass::Governed);
    let users_code = calls_users_code(&resolution, tokens, &world.catalog);
    let rewrite = match &refusal {
        Some(_) => Rewrite::default(),
        None => rewritten(context, inner, &resolution, &decision, users_code)?,
    };
    let mut refusal = refusal.or_else(|| wrapped(wrap, &rewrite).map(Box::new));
    let result = shown(context, wrap, (&resolution, &decision), &rewrite);
    let mut edits = [rewrite.edits, whole_tables(tokens, inner)?].concat();
    let mut after = None;
    if let (Wrap::Keep(keep), true, None) = (wrap, governed, &refusal) {
        let labelled = kept(context, keep, &resolution, &decision);
        let labelled = labelled.map_err(|why| refusal = Some(why)).ok().flatten();
        after = labelled.as_ref().map(|labelled| Arc::clone(&labelled.after));
        edits.extend(labelled.into_iter().flat_map(|labelled| labelled.edits));
    }
    let record = record::of_statement(context, tag, whole, (&resolution, all));
    Ok(Step {
        judged: Judged {
            statement: tag,
            effect: cursor(context, wrap, &resolution)?.or_else(|| effect(wrap)),
            persons: record.as_ref().and_then(|_| people::of(context, &resolution, all)),
            record: record.map(Arc::new),
            max_rows: all.1.max_rows,
            times: decision.times,
            quotas: all.1.quotas.as_slice().into(),
            after,
            guarded: !rewrite.restricted.is_empty(),
            blind: writes_blindly(context, &resolution) || (users_code && governed),
            result,
            depends: dependence::of(world, all.1),
            source: source(context, wrap, whole),
            ..Judged::default()
        },
        open: open(&resolution, &rewrite.restricted),
        restricted: !rewrite.restricted.is_empty(),
        edits,
        governed: governed || refusal.is_some(),
        moves: governed && matches!(wrap, Wrap::Keep(_)),
        relies: users_code || relies(context, &resolution),
        observe: decision.observe,
        reusable: matches!(wrap, Wrap::Nothing) && !reads_a_literal(&resolution, tokens),
        refusal,
    })
}

/// Whether a relation is read that is not the server's own.
fn relies(context: &Context<'_>, resolution: &Resolution) -> bool {
    let class = |relation| context.world.rules.class(relation);
    resolution.sites.iter().any(|site| class(site.relation) != Some(RelationClass::System))
}

fn reader<'a>(context: &Context<'a>, whole: TokenRange, inner: TokenRange) -> Reader<'a> {
    let Context { access, tokens, .. } = context;
    let types_declared = access.types_declared || declares_types(tokens, whole, inner);
    Reader { path: &access.search_path, types_declared }
}

/// A SELECT that does nothing but set variables.
fn sets_alone(
    context: &Context<'_>,
    wrap: &Wrap,
    tree: &Statement,
) -> Refused<Option<SessionEffect>> {
    let Context { world, access, tokens } = context;
    // A function of that name outside pg_catalog could be meant: then it is a call like others.
    let own = world.catalog.functions_named(&Name::new("set_config")).is_empty();
    let (Wrap::Nothing, Statement::Query(query), true) = (wrap, tree, own) else { return Ok(None) };
    let Some(settings) = setting::set_config(query, tokens)? else { return Ok(None) };
    let effect = SessionEffect::Set(settings);
    setting::check(Some(&effect), world, access)?;
    Ok(Some(effect))
}

fn rewritten(
    context: &Context<'_>,
    inner: TokenRange,
    resolution: &Resolution,
    decision: &Decision,
    users_code: bool,
) -> Refused<Rewrite> {
    let Context { world, tokens, .. } = context;
    let rewriting = Rewriting {
        tokens,
        statement: inner,
        resolution,
        decision,
        catalog: &world.catalog,
        people: world.rules.people(),
        open: world.rules.open_relations(),
        users_code,
    };
    rewriting.run()
}

/// Why the statement may not run: what the rules say, what the server's own catalog would show,
/// what a function or operator could do.
fn forbidden(
    context: &Context<'_>,
    inner: TokenRange,
    (resolution, decision): (&Resolution, &Decision),
    wrap: &Wrap,
) -> (Option<Box<Refusal>>, Option<Bodies>) {
    let gives_rows = matches!(wrap, Wrap::Nothing | Wrap::Prepare(_) | Wrap::Declare(_));
    let reads = gives_rows && resolution.targets.is_empty();
    let by_rules = decision.refusal.clone().map(Box::new);
    match by_rules.or_else(|| closed::relation(context, resolution)) {
        Some(refusal) => (Some(refusal), None),
        None if reads => bodies::judge(context, inner, (resolution, decision)),
        None => {
            let governed = touches(decision, RelationClass::Governed);
            let code = closed::code(context, inner, resolution, governed);
            (code.or_else(|| beside::writes(context, inner, resolution)), None)
        }
    }
}

/// Whether a table is written that the purpose may not see whole, or code sets off such a write.
fn writes_blindly(context: &Context<'_>, resolution: &Resolution) -> bool {
    let targets = resolution.targets.iter().map(|target| resolution.sites.get(target.site.0));
    targets.into_iter().any(|site| !site.is_some_and(|site| shows_all(context, site.relation)))
        || beside::is_loud(context, resolution)
}

/// Whether the purpose may see every column of every row of a relation: then a violated
/// constraint of it tells nothing new.
pub fn shows_all(context: &Context<'_>, relation: RelationId) -> bool {
    let Context { world, access, .. } = context;
    let Some(relation) = world.catalog.relation(relation) else { return false };
    let whole = SiteUse {
        relation: relation.id,
        access: SiteAccess::Read,
        read: relation.columns.iter().map(|column| column.number).collect(),
        written: BTreeSet::new(),
        lookup: BTreeSet::new(),
    };
    let uses = Uses { sites: vec![whole], ..Uses::default() };
    let decision = world.rules.decide(&uses, access, &world.catalog);
    decision.refusal.is_none()
        && decision.sites.iter().all(|site| {
            site.row_conditions.is_empty() && site.columns.values().all(ColumnRuling::is_open)
        })
}

/// Whether a query of the server's own spelling may run as it stands for this client.
pub fn sees_all_of(context: &Context<'_>, text: &str) -> bool {
    let Ok(lexed) = lex(text) else { return false };
    let tokens = Tokens::new(text, lexed);
    let range = TokenRange::new(0, tokens.count());
    let mut access = context.access.clone();
    access.search_path = SearchPath(vec![Name::new("pg_catalog")]);
    let context = Context { world: context.world, access: &access, tokens: &tokens };
    let judged = judge(&context, "SELECT", range, &Wrap::Nothing, range);
    judged.is_ok_and(|step| step.refusal.is_none() && !step.restricted)
}

fn unparsable(
    context: &Context<'_>,
    tag: &'static str,
    wrap: &Wrap,
    refusal: Box<Refusal>,
) -> Refused<Step> {
    let lets_pass = matches!(refusal.reason, Reason::Unparsable | Reason::Unsupported)
        && context.world.rules.unparsable_is_allowed();
    if lets_pass { Ok(Step::harmless(tag, effect(wrap))) } else { Err(refusal) }
}

/// The labels that go with what is kept; a view needs none.
fn kept(
    context: &Context<'_>,
    keep: &Keep,
    resolution: &Resolution,
    decision: &Decision,
) -> Refused<Option<labels::Labelled>> {
    match keep.what {
        Kept::Table => labels::label(context, keep, resolution, decision).map(Some),
        Kept::View | Kept::MaterializedView => {
            keep::not_trusted_by_name(context, keep).map(|()| None)
        }
    }
}

pub fn account(
    context: &Context<'_>,
    inner: TokenRange,
    wrap: &Wrap,
    resolution: &Resolution,
) -> Refused<()> {
    let mut claimed = resolution.claimed.clone();
    if let Wrap::Keep(keep) = wrap {
        claimed.extend(&keep.path);
    }
    match unaccounted(context.tokens, inner, &claimed) {
        None => Ok(()),
        Some(place) => Err(Box::new(
            Refusal::new(
                Reason::Unsupported,
                SqlState::FEATURE_NOT_SUPPORTED,
                "this statement cannot be checked",
            )
            .detail("A name in it has no role that is known.")
            .at(context.tokens.position(place)),
        )),
    }
}

fn unsupported(message: &str) -> Refusal {
    Refusal::new(Reason::Unsupported, SqlState::FEATURE_NOT_SUPPORTED, message)
}

/// Why the plan of a statement is not shown in which something was put in.
pub fn no_plan() -> Refusal {
    unsupported("a plan over masked or filtered data is not shown")
        .detail("It would tell the conditions and the number of rows behind them.")
        .hint("Use pgpurpose explain to see what happens to the statement.")
}

/// What the statement round the query asks of it.
fn wrapped(wrap: &Wrap, rewrite: &Rewrite) -> Option<Refusal> {
    match wrap {
        Wrap::Explain if !rewrite.restricted.is_empty() => Some(no_plan()),
        Wrap::Keep(Keep { what: Kept::MaterializedView, .. }) if !rewrite.restricted.is_empty() => {
            Some(
                unsupported("a materialized view is not filled with masked or filtered data")
                    .detail("Its rows are worked out over all there is, and so would its errors.")
                    .hint("Add WITH NO DATA, and refresh it for a purpose that sees all of it."),
            )
        }
        Wrap::Copy { file: true } => Some(copy::refuse_files()),
        Wrap::Nothing
        | Wrap::Explain
        | Wrap::Prepare(_)
        | Wrap::Declare(_)
        | Wrap::Copy { .. }
        | Wrap::Keep(_) => None,
    }
}

/// `PREPARE name (types) AS …`
fn declares_types(tokens: &Tokens<'_>, whole: TokenRange, inner: TokenRange) -> bool {
    tokens.is_word(whole.start, "prepare")
        && (whole.start..inner.start).any(|i| tokens.is_punctuation(i, '('))
}

/// What the result may show, if the rows of the query are what the client gets, now or by a later
/// statement.
fn shown(
    context: &Context<'_>,
    wrap: &Wrap,
    (resolution, decision): (&Resolution, &Decision),
    rewrite: &Rewrite,
) -> Option<Arc<ResultColumns>> {
    match wrap {
        Wrap::Nothing | Wrap::Prepare(_) | Wrap::Declare(_) => {
            Some(Arc::new(result::of(context, resolution, decision, rewrite)))
        }
        Wrap::Explain | Wrap::Copy { .. } | Wrap::Keep(_) => None,
    }
}

/// What has to be judged again when it is used.
fn source(context: &Context<'_>, wrap: &Wrap, whole: TokenRange) -> Option<Arc<str>> {
    match wrap {
        Wrap::Prepare(_) | Wrap::Declare(_) => Some(Arc::from(context.tokens.text_of(whole))),
        Wrap::Nothing | Wrap::Explain | Wrap::Copy { .. } | Wrap::Keep(_) => None,
    }
}

/// WHERE CURRENT OF takes the row that the cursor stands on: it must be one that this purpose could
/// fetch.
fn cursor(
    context: &Context<'_>,
    wrap: &Wrap,
    resolution: &Resolution,
) -> Refused<Option<SessionEffect>> {
    let mut cursors = resolution.targets.iter().filter_map(|target| target.cursor);
    let Some(place) = cursors.next() else { return Ok(None) };
    match (context.tokens.name(place), wrap, cursors.next()) {
        (Some(name), Wrap::Nothing, None) => Ok(Some(SessionEffect::Fetch(name.clone()))),
        _ => {
            let refusal = Refusal::new(
                Reason::Unsupported,
                SqlState::FEATURE_NOT_SUPPORTED,
                "WHERE CURRENT OF must be in a statement of its own",
            );
            Err(Box::new(refusal.at(context.tokens.position(place))))
        }
    }
}

fn effect(wrap: &Wrap) -> Option<SessionEffect> {
    match wrap {
        Wrap::Nothing | Wrap::Explain | Wrap::Copy { .. } => None,
        Wrap::Prepare(name) => Some(SessionEffect::Prepare(name.clone())),
        Wrap::Declare(name) => Some(SessionEffect::Declare(name.clone())),
        Wrap::Keep(_) => Some(SessionEffect::ChangesCatalog),
    }
}

pub fn touches(decision: &Decision, class: RelationClass) -> bool {
    decision.sites.iter().any(|site| site.class == class)
}

/// Sites that stand as they are, by relation.
fn open(resolution: &Resolution, restricted: &BTreeSet<SiteId>) -> BTreeMap<RelationId, usize> {
    let mut open = BTreeMap::new();
    for (index, site) in resolution.sites.iter().enumerate() {
        let reads = resolution.uses.sites.get(index).is_some_and(|u| u.access == SiteAccess::Read);
        if !(reads && restricted.contains(&SiteId(index))) {
            *open.entry(site.relation).or_insert(0) += 1;
        }
    }
    open
}
