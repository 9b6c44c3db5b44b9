//! Statements that define or run code of the server: CREATE FUNCTION, TRIGGER, RULE and the like,
//! DO, CALL.
//!
//! Code that is kept runs later, behind statements that do not show it. So it is let through where
//! it is known to do no harm: a function in SQL whose body only reads what is open, a trigger that
//! runs a function somebody has read, a block (`block`) of statements that are judged. Everything
//! else takes a role that the rules trust with it (`code: unchecked`), and is recorded.

use std::sync::Arc;

use super::text::{Context, Step};
use super::{block, closed, data, names, record};
use crate::catalog::Source;
use crate::model::access::SessionEffect;
use crate::model::names::{Name, QualifiedName};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::sql::calls::name_it;
use crate::sql::parse::parse_list;
use crate::sql::resolve::{Reader, Refused, resolve};
use crate::sql::schema::written_function;
use crate::sql::statement::{Code, Wrap};
use crate::sql::tokens::TokenRange;
use crate::sql::tree::Path;

pub fn judge(
    context: &Context<'_>,
    tag: &'static str,
    code: &Code,
    range: TokenRange,
) -> Refused<Step> {
    names::not_ours(context, tag, range)?;
    if let Code::Call { path, args } = code {
        return call(context, path, *args);
    }
    let role = context.world.ruleset.role(&context.access.role);
    if role.is_some_and(|role| role.unchecked_code) {
        let mut step = Step::harmless(tag, Some(SessionEffect::ChangesCatalog));
        step.judged.record = Some(Arc::new(record::unchecked(context, tag, range)));
        return Ok(step);
    }
    match code {
        Code::Function => function(context, tag, range)?,
        Code::Trigger { runs } => trigger(context, tag, runs, range)?,
        Code::Block { body } => return block::judge(context, *body, range),
        Code::Other | Code::Call { .. } => return Err(unchecked(context, tag, range)),
    }
    Ok(Step::harmless(tag, Some(SessionEffect::ChangesCatalog)))
}

/// A function whose body does what anybody may do: it changes nothing about what can be read.
fn function(context: &Context<'_>, tag: &str, range: TokenRange) -> Refused<()> {
    let Some(written) = written_function(context.tokens, range) else {
        return Err(unchecked(context, tag, range));
    };
    let path = &context.access.search_path.0;
    let named = path.iter().filter(|_| written.schema.is_none()).chain(&written.schema);
    let named = named.map(|schema| {
        let (schema, name) = (schema.clone(), written.name.clone());
        QualifiedName { schema, name }
    });
    for name in named {
        if context.world.rules.names_function(&name) {
            let refusal = *unchecked(context, tag, range);
            let detail = format!("The rules trust {name} as it is.");
            return Err(Box::new(refusal.detail(detail)));
        }
    }
    let Source::Sql(body) = &written.source else { return Err(unchecked(context, tag, range)) };
    let doubt = closed::with_trust(context, |trust| trust.doubt_body(&written.name, body));
    match doubt {
        None => Ok(()),
        Some(why) => Err(Box::new((*unchecked(context, tag, range)).detail(format!("{why}.")))),
    }
}

/// A trigger runs behind every write of its table.
fn trigger(context: &Context<'_>, tag: &str, runs: &Path, range: TokenRange) -> Refused<()> {
    if !is_trusted(context, runs) {
        let refusal = *unchecked(context, tag, range);
        return Err(match runs.last().and_then(|place| context.tokens.name(*place)) {
            Some(name) => {
                let detail = format!("Nobody has read what {name} does.");
                Box::new(refusal.detail(detail).hint(hint(context, runs)))
            }
            None => Box::new(refusal),
        });
    }
    names::runs_code(context, range)
}

fn call(context: &Context<'_>, path: &Path, args: TokenRange) -> Refused<Step> {
    let Context { world, access, tokens } = context;
    let place = path.first().copied().unwrap_or(args.start);
    if !is_trusted(context, path) {
        let refusal = Refusal::new(
            Reason::Function,
            SqlState::INSUFFICIENT_PRIVILEGE,
            format!("procedure {} is not trusted", written(context, path)),
        );
        let refusal = refusal.detail("A procedure hides what it reads and writes.");
        return Err(Box::new(refusal.hint(hint(context, path)).at(tokens.position(place))));
    }
    let effect = Some(SessionEffect::ChangesCatalog);
    let called = || Step { relies: true, ..Step::harmless("CALL", effect.clone()) };
    if args.end - args.start == EMPTY {
        return Ok(called());
    }
    let list = parse_list(tokens, args)?;
    let resolution = resolve(&list, tokens, &world.catalog, Reader::new(&access.search_path))?;
    data::account(context, args, &Wrap::Nothing, &resolution)?;
    if !resolution.sites.is_empty() {
        let refusal = Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            "cannot use subquery in CALL argument",
        );
        return Err(Box::new(refusal.at(tokens.position(args.start))));
    }
    if let Some(refusal) = closed::code(context, args, &resolution, true) {
        return Err(refusal);
    }
    Ok(called())
}

/// Tokens of a list of arguments without any: its parentheses.
const EMPTY: usize = 2;

/// Whether everything a name can mean is trusted by the rules.
fn is_trusted(context: &Context<'_>, path: &Path) -> bool {
    let names: Vec<&Name> = path.iter().filter_map(|p| context.tokens.name(*p)).collect();
    let (schema, name) = match names.as_slice() {
        [name] => (None, *name),
        [schema, name] => (Some(*schema), *name),
        _ => return false,
    };
    let (world, on_path) = (context.world, &context.access.search_path.0);
    let all = world.catalog.functions_named(name).iter();
    let mut meant = all
        .filter(|function| match schema {
            Some(schema) => function.name.schema == *schema,
            None => on_path.contains(&function.name.schema),
        })
        .peekable();
    meant.peek().is_some() && meant.all(|f| closed::is_trusted(context, &f.name))
}

fn hint(context: &Context<'_>, path: &Path) -> String {
    name_it(&written(context, path))
}

/// A name as written, in the schema it is likely to be in.
fn written(context: &Context<'_>, path: &Path) -> QualifiedName {
    let names: Vec<&Name> = path.iter().filter_map(|p| context.tokens.name(*p)).collect();
    let name = names.last().map_or_else(|| Name::new(""), |name| (*name).clone());
    let known = context.world.catalog.functions_named(&name).first();
    let schema = match names.as_slice() {
        [schema, _] => (*schema).clone(),
        _ => known.map_or_else(|| Name::new("public"), |known| known.name.schema.clone()),
    };
    QualifiedName { schema, name }
}

pub fn unchecked(context: &Context<'_>, tag: &str, range: TokenRange) -> Box<Refusal> {
    let role = &context.access.role;
    Box::new(
        Refusal::new(
            Reason::Function,
            SqlState::INSUFFICIENT_PRIVILEGE,
            format!("{tag} is not allowed: nobody can tell what the code would do"),
        )
        .detail("It could read or carry away personal data behind the statements of others.")
        .hint(format!(
            "Do it beside the proxy, or let the role: roles: {{ {role}: {{ code: unchecked }} }}"
        ))
        .at(context.tokens.position(range.start)),
    )
}
