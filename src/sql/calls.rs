//! Which functions and operators of a statement can be trusted to read only their arguments.
//!
//! A built-in name is trusted only if no function of that name stands in another schema of the
//! path: `public.lower(varchar)` would be found before `pg_catalog.lower(text)`.

use super::lexer::TokenKind;
use super::resolve::{CallRef, FirstArgument, Resolution};
use super::tokens::{TokenRange, Tokens};
use crate::catalog::settings::is_followed;
use crate::catalog::store::{StoreCall, store_call};
use crate::catalog::system::{
    FunctionClass, function_class, is_built_in, trusted_extension, trusted_extension_function,
    trusted_extension_operator,
};
use crate::catalog::{Catalog, Function, UserOperator};
use crate::model::access::SearchPath;
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::usage::Uses;

/// What trust is judged by.
#[derive(Clone, Copy)]
pub struct Trust<'a> {
    pub catalog: &'a Catalog,
    pub path: &'a SearchPath,
    /// Functions the rules name.
    pub named: &'a dyn Fn(&QualifiedName) -> bool,
    /// Relations that everybody may read as they are.
    pub open: &'a dyn Fn(RelationId) -> bool,
    /// Whether what a body reads besides, personal data, may be read by it.
    pub personal: &'a dyn Fn(&Uses) -> bool,
    /// How many functions deep the text is that is judged.
    pub depth: usize,
}

/// The first function that is not trusted. `governed`: the statement touches governed data, so
/// nothing may carry its arguments anywhere.
pub fn untrusted(
    resolution: &Resolution,
    tokens: &Tokens<'_>,
    trust: &Trust<'_>,
    governed: bool,
) -> Option<Refusal> {
    let setting = |call: &CallRef| match call.first? {
        FirstArgument::Constant(place) => Some(place),
        FirstArgument::Column(column) => {
            resolution.probes.iter().find(|p| p.column == column).map(|p| p.constant)
        }
    };
    resolution.calls.iter().find_map(|call| {
        let quiet = setting(call).is_some_and(|place| sets_quietly(tokens.kind(place)));
        trust.call(call, tokens, Around { governed, quiet })
    })
}

/// What stands round a call.
#[derive(Clone, Copy)]
struct Around {
    governed: bool,
    /// `set_config` of a variable that changes neither what is read nor who reads.
    quiet: bool,
}

fn sets_quietly(name: Option<&TokenKind>) -> bool {
    let Some(TokenKind::Text(name)) = name else { return false };
    !is_followed(&name.to_ascii_lowercase())
}

/// Whether the statement is judged by the text of a literal.
pub fn reads_a_literal(resolution: &Resolution, tokens: &Tokens<'_>) -> bool {
    let sets = |call: &CallRef| {
        let name = call.path.last().and_then(|place| tokens.name(*place));
        name.is_some_and(|name| name.as_str() == "set_config")
    };
    resolution.by_literal || resolution.calls.iter().any(sets)
}

/// Whether a function or operator outside `pg_catalog` is called that is not known to be quiet: it
/// may tell of a row that a filter above it drops.
pub fn calls_users_code(resolution: &Resolution, tokens: &Tokens<'_>, catalog: &Catalog) -> bool {
    let operates = |at: usize| {
        let Some(TokenKind::Operator(symbol)) = tokens.kind(at) else { return false };
        let mut users = catalog.operators_named(symbol).iter();
        users.any(|operator| !trusted_extension_operator(operator))
    };
    (0..tokens.count()).any(operates)
        || resolution.calls.iter().any(|call| {
            let name = call.path.last().and_then(|place| tokens.name(*place));
            let users = name.map_or(&[] as &[Function], |name| catalog.functions_named(name));
            users.iter().any(|function| !trusted_extension_function(function))
        })
}

/// The first function named in a statement that is not parsed, such as a default in DDL, that is
/// not trusted. A name before a parenthesis may be a function's; a type's or table's is none.
pub fn untrusted_name(
    tokens: &Tokens<'_>,
    range: TokenRange,
    trust: &Trust<'_>,
) -> Option<Refusal> {
    (range.start..range.end).find_map(|i| {
        let name = tokens.name(i).filter(|_| tokens.is_punctuation(i + 1, '('))?;
        let schema =
            i.checked_sub(2).filter(|at| *at >= range.start && tokens.is_punctuation(i - 1, '.'));
        let schema = schema.and_then(|at| tokens.name(at));
        let own = schema.is_none_or(|schema| schema.as_str() == "pg_catalog");
        let closed = own
            && is_built_in(name.as_str())
            && function_class(trust.catalog.major, name.as_str()) == FunctionClass::Closed;
        let refusal = match trust.users(schema, name) {
            Found::Untrusted(function, why) => doubted(&function, why),
            Found::None | Found::Trusted if closed => {
                refuse(format!("function {name} is not trusted"))
                    .detail("It can read data behind the statement.")
            }
            Found::None | Found::Trusted => return None,
        };
        Some(refusal.at(tokens.position(i)))
    })
}

/// The first operator that a schema outside `pg_catalog` also has.
pub fn untrusted_operator(
    tokens: &Tokens<'_>,
    range: TokenRange,
    trust: &Trust<'_>,
) -> Option<Refusal> {
    (range.start..range.end).find_map(|i| {
        let Some(TokenKind::Operator(symbol)) = tokens.kind(i) else { return None };
        let users = trust.catalog.operators_named(symbol);
        let named = tokens.is_punctuation(i.wrapping_sub(1), '.');
        let schema = tokens.name(i.wrapping_sub(2)).filter(|_| named);
        let reached = |operator: &&UserOperator| match schema {
            Some(schema) => operator.name.schema == *schema,
            None => trust.path.0.contains(&operator.name.schema),
        };
        let user = users.iter().filter(reached).find(|operator| {
            !trusted_extension_operator(operator) && !trust.trusts_name(&operator.function)
        })?;
        Some(
            refuse(format!("operator {} is not trusted", user.name))
                .detail("An operator outside pg_catalog runs code that is not known.")
                .hint(name_it(&user.function))
                .at(tokens.position(i)),
        )
    })
}

/// The first cast of a user's that a statement may ask for, and that runs what is not trusted: one
/// of its types is named, or, beside governed data, none of them has to be.
pub fn untrusted_cast(
    tokens: &Tokens<'_>,
    range: TokenRange,
    trust: &Trust<'_>,
    governed: bool,
) -> Option<Refusal> {
    let built_in = |name: &QualifiedName| name.schema.as_str() == "pg_catalog";
    let casts = trust.catalog.user_casts().iter();
    let mut doubted = casts.filter(|cast| {
        let reviewed = cast.extension.as_ref().is_some_and(|e| trusted_extension(e.as_str()));
        !reviewed && !trust.trusts_name(&cast.function)
    });
    doubted.find_map(|cast| {
        let named = |i: &usize| {
            tokens.name(*i).is_some_and(|name| {
                [&cast.source, &cast.target].iter().any(|t| !built_in(t) && t.name == *name)
            })
        };
        let unnamed = governed && built_in(&cast.source) && built_in(&cast.target);
        let place = (range.start..range.end).find(named).or(unnamed.then_some(range.start))?;
        let message = format!("the cast from {} to {} is not trusted", cast.source, cast.target);
        let hint = name_it(&cast.function);
        Some(refuse(message).hint(hint).at(tokens.position(place)))
    })
}

impl Trust<'_> {
    fn call(&self, call: &CallRef, tokens: &Tokens<'_>, around: Around) -> Option<Refusal> {
        let names: Vec<&Name> = call.path.iter().filter_map(|p| tokens.name(*p)).collect();
        let place = call.path.first().copied().unwrap_or_default();
        let (schema, name) = match names.as_slice() {
            [name] => (None, *name),
            [schema, name] => (Some(*schema), *name),
            _ => return Some(refuse("a function name of three parts is not trusted".into())),
        };
        let built_in = match schema.map(Name::as_str) {
            None | Some("pg_catalog") => is_built_in(name.as_str())
                .then(|| function_class(self.catalog.major, name.as_str())),
            // Helpers of the information schema read nothing but their arguments.
            Some("information_schema") if name.as_str().starts_with("_pg_") => {
                Some(FunctionClass::Pure)
            }
            Some(_) => None,
        };
        let refusal = match (self.users(schema, name), built_in) {
            (Found::Untrusted(function, why), _) => Some(doubted(&function, why)),
            (_, Some(class)) => self.built_in(class, name, call, around),
            (Found::Trusted, None) => None,
            (Found::None, None) if call.whole_row => None,
            (Found::None, None) => Some(
                Refusal::new(
                    Reason::UnknownName,
                    SqlState("42883"),
                    format!("function {name} does not exist or is not trusted"),
                )
                .hint(
                    "No function of this name is on the list of functions that read only \
                       their arguments.",
                ),
            ),
        };
        refusal.map(|refusal| refusal.at(tokens.position(place)))
    }

    fn built_in(
        &self,
        class: FunctionClass,
        name: &Name,
        call: &CallRef,
        around: Around,
    ) -> Option<Refusal> {
        match class {
            FunctionClass::Pure | FunctionClass::Catalog => None,
            FunctionClass::Sink if name.as_str() == "set_config" && !around.quiet => Some(
                refuse("set_config must be a statement of its own".into())
                    .hint("SELECT set_config(name, value, is_local) with constants or parameters."),
            ),
            FunctionClass::Sink if !around.governed => None,
            FunctionClass::Sink if call.constant && counts_itself(name) => None,
            FunctionClass::Sink => Some(
                refuse(format!("function {name} may not be used beside personal data"))
                    .detail("It could carry its argument to where nobody governs it."),
            ),
            FunctionClass::Closed => Some(
                refuse(format!("function {name} is not trusted"))
                    .detail("It can read data behind the statement."),
            ),
        }
    }

    /// Functions outside the system schemas that the name can mean.
    fn users(&self, schema: Option<&Name>, name: &Name) -> Found {
        let mut found = Found::None;
        for function in self.catalog.functions_named(name) {
            let reached = match schema {
                Some(schema) => function.name.schema == *schema,
                None => self.path.0.contains(&function.name.schema),
            };
            if !reached {
                continue;
            }
            if let Some(why) = self.doubt(function) {
                return Found::Untrusted(function.name.clone(), why);
            }
            found = Found::Trusted;
        }
        found
    }
}

/// Sequences: which value comes next tells of the statement no more than that it ran.
fn counts_itself(name: &Name) -> bool {
    matches!(name.as_str(), "nextval" | "currval" | "lastval")
}

fn doubted(function: &QualifiedName, why: String) -> Refusal {
    refuse(format!("function {function} is not trusted"))
        .detail(format!("{why}."))
        .hint(name_it(function))
}

/// The line of a rule file that lets a function be called.
pub fn name_it(function: &QualifiedName) -> String {
    if let Some(call) = store_call(function) {
        let word = if call == StoreCall::Reads { "read" } else { "write" };
        return format!("Give the role `consent: {word}` in the rules to let it do that.");
    }
    format!(
        "Once somebody has read it, name it in the rules: \
         defaults: {{ trusted_functions: [{function}] }}"
    )
}

enum Found {
    None,
    Trusted,
    Untrusted(QualifiedName, String),
}

fn refuse(message: String) -> Refusal {
    Refusal::new(Reason::Function, SqlState::INSUFFICIENT_PRIVILEGE, message)
}
